package postgresql

import (
	"regexp"
	"strings"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/types"
)

// AlterColumn changes one property at a time.
func (d *Dialect) AlterColumn(c *ddl.Compiler, a ddl.Alteration) []string {
	col := a.Column
	t := col.Table.(*core.Table)
	alter := "ALTER TABLE " + c.Table(t) + " ALTER COLUMN " + c.Column(col)
	var out []string
	if a.Type {
		out = append(out, alter+" TYPE "+c.Type(col.ExprType())+" USING "+c.Column(col)+"::"+c.Type(col.ExprType()))
	}
	if a.Nullable {
		if col.Schema.Nullable {
			out = append(out, alter+" DROP NOT NULL")
		} else {
			out = append(out, alter+" SET NOT NULL")
		}
	}
	if a.Default {
		if text, ok := c.ServerDefault(col); ok {
			out = append(out, alter+" SET DEFAULT "+text)
		} else {
			out = append(out, alter+" DROP DEFAULT")
		}
	}
	if a.Comment {
		text := &col.Schema.Comment
		if *text == "" {
			text = nil
		}
		out = append(out, d.ColumnComment(c, col, text))
	}
	return out
}

var (
	wholeNumeric = regexp.MustCompile(`^NUMERIC\((\d+)\)$`)
	floatBits    = regexp.MustCompile(`^FLOAT\((\d+)\)$`)
)

// SameType reports whether two types are one for PostgreSQL, which knows some
// by several names.
func (d *Dialect) SameType(a, b types.Type) bool { return d.canonical(a) == d.canonical(b) }

func (d *Dialect) canonical(t types.Type) string {
	s, err := d.TypeName(t)
	if err != nil {
		return t.String()
	}
	s = strings.Replace(s, "DECIMAL", "NUMERIC", 1)
	if m := wholeNumeric.FindStringSubmatch(s); m != nil {
		return "NUMERIC(" + m[1] + ", 0)"
	}
	if m := floatBits.FindStringSubmatch(s); m != nil {
		if len(m[1]) == 1 || m[1] <= "24" {
			return "REAL"
		}
		return "DOUBLE PRECISION"
	}
	switch s {
	case "FLOAT", "DOUBLE":
		return "DOUBLE PRECISION"
	case "CHAR":
		return "CHAR(1)"
	}
	return s
}
