package compile

import (
	"slices"
	"strconv"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

func (c *Compiler) insert(s *core.Insert, toplevel bool) {
	if c.ruled(s) {
		return
	}
	toplevel = toplevel && len(c.stack) == 0
	k := c.newCrud(s.Table, &s.DMLOptions, toplevel)
	k.insert, k.multi = s, len(s.Rows) > 0
	k.dml.MultipleValues, k.dml.Upsert = k.multi, s.Upsert.Stated()
	k.dml.FromSelect = s.FromQuery != nil
	c.push(&frame{query: s})
	rest := c.capture(func() { c.insertBody(s, k) })
	if !c.f.CTEFollowsInsert {
		c.withClause(toplevel, true)
	}
	c.emit(rest)
	c.pop()
}

func (c *Compiler) insertBody(s *core.Insert, k *crud) {
	old := c.cx
	c.cx = context{literal: old.literal}
	defer func() { c.cx = old }()
	c.added(s.CTEs)
	rows := k.insertSettings(s)
	if len(rows[0]) == 0 && s.FromQuery == nil && !c.f.DefaultValues && c.f.DefaultToken == "" && !c.f.EmptyInsert {
		c.Raise("The '%s' dialect with current database version settings does not support empty inserts.", c.d.Name())
	}
	c.Write("INSERT ")
	c.prefixList(s.Prefixes)
	c.Write("INTO ")
	c.crudTable(k.from, s.Hints)
	if len(rows[0]) > 0 || !c.f.DefaultValues {
		c.Write(" (")
		for i, set := range rows[0] {
			if i > 0 {
				c.Write(", ")
			}
			c.emit(set.target)
		}
		c.Write(")")
	}
	// What RETURNING has in it is named before what is written before it.
	k.keySources()
	returning := c.capture(func() { c.returning(k) })
	switch {
	case s.FromQuery != nil:
		c.Write(" ")
		q := s.FromQuery
		var more []core.Node
		for _, set := range rows[0] {
			if set.expr != nil {
				more = append(more, set.expr)
			}
		}
		if len(more) > 0 {
			sel, ok := q.(*core.Select)
			if !ok {
				var names []string
				for _, set := range rows[0] {
					if set.expr != nil {
						names = append(names, types.Quote(string(set.column.Name)))
					}
				}
				c.Raise("Can't extend statement for INSERT..FROM SELECT to include additional default-holding column(s) %s.  Convert the selectable to a subquery() first, or pass include_defaults=false to Insert.from_select() to skip these columns.", strings.Join(names, ", "))
			}
			q = sel.AddColumns(more...)
		}
		text := c.capture(func() { c.query(q, queryPlace{compound: -1, insert: true, asfrom: !k.toplevel}) })
		if c.f.CTEFollowsInsert {
			c.withClause(k.toplevel, true)
		}
		c.emit(text)
	case len(rows[0]) == 0 && c.f.DefaultValues:
		c.Write(" DEFAULT VALUES")
	default:
		c.Write(" VALUES ")
		for i, row := range rows {
			if i > 0 {
				c.Write(", ")
			}
			if len(rows) == 1 && k.toplevel {
				c.mark(valuesStart)
				// What a batch of several rows would conflict with is not told
				// apart, so only RETURNING is reason enough for one.
				k.dml.Batchable = len(row) > 0 && !k.onlyDefault && (!k.dml.Upsert || k.dml.Returning || k.implicit || !c.f.UseInsertManyValues)
			}
			c.Write("(")
			for j, set := range row {
				if j > 0 {
					c.Write(", ")
				}
				c.emit(set.value)
			}
			c.Write(")")
			if len(rows) == 1 && k.toplevel {
				c.mark(valuesEnd)
			}
		}
	}
	if s.Upsert.Stated() {
		if !c.f.StringDialect && !slices.Contains(c.f.Upserts, s.Upsert.Kind) {
			c.cannot(s.Upsert.Clause())
		}
		c.Write(" ")
		c.d.Upsert(c, s)
	}
	c.emit(returning)
}

// Marks around the VALUES tuple that a batch repeats.
const (
	valuesStart int8 = 1
	valuesEnd   int8 = 2
)

func (c *Compiler) mark(m int8) {
	c.flush()
	c.pieces = append(c.pieces, piece{param: -1, values: m})
}

// insertSettings computes the columns and values, one slice for each row.
func (k *crud) insertSettings(s *core.Insert) [][]setting {
	c := k.c
	if !c.opts.HasColumnKeys && len(s.Values) == 0 && !k.multi && s.FromQuery == nil && !s.Empty {
		k.everyColumn()
		return [][]setting{k.settings}
	}
	if !k.toplevel && len(s.Values) == 0 && !k.multi && s.FromQuery == nil && !s.Empty {
		k.everyColumn()
		return [][]setting{k.settings}
	}
	k.modifiers()
	if k.multi {
		if !c.f.MultiValuesInsert {
			c.Raise("The '%s' dialect with current database version settings does not support in-place multirow inserts.", c.d.Name())
		}
		if k.opts.SortByParameterOrder && (len(k.opts.ReturningList) > 0 || k.implicit) {
			c.Raise("RETURNING cannot be deterministically sorted when using an INSERT which includes multi-row values().")
		}
		k.take(s.Rows[0])
	} else {
		k.take(s.Values)
	}
	if s.FromQuery != nil {
		k.fromSelect(s)
		return [][]setting{k.settings}
	}
	k.scanInsert(k.from.Columns().All())
	k.unconsumed()
	rows := [][]setting{k.settings}
	if k.multi {
		for i, row := range s.Rows[1:] {
			rows = append(rows, k.furtherRow(row, i+1))
		}
	} else if len(k.settings) == 0 && c.opts.Executemany && c.f.DefaultToken != "" && k.from.Columns().Len() > 0 {
		col := k.from.Columns().All()[0]
		k.add(col, []piece{{text: c.f.DefaultToken, param: -1}})
		k.onlyDefault, rows[0] = true, k.settings
	}
	return rows
}

// everyColumn gives each column a parameter that the execution must bring.
func (k *crud) everyColumn() {
	for _, col := range k.from.Columns().All() {
		if col.Schema == nil || !col.Schema.Omit {
			k.add(col, k.bindFor(col, col.Key, nil, true, nil))
		}
	}
}

// furtherRow writes the values of another row: the columns of the first, each
// with a value or its default.
func (k *crud) furtherRow(row []core.Assignment, n int) []setting {
	c := k.c
	byKey := map[string]core.Assignment{}
	for _, a := range row {
		key := a.Key
		if col, ok := core.Plain(orNull(a.Column)).(*core.Column); ok && a.Column != nil {
			key = col.Key
		}
		byKey[key] = a
	}
	var out []setting
	for _, first := range k.settings {
		col := first.column
		set := setting{column: col, target: first.target}
		a, ok := byKey[col.Key]
		switch {
		case ok:
			if x, isExpr := a.Value.(core.Expr); isExpr {
				set.value = k.sqlValue(x)
			} else {
				set.value = k.bindFor(col, col.Key+"_m"+strconv.Itoa(n), a.Value, false, a.Bound())
			}
		case col.Schema == nil || col.Schema.Default == nil:
			c.Raise("INSERT value for column %s is explicitly rendered as a boundparameter in the VALUES clause; a Python-side value or SQL expression is required", columnPath(col))
		case col.Schema.Default.SQL != nil:
			set.value = k.sqlValue(col.Schema.Default.SQL)
		case col.Schema.Default.Sequence != nil:
			set.value = k.sqlValue(&core.NextValue{Sequence: col.Schema.Default.Sequence})
		default:
			set.value = k.prefetch(col, col.Schema.Default, col.Key+"_m"+strconv.Itoa(n))
		}
		out = append(out, set)
	}
	return out
}

func columnPath(col *core.Column) string {
	if t := tableOf(col.Table); t != nil {
		return t.Name + "." + string(col.Name)
	}
	return string(col.Name)
}

func (k *crud) fromSelect(s *core.Insert) {
	seen := map[*core.Column]bool{}
	for _, name := range s.FromNames {
		col, ok := k.from.Columns().Get(name)
		if !ok {
			exc.Raise(exc.CompileError, "Unconsumed column names: %s", name)
		}
		seen[col] = true
		k.settings = append(k.settings, setting{column: col, target: k.target(col)})
	}
	if s.NoDefault {
		return
	}
	for _, col := range k.from.Columns().All() {
		if seen[col] || col.Schema == nil || col.Schema.Default == nil || col.Schema.Default.Sentinel {
			continue
		}
		d := col.Schema.Default
		set := setting{column: col, target: k.target(col)}
		switch {
		case d.Sequence != nil:
			if !k.usesSequence(d) {
				continue
			}
			set.expr = &core.NextValue{Sequence: d.Sequence}
		case d.SQL != nil:
			set.expr = d.SQL
		default:
			b := &core.Bind{Key: col.Key, Type: col.ExprType(), Crud: true}
			i := k.c.register(b)
			k.dml.Prefetch = append(k.dml.Prefetch, Prefetch{Column: col, Default: d, Param: i})
			set.expr = b
		}
		k.settings = append(k.settings, set)
	}
}
