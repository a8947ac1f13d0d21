package types

// Boolean is true or false.
type Boolean struct {
	Class            *Class
	CreateConstraint bool   `param:"create_constraint"`
	ConstraintName   string `param:"name"`
	Variants         Variants
}

func (t *Boolean) class() *Class      { return classOr(t.Class, "Boolean") }
func (t *Boolean) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Boolean) Name() string { return t.class().Name }

// Affinity is BooleanAffinity.
func (t *Boolean) Affinity() Affinity { return BooleanAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Boolean) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Boolean) String() string { return show(t) }
