package corelib

import (
	"maps"
	"slices"

	"alchemysh/core/compile"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// typeCompiler is what a compiles() function of a type gets to write others with.
type typeCompiler struct {
	dialect string
	plain   func(types.Type) (string, error) // what the database says, nil: with all rules
}

func (c *typeCompiler) spell(t types.Type) (string, error) {
	if c.plain != nil {
		return c.plain(t)
	}
	return typeNameOn(c.dialect, t)
}

func typeNameOn(dialect string, t types.Type) (string, error) {
	return dialectNamed(dialect).TypeName(t)
}

// dialectNamed is the dialect of a name, the default one for an unknown name.
func dialectNamed(name string) compile.Dialect {
	if d := asDialect(dialectOf(name)); d != nil {
		return d
	}
	return defaultDialect()
}

var typeCompilerClass = withTypeVisits(bind.Define[*typeCompiler]("TypeCompiler", "What writes the names of types.").
	Method("process(type_, **kw)", "Another type's name.", "compiler:process(Integer())", func(c *typeCompiler, a *bind.Args) (any, error) {
		return typeNameOn(c.dialect, TypeOf(a.Call, a.Lua("type_")))
	}).
	Property("dialect", "The dialect.", func(c *typeCompiler) any { return &dialectName{c.dialect} }))

// withTypeVisits adds the methods that spell a type as one of a class.
func withTypeVisits(d bind.Def[*typeCompiler]) bind.Def[*typeCompiler] {
	generic := types.Classes("")
	for _, name := range slices.Sorted(maps.Keys(generic)) {
		visit := "visit_" + typeVisitName(name)
		d = d.Method(visit+"(type_, **kw)", "A type's name as if it were a "+name+".", "compiler:"+visit+"(type_)", func(c *typeCompiler, a *bind.Args) (any, error) {
			return c.spell(asClass(TypeOf(a.Call, a.Lua("type_")), generic[name]))
		})
	}
	return d
}

// typeVisitName is what the type compiler's method for a class is called: that of
// BigInteger is visit_big_integer, that of BIGINT visit_BIGINT.
func typeVisitName(class string) string {
	var name []rune
	lower := false
	for _, r := range class {
		if 'A' <= r && r <= 'Z' && lower {
			name = append(name, '_')
		}
		lower = r < 'A' || r > 'Z'
		name = append(name, r)
	}
	if !lower { // all upper case
		return class
	}
	for i, r := range name {
		if 'A' <= r && r <= 'Z' {
			name[i] = r - 'A' + 'a'
		}
	}
	switch s := string(name); s {
	case "date_time":
		return "datetime"
	default:
		return s
	}
}

// asClass is a type as one of another class: of the same family with its
// arguments, else without any.
func asClass(t types.Type, class *types.Class) types.Type {
	if of := types.ClassOf(t); of == class || of == nil {
		return t
	}
	if s, ok := t.(*types.String); ok {
		if _, ok := class.Plain().(*types.String); ok {
			n := *s
			n.Class = class
			return &n
		}
	}
	return class.Plain()
}
