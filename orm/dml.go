package orm

import (
	"maps"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// insertEntities runs insert(User): of rows given as parameters by attribute
// names, or of values in the statement.
func (s *Session) insertEntities(q *core.Insert, e *Entity, a ExecuteArgs) *engine.Result {
	m := e.Mapper.ready()
	s.autoflushFor(q.Options, a.Options)
	options := q.Options.With(a.Options)
	strategy, _ := options["dml_strategy"].(string)
	bulk := strategy == "bulk" || strategy != "orm" && strategy != "raw" && len(q.Values) == 0 && len(q.Rows) == 0 && q.FromQuery == nil && a.Params.Len() > 0
	conn := s.connection(s.bindFor(a, m, q))
	if bulk && q.Upsert == nil || bulk && len(q.Values) == 0 {
		return s.bulkInsertStatement(q, m, conn, a, options)
	}
	stmt := q.Change(func(n *core.Insert) {
		n.Table = m.Local
		n.Values = m.assignments(n.Values)
		rows := make([][]core.Assignment, len(n.Rows))
		for k, r := range n.Rows {
			rows[k] = m.assignments(r)
		}
		n.Rows = rows
	})
	return s.runReturning(stmt, q.ReturningList, conn, a, options)
}

func (s *Session) bindFor(a ExecuteArgs, m *Mapper, clause core.Node) Bind {
	if a.Bind != nil {
		return a.Bind
	}
	return s.bind(m, clause, nil)
}

// assignments turns attribute names into columns.
func (m *Mapper) assignments(as []core.Assignment) []core.Assignment {
	out := make([]core.Assignment, 0, len(as))
	for _, x := range as {
		key := x.Key
		var prop Property
		if at, ok := x.Column.(*core.Annotated); ok {
			if n := AttrOf(at); n != nil {
				prop = n.Prop
			}
		} else if x.Column == nil {
			prop = m.byKey[key]
		}
		if sy, ok := prop.(*Synonym); ok {
			prop = m.byKey[sy.Target]
		}
		v := x.Value
		if ex, ok := v.(core.Expr); ok {
			v = plainExpr(ex)
		}
		switch p := prop.(type) {
		case *ColumnProperty:
			if c := p.Column(); c != nil {
				out = append(out, core.Assign(m.tableColumn(p), c.Key, v))
				continue
			}
		case *Composite:
			vals := make([]any, len(p.keys))
			if v != nil {
				vals = must(p.Values(v))
			}
			for n, k := range p.keys {
				cp := m.byKey[k].(*ColumnProperty)
				out = append(out, core.Assign(cp.Column(), cp.Column().Key, vals[n]))
			}
			continue
		case nil:
			if x.Column != nil {
				plain := plainExpr(x.Column)
				out = append(out, core.Assign(plain, key, v))
				continue
			}
			if m.Lookup != nil {
				if ex, ok, err := m.Lookup(m.Entity(), key); ok && err == nil {
					if c, isCol := core.Plain(plainExpr(ex)).(*core.Column); isCol {
						out = append(out, core.Assign(c, c.Key, v))
						continue
					}
				}
			}
		}
		out = append(out, core.Assign(x.Column, key, v))
	}
	return out
}

// tableColumn is the property's column in the class's own table, if it has one.
func (m *Mapper) tableColumn(p *ColumnProperty) *core.Column {
	for _, e := range p.Columns {
		if c, ok := e.(*core.Column); ok && core.PlainFrom(c.Table) == core.PlainFrom(m.Local) {
			return c
		}
	}
	return p.Column()
}

// runReturning executes a DML statement; RETURNING of classes gives objects.
func (s *Session) runReturning(stmt core.Statement, returning []core.Node, conn *engine.Connection, a ExecuteArgs, options core.Options) *engine.Result {
	stmt = s.plainDML(stmt)
	if len(returning) == 0 {
		return must(conn.Execute(s.ctx(), stmt, a.Params, coreOptions(a.Options)))
	}
	tr, stmt := s.returning(stmt, returning)
	cursor := must(conn.Execute(s.ctx(), stmt, a.Params, coreOptions(a.Options)))
	ctx := newLoadContext(s)
	ctx.populateExisting, _ = options["populate_existing"].(bool)
	ctx.token = a.token()
	return s.result(tr, tr.meta(cursor), ctx, cursor, options)
}

// returning makes the RETURNING of a statement plain.
func (s *Session) returning(stmt core.Statement, list []core.Node) (*translation, core.Statement) {
	t := &translator{loadSettings: loadSettings{nested: true, returning: true}, src: &core.Select{Raw: list}}
	tr := t.run()
	cols := tr.stmt.(*core.Select).Raw
	switch q := stmt.(type) {
	case *core.Insert:
		stmt = q.Change(func(n *core.Insert) { n.ReturningList = cols })
	case *core.Update:
		stmt = q.Change(func(n *core.Update) { n.ReturningList = cols })
	case *core.Delete:
		stmt = q.Change(func(n *core.Delete) { n.ReturningList = cols })
	}
	return tr, stmt
}

// plainDML takes the notes off everything but RETURNING.
func (s *Session) plainDML(stmt core.Statement) core.Statement {
	switch q := stmt.(type) {
	case *core.Insert:
		stmt = q.Change(func(n *core.Insert) { n.ReturningList, n.Notes = nil, nil })
	case *core.Update:
		stmt = q.Change(func(n *core.Update) { n.ReturningList, n.Notes = nil, nil })
	case *core.Delete:
		stmt = q.Change(func(n *core.Delete) { n.ReturningList, n.Notes = nil, nil })
	}
	return plainStatement(stmt)
}

// rowsOf gives the parameter sets as rows by attribute name.
func rowsOf(p engine.Params) []map[string]any {
	if len(p.Sets) > 0 {
		return p.Sets
	}
	out := make([]map[string]any, len(p.Rows))
	for n, r := range p.Rows {
		out[n] = make(map[string]any, len(p.Keys))
		for k, key := range p.Keys {
			out[n][key] = r[k]
		}
	}
	return out
}

// bulkInsertStatement inserts rows given as parameters.
func (s *Session) bulkInsertStatement(q *core.Insert, m *Mapper, conn *engine.Connection, a ExecuteArgs, options core.Options) *engine.Result {
	rows := rowsOf(a.Params)
	nulls, _ := options["render_nulls"].(bool)
	if len(m.tables) > 1 {
		s.bulkInsert(m, rows, len(q.ReturningList) > 0, nulls, conn)
		if len(q.ReturningList) > 0 {
			fail(exc.InvalidRequestError, "RETURNING with a bulk INSERT over several tables is not supported here; add the objects to the session")
		}
		return engine.NewBufferedResult(engine.NewMeta(nil), nil)
	}
	base := q.Change(func(n *core.Insert) {
		n.Table = m.Local
		n.Values = m.assignments(n.Values)
	})
	var results []*engine.Result
	records := m.bulkRecords(m.tables[0], rows, nulls)
	var last *engine.Result
	var tr *translation
	var stmt core.Statement = s.plainDML(base)
	if len(q.ReturningList) > 0 {
		tr, stmt = s.returning(stmt, q.ReturningList)
	}
	for len(records) > 0 {
		n := 1
		for n < len(records) && slices.Equal(records[n].keys, records[0].keys) {
			n++
		}
		p := engine.Params{Keys: records[0].keys, Many: true}
		for _, r := range records[:n] {
			p.Rows = append(p.Rows, r.values)
		}
		last = must(conn.Execute(s.ctx(), stmt, p, coreOptions(a.Options)))
		if tr != nil {
			ctx := newLoadContext(s)
			ctx.populateExisting, _ = options["populate_existing"].(bool)
			ctx.token = a.token()
			results = append(results, s.result(tr, tr.meta(last), ctx, last, options))
		}
		records = records[n:]
	}
	if tr != nil {
		if len(results) == 1 {
			return results[0]
		}
		var all [][]any
		for _, r := range results {
			for _, row := range must(r.All()) {
				all = append(all, row.Values())
			}
		}
		return engine.NewBufferedResult(results[0].Meta(), all)
	}
	return last
}

// bulkRecord is one row of one table.
type bulkRecord struct {
	keys   []string
	values []any
	row    map[string]any
}

// bulkRecords are the rows of one table, attribute names turned into columns.
func (m *Mapper) bulkRecords(t *core.Table, rows []map[string]any, nulls bool) []*bulkRecord {
	out := make([]*bulkRecord, 0, len(rows))
	known := map[string]bool{}
	for _, c := range t.Columns().All() {
		if p := m.colProps[c]; p != nil {
			known[p.key] = true
		}
	}
	for _, row := range rows {
		r := &bulkRecord{row: row}
		row = m.expandComposites(row)
		r.row = row
		for _, c := range t.Columns().All() {
			p := m.colProps[c]
			if p == nil {
				continue
			}
			v, ok := row[p.key]
			if !ok {
				for k, prop := range m.byKey {
					if sy, is := prop.(*Synonym); is && sy.Target == p.key {
						v, ok = row[k]
						if ok {
							break
						}
					}
				}
			}
			if !ok && p == m.polymorphicProp && m.HasIdentity && !p.Discriminator {
				v, ok = m.PolymorphicIdentity, true
			}
			if !ok && c == m.versionCol && !m.NoVersionGenerator {
				v, ok = m.nextVersion(nil), true
			}
			if !ok || v == nil && !nulls && !types.EvaluatesNone(c.Type) {
				continue
			}
			r.keys, r.values = append(r.keys, c.Key), append(r.values, v)
		}
		out = append(out, r)
	}
	return out
}

func (m *Mapper) expandComposites(row map[string]any) map[string]any {
	out := row
	for k, v := range row {
		if c, ok := m.byKey[k].(*Composite); ok && v != nil {
			if vals, err := c.Values(v); err == nil {
				out = maps.Clone(out)
				delete(out, k)
				for n, key := range c.keys {
					out[key] = vals[n]
				}
			}
		}
	}
	return out
}

// bulkInsert writes rows to the tables of a class. With defaults, or over
// several tables, generated keys are put into the rows.
func (s *Session) bulkInsert(m *Mapper, rows []map[string]any, defaults, nulls bool, conn *engine.Connection) {
	for n, t := range m.tables {
		records := m.bulkRecords(t, rows, nulls)
		keyed := defaults || n < len(m.tables)-1
		for len(records) > 0 {
			k := 1
			for k < len(records) && slices.Equal(records[k].keys, records[0].keys) {
				k++
			}
			group := records[:k]
			records = records[k:]
			hasKeys := true
			for _, pk := range m.pksByTable[t] {
				hasKeys = hasKeys && slices.Contains(group[0].keys, pk.Key)
			}
			p := engine.Params{Keys: group[0].keys, Many: true}
			for _, r := range group {
				p.Rows = append(p.Rows, r.values)
			}
			stmt := &core.Insert{Table: t}
			if !keyed || hasKeys {
				must(conn.Execute(s.ctx(), stmt, p))
				continue
			}
			f := conn.Engine.Dialect.Features()
			take := func(r *bulkRecord, key engine.Row) {
				for x, pk := range m.pksByTable[t] {
					if prop := m.colProps[pk]; prop != nil && x < key.Len() {
						r.row[prop.key] = key.At(x)
					}
				}
			}
			if len(group) > 1 && f.InsertManyReturning {
				stmt = stmt.Change(func(q *core.Insert) {
					q.ReturnDefaults, q.SortByParameterOrder = true, true
					for _, pk := range t.PK.Cols {
						q.DefaultColumns = append(q.DefaultColumns, pk)
					}
				})
				result := must(conn.Execute(s.ctx(), stmt, p))
				for x, key := range must(result.InsertedPrimaryKeyRows()) {
					take(group[x], key)
				}
				continue
			}
			for x, r := range group {
				result := must(conn.Execute(s.ctx(), stmt, engine.Params{Keys: p.Keys, Rows: p.Rows[x : x+1], Many: true}))
				take(r, must(result.InsertedPrimaryKey()))
			}
		}
	}
}

// BulkInsertMappings inserts rows given by attribute names.
func (s *Session) BulkInsertMappings(m *Mapper, rows []map[string]any, defaults, nulls bool) (err error) {
	defer catch(&err)
	m.ready()
	s.inBulk(func() { s.bulkInsert(m, rows, defaults, nulls, s.connection(s.bind(m, nil, nil))) })
	return nil
}

// inBulk runs f in a transaction of a flush.
func (s *Session) inBulk(f func()) {
	outer := s.autobegin("bulk")
	outer.assertActive()
	if s.flushing {
		fail(exc.InvalidRequestError, "Session is already flushing")
	}
	s.flushing = true
	defer func() { s.flushing = false }()
	t := s.begin(outer, false, true, false)
	if err := attempt(f); err != nil {
		t.rollback(err, false)
		check(err)
	}
	t.commit(false)
}

// BulkUpdateMappings updates rows by their primary keys.
func (s *Session) BulkUpdateMappings(m *Mapper, rows []map[string]any) (err error) {
	defer catch(&err)
	m.ready()
	s.inBulk(func() { s.bulkUpdate(m, rows, s.connection(s.bind(m, nil, nil))) })
	return nil
}

func (s *Session) bulkUpdate(m *Mapper, rows []map[string]any, conn *engine.Connection) int64 {
	matched := int64(0)
	for _, t := range m.tables {
		tp := m.flushPlan().tables[t]
		var records []*bulkRecord
		for _, row := range rows {
			row = m.expandComposites(row)
			r := &bulkRecord{row: row}
			for n := range tp.columns {
				pc := &tp.columns[n]
				if pc.pk {
					continue
				}
				if v, ok := row[pc.attr.key]; ok {
					r.keys, r.values = append(r.keys, pc.col.Key), append(r.values, v)
				}
			}
			if len(r.keys) == 0 {
				continue
			}
			for n := range tp.pks {
				v, ok := row[tp.pks[n].attr.key]
				if !ok || v == nil {
					fail(exc.InvalidRequestError, "No primary key value supplied for column(s) %s; per-row ORM Bulk UPDATE by Primary Key requires that records contain primary key values", qualified(tp.pks[n].col))
				}
				r.keys, r.values = append(r.keys, tp.pks[n].label), append(r.values, v)
			}
			records = append(records, r)
		}
		for len(records) > 0 {
			k := 1
			for k < len(records) && slices.Equal(records[k].keys, records[0].keys) {
				k++
			}
			p := engine.Params{Keys: records[0].keys, Many: true}
			for _, r := range records[:k] {
				p.Rows = append(p.Rows, r.values)
			}
			result := must(conn.Execute(s.ctx(), tp.updateStatement(false), p))
			matched += result.Rowcount()
			f := conn.Engine.Dialect.Features()
			if (f.MultiRowcountSane || k == 1) && f.RowcountSane && result.Rowcount() >= 0 && result.Rowcount() != int64(k) {
				fail(exc.StaleDataError, "UPDATE statement on table '%s' expected to update %d row(s); %d were matched.", t.FullName(), k, result.Rowcount())
			}
			records = records[k:]
		}
	}
	return matched
}

// BulkSaveObjects writes objects without the unit of work: no relationships,
// no order, no identity map.
func (s *Session) BulkSaveObjects(list []*Instance, defaults, updateChangedOnly, keepOrder bool) (err error) {
	defer catch(&err)
	type kind struct {
		m      *Mapper
		update bool
	}
	if !keepOrder {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b *Instance) int {
			if a.mapper != b.mapper {
				return int(a.mapper.serial) - int(b.mapper.serial)
			}
			switch {
			case (a.key != nil) == (b.key != nil):
				return 0
			case a.key != nil:
				return 1
			}
			return -1
		})
	}
	s.inBulk(func() {
		for len(list) > 0 {
			k := kind{list[0].mapper, list[0].key != nil}
			n := 1
			for n < len(list) && (kind{list[n].mapper, list[n].key != nil}) == k {
				n++
			}
			group := list[:n]
			list = list[n:]
			rows := make([]map[string]any, len(group))
			for x, i := range group {
				i.settle()
				row := map[string]any{}
				for _, cp := range k.m.ColumnAttrs() {
					a := k.m.attributes[cp.key]
					v := i.at(a.slot)
					if v == NoValue || !cp.isTableColumn() {
						continue
					}
					if _, changed := i.wasCommitted(a.slot); k.update && updateChangedOnly && !changed && !slices.ContainsFunc(k.m.primaryKey, func(c *core.Column) bool { return k.m.colProps[c] == cp }) {
						continue
					}
					row[cp.key] = v
				}
				rows[x] = row
			}
			conn := s.connection(s.bind(k.m, nil, group[0]))
			if k.update {
				s.bulkUpdate(k.m, rows, conn)
				continue
			}
			s.bulkInsert(k.m, rows, defaults, false, conn)
			if defaults {
				for x, i := range group {
					for _, pk := range k.m.primaryKey {
						p := k.m.colProps[pk]
						if v, ok := rows[x][p.key]; ok {
							i.put(k.m.attributes[p.key].slot, v)
						}
					}
					i.key = k.m.identityOf(i)
				}
			}
		}
	})
	return nil
}

