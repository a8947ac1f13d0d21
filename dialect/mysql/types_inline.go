package mysql

import (
	"strings"

	"alchemysh/core/types"
)

// Inline writes decimals into the SQL where a parameter would not do: the
// protocol has no decimal parameters, only text, and MySQL computes with text
// as floats, so that price * '1.1' is a DOUBLE where PyMySQL's price * 1.1 is a
// DECIMAL. Decimals that are only stored or compared stay parameters; those are
// exact, and the prepared statement can be used again.
func Inline(sql string, values []any) (string, []any) {
	decimals := false
	for _, v := range values {
		if _, ok := v.(types.Decimal); ok {
			decimals = true
		}
	}
	if !decimals || strings.HasPrefix(sql, "INSERT") || strings.HasPrefix(sql, "REPLACE") {
		return sql, values
	}
	var b strings.Builder
	kept := make([]any, 0, len(values))
	start, n := 0, 0
	for _, at := range placeholders(sql) {
		if n == len(values) {
			return sql, values // more placeholders than values: the server's to tell
		}
		v := values[n]
		n++
		d, ok := v.(types.Decimal)
		if !ok || !d.IsFinite() || !computed(sql, at) {
			kept = append(kept, v)
			continue
		}
		text := d.Text()
		if d.Sign() < 0 {
			text = "(" + text + ")"
		}
		b.WriteString(sql[start:at])
		b.WriteString(text)
		start = at + 1
	}
	if start == 0 {
		return sql, values
	}
	b.WriteString(sql[start:])
	return b.String(), kept
}

// placeholders are the places of the ? in sql that are no part of a text, a
// name or a comment.
func placeholders(sql string) []int {
	var places []int
	for i := 0; i < len(sql); i++ {
		switch c := sql[i]; c {
		case '?':
			places = append(places, i)
		case '\'', '"', '`':
			for i++; i < len(sql) && sql[i] != c; i++ {
				if sql[i] == '\\' && c != '`' {
					i++
				}
			}
		case '#':
			i = skipTo(sql, i, "\n")
		case '-':
			if strings.HasPrefix(sql[i:], "-- ") {
				i = skipTo(sql, i, "\n")
			}
		case '/':
			if strings.HasPrefix(sql[i:], "/*") {
				i = skipTo(sql, i, "*/") + 1
			}
		}
	}
	return places
}

func skipTo(sql string, at int, end string) int {
	if n := strings.Index(sql[at:], end); n >= 0 {
		return at + n
	}
	return len(sql)
}

// computed reports whether the placeholder may be an operand of arithmetic or
// an argument of a function, rather than be assigned to or compared alone.
func computed(sql string, at int) bool {
	before, after := strings.TrimRight(sql[:at], " "), strings.TrimLeft(sql[at+1:], " ")
	alone := after == "" || strings.ContainsRune(",)\n", rune(after[0])) || after[0] >= 'A' && after[0] <= 'Z'
	compared := before != "" && strings.ContainsRune("=<>", rune(before[len(before)-1]))
	for _, operator := range []string{"DIV", "MOD"} {
		alone = alone && !strings.HasPrefix(after, operator)
	}
	return !(compared && alone)
}
