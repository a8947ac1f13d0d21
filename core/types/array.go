package types

// ARRAY is a list of values of one type, in one or more dimensions.
type ARRAY struct {
	Class       *Class
	Item        Type `param:"item_type"`
	AsTuple     bool `param:"as_tuple"`
	Dimensions  *int `param:"dimensions"`
	ZeroIndexes bool `param:"zero_indexes"`
	Variants    Variants
}

func (t *ARRAY) class() *Class      { return classOr(t.Class, "ARRAY") }
func (t *ARRAY) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *ARRAY) Name() string { return t.class().Name }

// Affinity is ArrayAffinity.
func (t *ARRAY) Affinity() Affinity { return ArrayAffinity }

// Key tells apart types that differ in class or arguments.
func (t *ARRAY) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *ARRAY) String() string { return show(t) }