// synchronization is the synchronize_session of an UPDATE or DELETE.
func synchronization(o core.Options) string {
	switch v := o["synchronize_session"].(type) {
	case nil:
		return "auto"
	case bool:
		if !v {
			return "false"
		}
		return "auto"
	case string:
		switch v {
		case "auto", "evaluate", "fetch":
			return v
		}
		fail(exc.ArgumentError, "Valid strategies for session synchronization are 'auto', 'evaluate', 'fetch', False")
	}
	return "auto"
}

// matching prepares what a statement does to the objects in the session.
type matching struct {
	s       *Session
	m       *Mapper
	how     string
	objects []*Instance
	partial map[*Instance]bool
	fetched [][]any
}

func (s *Session) matching(m *Mapper, how string, criteria []core.Expr) *matching {
	x := &matching{s: s, m: m, how: how, partial: map[*Instance]bool{}}
	if how != "auto" && how != "evaluate" {
		return x
	}
	ev := &evaluator{m: m}
	test, err := ev.condition(criteria)
	if err != nil {
		if how == "evaluate" {
			fail(exc.InvalidRequestError, "Could not evaluate current criteria in Python: \"%s\". Specify 'fetch' or False for the synchronize_session execution option.", messageOf(err))
		}
		x.how = "fetch"
		return x
	}
	x.how = "evaluate"
	for _, i := range s.identities.all() {
		if !i.mapper.IsA(m) || i.expired {
			continue
		}
		switch v := test(i); {
		case v == evaluatedExpired:
			x.partial[i] = true
			x.objects = append(x.objects, i)
		case v == true:
			x.objects = append(x.objects, i)
		}
	}
	return x
}

