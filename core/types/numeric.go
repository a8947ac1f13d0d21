package types

// Numeric is an exact decimal number. Its values are Decimals, or floats with
// AsFloat, asdecimal=False. Unsigned and Zerofill are MySQL's.
type Numeric struct {
	Class              *Class
	Precision          int  `param:"precision"`
	Scale              *int `param:"scale"`
	DecimalReturnScale *int `param:"decimal_return_scale"`
	AsFloat            bool `param:"asdecimal,not"`
	Unsigned           bool `param:"unsigned"`
	Zerofill           bool `param:"zerofill"`
	Variants           Variants
}

func (t *Numeric) class() *Class      { return classOr(t.Class, "Numeric") }
func (t *Numeric) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Numeric) Name() string { return t.class().Name }

// Affinity is NumericAffinity.
func (t *Numeric) Affinity() Affinity { return NumericAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Numeric) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Numeric) String() string { return show(t) }
