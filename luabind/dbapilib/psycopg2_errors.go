package dbapilib

import (
	"strings"

	"alchemysh/core/exc"
	"alchemysh/dialect/postgresql"
	"alchemysh/luabind/bind"
)

// setStates gives psycopg2 its modules errors, a class for each SQLSTATE, and
// errorcodes, the codes by name.
func setStates(m *bind.Namespace) {
	classes := bind.NewNamespace("errors", "psycopg2's class of each SQLSTATE: psycopg2.errors.UniqueViolation.",
		bind.Func("lookup(code)", "The class of an SQLSTATE.", `psycopg2.errors.lookup("23505")`, func(a *bind.Args) (any, error) {
			if s, ok := postgresql.States()[a.String("code")]; ok {
				return s.Class, nil
			}
			return nil, exc.New(exc.KeyError, "%s", a.String("code"))
		}))
	codes := bind.NewNamespace("errorcodes", "The SQLSTATEs by their names: psycopg2.errorcodes.UNIQUE_VIOLATION.")
	for _, s := range postgresql.States() {
		classes.Set(s.Class.Name, s.Class)
		codes.Set(strings.ToUpper(s.Name), s.Code)
	}
	m.Set("errors", classes)
	m.Set("errorcodes", codes)
}
