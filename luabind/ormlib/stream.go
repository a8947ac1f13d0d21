package ormlib

import (
	"fmt"

	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// pendingMethods are the methods of a query that a dynamic collection has while
// its owner is in no session.
var pendingMethods = map[string]*bind.Function{}

func init() {
	for _, f := range []*bind.Function{
		bind.Func("all(collection)", "The objects that were added.", "user.posts:all()", func(a *bind.Args) (any, error) {
			list := []any{}
			for _, i := range bind.Get[*orm.Stream](a, "collection").Pending() {
				list = append(list, i)
			}
			return list, nil
		}),
		bind.Func("count(collection)", "How many objects were added.", "user.posts:count()", func(a *bind.Args) (any, error) { return len(bind.Get[*orm.Stream](a, "collection").Pending()), nil }),
		bind.Func("first(collection)", "The first that was added, or nil.", "user.posts:first()", func(a *bind.Args) (any, error) {
			if list := bind.Get[*orm.Stream](a, "collection").Pending(); len(list) > 0 {
				return list[0], nil
			}
			return nil, nil
		}),
	} {
		pendingMethods[f.Name] = f
	}
}

// streamClass is the class of collections that are never loaded as a whole.
var streamClass = bind.Define[*orm.Stream]("AppenderQuery", "A collection that is read by queries.").
	Method("add(item)", "Add an object.", "user.posts:add(post)", func(s *orm.Stream, a *bind.Args) (any, error) { return nil, s.Add(instanceOf(a, "item")) }).
	Alias("append", "add").
	Method("add_all(items{})", "Add several objects.", "user.posts:add_all({a, b})", func(s *orm.Stream, a *bind.Args) (any, error) {
		for _, i := range instances(a, a.Lua("items")) {
			if err := s.Add(i); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}).
	Alias("extend", "add_all").
	Method("remove(item)", "Take an object out.", "user.posts:remove(post)", func(s *orm.Stream, a *bind.Args) (any, error) { return nil, s.Remove(instanceOf(a, "item")) }).
	Method("select()", "The query of its objects.", "session:scalars(user.posts:select())", func(s *orm.Stream, a *bind.Args) (any, error) { return s.Select() }).
	Method("insert()", "An INSERT of objects that belong to it.", "session:execute(user.posts:insert(), {{id = 7}})", func(s *orm.Stream, a *bind.Args) (any, error) { return s.Insert() }).
	Method("update()", "An UPDATE of its objects.", "session:execute(user.posts:update():values{user_id = 2})", func(s *orm.Stream, a *bind.Args) (any, error) { return s.Update() }).
	Method("delete()", "A DELETE of its objects.", "session:execute(user.posts:delete():where(Post.id > 1))", func(s *orm.Stream, a *bind.Args) (any, error) { return s.Delete() }).
	Property("instance", "The object whose collection it is.", func(s *orm.Stream) any { return s.Owner() }).
	With(func(class *bind.Class) {
		class.Slot = func(self any) *any { return self.(*orm.Stream).Handle() }
		class.Loud = true
		query := func(c *bind.Call, s *orm.Stream) (*orm.Query, error) {
			q, err := s.Query()
			if q != nil {
				ready(q, c)
			}
			return q, err
		}
		class.Attr = func(c *bind.Call, self any, name string) (any, bool, error) {
			s := self.(*orm.Stream)
			if !s.Dynamic() {
				return nil, false, nil
			}
			m := queryClass.Class.Member(name)
			if m == nil {
				return nil, false, nil
			}
			q, err := query(c, s)
			switch {
			case err != nil:
				return nil, true, err
			case q == nil: // of an object that is in no session: what was added
				f := pendingMethods[name]
				if f == nil && s.Owner().Session() == nil {
					return nil, true, exc.New(exc.DetachedInstanceError, "Parent instance %s is not bound to a Session, and no contextual session is established; lazy load operation of attribute '%s' cannot proceed", s.Owner(), s.Relationship().Key())
				}
				if f == nil {
					return nil, false, nil
				}
				return boundMethod(c, f, s), true, nil
			case m.Method == nil:
				return c.L.GetField(c.FromGo(c.L, q), name), true, nil
			}
			return boundMethod(c, m.Method, q), true, nil
		}
		class.Str = func(c *bind.Call, self any) (string, error) {
			s := self.(*orm.Stream)
			if !s.Dynamic() {
				return class.Repr(c, self)
			}
			q, err := s.Query()
			if err != nil || q == nil {
				return class.Repr(c, self)
			}
			return queryText(c, q)
		}
		class.Repr = func(_ *bind.Call, self any) (string, error) {
			kind := "sqlalchemy.orm.writeonly.WriteOnlyCollection"
			if self.(*orm.Stream).Dynamic() {
				kind = "sqlalchemy.orm.dynamic.AppenderQuery"
			}
			return fmt.Sprintf("<%s object at %p>", kind, self), nil
		}
		class.AttrNames = func(any) []string { return queryClass.Class.Names() }
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			s := self.(*orm.Stream)
			if !s.Dynamic() {
				return nil, exc.New(exc.TypeError, "WriteOnly collections don't support iteration in-place; to query for collection items, use the select() method to produce a SQL statement and execute it with session:scalars().")
			}
			q, err := query(c, s)
			if err != nil || q == nil {
				return each(s.Pending()), err
			}
			return q.Each()
		}
	})
