package types

// String is text: String, Text, Unicode, VARCHAR, CHAR and what derives from
// them. The fields from Charset on are MySQL's.
type String struct {
	Class     *Class
	Length    int    `param:"length"`
	Collation string `param:"collation"`
	Charset   string `param:"charset"`
	ASCII     bool   `param:"ascii"`
	Binary    bool   `param:"binary"`
	Unicode   bool   `param:"unicode"`
	National  bool   `param:"national"`
	Variants  Variants
}

func (t *String) class() *Class      { return classOr(t.Class, "String") }
func (t *String) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *String) Name() string { return t.class().Name }

// Affinity is StringAffinity.
func (t *String) Affinity() Affinity { return StringAffinity }

// Key tells apart types that differ in class or arguments.
func (t *String) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *String) String() string { return show(t) }
