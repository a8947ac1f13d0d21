package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// FromStatement makes a select of classes take its rows from another statement.
func FromStatement(q *core.Select, s core.Node) *core.Select {
	return q.Change(func(n *core.Select) {
		n.Notes = append(slices.Clip(n.Notes), &fromStatement{stmt: s, serial: attrSerial.Add(1)})
	})
}

type fromStatement struct {
	stmt   core.Node
	serial uint64
}

// CacheKey is like no other.
func (f *fromStatement) CacheKey() string { return "" }

func fromStatementOf(q *core.Select) *fromStatement {
	for _, n := range q.Notes {
		if f, ok := n.(*fromStatement); ok {
			return f
		}
	}
	return nil
}

// FromStatementOf is the statement that a select takes its rows from; nil if none.
func FromStatementOf(q *core.Select) core.Node {
	if f := fromStatementOf(q); f != nil {
		return f.stmt
	}
	return nil
}

// fromStatement runs a statement and reads objects from its rows by column.
func (s *Session) fromStatement(q *core.Select, f *fromStatement, a ExecuteArgs) *engine.Result {
	bind := a.Bind
	if bind == nil {
		bind = s.bind(mapperIn(q), q, nil)
	}
	conn := s.connection(bind)
	options := q.Options.With(a.Options)
	stmt := f.stmt
	if p, ok := stmt.(core.Statement); ok {
		stmt = plainStatement(p)
	}
	cursor := must(conn.Execute(s.ctx(), stmt, a.Params, coreOptions(options)))
	var plain []core.Keyed
	for _, n := range q.Notes {
		if _, is := n.(*fromStatement); !is {
			plain = append(plain, n)
		}
	}
	src := q.Change(func(n *core.Select) { n.Notes = plain })
	ctx := newLoadContext(s)
	ctx.populateExisting, _ = options["populate_existing"].(bool)
	ctx.source = src
	return s.resultFrom(src, cursor, ctx, options, a.Legacy)
}

// resultFrom reads objects of the classes of src from rows of another
// statement: columns are matched by expression, then by name.
func (s *Session) resultFrom(src *core.Select, cursor *engine.Result, ctx *loadContext, options core.Options, legacy bool) *engine.Result {
	t := &translator{loadSettings: loadSettings{legacy: legacy}, src: src}
	tr := t.run()
	names, _ := cursor.Keys()
	meta := cursor.Meta()
	find := func(e core.Expr) int {
		if n, err := meta.IndexOf(e); err == nil {
			return n
		}
		if c, ok := core.Plain(e).(*core.Column); ok {
			if n := slices.Index(names, string(c.Name)); n >= 0 {
				return n
			}
			if n := slices.Index(names, labelOf(c)); n >= 0 {
				return n
			}
		}
		if l, ok := core.Plain(e).(*core.Label); ok && !l.Name.IsAnonymous() {
			if n := slices.Index(names, string(l.Name)); n >= 0 {
				return n
			}
		}
		return -1
	}
	lost := len(names)
	for _, r := range t.refs {
		cols := t.primary
		if r.secondary {
			cols = t.secondary
		}
		if r.at = find(cols[r.n]); r.at < 0 {
			r.at = lost
		}
	}
	for _, e := range tr.elements {
		if e.loader != nil {
			e.loader.dropMissing(lost)
		} else if e.ref != nil && e.ref.at == lost {
			fail(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", e.name)
		}
	}
	rows := must(cursor.All())
	out := make([][]any, len(rows))
	for n, row := range rows {
		vals := append(slices.Clip(row.Values()), nil)
		o := make([]any, len(tr.elements))
		for k, e := range tr.elements {
			o[k] = e.value(ctx, vals)
		}
		out[n] = o
	}
	ctx.finish()
	return engine.NewBufferedResult(tr.meta(cursor), out)
}

// dropMissing forgets columns that the rows do not have.
func (l *instanceLoader) dropMissing(lost int) {
	for _, r := range l.pk {
		if r.at == lost {
			fail(exc.NoSuchColumnError, "Could not locate column in row for column '%s'", qualified(l.mapper.primaryKey[0]))
		}
	}
	for c, r := range l.cols {
		if r.at == lost {
			delete(l.cols, c)
		}
	}
	if l.discriminator != nil && l.discriminator.at == lost {
		l.discriminator = nil
	}
	for _, f := range l.rels {
		if f.lazy == "joined" && f.nested != nil {
			missing := false
			for _, r := range f.nested.pk {
				missing = missing || r.at == lost
			}
			if missing {
				f.lazy, f.nested = "select", nil
			} else {
				f.nested.dropMissing(lost)
			}
		}
	}
}
