package bind

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Help explains a value from the class tables.
func (s *State) Help(v lua.LValue) string {
	switch v := v.(type) {
	case *lua.LFunction:
		if f, ok := s.Described(v); ok {
			return f.Help()
		}
		return "A Lua function."
	case *lua.LUserData:
		switch held := v.Value.(type) {
		case *Class:
			return held.Help()
		case *Namespace:
			return held.Help()
		}
		if c := s.classOf(v); c != nil {
			return c.Help()
		}
	case *lua.LNilType:
		return "help(x) explains x: a function, a class, a value. Try help(select), help(Table), help(\"create_engine\")."
	case lua.LString:
		found := s.Main.G.Global.RawGetString(string(v))
		if text, ok := found.(lua.LString); ok { // which is no name again: x = "x"
			return fmt.Sprintf("A string, %q.", string(text))
		}
		if found != lua.LNil {
			return s.Help(found)
		}
		return fmt.Sprintf("nothing is known of %q%s", string(v), Suggest(string(v), s.GlobalNames()))
	}
	return "A " + v.Type().String() + "."
}

// GlobalNames lists the names of all globals, in order.
func (s *State) GlobalNames() []string {
	var names []string
	s.Main.G.Global.ForEach(func(k, _ lua.LValue) {
		if name, ok := k.(lua.LString); ok {
			names = append(names, string(name))
		}
	})
	slices.Sort(names)
	return names
}

// Help is the function's page.
func (f *Function) Help() string {
	usage := f.Usage
	switch {
	case f.method:
		usage = strings.ToLower(f.Owner) + ":" + usage
	case f.Owner != "":
		usage = f.Owner + "." + usage
	}
	text := usage + "\n    " + f.Doc
	if f.Example != "" {
		text += "\n    Example: " + f.Example
	}
	return text
}

// Help is the class's page: what makes one, and its members.
func (c *Class) Help() string {
	var b strings.Builder
	b.WriteString(c.Name + ": " + c.Doc)
	if c.New != nil {
		b.WriteString("\n\n" + c.New.Usage + "\n    " + c.New.Doc)
		if c.New.Example != "" {
			b.WriteString("\n    Example: " + c.New.Example)
		}
	}
	for _, n := range c.Names() {
		m := c.Member(n)
		if of := m.AliasOf(); of != "" {
			fmt.Fprintf(&b, "\n  :%s\n      The same as :%s.", n, of)
			continue
		}
		if m.Method != nil {
			fmt.Fprintf(&b, "\n  :%s", m.Method.Usage)
		} else {
			fmt.Fprintf(&b, "\n  .%s", n)
		}
		fmt.Fprintf(&b, "\n      %s", m.Doc)
	}
	return b.String()
}

// Help is the namespace's page.
func (n *Namespace) Help() string {
	var b strings.Builder
	b.WriteString(n.Name + ": " + n.Doc)
	for _, name := range n.order {
		switch m := n.names[name].(type) {
		case *Function:
			fmt.Fprintf(&b, "\n  %s.%s\n      %s", n.Name, m.Usage, m.Doc)
		case *Class:
			fmt.Fprintf(&b, "\n  %s.%s\n      %s", n.Name, m.Name, m.Doc)
		default:
			fmt.Fprintf(&b, "\n  %s.%s", n.Name, name)
		}
	}
	return b.String()
}
