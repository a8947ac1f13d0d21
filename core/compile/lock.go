package compile

import "alchemysh/core"

// LockOf writes OF with the tables of FOR UPDATE: their names, or their aliases'.
func (c *Compiler) LockOf(l *core.ForUpdate) {
	var names []string
	seen := map[string]bool{}
	add := func(f core.From) {
		f = core.PlainFrom(f)
		if j, ok := f.(*core.Join); ok {
			for _, side := range core.FromObjects(j) {
				if _, nested := side.(*core.Join); !nested {
					names = appendOnce(names, seen, c.correlationName(side))
				}
			}
			return
		}
		names = appendOnce(names, seen, c.correlationName(f))
	}
	for _, n := range l.Of {
		switch n := n.(type) {
		case core.From:
			add(n)
		case core.Expr:
			for _, f := range core.FromObjects(n) {
				add(f)
			}
		}
	}
	for i, n := range names {
		if i == 0 {
			c.Write(" OF ")
		} else {
			c.Write(", ")
		}
		c.Write(n)
	}
}

func appendOnce(list []string, seen map[string]bool, name string) []string {
	if name == "" || seen[name] {
		return list
	}
	seen[name] = true
	return append(list, name)
}

// correlationName is the name by which columns of f are qualified, quoted.
func (c *Compiler) correlationName(f core.From) string {
	n, ok := core.FromName(f)
	if !ok {
		return ""
	}
	return c.quoteAs(c.resolve("alias", n), core.FromQuoting(f))
}
