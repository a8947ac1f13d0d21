package types

// RangeType is one of PostgreSQL's range types: values are Ranges.
type RangeType struct {
	Class *Class

	Variants Variants
}

func (t *RangeType) class() *Class      { return classOr(t.Class, "INT4RANGE") }
func (t *RangeType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *RangeType) Name() string { return t.class().Name }

// Affinity is RangeAffinity.
func (t *RangeType) Affinity() Affinity { return RangeAffinity }

// Key tells apart types that differ in class or arguments.
func (t *RangeType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *RangeType) String() string { return show(t) }

// MultirangeType is one of PostgreSQL's multirange types.
type MultirangeType struct {
	Class *Class

	Variants Variants
}

func (t *MultirangeType) class() *Class      { return classOr(t.Class, "INT4MULTIRANGE") }
func (t *MultirangeType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *MultirangeType) Name() string { return t.class().Name }

// Affinity is MultirangeAffinity.
func (t *MultirangeType) Affinity() Affinity { return MultirangeAffinity }

// Key tells apart types that differ in class or arguments.
func (t *MultirangeType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *MultirangeType) String() string { return show(t) }
