package dbapilib

import (
	"errors"

	"alchemysh/core/engine"
	"alchemysh/core/engine/dbapi"
	"alchemysh/core/exc"
	"alchemysh/dialect"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/enginelib"
)

// module makes the namespace of a DBAPI module.
func module(m dbapi.Module, connection, cursor *bind.Class, connect *bind.Function) *bind.Namespace {
	n := bind.NewNamespace(m.Name, "The DBAPI module "+m.Name+", as PEP 249 has it.", connect)
	n.Set("paramstyle", m.ParamStyle)
	n.Set("apilevel", dbapi.APILevel)
	n.Set("threadsafety", m.ThreadSafety)
	n.Set("version", m.Version)
	n.Set("__version__", m.Version)
	n.Set("__name__", m.Name)
	n.Set("Connection", connection)
	n.Set("Cursor", cursor)
	setErrors(n)
	return n
}

// setErrors gives a namespace PEP 249's classes of errors.
func setErrors(n *bind.Namespace) *bind.Namespace {
	n.Set("Warning", exc.SAWarning)
	n.Set("Error", exc.DBAPIError)
	for _, c := range []*exc.Class{exc.InterfaceError, exc.DatabaseError, exc.DataError, exc.OperationalError, exc.IntegrityError, exc.InternalError, exc.ProgrammingError, exc.NotSupportedError} {
		n.Set(c.Name, c)
	}
	return n
}

// open connects, for a module's connect().
func open(a *bind.Args, u *engine.URL, args map[string]any) (*engine.DriverConn, error) {
	d, err := dialect.For(u)
	if err != nil {
		return nil, err
	}
	c, err := dbapi.Connect(a.Context(), enginelib.Scope(a.State), d, u, args)
	if err != nil {
		return nil, plainError(err)
	}
	return c, nil
}

// plainError leaves out what is above a DBAPI.
func plainError(err error) error {
	var e *exc.Error
	if errors.As(err, &e) && e.Class == exc.ArgumentError {
		return exc.New(exc.OperationalError, "%s", e.Message)
	}
	return err
}
