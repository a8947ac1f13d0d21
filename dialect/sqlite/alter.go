package sqlite

import (
	"strings"

	"alchemysh/core/types"
)

// SameType compares types as SQLite reads them back from the text of CREATE TABLE.
func (d *Dialect) SameType(a, b types.Type) bool { return d.canonical(a) == d.canonical(b) }

func (d *Dialect) canonical(t types.Type) string {
	s, err := d.TypeName(t)
	if err != nil {
		return t.String()
	}
	back := reflectedType(strings.ToUpper(s))
	if s, err = d.TypeName(back); err != nil {
		return back.String()
	}
	return s
}
