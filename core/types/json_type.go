package types

// JSON is a document. AsText is the type of its elements as text, PostgreSQL's
// astext_type.
type JSON struct {
	Class      *Class
	NoneAsNull bool `param:"none_as_null"`
	AsText     Type `param:"astext_type"`
	Variants   Variants
}

func (t *JSON) class() *Class      { return classOr(t.Class, "JSON") }
func (t *JSON) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *JSON) Name() string { return t.class().Name }

// Affinity is JSONAffinity.
func (t *JSON) Affinity() Affinity { return JSONAffinity }

// Key tells apart types that differ in class or arguments.
func (t *JSON) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *JSON) String() string { return show(t) }

// JSONIndex is the type of a subscript: a name, a position or a path into a
// document, whose spelling is each dialect's own.
type JSONIndex struct {
	Class *Class

	Variants Variants
}

func (t *JSONIndex) class() *Class      { return classOr(t.Class, "JSONIndexType") }
func (t *JSONIndex) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *JSONIndex) Name() string { return t.class().Name }

// Affinity is OtherAffinity.
func (t *JSONIndex) Affinity() Affinity { return OtherAffinity }

// Key tells apart types that differ in class or arguments.
func (t *JSONIndex) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *JSONIndex) String() string { return show(t) }

// EvaluatesNone reports whether nil is a value of the type's own rather than
// NULL: should_evaluate_none. The ORM then stores a nil that was set instead of
// leaving the column to its default.
func EvaluatesNone(t Type) bool {
	switch t := t.(type) {
	case *JSON:
		return !t.NoneAsNull
	case *Decorator:
		return EvaluatesNone(t.Impl)
	}
	return false
}
