package types

import (
	"slices"
	"strings"
	"unicode/utf8"

	"alchemysh/core/exc"
)

// Enum is one string out of a list. Charset, Collation, ASCII, Unicode, Binary
// and National are MySQL's.
type Enum struct {
	Class            *Class
	Enums            []string `param:"enums"`
	TypeName         string   `param:"name"`
	Schema           string   `param:"schema"`
	InheritSchema    bool     `param:"inherit_schema"`
	NotNative        bool     `param:"native_enum,not"`
	CreateConstraint bool     `param:"create_constraint"`
	NotValidated     bool     `param:"validate_strings,not"`
	Length           int      `param:"length"`
	NoCreateType     bool     `param:"create_type,not"`
	OmitAliases      bool     `param:"omit_aliases,not"`
	Metadata         any      `param:"metadata"`
	Charset          string   `param:"charset"`
	Collation        string   `param:"collation"`
	ASCII            bool     `param:"ascii"`
	Binary           bool     `param:"binary"`
	Unicode          bool     `param:"unicode"`
	National         bool     `param:"national"`
	Variants         Variants
}

func (t *Enum) class() *Class      { return classOr(t.Class, "Enum") }
func (t *Enum) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Enum) Name() string { return t.class().Name }

// Affinity is EnumAffinity.
func (t *Enum) Affinity() Affinity { return EnumAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Enum) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Enum) String() string { return show(t) }

// Set is MySQL's SET: any number of strings out of a list.
type Set struct {
	Class             *Class
	Values            []string `param:"values"`
	RetrieveAsBitwise bool     `param:"retrieve_as_bitwise"`
	Charset           string   `param:"charset"`
	Collation         string   `param:"collation"`
	ASCII             bool     `param:"ascii"`
	Binary            bool     `param:"binary"`
	Unicode           bool     `param:"unicode"`
	National          bool     `param:"national"`
	Variants          Variants
}

func (t *Set) class() *Class      { return classOr(t.Class, "SET") }
func (t *Set) variants() Variants { return t.Variants }

// Name is the class's name.
func (t *Set) Name() string { return t.class().Name }

// Affinity is OtherAffinity.
func (t *Set) Affinity() Affinity { return OtherAffinity }

// Key tells apart types that differ in class or arguments.
func (t *Set) Key() string { return identify(t) }

// String is SQLAlchemy's repr.
func (t *Set) String() string { return show(t) }

// refuse is the LookupError of a value that is none of the list.
func (t *Enum) refuse(v any) error {
	name := "nil"
	if t.TypeName != "" {
		name = t.TypeName
	}
	return exc.New(exc.LookupError, "%s is not among the defined enum values. Enum name: %s. Possible values: %s", Repr(v), name, t.possible())
}

// possible lists the values: four at most, eleven characters of each, as
// SQLAlchemy's message does.
func (t *Enum) possible() string {
	if len(t.Enums) == 0 {
		return "nil"
	}
	names := t.Enums
	if len(names) > 4 {
		names = []string{names[0], names[1], names[2], "...", names[len(names)-1]}
	}
	shown := make([]string, len(names))
	for i, e := range names {
		if r := []rune(e); len(r) > 11 {
			e = string(r[:11]) + ".."
		}
		shown[i] = e
	}
	return strings.Join(shown, ", ")
}

func (t *Enum) bind(v any) (any, error) {
	if t.NotValidated {
		if _, ok := v.(string); ok {
			return v, nil
		}
	}
	if s, ok := v.(string); ok && slices.Contains(t.Enums, s) {
		return s, nil
	}
	return nil, t.refuse(v)
}

func (t *Enum) result(v any) (any, error) {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	if s, ok := v.(string); ok && slices.Contains(t.Enums, s) {
		return s, nil
	}
	return nil, t.refuse(v)
}

func (t *Enum) literal(v any) (string, error) {
	v, err := t.bind(v)
	if err != nil {
		return "", err
	}
	return textLiteral(v)
}

// VarcharLength is the length of the VARCHAR that holds any of the values.
func (t *Enum) VarcharLength() int {
	if t.Length > 0 {
		return t.Length
	}
	n := 0
	for _, e := range t.Enums {
		n = max(n, utf8.RuneCountInString(e))
	}
	return max(n, 0)
}

func (t *Enum) attr(name string) (any, bool) {
	if name == "length" {
		return int64(t.VarcharLength()), true
	}
	return nil, false
}

func (t *Enum) check() error {
	n := 0
	for _, e := range t.Enums {
		n = max(n, utf8.RuneCountInString(e))
	}
	if t.Length > 0 && t.Length < n {
		return exc.New(exc.ValueError, "When provided, length must be larger or equal than the length of the longest enum value. %d < %d", t.Length, n)
	}
	return nil
}