// localKey are the columns of the class's own table that hold its objects' key,
// in the order of that; nil if the table does not have them all.
func (m *Mapper) localKey() []*core.Column {
	t := m.Table()
	if t == nil {
		return nil
	}
	out := make([]*core.Column, len(m.primaryKey))
	for n, pk := range m.primaryKey {
		for _, c := range t.PK.Cols {
			if c == pk || slices.Contains(m.equivalent[pk], c) {
				out[n] = c
			}
		}
		if out[n] == nil {
			return nil
		}
	}
	return out
}

// fetchKeys finds the keys of the rows beforehand, where RETURNING cannot.
func (x *matching) fetchKeys(from core.From, criteria []core.Expr, conn *engine.Connection, p engine.Params) {
	q := &core.Select{FromObjects: []core.From{from}, Criteria: criteria}
	for _, c := range x.m.primaryKey {
		q.Raw = append(q.Raw, c)
	}
	result := must(conn.Execute(x.s.ctx(), q, p))
	for _, row := range must(result.All()) {
		x.fetched = append(x.fetched, row.Values())
	}
}

// take finds the objects of the fetched keys.
func (x *matching) take() {
	for _, vals := range x.fetched {
		if i := x.s.identities.get(x.m.NewIdentity(vals, nil).id); i != nil {
			x.objects = append(x.objects, i)
		}
	}
}

