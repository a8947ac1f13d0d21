package compile

import (
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

func (c *Compiler) update(s *core.Update, toplevel bool) {
	if c.ruled(s) {
		return
	}
	toplevel = toplevel && len(c.stack) == 0
	k := c.newCrud(s.Table, &s.DMLOptions, toplevel)
	k.update = s
	k.extra = furtherFroms(k.from, s.Criteria, s.Values, s.Froms)
	k.qualify = len(k.extra) > 0 && c.f.MultiTableUpdate
	own := []core.From{k.from}
	render := k.extra
	if len(k.extra) > 0 { // what is written to may be a join
		own = core.FromObjects(k.from)
		render = subtract(k.extra, own)
		own = append(own, k.extra...)
	}
	c.writeDML(s, own, toplevel, func() {
		c.Write("UPDATE ")
		c.prefixList(s.Prefixes)
		c.crudTable(k.from, s.Hints)
		if len(render) > 0 && c.f.MultiTableUpdate {
			c.Write(", ")
			c.Froms(render)
		}
		k.updateSettings(s)
		c.added(s.CTEs)
		c.Write(" SET ")
		for i, set := range k.settings {
			if i > 0 {
				c.Write(", ")
			}
			c.emit(set.target)
			c.Write("=")
			c.emit(set.value)
		}
		if len(k.extra) > 0 && !c.f.MultiTableUpdate {
			c.d.UpdateFrom(c, s, render)
		}
		c.conditions(" WHERE ", s.Criteria)
		c.limitDML(s.Limit)
		c.returning(k)
	})
}

func (c *Compiler) delete(s *core.Delete, toplevel bool) {
	if c.ruled(s) {
		return
	}
	toplevel = toplevel && len(c.stack) == 0
	k := c.newCrud(s.Table, &s.DMLOptions, toplevel)
	extra := furtherFroms(k.from, s.Criteria, nil, nil)
	c.writeDML(s, append([]core.From{k.from}, extra...), toplevel, func() {
		c.Write("DELETE ")
		c.prefixList(s.Prefixes)
		c.Write("FROM ")
		if a, alias := k.from.(*core.Alias); alias && len(extra) > 0 && c.f.MultiTableUpdate { // USING says what it is of
			c.Write(c.quoteAs(c.resolve("alias", a.Name), a.Quote))
		} else {
			c.crudTable(k.from, s.Hints)
		}
		c.added(s.CTEs)
		if len(extra) > 0 {
			c.d.DeleteFrom(c, s, extra)
		}
		c.conditions(" WHERE ", s.Criteria)
		c.limitDML(s.Limit)
		c.returning(k)
	})
}

// writeDML writes an UPDATE or DELETE whose own FROM objects are known, with
// its WITH clause before it.
func (c *Compiler) writeDML(s core.Node, own []core.From, toplevel bool, body func()) {
	c.push(&frame{correlate: own, asfrom: own, query: s})
	text := c.capture(func() {
		c.within(func(x *context) { *x = x.below() }, body)
	})
	c.withClause(toplevel, false)
	c.emit(text)
	c.pop()
}

// limitDML is MySQL's UPDATE … LIMIT and DELETE … LIMIT.
func (c *Compiler) limitDML(limit core.Expr) {
	if limit != nil && c.f.DMLLimit {
		c.Write(" LIMIT ")
		c.Literally(func() { c.Expr(limit) })
	}
}

func (k *crud) updateSettings(s *core.Update) {
	c := k.c
	if !c.opts.HasColumnKeys && len(s.Values) == 0 && !s.Empty {
		qualify := k.qualify
		k.qualify = false
		k.everyColumn()
		k.qualify = qualify
		return
	}
	k.modifiers()
	k.take(s.Values)
	done := k.furtherSettings(s)
	cols := k.from.Columns().All()
	if s.Ordered {
		cols = k.orderedColumns(s)
	}
	for _, col := range cols {
		key := k.key(col)
		a, given := k.given[key]
		switch {
		case given && !done[col]:
			k.assign(col, k.paramName(col), a, false)
			delete(k.given, key)
		case !done[col] && k.required[key]:
			k.assign(col, k.paramName(col), core.Assignment{}, true)
			delete(k.required, key)
		default:
			k.onUpdate(col)
		}
	}
	k.unconsumed()
}

// furtherSettings writes what an UPDATE sets in its further tables: on MySQL
// any, elsewhere only where the table is that of which an alias is updated. It
// gives the columns that were set.
func (k *crud) furtherSettings(s *core.Update) map[*core.Column]bool {
	set := map[*core.Column]core.Assignment{}
	for _, a := range s.Values {
		if col := assignedColumn(a); col != nil {
			set[col] = a
		}
	}
	done := map[*core.Column]bool{}
	var affected []core.From
	for _, f := range k.extra {
		for _, col := range f.Columns().All() {
			a, ok := set[col]
			if !ok {
				continue
			}
			if !k.qualify && !core.IsDerivedFrom(k.from, f) {
				k.c.Raise("Backend does not support additional tables in the SET clause; cannot include columns from table(s) '%s' in SET clause", core.Describe(f))
			}
			if len(affected) == 0 || affected[len(affected)-1] != f {
				affected = append(affected, f)
			}
			done[col] = true
			k.assign(col, k.paramName(col), a, false)
			delete(k.given, k.key(col))
		}
	}
	for _, f := range affected {
		for _, col := range f.Columns().All() {
			if !done[col] {
				k.onUpdate(col)
			}
		}
	}
	return done
}

// checkTables explains values that the statement has no place for by the
// tables that they are of.
func (k *crud) checkTables() {
	var of, strange []string
	seen := map[core.From]bool{}
	for _, a := range k.update.Values {
		col := assignedColumn(a)
		if col == nil || col.Table == nil {
			continue
		}
		f := core.PlainFrom(col.Table)
		if f == k.from || seen[f] {
			continue
		}
		seen[f] = true
		of = append(of, "'"+core.Describe(f)+"'")
		if !contains(k.extra, f) {
			strange = append(strange, "'"+core.Describe(f)+"'")
		}
	}
	multi := k.c.f.MultiTableUpdate
	switch {
	case len(of) > 0 && !multi:
		exc.Raise(exc.CompileError, "Backend does not support additional tables in the SET clause; cannot include columns from table(s) %s in SET clause", strings.Join(of, ", "))
	case len(of) > 0 && len(k.extra) == 0:
		exc.Raise(exc.CompileError, "Statement is not a multi-table UPDATE statement; cannot include columns from table(s) %s in SET clause", strings.Join(of, ", "))
	case len(strange) > 0:
		exc.Raise(exc.CompileError, "Multi-table UPDATE statement does not include table(s) %s", strings.Join(strange, ", "))
	}
}

func (k *crud) orderedColumns(s *core.Update) []*core.Column {
	var cols []*core.Column
	seen := map[*core.Column]bool{}
	for _, a := range s.Values {
		key := a.Key
		if col := assignedColumn(a); col != nil {
			key = col.Key
		}
		if col, ok := k.from.Columns().Get(key); ok && !seen[col] {
			seen[col] = true
			cols = append(cols, col)
		}
	}
	for _, col := range k.from.Columns().All() {
		if !seen[col] {
			cols = append(cols, col)
		}
	}
	return cols
}

// onUpdate gives a column its onupdate default.
func (k *crud) onUpdate(col *core.Column) {
	s := col.Schema
	if s == nil {
		return
	}
	switch d := s.OnUpdate; {
	case d != nil && d.Sequence == nil && d.SQL != nil:
		k.add(col, k.sqlValue(d.SQL))
		k.fetchOrPost(col)
	case d != nil && d.Sequence == nil:
		k.add(col, k.prefetch(col, d, k.paramName(col)))
	case s.ServerOnUpd != nil || s.Computed != nil:
		k.fetchOrPost(col)
	case k.returnDefaults[col] && len(k.opts.DefaultColumns) > 0:
		k.fetch = append(k.fetch, col)
	}
}
