package corelib

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

const sequenceOptions = `start=nil, increment=nil, minvalue=nil, maxvalue=nil, nominvalue=nil, nomaxvalue=nil, cycle=nil`

func readSequence(a *bind.Args, s *core.Sequence) {
	n := func(name string) *int64 {
		if v := a.OptInt(name); v != nil {
			x := int64(*v)
			return &x
		}
		return nil
	}
	s.Start, s.Increment, s.MinValue, s.MaxValue, s.Cache = n("start"), n("increment"), n("minvalue"), n("maxvalue"), n("cache")
	s.NoMinValue, s.NoMaxValue = a.Bool("nominvalue"), a.Bool("nomaxvalue")
	s.Cycle, s.Order = a.OptBool("cycle"), a.OptBool("order")
}

var sequenceClass = bind.Define[*core.Sequence]("Sequence", "A sequence of the database.", schemaItemClass.Class).
	Constructor("Sequence(name, "+sequenceOptions+", schema=nil, cache=nil, order=nil, data_type=nil, optional=false, quote=nil, metadata=nil, quote_schema=nil, for_update=false, **kw)", "A sequence to number rows by.", `Sequence("user_id_seq")`, func(a *bind.Args) (any, error) {
		s := &core.Sequence{Name: a.String("name"), Schema: a.String("schema"), Optional: a.Bool("optional"), Type: TypeOf(a.Call, a.Lua("data_type"))}
		readSequence(a, s)
		quoteFrom(a, "name", &s.Quote)
		s.DialectArgs = dialectArgs(a, a.Keywords())
		if m := bind.Get[*core.MetaData](a, "metadata"); m != nil {
			if s.Schema == "" {
				s.Schema = m.Schema
			}
			m.AddSequence(s)
		}
		return s, nil
	}).
	Method("next_value()", "Its next value, as an expression.", `Sequence("s"):next_value()`, func(s *core.Sequence, a *bind.Args) (any, error) { return &core.NextValue{Sequence: s}, nil }).
	Property("name", "Its name.", func(s *core.Sequence) any { return s.Name }).
	Property("schema", "Its schema.", func(s *core.Sequence) any { return orNilText(s.Schema) }).
	Property("start", "Where it begins.", func(s *core.Sequence) any { return number(s.Start) }).
	Property("increment", "Its step.", func(s *core.Sequence) any { return number(s.Increment) }).
	Property("minvalue", "Its least value.", func(s *core.Sequence) any { return number(s.MinValue) }).
	Property("maxvalue", "Its greatest value.", func(s *core.Sequence) any { return number(s.MaxValue) }).
	Property("nominvalue", "NO MINVALUE.", func(s *core.Sequence) any { return boolOrNil(s.NoMinValue) }).
	Property("nomaxvalue", "NO MAXVALUE.", func(s *core.Sequence) any { return boolOrNil(s.NoMaxValue) }).
	Property("cache", "How many values are taken at once.", func(s *core.Sequence) any { return number(s.Cache) }).
	Property("cycle", "Whether it begins anew.", func(s *core.Sequence) any { return flag(s.Cycle) }).
	Property("order", "ORDER, of Oracle.", func(s *core.Sequence) any { return flag(s.Order) }).
	Property("optional", "Whether it is only for databases that need one.", func(s *core.Sequence) any { return s.Optional }).
	Property("data_type", "The type of its values.", func(s *core.Sequence) any {
		if s.Type == nil {
			return nil
		}
		return s.Type
	}).
	Property("metadata", "Its catalogue.", func(s *core.Sequence) any { return pointer(s.MetaData) }).
	Property("column", "The column that it numbers.", func(s *core.Sequence) any { return pointer(s.Column) }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return sequenceRepr(self.(*core.Sequence)), nil
		}
	})

