package luabind

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// moduleNames are the modules of SQLAlchemy from which require gives the names.
// sqlalchemy has those of Core, sqlalchemy.orm those of the ORM; the others,
// which divide the same names further, have all.
var moduleNames = strings.Fields(`
	engine event exc ext inspection orm pool schema sql types dialects util
	ext.associationproxy ext.automap ext.compiler ext.declarative ext.horizontal_shard ext.hybrid
	ext.indexable ext.mutable ext.orderinglist
	orm.attributes orm.collections orm.exc orm.session
	sql.expression sql.functions sql.operators sql.selectable
	dialects.postgresql dialects.sqlite dialects.mysql dialects.mariadb
	engine.url engine.reflection`)

// spokenVersion is the SQLAlchemy whose names and SQL these are.
const spokenVersion = "2.0.52"

// modules makes require "sqlalchemy" and the like give the names in tables,
// which hold what the library defined, whatever globals have become.
// before are the globals that are Lua's and the shell's own, the classes of
// errors among them; core those and Core's.
func (s *State) modules(before, below map[string]lua.LValue) {
	all, core, mapper := s.L.NewTable(), s.L.NewTable(), s.L.NewTable()
	for name, v := range s.globals() {
		switch {
		case before[name] == v && !isError(v):
			continue
		case below[name] == v:
			core.RawSetString(name, v)
		default:
			mapper.RawSetString(name, v)
		}
		all.RawSetString(name, v)
	}
	core.RawSetString("__version__", lua.LString(spokenVersion))
	loaded := map[string]lua.LValue{"": core}
	for _, name := range moduleNames {
		var m lua.LValue = all
		switch parent, last, _ := strings.Cut(name, "."); {
		case name == "orm":
			m = mapper
		case name == "event" || parent == "dialects" && last != "":
			m = s.L.GetGlobal(name[strings.LastIndex(name, ".")+1:])
		case name == "dialects" || name == "ext" || name == "sql" || name == "engine":
			t := s.L.NewTable()
			all.ForEach(t.RawSet)
			m = t
		}
		loaded[name] = m
		if parent, last, nested := strings.Cut(name, "."); nested {
			if t, ok := loaded[parent].(*lua.LTable); ok {
				t.RawSetString(last, m)
			}
		} else if core.RawGetString(name) == lua.LNil {
			core.RawSetString(name, m)
		}
	}
	s.loaded = map[string]lua.LValue{}
	preload, _ := s.L.GetField(s.L.GetGlobal("package"), "preload").(*lua.LTable)
	for name, m := range loaded {
		path := strings.TrimSuffix("sqlalchemy."+name, ".")
		if t, ok := m.(*lua.LTable); ok && t.Metatable == lua.LNil {
			meta, whose := s.L.NewTable(), path
			if t == all {
				whose = "sqlalchemy"
			}
			meta.RawSetString("__index", s.bind.Function(missing(whose, t)))
			t.Metatable = meta
		}
		s.loaded[path] = m
		preload.RawSetString(path, s.L.NewFunction(func(L *lua.LState) int {
			L.Push(m)
			return 1
		}))
	}
}

// requireOwn is require where no files may be read: it knows these modules only.
func (s *State) requireOwn() {
	s.L.SetGlobal("require", s.bind.Function(bind.Func("require(name)", "The names of a module of SQLAlchemy.", `local sa = require "sqlalchemy"`, func(a *bind.Args) (any, error) {
		if m, ok := s.loaded[a.String("name")]; ok {
			return m, nil
		}
		return nil, exc.New(exc.LookupError, "module %s not found: in safe mode there is only sqlalchemy", a.String("name"))
	})))
}

// isError says that a global is a class of errors.
func isError(v lua.LValue) bool {
	u, ok := v.(*lua.LUserData)
	if ok {
		_, ok = u.Value.(*exc.Class)
	}
	return ok
}

// missing says that a module has no such name, and which is meant.
func missing(path string, t *lua.LTable) *bind.Function {
	return bind.Func("__index(module, name)", "A name that the module has not.", `require("sqlalchemy").select`, func(a *bind.Args) (any, error) {
		var names []string
		t.ForEach(func(k, _ lua.LValue) { names = append(names, k.String()) })
		name := a.String("name")
		return nil, exc.New(exc.AttributeError, "module '%s' has no attribute '%s'%s", path, name, bind.Suggest(name, names))
	})
}