// updateEntities runs update(User) and brings the objects in the session up to date.
func (s *Session) updateEntities(q *core.Update, e *Entity, a ExecuteArgs) *engine.Result {
	m := e.Mapper.ready()
	options := q.Options.With(a.Options)
	s.autoflushFor(q.Options, a.Options)
	conn := s.connection(s.bindFor(a, m, q))
	strategy, _ := options["dml_strategy"].(string)
	if a.Params.Len() > 0 && len(q.Values) == 0 && (a.Params.Many && len(q.Criteria) == 0 || strategy == "bulk") {
		if len(q.Criteria) > 0 {
			fail(exc.InvalidRequestError, "bulk ORM UPDATE does not support additional WHERE criteria.")
		}
		rows := rowsOf(a.Params)
		s.inBulk(func() { s.bulkUpdate(m, rows, conn) })
		for _, row := range rows {
			s.setLoadedValues(m, row)
		}
		return engine.NewBufferedResult(engine.NewMeta(nil), nil)
	}
	criteria := make([]core.Expr, len(q.Criteria))
	for n, c := range q.Criteria {
		criteria[n] = plainExpr(c)
	}
	criteria = append(criteria, s.dmlCriteria(m, q.Notes)...)
	values := m.assignments(q.Values)
	match := s.matching(m, synchronization(options), q.Criteria)
	stmt := q.Change(func(n *core.Update) {
		n.Table, n.Values, n.Criteria = core.PlainFrom(m.Local), values, criteria
	})
	f := conn.Engine.Dialect.Features()
	returning := q.ReturningList
	extra := 0
	if match.how == "fetch" {
		if keys := m.localKey(); f.UpdateReturning && keys != nil {
			for _, c := range keys {
				returning = append(slices.Clip(returning), c)
			}
			extra = len(keys)
		} else {
			match.fetchKeys(m.selectable, criteria, conn, a.Params)
		}
	}
	ev := &evaluator{m: m}
	type setter struct {
		a *attribute
		f func(i *Instance) any
	}
	var setters []setter
	for _, v := range values {
		c, ok := core.Plain(v.Column).(*core.Column)
		if !ok {
			if v.Column == nil {
				c, ok = m.columnByKey(v.Key)
			}
			if !ok {
				continue
			}
		}
		p := m.colProps[c]
		if p == nil {
			continue
		}
		st := setter{a: m.attributes[p.key]}
		if x, isExpr := v.Value.(core.Expr); isExpr {
			if g, err := ev.value(x); err == nil {
				st.f = g
			}
		} else if _, isQuery := v.Value.(core.Query); !isQuery {
			val := v.Value
			st.f = func(*Instance) any { return val }
		}
		setters = append(setters, st)
	}
	var old = map[*Instance][]any{}
	result := s.runWithExtra(stmt, returning, extra, conn, a, options, match)
	if match.how == "fetch" {
		match.take()
	}
	if match.how == "false" {
		return result
	}
	_ = old
	for _, i := range match.objects {
		vals := make([]any, len(setters))
		for n, st := range setters {
			vals[n] = any(evaluatedExpired)
			if st.f != nil {
				vals[n] = st.f(i)
			}
		}
		var stale []string
		for n, st := range setters {
			at := i.mapper.attributes[st.a.key]
			if _, changed := i.wasCommitted(at.slot); changed {
				continue
			}
			if i.at(at.slot) == NoValue {
				continue
			}
			if vals[n] == any(evaluatedExpired) || match.partial[i] {
				stale = append(stale, at.key)
				continue
			}
			i.put(at.slot, vals[n])
		}
		if len(stale) > 0 {
			i.expireAttributes(stale)
		}
		if s.transaction != nil {
			s.transaction.dirty.add(i)
		}
	}
	return result
}

