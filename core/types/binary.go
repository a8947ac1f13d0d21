package types

// LargeBinary is a string of bytes.
type LargeBinary struct {
	Class    *Class
	Length   int `param:"length"`
	Variants Variants
}

func (t *LargeBinary) class() *Class      { return classOr(t.Class, "LargeBinary") }
func (t *LargeBinary) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *LargeBinary) Name() string { return t.class().Name }

// Affinity is BinaryAffinity.
func (t *LargeBinary) Affinity() Affinity { return BinaryAffinity }

// Key tells apart types that differ in class or arguments.
func (t *LargeBinary) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *LargeBinary) String() string { return show(t) }

// PickleType stores any value of the shell as bytes; here as JSON text.
type PickleType struct {
	Class *Class

	Variants Variants
}

func (t *PickleType) class() *Class      { return classOr(t.Class, "PickleType") }
func (t *PickleType) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *PickleType) Name() string { return t.class().Name }

// Affinity is BinaryAffinity.
func (t *PickleType) Affinity() Affinity { return BinaryAffinity }

// Key tells apart types that differ in class or arguments.
func (t *PickleType) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *PickleType) String() string { return show(t) }
