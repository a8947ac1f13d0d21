package script

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// marker begins every string constant that stands for something else.
const marker = "\x00alchemysh:"

// constants exchanges marker strings for the values that Lua's syntax tree
// cannot hold: hooks, exact integers, the shapes of tables, the table of
// session locals.
type constants struct {
	values []lua.LValue
	index  map[lua.LValue]int
}

// expr is an expression whose value is v.
func (c *constants) expr(at ast.PositionHolder, v lua.LValue) ast.Expr {
	i, ok := c.index[v]
	if !ok {
		i = len(c.values)
		c.values = append(c.values, v)
		if c.index == nil {
			c.index = map[lua.LValue]int{}
		}
		c.index[v] = i
	}
	return place(at, &ast.StringExpr{Value: marker + strconv.Itoa(i)})
}

// plant exchanges the markers in the constants of p and its inner functions.
func (c *constants) plant(p *lua.FunctionProto) {
	for i, v := range p.Constants {
		s, ok := v.(lua.LString)
		if !ok || !strings.HasPrefix(string(s), marker) {
			continue
		}
		n, err := strconv.Atoi(string(s[len(marker):]))
		if err == nil && n < len(c.values) {
			p.Constants[i] = c.values[n]
		}
	}
	for _, inner := range p.FunctionPrototypes {
		c.plant(inner)
	}
}

// place gives a made node the line of the node that it stands for.
func place[N ast.PositionHolder](at ast.PositionHolder, n N) N {
	n.SetLine(at.Line())
	n.SetLastLine(at.LastLine())
	if at.LastLine() == 0 {
		n.SetLastLine(at.Line())
	}
	return n
}
