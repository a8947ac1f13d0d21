package luabind

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/bind"
)

// Reference is the reference of the API as Markdown, by file name: a page for
// each module, made from the tables that help() reads.
func (s *State) Reference() map[string]string {
	r := &reference{state: s, written: map[*bind.Class]bool{}, pages: map[string]string{}}
	core, orm := s.moduleTable("sqlalchemy"), s.moduleTable("sqlalchemy.orm")
	r.page("sqlalchemy.md", "sqlalchemy", "Core: engines, tables, expressions, statements.", core)
	r.page("orm.md", "sqlalchemy.orm", "Classes kept in tables, sessions, loading.", orm)
	own := map[string]lua.LValue{}
	for name, v := range s.globals() {
		if core[name] == nil && orm[name] == nil {
			own[name] = v
		}
	}
	r.page("shell.md", "The shell's own", "What Lua needs that Python has: classes, with, exact values.", own)
	r.namespaces(s.globals())
	r.values()
	r.pages["README.md"] = referenceIndex
	return r.pages
}

const referenceIndex = `# API reference

Every name with its arguments, a sentence and an example. It is what help(name)
shows at the prompt, made from the same tables, and the tests run each example.

| | |
|---|---|
| [sqlalchemy](sqlalchemy.md) | Core: engines, tables, types, expressions, statements |
| [sqlalchemy.orm](orm.md) | classes kept in tables, sessions, loading |
| [namespaces](namespaces.md) | event, postgresql, mysql, sqlite, and the drivers |
| [values](values.md) | what functions give: results, rows, expressions, states |
| [the shell's own](shell.md) | class, with, repr, exact values |

What a method does in depth stands in SQLAlchemy's own documentation; the names are the same.
Usage lines are in Python's notation: what stands after ` + "`*`" + ` is given by name only, ` + "`{k = v}`" + `.
`

func (s *State) moduleTable(name string) map[string]lua.LValue {
	names := map[string]lua.LValue{}
	if t, ok := s.loaded[name].(*lua.LTable); ok {
		t.ForEach(func(k, v lua.LValue) { names[k.String()] = v })
	}
	return names
}

type reference struct {
	state   *State
	written map[*bind.Class]bool
	pages   map[string]string
}

func (r *reference) page(file, title, about string, names map[string]lua.LValue) {
	var functions, classes strings.Builder
	for _, name := range sortedNames(names) {
		switch v := names[name].(type) {
		case *lua.LFunction:
			if f, ok := r.state.bind.Described(v); ok && f.Owner == "" {
				functions.WriteString(function("### "+name, f))
			}
		case *lua.LUserData:
			if c, ok := v.Value.(*bind.Class); ok && !r.written[c] {
				classes.WriteString(r.class(name, c))
			}
		}
	}
	text := "# " + title + "\n\n" + about + "\n"
	if functions.Len() > 0 {
		text += "\n## Functions\n" + functions.String()
	}
	if classes.Len() > 0 {
		text += "\n## Classes\n" + classes.String()
	}
	r.pages[file] = text
}

// namespaces writes what takes a dot: event, the dialects, the drivers.
func (r *reference) namespaces(names map[string]lua.LValue) {
	text := "# Namespaces\n\nWhat takes a dot: `postgresql.insert(users)`.\n"
	for _, name := range sortedNames(names) {
		u, ok := names[name].(*lua.LUserData)
		if !ok {
			continue
		}
		n, ok := u.Value.(*bind.Namespace)
		if !ok {
			continue
		}
		text += "\n## " + name + "\n\n" + n.Doc + "\n"
		var types []string
		for _, member := range n.Names() {
			v, _ := n.Get(member)
			switch v := v.(type) {
			case *bind.Function:
				text += function("### "+name+"."+member, v)
			case *bind.Class:
				if !r.written[v] {
					text += r.class(name+"."+member, v)
				}
			default:
				types = append(types, "`"+member+"`")
			}
		}
		if len(types) > 0 {
			text += "\nAnd: " + strings.Join(types, ", ") + ".\n"
		}
	}
	r.pages["namespaces.md"] = text
}

// values writes the classes without a name of their own: what functions return.
func (r *reference) values() {
	text := "# Values\n\nWhat functions and attributes give.\n"
	var left []*bind.Class
	for _, c := range r.state.bind.Classes() {
		if !r.written[c] && len(c.Own())+len(c.Statics()) > 0 {
			left = append(left, c)
		}
	}
	slices.SortStableFunc(left, func(a, b *bind.Class) int { return strings.Compare(a.Name, b.Name) })
	for _, c := range left {
		text += r.class(c.Name, c)
	}
	r.pages["values.md"] = text
}

func sortedNames(names map[string]lua.LValue) []string {
	var all []string
	for name := range names {
		all = append(all, name)
	}
	slices.SortFunc(all, func(a, b string) int {
		if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return all
}

func function(head string, f *bind.Function) string {
	text := fmt.Sprintf("\n%s\n\n`%s`\n\n%s\n", head, f.Usage, f.Doc)
	if f.Example != "" {
		text += "\n```lua\n" + f.Example + "\n```\n"
	}
	return text
}

func (r *reference) class(name string, c *bind.Class) string {
	r.written[c] = true
	text := "\n### " + name + "\n\n" + c.Doc + "\n"
	if c.New != nil {
		text += "\n`" + c.New.Usage + "`\n\n```lua\n" + c.New.Example + "\n```\n"
	}
	rows := ""
	row := func(usage, doc, example string) {
		cell := func(t string) string { return strings.NewReplacer("|", "\\|", "\n", " ").Replace(t) }
		if example != "" {
			example = "`" + cell(example) + "`"
		}
		rows += fmt.Sprintf("| `%s` | %s | %s |\n", cell(usage), cell(doc), example)
	}
	for _, f := range c.Statics() {
		row("."+f.Usage, f.Doc, f.Example)
	}
	for _, m := range c.Own() {
		switch {
		case m.AliasOf() != "":
			row(":"+m.Name, "The same as `:"+m.AliasOf()+"`.", "")
		case m.Method != nil:
			row(":"+m.Method.Usage, m.Doc, m.Method.Example)
		default:
			row("."+m.Name, m.Doc, "")
		}
	}
	if rows != "" {
		text += "\n| | | |\n|---|---|---|\n" + rows
	}
	var bases []string
	for _, b := range c.Bases {
		bases = append(bases, b.Name)
	}
	if len(bases) > 0 {
		text += "\nAlso what " + strings.Join(bases, ", ") + " has.\n"
	}
	return text
}
