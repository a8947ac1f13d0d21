package ormlib

import (
	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// noAutoflush is session.no_autoflush, a context manager.
type noAutoflush struct {
	s      *orm.Session
	resume func()
}

var noAutoflushClass = bind.Define[*noAutoflush]("no_autoflush", "No autoflush within: with(session.no_autoflush, f).").With(func(c *bind.Class) {
	c.Enter = func(_ *bind.Call, self any) (any, error) {
		n := self.(*noAutoflush)
		n.resume = n.s.SuspendAutoflush()
		return n.s, nil
	}
	c.Exit = func(_ *bind.Call, self any, err error) error {
		self.(*noAutoflush).resume()
		return err
	}
})

// transactionClass is the class of session transactions.
var transactionClass = bind.Define[*orm.Transaction]("SessionTransaction", "A transaction of a session.").
	Method("commit()", "Commit it.", "tx:commit()", func(t *orm.Transaction, a *bind.Args) (any, error) { return nil, t.Commit() }).
	Method("rollback()", "Roll it back.", "tx:rollback()", func(t *orm.Transaction, a *bind.Args) (any, error) { return nil, t.Rollback() }).
	Method("prepare()", "Prepare it for two-phase commit.", "tx:prepare()", func(t *orm.Transaction, a *bind.Args) (any, error) { return nil, t.Prepare() }).
	Property("nested", "Whether it is a savepoint.", func(t *orm.Transaction) any { return t.Nested() }).
	Property("is_active", "Whether it goes on.", func(t *orm.Transaction) any { return t.Active() }).
	Property("session", "Its session.", func(t *orm.Transaction) any { return t.Session() }).
	Property("parent", "The transaction around it.", func(t *orm.Transaction) any {
		if p := t.Parent(); p != nil {
			return p
		}
		return nil
	}).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Enter = func(_ *bind.Call, self any) (any, error) { return self, nil }
		c.Exit = func(_ *bind.Call, self any, err error) error { return self.(*orm.Transaction).Exit(err) }
	})
