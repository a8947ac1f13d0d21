package mysql

import (
	"regexp"
	"strings"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/types"
)

// AlterColumn restates the whole column.
func (d *Dialect) AlterColumn(c *ddl.Compiler, a ddl.Alteration) []string {
	t := a.Column.Table.(*core.Table)
	return []string{"ALTER TABLE " + c.Table(t) + " MODIFY COLUMN " + d.ColumnSpec(c, a.Column)}
}

var (
	displayWidth = regexp.MustCompile(`^(SMALLINT|MEDIUMINT|INTEGER|BIGINT|TINYINT)\(\d+\)`)
	decoration   = regexp.MustCompile(` (CHARACTER SET \S+|COLLATE \S+|ASCII|UNICODE|BINARY)`)
	wholeDecimal = regexp.MustCompile(`^DECIMAL\((\d+)\)`)
)

// SameType reports whether two types are one for MySQL, which knows some by
// several names, and forgets others.
func (d *Dialect) SameType(a, b types.Type) bool { return d.canonical(a) == d.canonical(b) }

func (d *Dialect) canonical(t types.Type) string {
	s, err := d.TypeName(t)
	if err != nil {
		return t.String()
	}
	s = decoration.ReplaceAllString(s, "")
	s = strings.TrimPrefix(s, "NATIONAL ")
	s = strings.Replace(s, "NUMERIC", "DECIMAL", 1)
	if s == "BOOL" || strings.HasPrefix(s, "TINYINT(1)") {
		return "BOOL"
	}
	s = displayWidth.ReplaceAllString(s, "$1")
	s = wholeDecimal.ReplaceAllString(s, "DECIMAL($1, 0)")
	switch s {
	case "DECIMAL":
		return "DECIMAL(10, 0)"
	case "DOUBLE PRECISION", "REAL", "FLOAT(53)":
		return "DOUBLE"
	case "CHAR":
		return "CHAR(1)"
	case "YEAR":
		return "YEAR(4)"
	case "JSON":
		if d.MariaDB { // JSON is a name for it there
			return "LONGTEXT"
		}
	}
	return s
}
