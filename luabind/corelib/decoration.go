package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// showArgs spells the arguments of a type: part of its cache key.
func showArgs(args []any, named map[string]any) string {
	shown := ""
	for _, a := range args {
		if shown != "" {
			shown += ", "
		}
		shown += types.Repr(a)
	}
	if len(named) > 0 {
		if shown != "" {
			shown += ", "
		}
		shown += types.Repr(named)
	}
	return shown
}

// instance is the Lua object that a type's functions get as self: the
// arguments and what __init__ set, above the class's body.
func (d *decoratorClass) instance() *lua.LTable {
	L := d.state.Main
	self := L.NewTable()
	mt := L.NewTable()
	mt.RawSetString("__index", d.body)
	L.SetMetatable(self, mt)
	return self
}

// initialised makes a type whose class has an __init__.
func (d *decoratorClass) initialised(c *bind.Call, args []any, named map[string]any) (types.Type, error) {
	self := d.instance()
	init, _ := c.CallbackOf(d.body.RawGetString("__init__"))
	values := append([]any{self}, args...)
	if len(named) > 0 {
		values = append(values, named)
	}
	if _, err := init.Call(values...); err != nil {
		return nil, err
	}
	impl := d.implType
	if t, ok := c.ToGo(self.RawGetString("impl")).(types.Type); ok {
		impl = t
	}
	if d.userDefined {
		impl = nil
	}
	t := types.NewDecorator(d.decoration, impl, showArgs(args, named))
	t.Self = self
	return t, nil
}

// fillDecoration takes the functions of a class's body.
func fillDecoration(c *bind.Call, d *decoratorClass) {
	self := func(t *types.Decorator) any {
		if t.Self == nil {
			t.Self = d.instance()
		}
		return t.Self
	}
	dialect := func(name string) any { return &dialectName{name} }
	function := func(name string) *bind.Callback {
		f, _ := c.CallbackOf(d.body.RawGetString(name))
		return f
	}
	process := func(name string) func(*types.Decorator, any, string) (any, error) {
		f := function(name)
		if f == nil {
			return nil
		}
		return func(t *types.Decorator, v any, db string) (any, error) {
			r, err := f.Call(self(t), v, dialect(db))
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return c.ToGo(r[0]), nil
		}
	}
	// processor is bind_processor(dialect) and its kin, which return the
	// function that converts; nil from it converts nothing.
	processor := func(name string) func(*types.Decorator, any, string) (any, error) {
		f := function(name)
		if f == nil {
			return nil
		}
		return func(t *types.Decorator, v any, db string) (any, error) {
			made, err := f.Call(self(t), dialect(db))
			if err != nil || len(made) == 0 {
				return v, err
			}
			convert, ok := c.CallbackOf(made[0])
			if !ok {
				return v, nil
			}
			r, err := convert.Call(v)
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return c.ToGo(r[0]), nil
		}
	}
	either := func(one, other func(*types.Decorator, any, string) (any, error)) func(*types.Decorator, any, string) (any, error) {
		if one != nil {
			return one
		}
		return other
	}
	expression := func(name string) func(*types.Decorator, any) (any, error) {
		f := function(name)
		if f == nil {
			return nil
		}
		return func(t *types.Decorator, x any) (any, error) {
			r, err := f.Call(self(t), x)
			if err != nil || len(r) == 0 {
				return nil, err
			}
			return resolve(c.ToGo(r[0])), nil
		}
	}
	to := d.decoration
	to.ProcessBind = either(process("process_bind_param"), processor("bind_processor"))
	to.ProcessResult = either(process("process_result_value"), processor("result_processor"))
	to.ProcessLiteral = either(process("process_literal_param"), processor("literal_processor"))
	to.BindExpression = expression("bind_expression")
	to.ColumnExpression = expression("column_expression")
	typeFrom := func(r []lua.LValue, err error) (types.Type, error) {
		if err != nil || len(r) == 0 {
			return nil, err
		}
		switch t := c.ToGo(r[0]).(type) {
		case types.Type:
			return t, nil
		case *types.Class:
			return t.Instance()
		}
		return nil, nil
	}
	if f := function("load_dialect_impl"); f != nil {
		to.DialectImpl = func(t *types.Decorator, db string) (types.Type, error) {
			names := &dialectName{db}
			return typeFrom(f.Call(self(t), names))
		}
	}
	if f := function("get_col_spec"); f != nil {
		to.ColSpec = func(t *types.Decorator) (string, error) {
			r, err := f.Call(self(t))
			if err != nil || len(r) == 0 {
				return "", err
			}
			return r[0].String(), nil
		}
	}
	if f := function("coerce_compared_value"); f != nil {
		to.Coerce = func(t *types.Decorator, op string, v any) (types.Type, error) {
			return typeFrom(f.Call(self(t), op, v))
		}
	}
	if k, ok := c.ToGo(d.body.RawGetString("comparator_factory")).(*comparatorClass); ok {
		to.Comparator = k
	}
	to.Spell, to.Class = d.spell, d
	to.CacheOK = lua.LVAsBool(d.body.RawGetString("cache_ok"))
}

// spell is the type's name in DDL where compiles(MyType, f) says it.
func (d *decoratorClass) spell(t *types.Decorator, dialect string) (string, bool, error) {
	for _, k := range d.lineage() {
		f := k.rules[dialect]
		if f == nil {
			f = k.rules[""]
		}
		if f == nil {
			continue
		}
		r, err := f.Call(t, &typeCompiler{dialect: dialect})
		if err != nil || len(r) == 0 {
			return "", true, err
		}
		return r[0].String(), true, nil
	}
	return "", false, nil
}

// lineage is the class and those that it derives from.
func (d *decoratorClass) lineage() []*decoratorClass {
	out := []*decoratorClass{d}
	for _, b := range d.bases {
		out = append(out, b.lineage()...)
	}
	return out
}

// dialectName is the dialect that load_dialect_impl gets.
type dialectName struct{ name string }

var dialectNameClass = bind.Define[*dialectName]("Dialect", "A database's dialect, as a type sees it.").
	Property("name", "Its name.", func(d *dialectName) any { return d.name }).
	Method("type_descriptor(type_)", "The type as this database has it.", "dialect:type_descriptor(String(10))", func(d *dialectName, a *bind.Args) (any, error) {
		return TypeOf(a.Call, a.Lua("type_")), nil
	})
