package ormlib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// indexProperty is index_property(attr, index): an element of a document or a
// list as an attribute of its own, on objects and in SQL.
type indexProperty struct {
	attr     string
	index    lua.LValue
	fallback lua.LValue // nil: none
	datatype *bind.Callback
	fixed    bool // mutable=False
	onebased bool
}

// place is where the element stands in the Lua value: positions count from 1.
func (p *indexProperty) place() lua.LValue {
	if n, ok := p.index.(lua.LNumber); ok {
		return n + 1
	}
	return p.index
}

func (p *indexProperty) onObject(c *bind.Call, self lua.LValue, name string) (any, error) {
	if held := c.L.GetField(self, p.attr); held != lua.LNil {
		if v := c.L.GetTable(held, p.place()); v != lua.LNil {
			if v == c.Null() {
				return nil, nil
			}
			return v, nil
		}
	}
	if p.fallback == nil {
		return nil, exc.New(exc.AttributeError, "%s", p.attr)
	}
	return p.fallback, nil
}

func (p *indexProperty) onClass(c *bind.Call, v view, name string) (any, error) {
	column := c.L.GetField(v.lua(c), p.attr)
	at := p.index
	if n, ok := at.(lua.LNumber); ok && p.onebased {
		at = n + 1
	}
	f, ok := c.CallbackOf(c.L.GetField(column, "getitem"))
	if !ok {
		return nil, exc.New(exc.TypeError, "index_property %s: %s cannot be indexed", name, p.attr)
	}
	r, err := f.Call(column, at)
	if err != nil || len(r) == 0 {
		return nil, err
	}
	if e, ok := bind.Unwrap[core.Expr](r[0]); ok {
		return underName(e, name), nil
	}
	return r[0], nil
}

func (p *indexProperty) assign(c *bind.Call, self lua.LValue, name string, v lua.LValue) error {
	if p.fixed {
		return exc.New(exc.AttributeError, "can't set attribute")
	}
	held := c.L.GetField(self, p.attr)
	if held == lua.LNil {
		held = c.L.NewTable()
		if p.datatype != nil {
			r, err := p.datatype.Call()
			if err != nil {
				return err
			}
			held = r[0]
		}
		if n, ok := p.index.(lua.LNumber); ok {
			for i := 1; i <= int(n); i++ {
				if c.L.GetTable(held, lua.LNumber(i)) == lua.LNil {
					c.L.SetTable(held, lua.LNumber(i), c.Null())
				}
			}
		}
	}
	if v == lua.LNil {
		v = c.Null()
	}
	return p.put(c, self, held, v)
}

// put changes the element in place and says so.
func (p *indexProperty) put(c *bind.Call, self, held, v lua.LValue) error {
	c.L.SetTable(held, p.place(), v)
	if i, ok := bind.Unwrap[*orm.Instance](self); ok && i.Has(p.attr) {
		if _, err := setMapped(c, i, p.attr, held); err != nil {
			return err
		}
		return flagModified(i, p.attr)
	}
	c.L.SetField(self, p.attr, held)
	return nil
}

func (p *indexProperty) remove(c *bind.Call, self lua.LValue, name string) error {
	held := c.L.GetField(self, p.attr)
	if p.fixed || held == lua.LNil || c.L.GetTable(held, p.place()) == lua.LNil {
		return exc.New(exc.AttributeError, "%s", p.attr)
	}
	return p.put(c, self, held, lua.LNil)
}

var indexPropertyClass = bind.Define[*indexProperty]("index_property", "An element of a document or a list as an attribute of its own.").With(func(c *bind.Class) { c.Identity = true })

var indexPropertyFunc = bind.Func("index_property(attr_name, index, *, default{!}=nil, datatype=nil, mutable=true, onebased=true)", "An element of a document or a list as an attribute of its own. A position is SQLAlchemy's, from 0.",
	`size = index_property("data", "size", {default = 0})`, func(a *bind.Args) (any, error) {
		p := &indexProperty{attr: a.String("attr_name"), index: a.Lua("index"), datatype: a.Function("datatype"), fixed: !a.Bool("mutable"), onebased: a.Bool("onebased")}
		if a.Given("default") {
			p.fallback = a.Lua("default")
		}
		return p, nil
	})

// flagModified is flag_modified(): what the attribute's table has become counts.
func flagModified(i *orm.Instance, key string) error {
	if f, ok := i.Fields.(*fields); ok {
		if err := f.Settle(i); err != nil {
			return err
		}
	}
	return i.FlagModified(key)
}
