package luabind

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/bind"
)

// Stubs writes LuaCATS definitions of everything that is defined, for editors:
// completion, parameter names and documentation outside the shell.
func (s *State) Stubs(w io.Writer) error {
	out := bufio.NewWriter(w)
	out.WriteString("---@meta alchemysh\n")
	written := map[*bind.Class]bool{}
	for _, name := range s.bind.GlobalNames() {
		switch v := s.L.G.Global.RawGetString(name).(type) {
		case *lua.LFunction:
			if f, ok := s.bind.Described(v); ok {
				stubFunction(out, name, f, resultType(nil, name, true))
			}
		case *lua.LUserData:
			switch held := v.Value.(type) {
			case *bind.Class:
				written[held] = true
				stubClass(out, name, held)
			case *bind.Namespace:
				stubNamespace(out, name, held)
			}
		}
	}
	for _, c := range s.bind.Classes() { // what functions return, without a global of its own
		if !written[c] {
			written[c] = true
			stubClass(out, "", c)
		}
	}
	return out.Flush()
}

func stubDoc(w *bufio.Writer, doc, example string) {
	w.WriteByte('\n')
	for line := range strings.SplitSeq(doc, "\n") {
		fmt.Fprintf(w, "---%s\n", line)
	}
	if example != "" {
		fmt.Fprintf(w, "---```lua\n---%s\n---```\n", strings.ReplaceAll(example, "\n", "\n---"))
	}
}

// parameters are a signature's names, as an annotation and as Lua.
func parameters(f *bind.Function) (annotations []string, names string) {
	var list []string
	var options []string
	for _, p := range f.Params {
		if p.KeywordOnly {
			options = append(options, p.Name+"?: any")
			continue
		}
		optional := "?"
		if p.Required {
			optional = ""
		}
		annotations = append(annotations, fmt.Sprintf("---@param %s%s any", p.Name, optional))
		list = append(list, p.Name)
	}
	switch {
	case f.Rest != "":
		annotations = append(annotations, "---@param ... any")
		list = append(list, "...")
	case len(options) > 0:
		annotations = append(annotations, "---@param options? {"+strings.Join(options, ", ")+"}")
		list = append(list, "options")
	}
	return annotations, strings.Join(list, ", ")
}

func stubFunction(w *bufio.Writer, name string, f *bind.Function, result string) {
	stubDoc(w, f.Doc, f.Example)
	annotations, names := parameters(f)
	for _, a := range annotations {
		w.WriteString(a + "\n")
	}
	fmt.Fprintf(w, "---@return %s\nfunction %s(%s) end\n", result, name, names)
}

// typeName is a class's name as a type.
func typeName(c *bind.Class) string { return "sa." + strings.ReplaceAll(c.Name, " ", "_") }

// resultType is the type of what a function or an attribute gives.
func resultType(c *bind.Class, name string, method bool) string {
	if r := resultOf(c, name, method); r != "" {
		return "sa." + r
	}
	return "any"
}

// stubClass writes a class; global is the name by which it is made, "" for none.
func stubClass(w *bufio.Writer, global string, c *bind.Class) {
	stubDoc(w, c.Doc, "")
	var bases []string
	for _, b := range c.Bases {
		bases = append(bases, typeName(b))
	}
	head := typeName(c)
	if len(bases) > 0 {
		head += ": " + strings.Join(bases, ", ")
	}
	fmt.Fprintf(w, "---@class %s\n", head)
	var methods []*bind.Member
	for _, n := range c.Names() {
		m := c.Member(n)
		if inherited(c, n, m) {
			continue
		}
		if m.Method != nil {
			methods = append(methods, m)
			continue
		}
		fmt.Fprintf(w, "---@field %s %s %s\n", n, resultType(c, n, false), strings.ReplaceAll(m.Doc, "\n", " "))
	}
	if global != "" && c.New != nil {
		_, names := parameters(c.New)
		var typed []string
		for _, n := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ' ' }) {
			typed = append(typed, n+"?: any")
		}
		fmt.Fprintf(w, "---@overload fun(%s): %s\n", strings.ReplaceAll(strings.Join(typed, ", "), "...?", "..."), typeName(c))
	}
	holder := global
	if holder == "" {
		holder = "local " + strings.NewReplacer(".", "_", " ", "_").Replace(c.Name)
	}
	fmt.Fprintf(w, "%s = {}\n", holder)
	for _, m := range methods {
		stubFunction(w, strings.TrimPrefix(holder, "local ")+":"+m.Name, m.Method, resultType(c, m.Name, true))
	}
}

// inherited says that a member is that of a base.
func inherited(c *bind.Class, name string, m *bind.Member) bool {
	for _, b := range c.Bases {
		if b.Member(name) == m {
			return true
		}
	}
	return false
}

func stubNamespace(w *bufio.Writer, name string, n *bind.Namespace) {
	stubDoc(w, n.Doc, "")
	fmt.Fprintf(w, "%s = {}\n", name)
	for _, member := range n.Names() {
		v, _ := n.Get(member)
		switch m := v.(type) {
		case *bind.Function:
			stubFunction(w, name+"."+member, m, resultType(nil, member, true))
		case *bind.Class:
			stubDoc(w, m.Doc, "")
			fmt.Fprintf(w, "---@type %s\n%s.%s = nil\n", typeName(m), name, member)
		}
	}
}