func (m *Mapper) columnByKey(key string) (*core.Column, bool) {
	p, ok := m.byKey[key].(*ColumnProperty)
	if !ok {
		return nil, false
	}
	c := p.Column()
	return c, c != nil
}

// dmlCriteria are the conditions that the class itself brings along.
func (s *Session) dmlCriteria(m *Mapper, notes []core.Keyed) []core.Expr {
	var out []core.Expr
	if c := m.Entity().singleCriterion(); c != nil {
		out = append(out, c)
	}
	for _, n := range notes {
		if lc, ok := n.(*LoaderCriteria); ok && lc.applies(m.Entity()) {
			out = append(out, plainExpr(must(lc.Criteria(m.Entity()))))
		}
	}
	return out
}

// runWithExtra runs a statement whose last returned columns are keys that only
// the session wants.
func (s *Session) runWithExtra(stmt core.Statement, returning []core.Node, extra int, conn *engine.Connection, a ExecuteArgs, options core.Options, match *matching) *engine.Result {
	if extra == 0 {
		return s.runReturning(stmt, returning, conn, a, options)
	}
	result := s.runReturning(stmt, returning, conn, a, options)
	var rows [][]any
	n := len(returning) - extra
	all := must(result.All())
	for _, row := range all {
		vals := row.Values()
		match.fetched = append(match.fetched, vals[n:])
		rows = append(rows, vals[:n])
	}
	if n == 0 {
		return engine.NewDMLResult(int64(len(all)))
	}
	return engine.NewBufferedResult(engine.NewMeta(must(result.Keys())[:n]), rows)
}

