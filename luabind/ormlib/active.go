package ormlib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
	"alchemysh/orm"
)

// activeRecordBase is active_record_base(session): a declarative base whose
// objects save and find themselves, to show the pattern beside the mapper's.
var activeRecordBase = bind.Func("active_record_base(session, metadata=nil, cls=nil, name=\"Base\")", "A declarative base whose objects save and delete themselves.",
	`Base = active_record_base(session)  User{name = "ed"}:save()  User:query{name = "ed"}:fetch()`, func(a *bind.Args) (any, error) {
		s, _ := bind.Unwrap[*orm.Session](a.Lua("session"))
		if sc, ok := bind.Unwrap[*scoped](a.Lua("session")); ok {
			var err error
			if s, err = sc.current(a.Call, nil); err != nil {
				return nil, err
			}
		}
		if s == nil {
			return nil, exc.New(exc.ArgumentError, "active_record_base() takes a session")
		}
		k := newBase(a, newRegistry(a.State, bind.Get[*core.MetaData](a, "metadata")))
		method := func(spec, doc, example string, f func(a *bind.Args) (any, error)) {
			fn := bind.Func(spec, doc, example, f)
			k.set(fn.Name, a.State.Function(fn))
		}
		method("save(self)", "Write the object.", `User{name = "ed"}:save()`, func(a *bind.Args) (any, error) {
			i := instanceOf(a, "self")
			prepare(s, a.Call)
			if err := s.Add(i); err != nil {
				return nil, err
			}
			return i, s.Commit()
		})
		method("delete(self)", "Delete the object.", "user:delete()", func(a *bind.Args) (any, error) {
			prepare(s, a.Call)
			if err := s.Delete(instanceOf(a, "self")); err != nil {
				return nil, err
			}
			return nil, s.Commit()
		})
		method("query(self, *criteria, **kw)", "A query of the class's objects.", `User:query{name = "ed"}:fetch()`, func(a *bind.Args) (any, error) {
			e := entityArg(a, a.Lua("self"))
			q := orm.NewQuery(prepare(s, a.Call), e.Node())
			crit := filterBy(a, e)
			crit = append(crit, corelib.Exprs(a.Call, a.Rest(), corelib.WhereRole)...)
			if len(crit) > 0 {
				q = edit(q, addCriteria(crit))
			}
			return q, nil
		})
		return k, nil
	})
