package compile

import (
	"fmt"
	"strconv"
	"strings"

	"alchemysh/core"
)

// ruled writes n by the rule that compiles() has for it, if there is one.
func (c *Compiler) ruled(n core.Node) bool {
	if n == c.plain {
		c.plain = nil
		return false
	}
	r := core.RuleOf(n, c.d.Name())
	if r == nil {
		return false
	}
	c.WriteMarked(r(n, c))
	return true
}

// Held writes a construct aside. Marks in the text stand for its parameters,
// which WriteMarked puts back in their places.
func (c *Compiler) Held(n core.Node, literal bool) string {
	return c.hold(func() {
		c.within(func(x *context) { x.literal = x.literal || literal }, func() { c.Node(n) })
	})
}

// Plain is n as it is written without the rule for its type.
func (c *Compiler) Plain(n core.Node) string {
	c.plain = n
	return c.hold(func() {
		switch n := n.(type) {
		case *core.Insert:
			c.insert(n, true)
		case *core.Update:
			c.update(n, true)
		case *core.Delete:
			c.delete(n, true)
		case core.Query:
			c.query(n, c.at)
		default:
			c.Node(n)
		}
	})
}

// hold gives what f writes as text, with marks for what is no text.
func (c *Compiler) hold(f func()) string {
	var b strings.Builder
	for _, p := range c.capture(f) {
		if p.param < 0 && p.values == 0 {
			b.WriteString(p.text)
			continue
		}
		c.held = append(c.held, p)
		fmt.Fprintf(&b, "\x00%d\x00", len(c.held)-1)
	}
	return b.String()
}

// WriteMarked appends text in which marks stand for what was written aside.
func (c *Compiler) WriteMarked(text string) {
	for i, part := range strings.Split(text, "\x00") {
		if i%2 == 0 {
			c.Write(part)
			continue
		}
		if n, err := strconv.Atoi(part); err == nil && n < len(c.held) {
			c.emit(c.held[n : n+1])
		}
	}
}
