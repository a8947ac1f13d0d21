package enginelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// runTransaction repeats a transaction that the database asks to be repeated.
var runTransaction = bind.Func("run_transaction(transactor, callback, max_retries=3, max_backoff=1)",
	"Run a function in a transaction of an engine, or of a session that a sessionmaker makes; again where the database asks for it: after a deadlock, a serialization failure, or a connection lost before COMMIT.",
	"run_transaction(engine, function(conn) conn:execute(stmt) end)", func(a *bind.Args) (any, error) {
		f := a.Function("callback")
		if f == nil {
			return nil, exc.New(exc.TypeError, "run_transaction(): the second argument is the function to run")
		}
		r := engine.Retry{MaxRetries: a.Int("max_retries"), MaxWait: seconds(a, "max_backoff")}
		var results []lua.LValue
		var err error
		if e, ok := bind.Unwrap[*engine.Engine](a.Lua("transactor")); ok {
			err = engine.RunTransaction(a.Context(), e, r, func(c *engine.Connection) (err error) {
				results, err = f.Call(c)
				return err
			})
		} else {
			results, err = inSession(a, r, f)
		}
		if err != nil {
			return nil, err
		}
		values := make(bind.Values, len(results))
		for i, v := range results {
			values[i] = v
		}
		return values, nil
	})

// inSession is run_transaction with what calling the transactor makes: a
// session, which is committed, rolled back and closed by its own methods.
func inSession(a *bind.Args, r engine.Retry, f *bind.Callback) (results []lua.LValue, err error) {
	maker, ok := a.CallbackOf(a.Lua("transactor"))
	if !ok {
		return nil, exc.New(exc.TypeError, "run_transaction() takes an engine or a sessionmaker, not %s", a.KindOf(a.Lua("transactor")))
	}
	err = engine.Repeat(a.Context(), r, func() (bool, error) {
		made, err := maker.Call()
		if err != nil || len(made) == 0 {
			return false, err
		}
		session := made[0]
		method := func(name string) error {
			m, ok := a.CallbackOf(a.L.GetField(session, name))
			if !ok {
				return exc.New(exc.TypeError, "run_transaction(): %s has no method %s", a.KindOf(session), name)
			}
			_, err := m.Call(session)
			return err
		}
		defer func() { _ = method("close") }()
		committing := false
		if results, err = f.Call(session); err == nil {
			committing = true
			err = method("commit")
		}
		if err == nil {
			return false, nil
		}
		_ = method("rollback")
		return engine.Retryable(err, committing), err
	})
	return results, err
}
