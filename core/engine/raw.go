package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// ExecDriverSQL runs SQL in the driver's own style, past the compiler:
// parameters by position for ? and %s, by name for %(name)s and :name.
func (c *Connection) ExecDriverSQL(ctx context.Context, sql string, p Params, over ...core.Options) (*Result, error) {
	options := c.options
	for _, o := range over {
		options = options.With(o)
	}
	x := &Execution{Conn: c, SQL: sql, params: p, Options: options, Many: p.Many, cache: rawSQL, made: time.Now(), rowcount: -1}
	if err := c.readyToExecute(ctx); err != nil {
		return nil, err
	}
	cx := &CursorExecution{SQL: sql, Execution: x, Many: p.Many, NoParams: x.noParams() && p.Len() == 0}
	if len(p.Sets) > 0 {
		cx.Names = p.keys()
		for i := range p.Sets {
			set := make([]any, len(cx.Names))
			for j, k := range cx.Names {
				v, ok := p.Sets[i][k]
				if !ok {
					return nil, exc.New(exc.KeyError, "%s", k)
				}
				set[j] = v
			}
			cx.Sets = append(cx.Sets, set)
		}
	} else {
		cx.Sets, cx.Names = p.Rows, p.Keys
	}
	if err := c.announce(cx, x.mark); err != nil {
		return nil, err
	}
	ctx, cancel := c.deadline(ctx, x.Options)
	defer cancel()
	if p.Many {
		return c.execDriverMany(ctx, x, cx)
	}
	var first []any
	if len(cx.Sets) > 0 {
		first = cx.Sets[0]
	}
	if first == nil && options["no_parameters"] != true {
		first = []any{}
	}
	wire, args, err := c.driverForm(cx.SQL, cx.Names, first)
	if err != nil {
		return nil, c.failed(ctx, err, cx)
	}
	return c.run(ctx, x, cx, wire, args)
}

func (c *Connection) execDriverMany(ctx context.Context, x *Execution, cx *CursorExecution) (*Result, error) {
	conn, err := c.driver(ctx)
	if err != nil {
		return nil, err
	}
	cx.changed = true
	if err := c.runMany(ctx, conn, x, cx, &compile.Rendered{}); err != nil {
		return nil, c.failed(ctx, err, cx)
	}
	if err := c.afterCursor(cx); err != nil {
		return nil, err
	}
	r := newResult(nil, nil, x)
	r.rowcount = x.rowcount
	return r, c.autocommit(ctx, x, cx.SQL)
}

func (c *Connection) driverForms(sql string, names []string, sets [][]any) (string, [][]any, error) {
	out := make([][]any, len(sets))
	wire := sql
	for i, s := range sets {
		var err error
		if wire, out[i], err = c.driverForm(sql, names, s); err != nil {
			return "", nil, err
		}
	}
	return wire, out, nil
}

func (c *Connection) driverForm(sql string, names []string, values []any) (string, []any, error) {
	return DriverForm(c.Engine.Dialect, sql, names, values)
}

// DriverForm rewrites SQL in a DBAPI's style for the wire, with the values in
// the order of the placeholders. Without values nothing is rewritten, as a
// DBAPI leaves a % alone that no parameters are given for.
func DriverForm(d compile.Dialect, sql string, names []string, values []any) (string, []any, error) {
	if values == nil {
		return sql, nil, nil
	}
	values, err := bareValues(d, values)
	if err != nil {
		return "", nil, err
	}
	switch d.Features().Style {
	case compile.PyFormat, compile.Format:
		return formatForm(d, sql, names, values)
	}
	if c, ok := d.(FormChecker); ok {
		if err := c.CheckForm(sql, names, len(values)); err != nil {
			return "", nil, err
		}
	}
	if names != nil {
		return namedForm(sql, names, values)
	}
	return sql, values, nil
}

