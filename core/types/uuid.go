package types

// Uuid is a universally unique identifier: a uuid.UUID, or text with AsText,
// as_uuid=False.
type Uuid struct {
	Class     *Class
	AsText    bool `param:"as_uuid,not"`
	NotNative bool `param:"native_uuid,not"`
	Variants  Variants
}

func (t *Uuid) class() *Class      { return classOr(t.Class, "Uuid") }
func (t *Uuid) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Uuid) Name() string { return t.class().Name }

// Affinity is UuidAffinity.
func (t *Uuid) Affinity() Affinity { return UuidAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Uuid) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Uuid) String() string { return show(t) }
