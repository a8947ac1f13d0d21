package ormlib

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/luabind/script"
	"alchemysh/orm"
)

// mapperArgs reads __mapper_args__, and the keyword arguments of
// map_imperatively.
func mapperArgs(c *bind.Call, k *Class, def *orm.Definition, args lua.LValue, attrs []placed) error {
	t, ok := args.(*lua.LTable)
	if !ok {
		return nil
	}
	exprs := func(v lua.LValue) []core.Expr {
		if list, ok := bind.IsList(v); ok {
			return corelib.Exprs(c, c.ListOf(list), corelib.ElementRole)
		}
		return []core.Expr{corelib.Expr(c, v, corelib.ElementRole)}
	}
	names := func(v lua.LValue) []string {
		var out []string
		for _, item := range c.ListOf(v) {
			out = append(out, c.Str(c.L, item))
		}
		return out
	}
	for key, v := range script.Fields(t) {
		name := key.String()
		switch name {
		case "polymorphic_on":
			switch x := c.ToGo(v).(type) {
			case string:
				def.PolymorphicOn = x
			case *orm.ColumnProperty:
				def.PolymorphicOn = x
			default:
				if v != lua.LNil {
					def.PolymorphicOn = corelib.Expr(c, v, corelib.ElementRole)
				}
			}
		case "polymorphic_identity":
			def.PolymorphicIdentity, def.HasIdentity = c.ToGo(v), true
		case "polymorphic_abstract":
			def.PolymorphicAbstract = lua.LVAsBool(v)
		case "polymorphic_load":
			def.PolymorphicLoad = c.Str(c.L, v)
		case "with_polymorphic":
			w := &orm.WithPolymorphic{}
			switch x := v.(type) {
			case lua.LString:
				w.All = x == "*"
			case *lua.LTable:
				items := c.ListOf(x)
				if len(items) == 2 { // {"*" or classes, what they are selected from}
					list, classes := bind.IsList(items[0])
					if w.All = items[0] == lua.LString("*"); w.All || classes {
						if !c.IsNull(items[1]) {
							w.Selectable = corelib.From(c, items[1], corelib.FromRole)
						}
						if w.All {
							break
						}
						items = c.ListOf(list)
					}
				}
				var classes []*Class
				for _, item := range items {
					if sub, ok := bind.Unwrap[*Class](item); ok {
						classes = append(classes, sub)
					}
				}
				w.Late = func() []*orm.Mapper {
					var out []*orm.Mapper
					for _, sub := range classes {
						if sub.mapper != nil {
							out = append(out, sub.mapper)
						}
					}
					return out
				}
			}
			def.WithPolymorphic = w
		case "concrete":
			def.Concrete = lua.LVAsBool(v)
		case "inherit_condition":
			def.InheritCondition = corelib.Expr(c, v, corelib.WhereRole)
		case "version_id_col":
			if name, ok := v.(lua.LString); ok { // a body cannot see its own columns
				def.VersionIDCol = columnNamed(string(name), def.Local, attrs)
				if def.VersionIDCol == nil {
					return exc.New(exc.ArgumentError, "version_id_col: %s has no column %s", k.Name, types.Quote(string(name)))
				}
				continue
			}
			def.VersionIDCol = corelib.Expr(c, v, corelib.ElementRole)
		case "version_id_generator":
			if v == lua.LFalse {
				def.NoVersionGenerator = true
			} else if f, ok := c.CallbackOf(v); ok {
				def.VersionIDGenerator = func(old any) (any, error) { return f.Call1(old) }
			}
		case "eager_defaults":
			if b, ok := v.(lua.LBool); ok {
				eager := bool(b)
				def.EagerDefaults = &eager
			}
		case "primary_key":
			def.PrimaryKey = exprs(v)
		case "include_properties":
			def.IncludeProperties, def.HasInclude = names(v), true
		case "exclude_properties":
			def.ExcludeProperties = names(v)
		case "column_prefix":
			def.ColumnPrefix = c.Str(c.L, v)
		case "confirm_deleted_rows":
			def.NoConfirmDeleted = !lua.LVAsBool(v)
		case "allow_partial_pks":
			def.NoPartialPKs = !lua.LVAsBool(v)
		case "batch":
			def.NoBatch = !lua.LVAsBool(v)
		case "always_refresh":
			def.AlwaysRefresh = lua.LVAsBool(v)
		case "passive_updates":
			def.PassiveUpdatesOff = !lua.LVAsBool(v)
		case "passive_deletes":
			def.PassiveDeletes = lua.LVAsBool(v)
		case "legacy_is_orphan":
			def.LegacyIsOrphan = lua.LVAsBool(v)
		case "properties":
			props, ok := v.(*lua.LTable)
			if !ok {
				continue
			}
			for key, x := range script.Fields(props) {
				p, err := givenProperty(c, k, key.String(), x)
				if err != nil {
					return err
				}
				def.Properties = append(def.Properties, orm.Named{Key: key.String(), Value: p})
			}
		case "inherits":
			if b, ok := bind.Unwrap[*Class](v); ok {
				def.Inherits = b.mapped()
				if !slices.Contains(k.Bases, b) {
					k.Bases = append(k.Bases, b)
				}
			}
		case "local_table":
			def.Local = corelib.From(c, v, corelib.FromRole)
		case "order_by", "non_primary", "_extra":
		default:
			return exc.New(exc.TypeError, "__init__() got an unexpected keyword argument '%s'", name)
		}
	}
	return nil
}

// givenProperty is what properties= maps a name to: also a list of columns that
// are kept equal.
func givenProperty(c *bind.Call, k *Class, name string, v lua.LValue) (any, error) {
	if t, ok := v.(*lua.LTable); ok {
		var columns []core.Expr
		for _, x := range c.ListOf(t) {
			columns = append(columns, columnExpr(c, x))
		}
		if len(columns) > 0 {
			return orm.NewColumnProperty(columns...), nil
		}
	}
	p, ok := propertyOf(c, k, name, v)
	if !ok {
		return nil, exc.New(exc.ArgumentError, "properties: %s is no mapped attribute", name)
	}
	return p, nil
}
