package types

// Integer is a whole number. SQLAlchemy's Integer and what derives from it;
// the last three fields are MySQL's.
type Integer struct {
	Class        *Class
	DisplayWidth int  `param:"display_width"`
	Unsigned     bool `param:"unsigned"`
	Zerofill     bool `param:"zerofill"`
	Variants     Variants
}

func (t *Integer) class() *Class      { return classOr(t.Class, "Integer") }
func (t *Integer) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Integer) Name() string { return t.class().Name }

// Affinity is IntegerAffinity.
func (t *Integer) Affinity() Affinity { return IntegerAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Integer) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Integer) String() string { return show(t) }
