package dbapilib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/enginelib"
)

// A piece is a part of psycopg2's composed SQL, in which text is never taken
// for a name or a value.
type piece interface {
	sql(compile.Dialect) (string, error)
}

type (
	rawSQL      string
	identifier  []string
	literal     struct{ v any }
	placeholder string
	composition []piece
)

func (s rawSQL) sql(compile.Dialect) (string, error) { return string(s), nil }

func (i identifier) sql(compile.Dialect) (string, error) {
	quoted := make([]string, len(i))
	for j, name := range i {
		quoted[j] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	return strings.Join(quoted, "."), nil
}

func (l literal) sql(d compile.Dialect) (string, error) {
	return engine.Mogrify(d, "%s", nil, []any{l.v})
}

func (p placeholder) sql(compile.Dialect) (string, error) {
	if p == "" {
		return "%s", nil
	}
	return "%(" + string(p) + ")s", nil
}

func (c composition) sql(d compile.Dialect) (string, error) {
	var b strings.Builder
	for _, p := range c {
		text, err := p.sql(d)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// composable is the class of the pieces.
var composable = bind.Define[piece]("Composable", "A piece of SQL that psycopg2.sql composes.").
	Method("format(*args, **kwargs)", "SQL with pieces in the place of {}, {0} and {name}.", `psycopg2.sql.SQL("SELECT * FROM {}"):format(psycopg2.sql.Identifier("my table"))`, func(p piece, a *bind.Args) (any, error) {
		text, ok := p.(rawSQL)
		if !ok {
			return nil, exc.New(exc.AttributeError, "only SQL has format()")
		}
		return format(string(text), a)
	}).
	Method("join(seq{})", "The pieces of a list with this SQL between them.", `psycopg2.sql.SQL(", "):join({psycopg2.sql.Identifier("a"), psycopg2.sql.Identifier("b")})`, func(p piece, a *bind.Args) (any, error) {
		var out composition
		for i, item := range a.List("seq") {
			part, err := pieceOf(a.Call, item)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, p)
			}
			out = append(out, part)
		}
		return out, nil
	}).
	Method("as_string(context)", "The SQL as text, for a connection or cursor.", `psycopg2.sql.SQL("SELECT 1"):as_string(connection)`, func(p piece, a *bind.Args) (any, error) {
		if cur, ok := a.Any("context").(*dbapi.Cursor); ok {
			return p.sql(cur.Conn.Dialect)
		}
		conn, err := enginelib.DriverConn(a.Any("context"))
		if err != nil {
			return nil, exc.New(exc.TypeError, "as_string() wants a connection or a cursor")
		}
		return p.sql(conn.Dialect)
	}).
	With(func(c *bind.Class) {
		c.Operate = func(call *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, errx := pieceOf(call, a)
			y, erry := pieceOf(call, b)
			if op != "+" || errx != nil || erry != nil {
				return nil, bind.ErrDeclined
			}
			return composition{x, y}, nil
		}
		c.Repr = func(call *bind.Call, self any) (string, error) { return reprPiece(call, self.(piece)), nil }
	})

func reprPiece(call *bind.Call, p piece) string {
	switch p := p.(type) {
	case rawSQL:
		return "SQL(" + types.Quote(string(p)) + ")"
	case identifier:
		quoted := make([]string, len(p))
		for i, name := range p {
			quoted[i] = types.Quote(name)
		}
		return "Identifier(" + strings.Join(quoted, ", ") + ")"
	case literal:
		return "Literal(" + call.ReprGo(p.v) + ")"
	case placeholder:
		if p == "" {
			return "Placeholder()"
		}
		return "Placeholder(" + types.Quote(string(p)) + ")"
	case composition:
		parts := make([]string, len(p))
		for i, part := range p {
			parts[i] = reprPiece(call, part)
		}
		return "Composed([" + strings.Join(parts, ", ") + "])"
	}
	return "Composable"
}

func pieceOf(c *bind.Call, v lua.LValue) (piece, error) {
	if p, ok := bind.Unwrap[piece](v); ok {
		return p, nil
	}
	return nil, exc.New(exc.TypeError, "Composed elements must be Composable, got %s instead", c.Repr(c.L, v))
}

// format puts the arguments' pieces into {}, {0} and {name}.
func format(text string, a *bind.Args) (any, error) {
	byName := map[string]lua.LValue{}
	for _, k := range a.Keywords() {
		byName[k.Name] = k.Value
	}
	rest := a.Rest()
	var out composition
	next := 0
	for {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			if text != "" {
				out = append(out, rawSQL(text))
			}
			return out, nil
		}
		if i+1 < len(text) && text[i] == text[i+1] { // {{ and }} are the signs themselves
			out = append(out, rawSQL(text[:i+1]))
			text = text[i+2:]
			continue
		}
		end := strings.IndexByte(text[i:], '}')
		if text[i] == '}' || end < 0 {
			return nil, exc.New(exc.ValueError, "Single '%c' encountered in format string", text[i])
		}
		name := text[i+1 : i+end]
		var v lua.LValue = lua.LNil
		switch n, isNumber := number(name); {
		case name == "" && next < len(rest):
			v = rest[next]
			next++
		case isNumber && n < len(rest):
			v = rest[n]
		case byName[name] != nil:
			v = byName[name]
		default:
			return nil, exc.New(exc.IndexError, "nothing was given for '{%s}'", name)
		}
		p, err := pieceOf(a.Call, v)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, rawSQL(text[:i]))
		}
		out = append(out, p)
		text = text[i+end+1:]
	}
}

func number(s string) (int, bool) {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, s != ""
}

// composing makes the namespace psycopg2.sql.
func composing() *bind.Namespace {
	return bind.NewNamespace("sql", "SQL composed of pieces: text, names, values.",
		bind.Func("SQL(string)", "Text of SQL.", `psycopg2.sql.SQL("SELECT {}")`, func(a *bind.Args) (any, error) { return rawSQL(a.String("string")), nil }),
		bind.Func("Identifier(*strings)", "A name, quoted; several are qualified by dots.", `psycopg2.sql.Identifier("public", "users")`, func(a *bind.Args) (any, error) {
			var names identifier
			for _, v := range a.Rest() {
				s, ok := v.(lua.LString)
				if !ok {
					return nil, exc.New(exc.TypeError, "SQL identifier parts must be strings")
				}
				names = append(names, string(s))
			}
			if len(names) == 0 {
				return nil, exc.New(exc.TypeError, "Identifier cannot be empty")
			}
			return names, nil
		}),
		bind.Func("Literal(wrapped{})", "A value as a literal.", `psycopg2.sql.Literal("it's")`, func(a *bind.Args) (any, error) { return literal{a.Any("wrapped")}, nil }),
		bind.Func("Placeholder(name=nil)", "A place for a value: %s, or %(name)s.", `psycopg2.sql.Placeholder()`, func(a *bind.Args) (any, error) { return placeholder(a.String("name")), nil }))
}
