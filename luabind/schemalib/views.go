package schemalib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
	"alchemysh/luabind/corelib"
)

const viewParams = "selectable, name, schema=nil, metadata=nil, temporary=false"

func metadataOf(a *bind.Args) *core.MetaData {
	if !a.Has("metadata") {
		return nil
	}
	return bind.Get[*core.MetaData](a, "metadata")
}

var createView = bind.Func("CreateView("+viewParams+", materialized=false, or_replace=false, if_not_exists=false)", "CREATE VIEW of a select; its .table stands for the view.",
	`v = CreateView(select(users), "all_users")`, func(a *bind.Args) (any, error) {
		v := core.NewCreateView(corelib.Query(a.Call, a.Lua("selectable")), a.String("name"), a.String("schema"), metadataOf(a))
		v.Temporary, v.Materialized, v.OrReplace, v.IfNotExists = a.Bool("temporary"), a.Bool("materialized"), a.Bool("or_replace"), a.Bool("if_not_exists")
		return v, nil
	})

var dropView = bind.Func("DropView(element, if_exists=false, materialized=false)", "DROP VIEW.", "DropView(v.table)", func(a *bind.Args) (any, error) {
	switch x := a.Any("element").(type) {
	case *core.Table:
		d := &core.DropView{Table: x, IfExists: a.Bool("if_exists"), Materialized: a.Bool("materialized")}
		if v, ok := x.CreatedBy.(*core.CreateView); ok {
			d.Materialized = d.Materialized || v.Materialized
		}
		return d, nil
	case *core.CreateView:
		return &core.DropView{Table: x.Table, IfExists: a.Bool("if_exists"), Materialized: x.Materialized}, nil
	}
	return nil, exc.New(exc.ArgumentError, "DropView() takes a view's Table, got %s", a.KindOf(a.Lua("element")))
})

var createTableAs = bind.Func("CreateTableAs("+viewParams+", if_not_exists=false)", "CREATE TABLE … AS a select; its .table stands for the new table.",
	`c = CreateTableAs(select(users), "copy")`, func(a *bind.Args) (any, error) {
		c := core.NewCreateTableAs(corelib.Query(a.Call, a.Lua("selectable")), a.String("name"), a.String("schema"), metadataOf(a))
		c.Temporary, c.IfNotExists = a.Bool("temporary"), a.Bool("if_not_exists")
		return c, nil
	})

func init() {
	corelib.DDLElement.Property("table", "The Table that a view or CREATE TABLE AS makes, or that the statement is about.", func(s core.DDLStatement) any {
		if t, ok := s.Against().(*core.Table); ok {
			return t
		}
		return nil
	})
	corelib.Select.Method("into(name, schema=nil, metadata=nil, temporary=false, if_not_exists=false)", "CREATE TABLE … AS the select.", `select(users):into("copy")`, func(q *core.Select, a *bind.Args) (any, error) {
		c := core.NewCreateTableAs(q, a.String("name"), a.String("schema"), metadataOf(a))
		c.Temporary, c.IfNotExists = a.Bool("temporary"), a.Bool("if_not_exists")
		return c, nil
	})
}
