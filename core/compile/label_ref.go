package compile

import (
	"alchemysh/core"
	"alchemysh/core/types"
)

// labelResolver finds what a name in ORDER BY, GROUP BY or DISTINCT stands for.
type labelResolver struct {
	all, froms, columns map[string]core.Expr
}

func (c *Compiler) resolver(f *frame) *labelResolver {
	if f.resolve != nil {
		return f.resolve
	}
	r := &labelResolver{all: map[string]core.Expr{}, froms: map[string]core.Expr{}, columns: map[string]core.Expr{}}
	f.resolve = r
	switch q := f.query.(type) {
	case *core.Select:
		for _, e := range q.Selected() {
			e = core.Plain(e)
			if !resolvable(e) {
				continue
			}
			key := string(core.QualifiedName(e))
			if key == "" {
				if col, ok := e.(*core.Column); ok {
					key = col.Key
				}
			}
			if key != "" {
				r.all[key], r.columns[key] = e, e
			}
		}
		for _, f := range q.Froms() {
			for _, col := range f.Columns().All() {
				r.froms[col.Key] = col
			}
		}
		for k, e := range r.froms {
			if _, ok := r.all[k]; !ok {
				r.all[k] = e
			}
		}
		// the plain names of selected columns too
		for _, e := range q.Selected() {
			if col, ok := core.Plain(e).(*core.Column); ok {
				if _, taken := r.all[col.Key]; !taken {
					r.all[col.Key] = col
				}
			}
		}
	case *core.CompoundSelect:
		sub := core.NewSubquery(q, "")
		for _, col := range sub.Columns().All() {
			bare := &core.Column{Name: col.Name, Key: col.Key, Type: col.Type, Quote: col.Quote}
			r.all[col.Key], r.froms[col.Key], r.columns[col.Key] = bare, bare, bare
		}
	case *core.Update, *core.Delete, *core.Insert:
	}
	return r
}

func resolvable(e core.Expr) bool {
	switch e.(type) {
	case *core.Text:
		return false
	}
	return true
}

func (c *Compiler) labelRef(x *core.LabelRef) {
	if x.X != nil {
		if len(c.stack) > 0 && c.f.OrderByLabel {
			r := c.resolver(c.top())
			dict := r.columns
			if c.cx.columns {
				dict = r.froms
			}
			if l := orderLabel(x.X); l != nil {
				name := string(l.Name)
				if to, ok := dict[name]; ok && core.SharesLineage(l, to) {
					c.within(func(cx *context) { cx.labelAs = l }, func() { c.Expr(x.X) })
					return
				}
			}
		}
		c.Expr(x.X)
		return
	}
	if len(c.stack) == 0 {
		c.Write(x.Text)
		return
	}
	r := c.resolver(c.top())
	dict := r.all
	if c.cx.columns {
		dict = r.froms
	}
	to, ok := dict[x.Text]
	if !ok {
		c.Raise("Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL expression %s should be explicitly declared as text(%s)", types.Quote(x.Text), types.Quote(x.Text))
	}
	c.within(func(cx *context) { cx.labelAs = to }, func() { c.Expr(to) })
}

// orderLabel is the label that an ordering is by, under DESC and the like.
func orderLabel(e core.Expr) *core.Label {
	switch x := core.Plain(e).(type) {
	case *core.Label:
		return x
	case *core.Unary:
		if x.Postfix {
			return orderLabel(x.X)
		}
	}
	return nil
}
