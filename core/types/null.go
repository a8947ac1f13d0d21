package types

// NullType is the type of what has none: values pass unchanged.
type NullType struct {
	Class *Class

	Variants Variants
}

func (t *NullType) class() *Class      { return classOr(t.Class, "NullType") }
func (t *NullType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *NullType) Name() string { return t.class().Name }

// Affinity is Unknown.
func (t *NullType) Affinity() Affinity { return Unknown }

// Key tells apart types that differ in class or arguments.
func (t *NullType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *NullType) String() string { return show(t) }

// TupleType is the type of a composed expression: tuple_(a, b).
type TupleType struct {
	Class    *Class
	Types    []Type `param:"types"`
	Variants Variants
}

func (t *TupleType) class() *Class      { return classOr(t.Class, "TupleType") }
func (t *TupleType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *TupleType) Name() string { return t.class().Name }

// Affinity is TupleAffinity.
func (t *TupleType) Affinity() Affinity { return TupleAffinity }

// Key tells apart types that differ in class or arguments.
func (t *TupleType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *TupleType) String() string { return show(t) }

// TableValueType is the type of a function that returns a table.
type TableValueType struct {
	Class    *Class
	Elements []string `param:"elements"`
	Types    []Type
	Variants Variants
}

func (t *TableValueType) class() *Class      { return classOr(t.Class, "TableValueType") }
func (t *TableValueType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *TableValueType) Name() string { return t.class().Name }

// Affinity is TableValueAffinity.
func (t *TableValueType) Affinity() Affinity { return TableValueAffinity }

// Key tells apart types that differ in class or arguments.
func (t *TableValueType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *TableValueType) String() string { return show(t) }
