package corelib

import (
	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// ddlClass is the class of statements that change the schema.
var ddlClass = bind.Define[core.DDLStatement]("DDLElement", "A statement that changes the schema.", Executable.Class).
	Property("element", "What it is about.", func(s core.DDLStatement) any { return s.Against() }).
	Property("target", "What it is about.", func(s core.DDLStatement) any { return s.Against() }).
	Property("statement", "Its SQL, if it was written by hand.", func(s core.DDLStatement) any {
		if d, ok := s.(*core.DDL); ok {
			return d.SQL
		}
		return nil
	}).
	Method("execute_if(dialect{}=nil, callable_=nil, state=nil)", "Execute it only for a dialect, or where a function says so, when an event fires.", `ddl:execute_if{dialect = "postgresql"}`, func(s core.DDLStatement, a *bind.Args) (any, error) {
		cond := &core.DDLCondition{State: a.Any("state")}
		if a.Has("dialect") {
			cond.Dialects = a.Strings("dialect")
		}
		if cb := a.Function("callable_"); cb != nil {
			cond.Callable = func(s core.DDLStatement, target any, e core.DDLEvent) (bool, error) {
				kw := types.NewObject("dialect", e.Dialect, "checkfirst", e.Checkfirst)
				if e.Tables != nil { // those of a MetaData
					kw.Set("tables", e.Tables)
				}
				v, err := cb.Call1(s, target, e.Connection, kw)
				truth, isBool := v.(bool)
				return truth || !isBool && v != nil, err
			}
		}
		return conditional(s, cond)
	}).
	Method("against(target)", "The same, about another object.", "ddl:against(users)", func(s core.DDLStatement, a *bind.Args) (any, error) {
		if d, ok := s.(*core.DDL); ok {
			n := *d
			n.Target = a.Any("target")
			return &n, nil
		}
		return s, nil
	})

// conditional is the statement with a condition.
func conditional(s core.DDLStatement, cond *core.DDLCondition) (any, error) {
	switch s := s.(type) {
	case *core.DDL:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.CreateTable:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.DropTable:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.CreateIndex:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.DropIndex:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.AddConstraint:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.DropConstraint:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.CreateSequence:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.CreateSchema:
		n := *s
		n.Condition = cond
		return &n, nil
	case *core.DropSchema:
		n := *s
		n.Condition = cond
		return &n, nil
	}
	return nil, exc.New(exc.InvalidRequestError, "execute_if() is not for this statement")
}

func get[T any](a *bind.Args, name string) T {
	v, ok := resolve(a.Any(name)).(T)
	if !ok {
		bind.Fail(exc.ArgumentError, "%s(): %s is not what it takes: %s", a.Name(), name, a.Repr(a.L, a.Lua(name)))
	}
	return v
}

func installDDL(s *bind.State) {
	f := func(signature, doc, example string, call func(a *bind.Args) core.DDLStatement) {
		s.Global(bind.Func(signature, doc, example, func(a *bind.Args) (any, error) { return call(a), nil }))
	}
	f("CreateTable(element, if_not_exists=false, include_foreign_key_constraints{}=nil)", "CREATE TABLE.", "CreateTable(users)", func(a *bind.Args) core.DDLStatement {
		c := &core.CreateTable{Table: get[*core.Table](a, "element"), IfNotExists: a.Bool("if_not_exists")}
		if a.Has("include_foreign_key_constraints") {
			c.Selected = true
			for _, v := range a.List("include_foreign_key_constraints") {
				if k, ok := a.ToGo(v).(*core.ForeignKeyConstraint); ok {
					c.ForeignKeys = append(c.ForeignKeys, k)
				}
			}
		}
		return c
	})
	f("CreateColumn(element)", "A column as CREATE TABLE has it.", "CreateColumn(users.c.id)", func(a *bind.Args) core.DDLStatement {
		return &core.CreateColumn{Column: ColumnOf(a.Call, a.Lua("element"))}
	})
	f("DropTable(element, if_exists=false)", "DROP TABLE.", "DropTable(users)", func(a *bind.Args) core.DDLStatement {
		return &core.DropTable{Table: get[*core.Table](a, "element"), IfExists: a.Bool("if_exists")}
	})
	f("CreateIndex(element, if_not_exists=false)", "CREATE INDEX.", "CreateIndex(index)", func(a *bind.Args) core.DDLStatement {
		return &core.CreateIndex{Index: get[*core.Index](a, "element"), IfNotExists: a.Bool("if_not_exists")}
	})
	f("DropIndex(element, if_exists=false)", "DROP INDEX.", "DropIndex(index)", func(a *bind.Args) core.DDLStatement {
		return &core.DropIndex{Index: get[*core.Index](a, "element"), IfExists: a.Bool("if_exists")}
	})
	f("AddConstraint(element, *, isolate_from_table=true)", "ALTER TABLE … ADD.", "AddConstraint(constraint)", func(a *bind.Args) core.DDLStatement {
		k := get[core.Constraint](a, "element")
		if !a.Bool("isolate_from_table") {
			return &core.AddConstraint{Constraint: k}
		}
		return core.NewAddConstraint(k)
	})
	f("DropConstraint(element, *, cascade=false, if_exists=false, isolate_from_table=true)", "ALTER TABLE … DROP CONSTRAINT.", "DropConstraint(constraint)", func(a *bind.Args) core.DDLStatement {
		k := get[core.Constraint](a, "element")
		if !a.Bool("isolate_from_table") {
			return &core.DropConstraint{Constraint: k, Cascade: a.Bool("cascade"), IfExists: a.Bool("if_exists")}
		}
		return core.NewDropConstraint(k, a.Bool("cascade"), a.Bool("if_exists"))
	})
	f("CreateSequence(element, if_not_exists=false)", "CREATE SEQUENCE.", `CreateSequence(Sequence("s"))`, func(a *bind.Args) core.DDLStatement {
		return &core.CreateSequence{Sequence: get[*core.Sequence](a, "element"), IfNotExists: a.Bool("if_not_exists")}
	})
	f("DropSequence(element, if_exists=false)", "DROP SEQUENCE.", `DropSequence(Sequence("s"))`, func(a *bind.Args) core.DDLStatement {
		return &core.DropSequence{Sequence: get[*core.Sequence](a, "element"), IfExists: a.Bool("if_exists")}
	})
	f("CreateSchema(name, if_not_exists=false)", "CREATE SCHEMA.", `CreateSchema("stock")`, func(a *bind.Args) core.DDLStatement {
		return &core.CreateSchema{Name: a.String("name"), IfNotExists: a.Bool("if_not_exists")}
	})
	f("DropSchema(name, cascade=false, if_exists=false)", "DROP SCHEMA.", `DropSchema("stock")`, func(a *bind.Args) core.DDLStatement {
		return &core.DropSchema{Name: a.String("name"), Cascade: a.Bool("cascade"), IfExists: a.Bool("if_exists")}
	})
	f("SetTableComment(element)", "COMMENT ON TABLE.", "SetTableComment(users)", func(a *bind.Args) core.DDLStatement {
		return &core.SetTableComment{Table: get[*core.Table](a, "element")}
	})
	f("DropTableComment(element)", "Take a table's comment away.", "DropTableComment(users)", func(a *bind.Args) core.DDLStatement {
		return &core.DropTableComment{Table: get[*core.Table](a, "element")}
	})
	f("SetColumnComment(element)", "COMMENT ON COLUMN.", "SetColumnComment(users.c.id)", func(a *bind.Args) core.DDLStatement {
		return &core.SetColumnComment{Column: ColumnOf(a.Call, a.Lua("element"))}
	})
	f("DropColumnComment(element)", "Take a column's comment away.", "DropColumnComment(users.c.id)", func(a *bind.Args) core.DDLStatement {
		return &core.DropColumnComment{Column: ColumnOf(a.Call, a.Lua("element"))}
	})
	f("SetConstraintComment(element)", "COMMENT ON CONSTRAINT.", "SetConstraintComment(k)", func(a *bind.Args) core.DDLStatement {
		return &core.SetConstraintComment{Constraint: get[core.Constraint](a, "element")}
	})
	f("DropConstraintComment(element)", "Take a constraint's comment away.", "DropConstraintComment(k)", func(a *bind.Args) core.DDLStatement {
		return &core.DropConstraintComment{Constraint: get[core.Constraint](a, "element")}
	})
	f("DDL(statement, context{}=nil)", "DDL by hand.", `DDL("ALTER TABLE users ADD COLUMN city TEXT")`, func(a *bind.Args) core.DDLStatement {
		d := &core.DDL{SQL: a.String("statement")}
		if o, ok := a.Any("context").(types.Object); ok {
			d.Context = map[string]any{}
			for k, v := range o.All() {
				d.Context[k] = v
			}
		}
		return d
	})
}
