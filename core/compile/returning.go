package compile

import (
	"alchemysh/core"
)

// keySources tells where the primary key of an inserted row comes from.
func (k *crud) keySources() {
	if k.table.PK == nil {
		return
	}
	auto := k.table.AutoincrementColumn()
	if k.insert.FromQuery != nil {
		auto = nil // of which row?
	}
	for _, col := range k.table.PK.Cols {
		src := KeySource{Column: col, Param: -1, Result: -1}
		if i, ok := k.dml.ColumnParams[col.Key]; ok {
			src.Param = i
		}
		for i, f := range k.fetch {
			if f == col {
				src.Result = i
			}
		}
		src.Auto = col == auto && src.Result < 0
		k.dml.PrimaryKey = append(k.dml.PrimaryKey, src)
	}
}

// returning writes RETURNING: what the person asked for, or what fetches keys
// and defaults.
func (c *Compiler) returning(k *crud) {
	var cols []core.Expr
	if len(k.opts.ReturningList) > 0 {
		cols = k.opts.Returned()
	} else {
		for _, col := range k.fetch {
			cols = append(cols, col)
		}
		k.dml.ImplicitReturning = len(cols) > 0
	}
	if len(cols) == 0 {
		return
	}
	cols = k.sentinels(cols)
	k.dml.ReturningColumns = cols
	c.Write(" RETURNING ")
	// SQLAlchemy writes the values of RETURNING as parameters even where the
	// others are written out.
	c.within(func(x *context) { x.bare, x.literal = c.f.ReturningBare, false }, func() {
		for i, n := range core.NameColumns(cols, core.LabelDisambiguate, true) {
			if i > 0 {
				c.Write(", ")
			}
			bare := c.cx.bare
			c.within(func(x *context) { x.bare = bare }, func() { c.selectColumn(n, k.toplevel || len(c.stack) == 1, false) })
		}
	})
}
