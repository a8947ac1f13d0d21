package corelib

import (
	lua "github.com/yuin/gopher-lua"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// ruled are the constructs of SQLAlchemy's own that compiles() takes: by class
// or, where a function makes them, by its name.
var ruled = []struct {
	name  string
	visit string // the compiler's method for it
	class *bind.Class
	like  core.Node
}{
	{"Insert", "insert", insertClass.Class, (*core.Insert)(nil)},
	{"Update", "update", updateClass.Class, (*core.Update)(nil)},
	{"Delete", "delete", deleteClass.Class, (*core.Delete)(nil)},
	{"Select", "select", selectClass.Class, (*core.Select)(nil)},
	{"CompoundSelect", "compound_select", compoundClass.Class, (*core.CompoundSelect)(nil)},
	{"BinaryExpression", "binary", binaryClass.Class, (*core.Binary)(nil)},
	{"BindParameter", "bindparam", bindClass.Class, (*core.Bind)(nil)},
	{"Label", "label", labelClass.Class, (*core.Label)(nil)},
	{"Function", "function", functionClass.Class, (*core.Func)(nil)},
	{"Over", "over", overClass.Class, (*core.Over)(nil)},
	{"TextClause", "textclause", textClass.Class, (*core.Text)(nil)},
	{"Column", "column", columnClass.Class, (*core.Column)(nil)},
	{"CreateTable", "create_table", nil, (*core.CreateTable)(nil)},
	{"CreateColumn", "create_column", nil, (*core.CreateColumn)(nil)},
	{"DropTable", "drop_table", nil, (*core.DropTable)(nil)},
	{"CreateIndex", "create_index", nil, (*core.CreateIndex)(nil)},
	{"DropIndex", "drop_index", nil, (*core.DropIndex)(nil)},
	{"AddConstraint", "add_constraint", nil, (*core.AddConstraint)(nil)},
	{"DropConstraint", "drop_constraint", nil, (*core.DropConstraint)(nil)},
	{"CreateSequence", "create_sequence", nil, (*core.CreateSequence)(nil)},
	{"DropSequence", "drop_sequence", nil, (*core.DropSequence)(nil)},
	{"CreateSchema", "create_schema", nil, (*core.CreateSchema)(nil)},
	{"DropSchema", "drop_schema", nil, (*core.DropSchema)(nil)},
}

var binaryClass = bind.Define[*core.Binary]("BinaryExpression", "Two expressions with an operator between them.", ColumnElement.Class).
	Property("left", "The left side.", func(b *core.Binary) any { return b.Left }).
	Property("right", "The right side.", func(b *core.Binary) any { return b.Right })

// installCompiles defines compiles() and the classes that it takes.
func installCompiles(s *bind.State) {
	s.Register(binaryClass.Class, customCompilerClass.Class, typeCompilerClass.Class)
	s.Global(compiles)
	for _, r := range ruled {
		if r.class != nil && r.class != columnClass.Class {
			s.SetGlobal(r.name, r.class)
		}
	}
}

// compiles is compiles(class, f) or compiles(class, dialect, …, f).
var compiles = bind.Func("compiles(class_{!}, *specs)", "Say how constructs of a class, or types, are written, for all dialects or for some.",
	`compiles(BigInteger, "sqlite", function(type_, compiler) return "INTEGER" end)`, func(a *bind.Args) (any, error) {
		rest := a.Rest()
		if len(rest) == 0 {
			return nil, exc.New(exc.ArgumentError, "compiles() takes a class and a function")
		}
		f, ok := a.CallbackOf(rest[len(rest)-1])
		if !ok {
			return nil, exc.New(exc.ArgumentError, "compiles() takes a function last")
		}
		set := compilesClass(a)
		if len(rest) == 1 {
			set("", f)
		}
		for _, v := range rest[:len(rest)-1] {
			set(a.Str(a.L, v), f)
		}
		return rest[len(rest)-1], nil
	})

// compilesClass is what sets the function of the class for a dialect.
func compilesClass(a *bind.Args) func(dialect string, f *bind.Callback) {
	switch k := a.Any("class_").(type) {
	case *customClass:
		return func(dialect string, f *bind.Callback) { k.rules[dialect] = f }
	case *decoratorClass:
		return func(dialect string, f *bind.Callback) { k.rules[dialect] = f }
	case *types.Class:
		return func(dialect string, f *bind.Callback) { a.AtClose(types.SetRule(k, dialect, typeRule(f))) }
	}
	for _, r := range ruled {
		if v := a.L.GetGlobal(r.name); v != lua.LNil && v == a.Lua("class_") {
			return func(dialect string, f *bind.Callback) { a.AtClose(core.SetRule(r.like, dialect, nodeRule(f))) }
		}
	}
	bind.Fail(exc.ArgumentError, "compiles() takes a class of constructs or types, got %s", a.Repr(a.L, a.Lua("class_")))
	return nil
}

func nodeRule(f *bind.Callback) core.Rule {
	return func(n core.Node, w core.RuleWriter) string { return ruleText(f.Call(n, &customCompiler{w})) }
}

func typeRule(f *bind.Callback) types.Rule {
	return func(t types.Type, dialect string, plain func(types.Type) (string, error)) (sql string, err error) {
		defer exc.Catch(&err)
		return ruleText(f.Call(t, &typeCompiler{dialect, plain})), nil
	}
}

// customCompiler is what a compiles() function gets to write the parts of a
// construct with.
type customCompiler struct{ w core.RuleWriter }

var customCompilerClass = withVisits(bind.Define[*customCompiler]("Compiler", "What writes the parts of a construct.").
	Method("process(element, literal_binds=false, **kw)", "Another construct as SQL.", "compiler:process(element.clauses)", func(c *customCompiler, a *bind.Args) (any, error) {
		switch x := Value(a.Call, a.Lua("element")).(type) {
		case core.Node:
			return c.w.Held(x, a.Bool("literal_binds")), nil
		case types.Type:
			return typeNameOn(c.w.DialectName(), x)
		}
		return nil, exc.New(exc.ArgumentError, "process() takes a SQL construct, got %s", a.Repr(a.L, a.Lua("element")))
	}).
	Property("sql_compiler", "What writes statements: the same.", func(c *customCompiler) any { return c }).
	Property("type_compiler", "What writes types.", func(c *customCompiler) any { return &typeCompiler{dialect: c.w.DialectName()} }).
	Property("preparer", "What quotes names.", func(c *customCompiler) any { return &preparer{dialectNamed(c.w.DialectName())} }).
	Property("dialect", "The dialect.", func(c *customCompiler) any { return &dialectName{c.w.DialectName()} }))

// withVisits adds the methods that write constructs as they are written
// without compiles().
func withVisits(d bind.Def[*customCompiler]) bind.Def[*customCompiler] {
	for _, r := range ruled {
		visit := "visit_" + r.visit
		d = d.Method(visit+"(element, **kw)", "It as it is written without compiles().", "compiler:"+visit+"(element)", func(c *customCompiler, a *bind.Args) (any, error) {
			n, ok := Value(a.Call, a.Lua("element")).(core.Node)
			if !ok {
				return nil, exc.New(exc.ArgumentError, "%s() takes a SQL construct, got %s", visit, a.Repr(a.L, a.Lua("element")))
			}
			if own, ok := n.(*core.Custom); ok { // a function of one's own as other functions are written
				name, _ := nameOf(own).(string)
				n = &core.Func{Name: name, Args: own.Args, Type: own.Type}
			}
			return c.w.Plain(n), nil
		})
	}
	return d
}
