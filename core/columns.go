package core

// Columns is an ordered collection of columns by key: `table.c`. A key may
// repeat; asking by key then gives the first.
type Columns struct {
	keys  []string
	list  []*Column
	byKey map[string]int
}

// Len is the number of columns.
func (c *Columns) Len() int {
	if c == nil {
		return 0
	}
	return len(c.list)
}

// All are the columns in order. The caller must not change the slice.
func (c *Columns) All() []*Column {
	if c == nil {
		return nil
	}
	return c.list
}

// Keys are the keys in order.
func (c *Columns) Keys() []string {
	if c == nil {
		return nil
	}
	return c.keys
}

// Get finds a column by its key.
func (c *Columns) Get(key string) (*Column, bool) {
	if c == nil {
		return nil, false
	}
	i, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	return c.list[i], true
}

// Index is the position of col, -1 if it is not in the collection.
func (c *Columns) Index(col *Column) int {
	for i, x := range c.All() {
		if x == col {
			return i
		}
	}
	return -1
}

// add appends a column. With replace, a column of the same key gives way in
// its place; without, the first keeps the key.
func (c *Columns) add(key string, col *Column, replace bool) {
	if c.byKey == nil {
		c.byKey = map[string]int{}
	}
	if i, ok := c.byKey[key]; ok {
		if replace {
			c.list[i] = col
			return
		}
	} else {
		c.byKey[key] = len(c.list)
	}
	c.keys = append(c.keys, key)
	c.list = append(c.list, col)
}

// replace puts a column in the place of another, under its own key.
func (c *Columns) replace(old, col *Column) {
	for i, x := range c.list {
		if x == old {
			delete(c.byKey, c.keys[i])
			c.keys[i], c.list[i], c.byKey[col.Key] = col.Key, col, i
			return
		}
	}
}

// remove takes a column out.
func (c *Columns) remove(col *Column) {
	var kept Columns
	for i, x := range c.list {
		if x != col {
			kept.add(c.keys[i], x, false)
		}
	}
	*c = kept
}

// Corresponding finds the column that stands for e: e itself, or the one whose
// lineage meets e's, preferring the closest.
func (c *Columns) Corresponding(e Expr) (*Column, bool) {
	e = Plain(e)
	if l, ok := e.(*Label); ok {
		if col, ok := c.correspond(l); ok {
			return col, true
		}
	}
	return c.correspond(e)
}

// CorrespondingEmbedded is Corresponding for a column that stands for e with all
// that e stands for: e is one of the columns that it was made from.
func (c *Columns) CorrespondingEmbedded(e Expr) (*Column, bool) {
	return c.nearest(Plain(e), func(col *Column, target map[Expr]bool) bool {
		own := map[Expr]bool{}
		lineage(col, own)
		for x := range target {
			if !own[x] {
				return false
			}
		}
		return true
	})
}

func (c *Columns) correspond(e Expr) (*Column, bool) {
	return c.nearest(e, func(*Column, map[Expr]bool) bool { return true })
}

// nearest is the column that stands for e by the fewest steps, of those that
// fit; target is what e stands for.
func (c *Columns) nearest(e Expr, fits func(col *Column, target map[Expr]bool) bool) (*Column, bool) {
	target := map[Expr]bool{}
	lineage(e, target)
	var best *Column
	bestDistance := -1
	for _, col := range c.All() {
		if Expr(col) == e {
			return col, true
		}
		// e may stand further out than col: then every ancestor of e matches,
		// and the nearest to e wins by the smaller sum.
		d := distance(col, target, 0)
		if d < 0 || bestDistance >= 0 && d >= bestDistance || !fits(col, target) {
			continue
		}
		best, bestDistance = col, d
	}
	return best, best != nil
}

// distance is how many steps of standing-for lead from e into target, -1 if none.
func distance(e Expr, target map[Expr]bool, steps int) int {
	e = Plain(e)
	if target[e] {
		return steps
	}
	best := -1
	consider := func(x Expr, weight int) {
		if d := distance(x, target, steps+weight); d >= 0 && (best < 0 || d < best) {
			best = d
		}
	}
	switch e := e.(type) {
	case *Column:
		for i, p := range e.Proxies {
			consider(p, 1+i)
		}
	case *Label:
		consider(e.X, 0)
	}
	return best
}
