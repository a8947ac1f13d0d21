package ormlib

import (
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

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
			if m == nil || m.Method == nil {
				return nil, false, nil
			}
			q, err := query(c, s)
			if err != nil || q == nil {
				return nil, true, err
			}
			return boundMethod(c, m.Method, q), true, nil
		}
		class.AttrNames = func(any) []string { return queryClass.Class.Names() }
		class.Iterate = func(c *bind.Call, self any) (func() (any, bool, error), error) {
			s := self.(*orm.Stream)
			if !s.Dynamic() {
				return nil, exc.New(exc.TypeError, "WriteOnly collections don't support iteration in-place; to query for collection items, use the select() method to produce a SQL statement and execute it with session:scalars().")
			}
			q, err := query(c, s)
			if err != nil || q == nil {
				return each[any](nil), err
			}
			return q.Each()
		}
	})
