package corelib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

func placeServerDefault(s *core.ColumnSchema, d any, onUpdate bool) {
	switch d := d.(type) {
	case *core.Default:
		if onUpdate {
			s.ServerOnUpd = d
		} else {
			s.ServerDefault = d
		}
	case *core.Identity:
		s.Identity = d
	case *core.Computed:
		s.Computed = d
	}
}

// columnDefault reads default= and onupdate=: a value, a function, an
// expression or a sequence.
func columnDefault(a *bind.Args, v lua.LValue, onUpdate bool) *core.Default {
	d := &core.Default{OnUpdate: onUpdate, Arg: a.ToGo(v)}
	switch x := v.(type) {
	case *lua.LNilType:
		return nil
	case *lua.LFunction:
		cb, _ := a.CallbackOf(x)
		d.Func = func(ctx core.DefaultContext) (any, error) {
			var args []any
			if !x.IsG { // datetime.utcnow and the like want no context
				args = []any{ctx}
			}
			r, err := cb.Call(args...)
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return Value(a.Call, r[0]), nil
		}
		return d
	}
	switch x := Value(a.Call, v).(type) {
	case *core.Default:
		return x
	case *core.Sequence:
		d.Sequence = x
	case core.Expr:
		d.SQL = x
	case core.Query:
		d.SQL = scalarSelect(x)
	case *bind.Class: // default = uuid4, dict, list …: a class is called
		cb, ok := a.CallbackOf(v)
		if ok {
			d.Func = func(core.DefaultContext) (any, error) { return cb.Call1() }
		}
	default:
		d.Value, d.HasValue = x, true
	}
	return d
}

// serverDefault reads server_default=.
func serverDefault(a *bind.Args, v lua.LValue) any {
	switch x := Value(a.Call, v).(type) {
	case string:
		return &core.Default{Text: x, HasText: true, Arg: x}
	case bool:
		if x { // FetchedValue's older spelling
			return &core.Default{Fetched: true}
		}
		return nil
	case *serverDefaultArg:
		return x.d
	case *core.Identity, *core.Computed, *core.Default:
		return x
	case core.Expr:
		return &core.Default{SQL: x, Arg: x}
	case *core.Sequence:
		return &core.Default{SQL: &core.NextValue{Sequence: x}, Arg: x}
	default:
		bind.Fail(exc.ArgumentError, "Argument 'arg' is expected to be one of type 'string', 'ClauseElement' or 'TextClause', got %s", Describe(a.Call, x))
	}
	return nil
}

// serverDefaultArg is FetchedValue() or DefaultClause(…).
type serverDefaultArg struct {
	d         *core.Default
	forUpdate bool
}

var defaultClass = bind.Define[*serverDefaultArg]("FetchedValue", "A default that the database makes.").
	Constructor("FetchedValue(for_update=false)", "A default that the database makes, by a trigger perhaps.", `Column("at", DateTime, {server_default = FetchedValue()})`, func(a *bind.Args) (any, error) {
		return &serverDefaultArg{&core.Default{Fetched: true}, a.Bool("for_update")}, nil
	}).
	Property("arg", "What it is made of.", func(d *serverDefaultArg) any { return d.d.Arg }).
	Property("for_update", "Whether it is for UPDATE.", func(d *serverDefaultArg) any { return d.forUpdate }).
	Property("column", "Its column.", func(d *serverDefaultArg) any { return pointer(d.d.Column) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) {
			d := self.(*serverDefaultArg)
			if d.d.Fetched && d.forUpdate {
				return "FetchedValue(for_update=true)", nil
			}
			return strings.Replace(serverDefaultRepr(c, d.d), "for_update=false", "for_update="+types.Repr(d.forUpdate), 1), nil
		}
	})

// columnDefaultClass is what column.default is.
var columnDefaultClass = bind.Define[*core.Default]("ColumnDefault", "The default of a column.", schemaItemClass.Class).
	Property("arg", "The value, function, expression or text.", func(d *core.Default) any {
		switch {
		case d.SQL != nil:
			return d.SQL
		case d.HasText:
			return d.Text
		case d.Sequence != nil:
			return d.Sequence
		}
		return d.Arg
	}).
	Property("is_scalar", "Whether it is a plain value.", func(d *core.Default) any { return d.HasValue }).
	Property("is_callable", "Whether it is a function.", func(d *core.Default) any { return d.Func != nil }).
	Property("is_clause_element", "Whether it is an expression.", func(d *core.Default) any { return d.SQL != nil }).
	Property("is_sequence", "Whether it is a sequence.", func(d *core.Default) any { return d.Sequence != nil }).
	Property("for_update", "Whether it is for UPDATE.", func(d *core.Default) any { return d.OnUpdate }).
	Property("has_arg", "Whether it says what the default is.", func(d *core.Default) any { return !d.Fetched }).
	Property("is_server_default", "Whether the database makes it.", func(d *core.Default) any { return d.HasText || d.Fetched }).
	Property("reflected", "Whether it was read from a database.", func(d *core.Default) any { return d.Reflected }).
	Property("column", "Its column.", func(d *core.Default) any { return pointer(d.Column) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) {
			d := self.(*core.Default)
			if d.HasText || d.Fetched {
				return serverDefaultRepr(c, d), nil
			}
			return defaultRepr(c, d), nil
		}
	})
