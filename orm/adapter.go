package orm

import (
	"sync"

	"alchemysh/core"
)

// adapter rewrites columns of tables to those of an alias or subquery that
// stands for them. A nil adapter leaves everything as it is.
type adapter struct {
	to         core.From
	equivalent map[*core.Column][]*core.Column
	byName     bool
	mu         sync.Mutex // of memo and labels
	memo       map[*core.Column]core.Expr
	labels     map[*core.Label]core.Expr // each is one thing, so that ORDER BY finds it among the columns
	first      *adapter                  // applied before: an alias of an alias
	then       *adapter                  // applied to the result
	exclude    func(c *core.Column) bool
}

func adaptTo(f core.From) *adapter { return &adapter{to: f, memo: map[*core.Column]core.Expr{}} }

func (a *adapter) column(c *core.Column) core.Expr {
	if a == nil {
		return c
	}
	a.mu.Lock()
	known, ok := a.memo[c]
	a.mu.Unlock()
	if ok {
		return known
	}
	from := c
	if a.first != nil {
		if x, ok := a.first.column(c).(*core.Column); ok {
			from = x
		}
	}
	e := a.find(from)
	if a.then != nil {
		e = a.then.expr(e)
	}
	a.mu.Lock()
	a.memo[c] = e
	a.mu.Unlock()
	return e
}

func (a *adapter) find(c *core.Column) core.Expr {
	if a.exclude != nil && a.exclude(c) {
		return c
	}
	cols := a.to.Columns()
	if cols.Index(c) >= 0 {
		return c
	}
	if x, ok := cols.CorrespondingEmbedded(c); ok {
		return x
	}
	for _, eq := range a.equivalent[c] {
		if cols.Index(eq) >= 0 {
			return eq
		}
		if x, ok := cols.CorrespondingEmbedded(eq); ok {
			return x
		}
	}
	if a.byName {
		if x, ok := cols.Get(c.Key); ok {
			return x
		}
	}
	return c
}

// expr rewrites an expression.
func (a *adapter) expr(e core.Expr) core.Expr {
	if a == nil || e == nil {
		return e
	}
	if c, ok := e.(*core.Column); ok {
		return a.column(c)
	}
	if l, ok := e.(*core.Label); ok {
		return a.label(l)
	}
	return a.replace(e)
}

// label rewrites a labelled expression, which has no name of its own then. A
// column of a subquery may stand for the whole of it.
func (a *adapter) label(l *core.Label) core.Expr {
	a.mu.Lock()
	known := a.labels[l]
	a.mu.Unlock()
	if known != nil {
		return known
	}
	var out core.Expr = l
	if x, ok := a.to.Columns().Corresponding(l); ok {
		out = x
	} else if x := a.replace(l.X); x != l.X {
		n := core.NewLabel(x, "")
		n.Type = l.Type
		out = n
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if known := a.labels[l]; known != nil { // made meanwhile
		return known
	}
	if a.labels == nil {
		a.labels = map[*core.Label]core.Expr{}
	}
	a.labels[l] = out
	return out
}

func (a *adapter) replace(e core.Expr) core.Expr {
	return core.Replace(e, func(n core.Node) core.Node {
		switch n := n.(type) {
		case *core.Column:
			return a.column(n)
		case *core.Table:
			return a.table(n)
		}
		return nil
	})
}

// table is the alias for a table that it is of by itself: correlate(users) of
// a subquery becomes correlate(users_1).
func (a *adapter) table(t *core.Table) core.Node {
	for f := a.to; ; {
		x, ok := core.PlainFrom(f).(*core.Alias)
		if !ok {
			return t
		}
		of, ok := x.Of.(core.From)
		if !ok {
			return t
		}
		if core.PlainFrom(of) == core.From(t) {
			return a.to
		}
		f = of
	}
}

// stripped takes the ORM's notes off an expression.
func stripped(e core.Expr) core.Expr { return strip(e, false) }

func strippedKeepingRoles(e core.Expr) core.Expr { return strip(e, true) }

func strip(e core.Expr, keepRoles bool) core.Expr {
	if e == nil {
		return nil
	}
	noted := false
	core.Walk(e, func(n core.Node) bool {
		switch n.(type) {
		case *core.Annotated, *core.AnnotatedFrom:
			noted = true
		}
		return !noted
	})
	if !noted {
		return e
	}
	return core.Replace(e, func(n core.Node) core.Node {
		switch n := n.(type) {
		case *core.Annotated:
			switch n.Note.(type) {
			case *role:
				if keepRoles {
					return &core.Annotated{X: strip(n.X, false), Note: n.Note}
				}
				return strip(n.X, keepRoles)
			case *Attr, *Bundle, *Entity:
				return strip(n.X, keepRoles)
			}
		case *core.AnnotatedFrom:
			if _, ok := n.Note.(*Entity); ok {
				return core.PlainFrom(n)
			}
		}
		return nil
	})
}