// setLoadedValues gives an object in the session the values that a bulk update wrote.
func (s *Session) setLoadedValues(m *Mapper, row map[string]any) {
	vals := make([]any, len(m.primaryKey))
	for n, c := range m.primaryKey {
		vals[n] = row[m.colProps[c].key]
	}
	i := s.identities.get(m.NewIdentity(vals, nil).id)
	if i == nil {
		return
	}
	for k, v := range row {
		if a := i.mapper.attributes[k]; a != nil && a.col != nil && i.at(a.slot) != NoValue {
			if _, changed := i.wasCommitted(a.slot); !changed {
				i.put(a.slot, v)
			}
		}
	}
	if s.transaction != nil {
		s.transaction.dirty.add(i)
	}
}

// deleteEntities runs delete(User) and takes the objects out of the session.
func (s *Session) deleteEntities(q *core.Delete, e *Entity, a ExecuteArgs) *engine.Result {
	m := e.Mapper.ready()
	options := q.Options.With(a.Options)
	s.autoflushFor(q.Options, a.Options)
	conn := s.connection(s.bindFor(a, m, q))
	criteria := make([]core.Expr, len(q.Criteria))
	for n, c := range q.Criteria {
		criteria[n] = plainExpr(c)
	}
	criteria = append(criteria, s.dmlCriteria(m, q.Notes)...)
	match := s.matching(m, synchronization(options), q.Criteria)
	stmt := q.Change(func(n *core.Delete) { n.Table, n.Criteria = core.PlainFrom(m.Local), criteria })
	f := conn.Engine.Dialect.Features()
	returning := q.ReturningList
	extra := 0
	if match.how == "fetch" {
		if keys := m.localKey(); f.DeleteReturning && keys != nil {
			for _, c := range keys {
				returning = append(slices.Clip(returning), c)
			}
			extra = len(keys)
		} else {
			match.fetchKeys(m.selectable, criteria, conn, a.Params)
		}
	}
	result := s.runWithExtra(stmt, returning, extra, conn, a, options, match)
	if match.how == "fetch" {
		match.take()
	}
	var gone []*Instance
	for _, i := range match.objects {
		if match.partial[i] {
			i.expire()
			continue
		}
		gone = append(gone, i)
	}
	if len(gone) > 0 {
		s.removeDeleted(gone)
	}
	return result
}

var _ = strings.Contains