// sequenceRepr is the repr of a sequence: its name and what else was said.
func sequenceRepr(s *core.Sequence) string {
	parts := []string{types.Quote(s.Name)}
	n := func(name string, v *int64) {
		if v != nil {
			parts = append(parts, name+"="+types.Repr(*v))
		}
	}
	b := func(name string, v *bool) {
		if v != nil {
			parts = append(parts, name+"="+types.Repr(*v))
		}
	}
	n("start", s.Start)
	n("increment", s.Increment)
	n("minvalue", s.MinValue)
	n("maxvalue", s.MaxValue)
	b("nominvalue", given(s.NoMinValue))
	b("nomaxvalue", given(s.NoMaxValue))
	b("cycle", s.Cycle)
	if s.Schema != "" {
		parts = append(parts, "schema="+types.Quote(s.Schema))
	}
	n("cache", s.Cache)
	b("order", s.Order)
	if s.Type != nil {
		parts = append(parts, "data_type="+s.Type.String())
	}
	b("optional", given(s.Optional))
	if s.MetaData != nil {
		parts = append(parts, "metadata=MetaData()")
	}
	return "Sequence(" + strings.Join(parts, ", ") + ")"
}

func given(b bool) *bool {
	if !b {
		return nil
	}
	return &b
}

func flag(b *bool) any {
	if b == nil {
		return nil
	}
	return *b
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

var identityClass = bind.Define[*core.Identity]("Identity", "GENERATED … AS IDENTITY.", schemaItemClass.Class).
	Constructor("Identity(always=nil, on_null=nil, "+sequenceOptions+", cache=nil, order=nil, **kw)", "The database numbers the rows.", `Column("id", Integer, Identity(), {primary_key = true})`, func(a *bind.Args) (any, error) {
		always, isBool := a.Any("always").(bool) // true and what counts as true
		i := &core.Identity{Always: always || !isBool && a.Has("always"), OnNull: a.Bool("on_null")}
		readSequence(a, &i.Sequence)
		i.DialectArgs = dialectArgs(a, a.Keywords())
		return i, nil
	}).
	Property("always", "GENERATED ALWAYS.", func(i *core.Identity) any { return i.Always }).
	Property("on_null", "GENERATED BY DEFAULT ON NULL, of Oracle.", func(i *core.Identity) any { return boolOrNil(i.OnNull) }).
	Property("start", "Where it begins.", func(i *core.Identity) any { return number(i.Start) }).
	Property("increment", "Its step.", func(i *core.Identity) any { return number(i.Increment) }).
	Property("minvalue", "Its least value.", func(i *core.Identity) any { return number(i.MinValue) }).
	Property("maxvalue", "Its greatest value.", func(i *core.Identity) any { return number(i.MaxValue) }).
	Property("nominvalue", "NO MINVALUE.", func(i *core.Identity) any { return boolOrNil(i.NoMinValue) }).
	Property("nomaxvalue", "NO MAXVALUE.", func(i *core.Identity) any { return boolOrNil(i.NoMaxValue) }).
	Property("cache", "How many values are taken at once.", func(i *core.Identity) any { return number(i.Cache) }).
	Property("cycle", "Whether it begins anew.", func(i *core.Identity) any { return flag(i.Cycle) }).
	Property("order", "ORDER, of Oracle.", func(i *core.Identity) any { return flag(i.Order) }).
	Property("column", "Its column.", func(i *core.Identity) any { return pointer(i.Column) })

var computedClass = bind.Define[*core.Computed]("Computed", "GENERATED ALWAYS AS (…).", schemaItemClass.Class).
	Constructor("Computed(sqltext, persisted=nil)", "The database computes the column.", `Column("area", Integer, Computed("w * h"))`, func(a *bind.Args) (any, error) {
		c := &core.Computed{Persisted: a.OptBool("persisted")}
		if s, ok := a.Any("sqltext").(string); ok {
			c.X = &core.Text{SQL: s, Type: &types.NullType{}}
		} else {
			c.X = Expr(a.Call, a.Lua("sqltext"), ElementRole)
		}
		return c, nil
	}).
	Property("sqltext", "The expression.", func(c *core.Computed) any { return c.X }).
	Property("column", "Its column.", func(c *core.Computed) any { return pointer(c.Column) }).
	Property("persisted", "Whether it is stored.", func(c *core.Computed) any {
		if c.Persisted == nil {
			return nil
		}
		return *c.Persisted
	})
