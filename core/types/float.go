package types

// Float is a binary floating point number. Its values are floats, or Decimals
// with AsDecimal. Scale, Unsigned and Zerofill are MySQL's.
type Float struct {
	Class              *Class
	Precision          int  `param:"precision"`
	Scale              *int `param:"scale"`
	AsDecimal          bool `param:"asdecimal"`
	DecimalReturnScale *int `param:"decimal_return_scale"`
	Unsigned           bool `param:"unsigned"`
	Zerofill           bool `param:"zerofill"`
	Variants           Variants
}

func (t *Float) class() *Class      { return classOr(t.Class, "Float") }
func (t *Float) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Float) Name() string { return t.class().Name }

// Affinity is NumericAffinity.
func (t *Float) Affinity() Affinity { return NumericAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Float) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Float) String() string { return show(t) }