// bareValues makes values that no type stands beside ones that the driver takes.
func bareValues(d compile.Dialect, values []any) ([]any, error) {
	bind := d.Impl(&types.NullType{}).Bind
	if bind == nil {
		return values, nil
	}
	out := make([]any, len(values))
	for i, v := range values {
		var err error
		if out[i] = v; v == nil {
			continue
		}
		if out[i], err = bind(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// FormChecker is a Dialect that refuses SQL which its DBAPI would refuse.
type FormChecker interface {
	CheckForm(sql string, names []string, values int) error
	// CheckMany refuses what cannot be run with several sets of values.
	CheckMany(sql string) error
}

// formatForm rewrites %s and %(name)s, and %% to %.
func formatForm(d compile.Dialect, sql string, names []string, values []any) (string, []any, error) {
	var args []any
	dollar := d.Features().Wire == compile.Dollar
	caster, casts := d.(wireCaster)
	wire, err := fillFormat(sql, names, values, func(b *strings.Builder, v any) error {
		args = append(args, v)
		if dollar {
			b.WriteString("$" + strconv.Itoa(len(args)))
		} else {
			b.WriteByte('?')
		}
		if casts {
			b.WriteString(caster.WireCast(v))
		}
		return nil
	})
	return wire, args, err
}

// Mogrify is SQL in the style of psycopg2 and pymysql with the values in it as
// literals, as those modules show it.
func Mogrify(d compile.Dialect, sql string, names []string, values []any) (string, error) {
	if values == nil {
		return sql, nil
	}
	return fillFormat(sql, names, values, func(b *strings.Builder, v any) error {
		text, err := compile.LiteralValue(d.Impl(types.Of(v)), v)
		b.WriteString(text)
		return err
	})
}

// fillFormat puts something in the place of each %s and %(name)s.
func fillFormat(sql string, names []string, values []any, place func(b *strings.Builder, v any) error) (string, error) {
	var b strings.Builder
	next := 0
	for i := 0; i < len(sql); i++ {
		if sql[i] != '%' {
			b.WriteByte(sql[i])
			continue
		}
		if len(values) == 0 && (i+1 == len(sql) || sql[i+1] != '%') {
			b.WriteByte('%') // nothing to put there: it is SQL's own
			continue
		}
		if i+1 == len(sql) {
			return "", exc.New(exc.ValueError, "incomplete format")
		}
		i++
		switch sql[i] {
		case '%':
			b.WriteByte('%')
		case 's':
			if next >= len(values) || names != nil {
				return "", exc.New(exc.TypeError, "not enough arguments for format string")
			}
			if err := place(&b, values[next]); err != nil {
				return "", err
			}
			next++
		case '(':
			end := strings.Index(sql[i:], ")s")
			if end < 0 {
				return "", exc.New(exc.ValueError, "incomplete format key")
			}
			name := sql[i+1 : i+end]
			at := slices.Index(names, name)
			if at < 0 {
				return "", exc.New(exc.KeyError, "%s", name)
			}
			if err := place(&b, values[at]); err != nil {
				return "", err
			}
			i += end + 1
		default:
			return "", exc.New(exc.ValueError, "unsupported format character '%c' (0x%x) at index %d", sql[i], sql[i], i)
		}
	}
	if names == nil && next < len(values) {
		return "", exc.New(exc.TypeError, "not all arguments converted during string formatting")
	}
	return b.String(), nil
}

// wireCaster is a dialect that tells the server by a cast what a DBAPI tells it
// by the form of a literal.
type wireCaster interface{ WireCast(v any) string }

// namedForm rewrites :name to ?, outside of quotes and comments.
func namedForm(sql string, names []string, values []any) (string, []any, error) {
	var b strings.Builder
	var args []any
	for i := 0; i < len(sql); i++ {
		switch ch := sql[i]; {
		case ch == '\'' || ch == '"' || ch == '`':
			j := strings.IndexByte(sql[i+1:], ch)
			if j < 0 {
				j = len(sql) - i - 2
			}
			b.WriteString(sql[i : i+j+2])
			i += j + 1
		case ch == ':' && i+1 < len(sql) && isNameStart(sql[i+1]) && (i == 0 || sql[i-1] != ':'):
			j := i + 1
			for j < len(sql) && (isNameStart(sql[j]) || sql[j] >= '0' && sql[j] <= '9') {
				j++
			}
			at := -1
			for k, n := range names {
				if n == sql[i+1:j] {
					at = k
				}
			}
			if at < 0 {
				return "", nil, exc.New(exc.ProgrammingError, "You did not supply a value for binding parameter :%s.", sql[i+1:j])
			}
			args = append(args, values[at])
			b.WriteByte('?')
			i = j - 1
		default:
			b.WriteByte(ch)
		}
	}
	return b.String(), args, nil
}

func isNameStart(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// firstWord is the first keyword of a statement, in capitals.
func firstWord(sql string) string {
	sql = skipBlanks(sql)
	end := 0
	for end < len(sql) && (isNameStart(sql[end]) && sql[end] != '_') {
		end++
	}
	return strings.ToUpper(sql[:end])
}

// FirstWord is the first keyword of a statement, in capitals: past blanks,
// comments and parentheses.
func FirstWord(sql string) string { return firstWord(sql) }

func skipBlanks(sql string) string {
	for {
		sql = strings.TrimLeft(sql, " \t\r\n\f(;")
		switch {
		case strings.HasPrefix(sql, "--"):
			_, rest, ok := strings.Cut(sql, "\n")
			if !ok {
				return ""
			}
			sql = rest
		case strings.HasPrefix(sql, "/*"):
			_, rest, ok := strings.Cut(sql[2:], "*/")
			if !ok {
				return ""
			}
			sql = rest
		default:
			return sql
		}
	}
}

// sqlReturnsRows guesses from the text whether a statement returns rows.
func sqlReturnsRows(sql string) bool {
	switch firstWord(sql) {
	case "SELECT", "WITH", "VALUES", "PRAGMA", "EXPLAIN", "SHOW", "DESCRIBE", "DESC", "TABLE", "CALL", "FETCH", "ANALYZE", "CHECK", "OPTIMIZE", "XA", "EXECUTE", "HELP":
		return true
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE":
		return strings.Contains(strings.ToUpper(sql), "RETURNING")
	}
	return false
}

// sqlChanges guesses from the text whether a statement changes anything, as
// SQLAlchemy 1.x did to commit by itself.
func sqlChanges(sql string) bool {
	switch firstWord(sql) {
	case "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "REPLACE", "TRUNCATE", "MERGE":
		return true
	}
	return false
}

// ReturnsRows guesses from its text whether a statement returns rows.
func ReturnsRows(sql string) bool { return sqlReturnsRows(sql) }
