package corelib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

const columnSignature = `Column(name_pos=nil, type_pos=nil, *args, name=nil, type_=nil, key=nil, primary_key=false, nullable=nil, default{!}=nil, insert_default{!}=nil, onupdate{!}=nil, server_default{!}=nil, server_onupdate{!}=nil, autoincrement="auto", index=nil, unique=nil, quote=nil, system=false, comment=nil, doc=nil, info{}=nil, sort_order=0, init=nil, repr=nil, **kw)`

// MakeColumn is Column(…): the ORM's mapped_column() reads the same arguments.
func MakeColumn(a *bind.Args) (*core.Column, error) {
	c := core.NewColumn("", nil)
	c.Schema = core.NewColumnSchema()
	s := c.Schema
	var items []lua.LValue
	name, typ := a.Lua("name_pos"), a.Lua("type_pos")
	items = append(items, a.Rest()...)
	// Column("id", ForeignKey(…)), Column(Integer), Column(ForeignKey(…)).
	if _, text := name.(lua.LString); !text && name != lua.LNil {
		if _, quoted := bind.Unwrap[*quotedName](name); !quoted {
			if isType(name) {
				if typ != lua.LNil {
					items = append([]lua.LValue{typ}, items...)
				}
				typ = name
			} else {
				if typ != lua.LNil {
					items = append([]lua.LValue{name, typ}, items...)
				} else {
					items = append([]lua.LValue{name}, items...)
				}
				typ = lua.LNil
			}
			name = lua.LNil
		}
	}
	if typ != lua.LNil && !isType(typ) {
		items = append([]lua.LValue{typ}, items...)
		typ = lua.LNil
	}
	if typ == lua.LNil { // the type may stand among the rest: Column("x", ForeignKey(…), Integer)
		for i, v := range items {
			if isType(v) {
				typ = v
				items = slices.Delete(slices.Clone(items), i, i+1)
				break
			}
		}
	}
	if given := a.Lua("name"); given != lua.LNil {
		if name != lua.LNil {
			return nil, exc.New(exc.ArgumentError, "May not pass name positionally and as a keyword.")
		}
		name = given
	}
	if given := a.Lua("type_"); given != lua.LNil {
		if typ != lua.LNil {
			return nil, exc.New(exc.ArgumentError, "May not pass type_ positionally and as a keyword.")
		}
		typ = given
	}
	if name != lua.LNil {
		text, _ := a.ToGo(name).(string)
		if q, ok := bind.Unwrap[*quotedName](name); ok {
			text, c.Quote = q.text, q.quote
		}
		c.Name, c.Key = core.Name(text), text
	}
	if t := TypeOf(a.Call, typ); t != nil {
		c.Type = t
	} else {
		s.TypePending = true
	}
	if a.Has("key") {
		c.Key = a.String("key")
	}
	if b := a.OptBool("quote"); b != nil {
		c.Quote = quoting(*b)
	}
	s.PrimaryKey = a.Bool("primary_key")
	s.Nullable = !s.PrimaryKey
	if b := a.OptBool("nullable"); b != nil {
		s.Nullable, s.NullableGiven = *b, true
	}
	s.Unique, s.Index, s.System = a.Bool("unique"), a.Bool("index"), a.Bool("system")
	switch v := a.Any("autoincrement").(type) {
	case bool:
		s.Autoincrement = core.AutoincrementOff
		if v {
			s.Autoincrement = core.AutoincrementOn
		}
	case string:
		switch v {
		case "auto":
		case "ignore_fk":
			s.Autoincrement = core.AutoincrementIgnoreFK
		default:
			return nil, exc.New(exc.ArgumentError, "Column(): autoincrement must be true, false, \"auto\" or \"ignore_fk\"")
		}
	}
	if a.Has("comment") {
		s.Comment, s.HasComment = a.String("comment"), true
	}
	s.Doc = a.String("doc")
	s.Info = info(a)
	var rest []bind.Keyword
	for _, k := range a.Keywords() {
		switch k.Name {
		case "insert_sentinel":
			s.Sentinel = lua.LVAsBool(k.Value)
		case "_omit_from_statements":
			s.Omit = lua.LVAsBool(k.Value)
		default:
			rest = append(rest, k)
		}
	}
	s.DialectArgs = dialectArgs(a, rest)
	if a.Given("insert_default") {
		s.Default = columnDefault(a, a.Lua("insert_default"), false)
	} else if a.Given("default") {
		s.Default = columnDefault(a, a.Lua("default"), false)
	}
	if a.Given("onupdate") {
		s.OnUpdate = columnDefault(a, a.Lua("onupdate"), true)
	}
	if a.Has("server_default") {
		placeServerDefault(s, serverDefault(a, a.Lua("server_default")), false)
	}
	if a.Has("server_onupdate") {
		placeServerDefault(s, serverDefault(a, a.Lua("server_onupdate")), true)
	}
	for _, v := range items {
		switch x := a.ToGo(v).(type) {
		case *core.ForeignKey:
			if x.Parent != nil {
				return nil, exc.New(exc.InvalidRequestError, "This ForeignKey already has a parent !")
			}
			s.ForeignKeys = append(s.ForeignKeys, x)
		case *core.CheckConstraint:
			s.Constraints = append(s.Constraints, x)
		case *core.Sequence:
			s.Default = &core.Default{Sequence: x, Arg: x}
			x.Column = c
		case *core.Identity:
			s.Identity = x
			x.Column = c
			if !s.NullableGiven {
				s.Nullable = false
			}
		case *core.Computed:
			s.Computed = x
			x.Column = c
		case *serverDefaultArg:
			placeServerDefault(s, x.d, x.forUpdate)
		case *core.Default:
			if x.OnUpdate {
				s.OnUpdate = x
			} else {
				s.Default = x
			}
		case core.Constraint:
			s.Constraints = append(s.Constraints, x)
		case nil, *core.MetaData: // SQLAlchemy lets a MetaData stand here, and does nothing with it
		case string:
			return nil, exc.New(exc.ArgumentError, "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s", types.Quote(x))
		default:
			return nil, exc.New(exc.ArgumentError, "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s", Describe(a.Call, x))
		}
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	return c, AttachmentsOf(a.State).made(c)
}

func schemaOf(c *core.Column) *core.ColumnSchema {
	if c.Schema != nil {
		return c.Schema
	}
	if b := c.Base(); b.Schema != nil {
		return b.Schema
	}
	return &core.ColumnSchema{Nullable: true}
}

var columnClass = bind.Define[*core.Column]("Column", "A column.", ColumnElement.Class, schemaItemClass.Class).
	Constructor(columnSignature, "Define a column.", `Column("id", Integer, {primary_key = true})`, func(a *bind.Args) (any, error) { return MakeColumn(a) }).
	Property("name", "Its name.", func(c *core.Column) any {
		var anon core.AnonNames
		if c.Name == "" {
			return nil
		}
		return anon.Resolve(c.Name)
	}).
	Setter(func(_ *bind.Call, c *core.Column, v lua.LValue) error {
		name, ok := v.(lua.LString)
		if !ok {
			return exc.New(exc.ArgumentError, "a column's name is a string, got %s", v)
		}
		c.Name = core.Name(name)
		return nil
	}).
	Property("key", "The name by which its collection has it.", func(c *core.Column) any { return orNilText(c.Key) }).
	Property("table", "Its table.", func(c *core.Column) any {
		if c.Table == nil {
			return nil
		}
		return c.Table
	}).
	Property("nullable", "Whether it may be NULL.", func(c *core.Column) any { return schemaOf(c).Nullable }).
	Property("primary_key", "Whether it is part of the primary key.", func(c *core.Column) any { return c.PrimaryKey() }).
	Property("unique", "Whether it was made unique.", func(c *core.Column) any { return boolOrNil(schemaOf(c).Unique) }).
	Property("index", "Whether it was given an index.", func(c *core.Column) any { return boolOrNil(schemaOf(c).Index) }).
	Property("system", "Whether the database itself makes it.", func(c *core.Column) any { return schemaOf(c).System }).
	Property("autoincrement", "Whether it numbers itself.", func(c *core.Column) any {
		switch schemaOf(c).Autoincrement {
		case core.AutoincrementOn:
			return true
		case core.AutoincrementOff:
			return false
		case core.AutoincrementIgnoreFK:
			return "ignore_fk"
		}
		return "auto"
	}).
	Property("default", "Its default.", func(c *core.Column) any {
		d := schemaOf(c).Default
		if d != nil && d.Sequence != nil {
			return d.Sequence
		}
		return pointer(d)
	}).
	Property("onupdate", "Its value at UPDATE.", func(c *core.Column) any { return pointer(schemaOf(c).OnUpdate) }).
	Property("server_default", "The default that the database makes.", func(c *core.Column) any {
		s := schemaOf(c)
		switch {
		case s.ServerDefault != nil:
			return s.ServerDefault
		case s.Identity != nil:
			return s.Identity
		case s.Computed != nil:
			return s.Computed
		}
		return nil
	}).
	Property("server_onupdate", "The value that the database makes at UPDATE.", func(c *core.Column) any { return pointer(schemaOf(c).ServerOnUpd) }).
	Property("identity", "Its GENERATED AS IDENTITY.", func(c *core.Column) any { return pointer(schemaOf(c).Identity) }).
	Property("computed", "Its GENERATED ALWAYS AS.", func(c *core.Column) any { return pointer(schemaOf(c).Computed) }).
	Property("foreign_keys", "Its foreign keys.", func(c *core.Column) any { return c.ForeignKeys() }).
	Property("constraints", "The constraints written with it.", func(c *core.Column) any { return schemaOf(c).Constraints }).
	Property("base_columns", "The columns that it finally stands for.", func(c *core.Column) any { return []any{c.Base()} }).
	Property("comment", "Its comment.", func(c *core.Column) any {
		if s := schemaOf(c); s.HasComment {
			return s.Comment
		}
		return nil
	}).
	Property("doc", "Its documentation.", func(c *core.Column) any { return orNilText(schemaOf(c).Doc) }).
	Property("info", "Anything you keep with it.", func(c *core.Column) any {
		s := schemaOf(c)
		if s.Info == nil {
			s.Info = map[string]any{}
		}
		return s.Info
	}).
	Method("references(column)", "Whether a foreign key of it refers to a column.", "a.c.user_id:references(users.c.id)", func(c *core.Column, a *bind.Args) (any, error) {
		other := ColumnOf(a.Call, a.Lua("column"))
		for _, fk := range c.ForeignKeys() {
			target, err := fk.Resolve()
			if err != nil {
				return nil, err
			}
			if target == other {
				return true, nil
			}
		}
		return false, nil
	}).
	Method("copy()", "A copy that is in no table.", "c:copy()", func(c *core.Column, a *bind.Args) (any, error) { return CopyColumn(c), nil }).
	Alias("_copy", "copy").
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(c *bind.Call, self any) (string, error) { return columnRepr(c, self.(*core.Column)), nil }
		c.Path = func(self any) string {
			c := self.(*core.Column)
			if c.Table != nil {
				if n, ok := core.FromName(c.Table); ok && !n.IsAnonymous() {
					return string(n) + ".c." + string(c.Name)
				}
			}
			return string(c.Name)
		}
	})

func boolOrNil(b bool) any {
	if !b {
		return nil
	}
	return true
}
