package types

// Hstore is PostgreSQL's HSTORE: names and texts.
type Hstore struct {
	Class    *Class
	TextType Type `param:"text_type"`
	Variants Variants
}

func (t *Hstore) class() *Class      { return classOr(t.Class, "HSTORE") }
func (t *Hstore) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Hstore) Name() string { return t.class().Name }

// Affinity is HstoreAffinity.
func (t *Hstore) Affinity() Affinity { return HstoreAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Hstore) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Hstore) String() string { return show(t) }

// Bit is a string of bits: text of 0 and 1 on PostgreSQL, a number on MySQL.
type Bit struct {
	Class    *Class
	Length   int  `param:"length"`
	Varying  bool `param:"varying"`
	Variants Variants
}

func (t *Bit) class() *Class      { return classOr(t.Class, "BIT") }
func (t *Bit) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Bit) Name() string { return t.class().Name }

// Affinity is OtherAffinity.
func (t *Bit) Affinity() Affinity { return OtherAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Bit) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Bit) String() string { return show(t) }

// Domain is a PostgreSQL type made of another with constraints.
type Domain struct {
	Class          *Class
	TypeName       string `param:"name"`
	DataType       Type   `param:"data_type"`
	Schema         string `param:"schema"`
	Collation      string `param:"collation"`
	DefaultText    any    `param:"default"`
	ConstraintName string `param:"constraint_name"`
	NotNull        bool   `param:"not_null"`
	Check          any    `param:"check"`
	NoCreateType   bool   `param:"create_type,not"`
	Metadata       any    `param:"metadata"`
	Variants       Variants
}

func (t *Domain) class() *Class      { return classOr(t.Class, "DOMAIN") }
func (t *Domain) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Domain) Name() string { return t.class().Name }

// Affinity is OtherAffinity.
func (t *Domain) Affinity() Affinity { return OtherAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Domain) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Domain) String() string { return show(t) }

// Named is a type that is nothing but its name: INET, TSVECTOR, MONEY, YEAR.
// Values are what the database prints.
type Named struct {
	Class        *Class
	DisplayWidth int `param:"display_width"`
	Variants     Variants
}

func (t *Named) class() *Class      { return classOr(t.Class, "INET") }
func (t *Named) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Named) Name() string { return t.class().Name }

// Affinity is OtherAffinity.
func (t *Named) Affinity() Affinity { return OtherAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Named) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Named) String() string { return show(t) }
