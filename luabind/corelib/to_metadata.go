package corelib

import (
	"alchemysh/core"
	"alchemysh/luabind/bind"
)

// CopyColumn is a column like c that is in no table: for mixins and to_metadata.
func CopyColumn(c *core.Column) *core.Column { return c.Copied() }

// copyTable is to_metadata().
func copyTable(a *bind.Args, t *core.Table) (any, error) {
	to := core.Copy{MetaData: bind.Get[*core.MetaData](a, "metadata"), Name: t.Name, Schema: t.Schema}
	if a.Has("name") {
		to.Name = a.String("name")
	}
	switch {
	case a.Has("schema"):
		to.Schema = a.String("schema")
	case a.Given("schema"): // schema = nil: the new catalogue's own
		to.Schema = to.MetaData.Schema
	}
	if f := a.Function("referred_schema_fn"); f != nil {
		to.Referred = func(k *core.ForeignKeyConstraint, from string) (string, bool, error) {
			v, err := f.Call1(t, orNilText(to.Schema), k, orNilText(from))
			schema, ok := v.(string)
			return schema, ok, err
		}
	}
	return t.CopyTo(to)
}
