package corelib

import (
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

var sequenceClass = bind.Define[*core.Sequence]("Sequence", "A sequence of the database.").
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
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return "Sequence(" + types.Quote(self.(*core.Sequence).Name) + ")", nil
		}
	})

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

var identityClass = bind.Define[*core.Identity]("Identity", "GENERATED … AS IDENTITY.").
	Constructor("Identity(always=false, on_null=nil, "+sequenceOptions+", cache=nil, order=nil, **kw)", "The database numbers the rows.", `Column("id", Integer, Identity(), {primary_key = true})`, func(a *bind.Args) (any, error) {
		i := &core.Identity{Always: a.Bool("always"), OnNull: a.Bool("on_null")}
		readSequence(a, &i.Sequence)
		i.DialectArgs = dialectArgs(a, a.Keywords())
		return i, nil
	}).
	Property("always", "GENERATED ALWAYS.", func(i *core.Identity) any { return i.Always }).
	Property("start", "Where it begins.", func(i *core.Identity) any { return number(i.Start) }).
	Property("increment", "Its step.", func(i *core.Identity) any { return number(i.Increment) })

var computedClass = bind.Define[*core.Computed]("Computed", "GENERATED ALWAYS AS (…).").
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
	Property("persisted", "Whether it is stored.", func(c *core.Computed) any {
		if c.Persisted == nil {
			return nil
		}
		return *c.Persisted
	})
