package orm

import (
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// flushPlan is how rows of one class are written, table by table. It is made
// once for each mapper.
type flushPlan struct {
	tables   map[*core.Table]*tablePlan
	readonly []*attribute // expressions that a flush makes stale
}

// tablePlan is how rows of one table are written.
type tablePlan struct {
	table          *core.Table
	columns        []plannedColumn
	pks            []plannedColumn
	version        *plannedColumn
	serverDefaults []core.Expr
	insert         *core.Insert
	update, delete map[bool]core.Statement // by whether the version is compared
	updateDefaults []core.Expr
}

type plannedColumn struct {
	col    *core.Column
	attr   *attribute
	pk     bool
	asNull bool // an unset value is sent as NULL: objects share one statement
	server bool // the database makes a value
	label  string
}

func (m *Mapper) flushPlan() *flushPlan {
	if m.plan != nil {
		return m.plan
	}
	p := &flushPlan{tables: map[*core.Table]*tablePlan{}}
	for _, t := range m.tables {
		tp := &tablePlan{table: t, update: map[bool]core.Statement{}, delete: map[bool]core.Statement{}}
		for _, c := range t.Columns().All() {
			prop := m.colProps[c]
			if prop == nil {
				continue
			}
			pc := plannedColumn{col: c, attr: m.attributes[prop.key], pk: slices.Contains(m.pksByTable[t], c)}
			s := c.Schema
			if s != nil {
				hasDefault := s.Default != nil
				pc.server = s.ServerDefault != nil || s.Computed != nil || s.Identity != nil
				pc.asNull = !pc.pk && !hasDefault && !pc.server && !types.EvaluatesNone(c.Type)
				pc.server = pc.server || isSQL(s.Default)
				if pc.server && !pc.pk {
					tp.serverDefaults = append(tp.serverDefaults, c)
				}
				if s.ServerOnUpd != nil || s.Computed != nil || isSQL(s.OnUpdate) {
					tp.updateDefaults = append(tp.updateDefaults, c)
				}
			}
			pc.label = labelOf(c)
			tp.columns = append(tp.columns, pc)
			if pc.pk {
				tp.pks = append(tp.pks, pc)
			}
			if c == m.versionCol {
				v := pc
				tp.version = &v
			}
		}
		tp.insert = &core.Insert{Table: t}
		p.tables[t] = tp
	}
	for _, cp := range m.ColumnAttrs() {
		if !cp.isTableColumn() && !cp.QueryExpression && !cp.Discriminator {
			p.readonly = append(p.readonly, m.attributes[cp.key])
		}
	}
	m.plan = p
	return p
}

// isSQL reports whether a default is computed by the database as part of the
// statement.
func isSQL(d *core.Default) bool { return d != nil && d.SQL != nil }

// labelOf is the table_column name that a key's parameter has in a WHERE.
func labelOf(c *core.Column) string {
	if n, ok := core.FromName(c.Table); ok {
		t, _ := c.Table.(*core.Table)
		if t != nil && t.Schema != "" {
			return strings.ReplaceAll(t.Schema, ".", "_") + "_" + string(n) + "_" + string(c.Name)
		}
		return string(n) + "_" + string(c.Name)
	}
	return string(c.Name)
}

// hierarchyTables are the tables of all classes of a hierarchy, parents first.
func (m *Mapper) hierarchyTables() []*core.Table {
	var out []*core.Table
	for _, d := range m.base.SelfAndDescendants() {
		if d.base != m.base { // concrete: saved by itself
			continue
		}
		for _, t := range d.tables {
			out = appendOnce(out, t)
		}
	}
	return out
}

// savedState is one object on its way to the database.
type savedState struct {
	i        *Instance
	conn     *engine.Connection
	identity bool      // it has a row already
	switched *Instance // a deleted object whose row it takes over
	version  any
}

// connectionOf is the connection for an object's class.
func (u *UnitOfWork) connectionOf(i *Instance) *engine.Connection {
	return u.session.connection(u.session.bind(i.mapper, nil, i))
}

// inOrder sorts objects for writing: new ones as they were added, then the
// others by their keys.
func inOrder(states []*Instance) []*Instance {
	var pending, persistent []*Instance
	for _, i := range states {
		if i.key == nil {
			pending = append(pending, i)
		} else {
			persistent = append(persistent, i)
		}
	}
	slices.SortStableFunc(pending, func(a, b *Instance) int {
		switch {
		case a.insert < b.insert:
			return -1
		case a.insert > b.insert:
			return 1
		}
		return 0
	})
	slices.SortStableFunc(persistent, func(a, b *Instance) int {
		for n := range a.key.Values {
			if n >= len(b.key.Values) {
				break
			}
			if c := compareKeys(a.key.Values[n], b.key.Values[n]); c != 0 {
				return c
			}
		}
		return 0
	})
	return append(pending, persistent...)
}

func (u *UnitOfWork) save(base *Mapper, states []*Instance) {
	if len(states) == 0 {
		return
	}
	if base.NoBatch && len(states) > 1 {
		for _, i := range inOrder(states) {
			u.save(base, []*Instance{i})
		}
		return
	}
	var inserts, updates []*savedState
	var all []*savedState
	for _, i := range inOrder(states) {
		st := &savedState{i: i, conn: u.connectionOf(i), identity: i.key != nil}
		m := i.mapper
		if st.identity {
			if m.listens("before_update") {
				m.fire("before_update", m, st.conn, i)
			}
		} else if m.listens("before_insert") {
			m.fire("before_insert", m, st.conn, i)
		}
		i.settle()
		if !st.identity {
			if u.session.Sharding != nil {
				i.token = u.session.Sharding.shardOf(u.session, i)
			}
			key := m.identityOf(i)
			if old := u.session.identities.get(key.id); old != nil && !u.alreadyDeleted(old) {
				if u.isDeleted(old) {
					st.switched = old
					u.removeActions(old)
				} else {
					m.Registry.warn("New instance %s with identity key %v conflicts with persistent instance %s", i, key.Values, old)
				}
			}
		}
		if (st.identity || st.switched != nil) && m.versionCol != nil {
			src := i
			if st.switched != nil {
				src = st.switched
			}
			st.version = committedOf(src, m.versionCol)
		}
		all = append(all, st)
		if st.identity || st.switched != nil {
			updates = append(updates, st)
		} else {
			inserts = append(inserts, st)
		}
	}
	for _, t := range base.hierarchyTables() {
		var ins []*insertRecord
		for _, st := range inserts {
			if tp := st.i.mapper.flushPlan().tables[t]; tp != nil && len(tp.pks) > 0 {
				ins = append(ins, u.collectInsert(st, tp))
			}
		}
		var ups []*updateRecord
		for _, st := range updates {
			if tp := st.i.mapper.flushPlan().tables[t]; tp != nil && len(tp.pks) > 0 {
				if r := u.collectUpdate(st, tp); r != nil {
					ups = append(ups, r)
				}
			}
		}
		u.emitUpdates(t, ups)
		u.emitInserts(t, ins)
	}
	u.finalizeSaved(all)
}

func (u *UnitOfWork) alreadyDeleted(i *Instance) bool {
	if !i.expired {
		return false
	}
	err := attempt(func() { i.loadExpired(passiveOff) })
	if e := exc.Of(err); e != nil && e.Class == exc.ObjectDeletedError {
		u.session.removeDeleted([]*Instance{i})
		return true
	}
	check(err)
	return false
}

type columnValue struct {
	col  *core.Column
	attr *attribute
	expr core.Expr
}

type insertRecord struct {
	st     *savedState
	plan   *tablePlan
	keys   []string
	values []any
	shape  string
	exprs  []columnValue
	allPKs bool
	allDef bool
}

func (u *UnitOfWork) collectInsert(st *savedState, tp *tablePlan) *insertRecord {
	i := st.i
	n := len(tp.columns)
	r := &insertRecord{st: st, plan: tp, keys: make([]string, 0, n), values: make([]any, 0, n), allPKs: true, allDef: true}
	shape := make([]byte, (n+7)/8, (n+7)/8+2)
	m := i.mapper
	for c := range tp.columns {
		pc := &tp.columns[c]
		v := i.at(pc.attr.slot)
		set := v != NoValue
		if set && v == nil && !types.EvaluatesNone(pc.col.Type) {
			set = false
		}
		if e, ok := v.(core.Expr); ok && set {
			r.exprs = append(r.exprs, columnValue{pc.col, pc.attr, stripped(e)})
			r.allDef = r.allDef && !pc.server
			continue
		}
		if q, ok := v.(core.Query); ok && set {
			r.allDef = r.allDef && !pc.server
			r.exprs = append(r.exprs, columnValue{pc.col, pc.attr, core.NewScalarSelect(q)})
			continue
		}
		if pc.col == m.versionCol && !m.NoVersionGenerator {
			v, set = m.nextVersion(nil), true
		}
		switch {
		case set:
		case pc.asNull:
			v = nil
		default:
			if pc.pk {
				r.allPKs = false
			} else if pc.server {
				r.allDef = false
			}
			continue
		}
		r.keys = append(r.keys, pc.col.Key)
		r.values = append(r.values, v)
		shape[c/8] |= 1 << (c % 8)
	}
	if len(r.exprs) > 0 {
		shape = append(shape, 'x')
		for _, e := range r.exprs {
			if e.attr != nil && slices.ContainsFunc(tp.pks, func(p plannedColumn) bool { return p.col == e.col }) {
				r.allPKs = false
			}
		}
	}
	r.shape = string(shape)
	return r
}

func (m *Mapper) nextVersion(old any) any {
	if m.VersionIDGenerator != nil {
		return must(m.VersionIDGenerator(old))
	}
	if n, ok := old.(int64); ok {
		return n + 1
	}
	return int64(1)
}

// prefersDefaults reports whether values that the database made are fetched
// with the INSERT.
func (m *Mapper) prefersDefaults(f *compile.Features, t *core.Table) bool {
	if m.EagerDefaults == nil {
		return f.InsertReturning && t.ImplicitReturning
	}
	return *m.EagerDefaults
}

func (u *UnitOfWork) emitInserts(t *core.Table, records []*insertRecord) {
	for len(records) > 0 {
		n := 1
		for n < len(records) && records[n].sharesStatement(records[0]) {
			n++
		}
		u.emitInsertGroup(t, records[:n])
		records = records[n:]
	}
}

// sharesStatement reports whether two rows can go with one statement: they
// have the same columns, whatever their classes.
func (r *insertRecord) sharesStatement(o *insertRecord) bool {
	if r.st.conn != o.st.conn || r.allPKs != o.allPKs || r.allDef != o.allDef || len(r.exprs) > 0 != (len(o.exprs) > 0) {
		return false
	}
	if r.plan == o.plan {
		return r.shape == o.shape
	}
	return slices.Equal(r.keys, o.keys)
}

func (u *UnitOfWork) emitInsertGroup(t *core.Table, records []*insertRecord) {
	first := records[0]
	conn, tp, m := first.st.conn, first.plan, first.st.i.mapper.base
	features := conn.Engine.Dialect.Features()
	prefers := m.prefersDefaults(features, t)
	hasExprs := len(first.exprs) > 0
	rows := func() engine.Params {
		p := engine.Params{Keys: first.keys, Rows: make([][]any, len(records)), Many: true}
		for n, r := range records {
			p.Rows[n] = r.values
		}
		return p
	}
	ctx := u.session.ctx()
	if (first.allDef || !prefers || !t.ImplicitReturning || !features.InsertReturning) && first.allPKs && !hasExprs {
		result := must(conn.Execute(ctx, tp.insert, rows()))
		var params []map[string]any
		if len(must(result.PrefetchCols())) > 0 {
			params = sentParams(result)
		}
		for n, r := range records {
			u.afterInsert(r, result, paramsAt(params, n), engine.Row{})
		}
		return
	}
	many := t.ImplicitReturning && !hasExprs && len(records) > 1 && features.InsertManyReturning
	stmt := tp.insert
	if !first.allDef && prefers {
		stmt = stmt.Change(func(s *core.Insert) {
			s.ReturnDefaults, s.SortByParameterOrder = true, true
			s.DefaultColumns = append(slices.Clip(s.DefaultColumns), tp.serverDefaults...)
		})
	}
	if tp.version != nil {
		stmt = stmt.Change(func(s *core.Insert) {
			s.ReturnDefaults, s.SortByParameterOrder = true, true
			s.DefaultColumns = append(slices.Clip(s.DefaultColumns), tp.version.col)
		})
	} else if many {
		stmt = stmt.Change(func(s *core.Insert) {
			s.ReturnDefaults, s.SortByParameterOrder = true, true
			for _, c := range t.PK.Cols {
				s.DefaultColumns = append(slices.Clip(s.DefaultColumns), c)
			}
		})
	}
	if many {
		result := must(conn.Execute(ctx, stmt, rows()))
		keys := must(result.InsertedPrimaryKeyRows())
		returned := must(result.ReturnedDefaultsRows())
		var params []map[string]any
		if len(must(result.PrefetchCols())) > 0 {
			params = sentParams(result)
		}
		for n, r := range records {
			u.takeKey(r, keys[n])
			var row engine.Row
			if n < len(returned) {
				row = returned[n]
			}
			u.afterInsert(r, result, paramsAt(params, n), row)
		}
		return
	}
	for _, r := range records {
		s := stmt
		if len(r.exprs) > 0 {
			s = s.Change(func(s *core.Insert) {
				for _, e := range r.exprs {
					s.Values = append(slices.Clip(s.Values), core.Assign(e.col, e.col.Key, e.expr))
				}
			})
		}
		result := must(conn.Execute(ctx, s, engine.Params{Keys: r.keys, Rows: [][]any{r.values}, Many: true}))
		key := must(result.InsertedPrimaryKey())
		u.takeKey(r, key)
		var params []map[string]any
		if len(must(result.PrefetchCols())) > 0 {
			params = sentParams(result)
		}
		row := must(result.ReturnedDefaults())
		u.afterInsert(r, result, paramsAt(params, 0), row)
	}
}

// sentParams are the parameters of each row as they were sent.
func sentParams(result *engine.Result) []map[string]any {
	var v any
	if result.IsInsert() {
		v = must(result.LastInsertedParams())
	} else {
		v = must(result.LastUpdatedParams())
	}
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		out := make([]map[string]any, len(v))
		for n, x := range v {
			out[n], _ = x.(map[string]any)
		}
		return out
	}
	return nil
}

func paramsAt(list []map[string]any, n int) map[string]any {
	if n < len(list) {
		return list[n]
	}
	return nil
}

// takeKey sets the primary key that the database made.
func (u *UnitOfWork) takeKey(r *insertRecord, key engine.Row) {
	if !key.Valid() {
		fail(exc.FlushError, "Row was inserted, but its primary key is not known")
	}
	for n := 0; n < key.Len() && n < len(r.plan.pks); n++ {
		pc := &r.plan.pks[n]
		if v := r.st.i.at(pc.attr.slot); v == nil || v == NoValue || isExpr(v) {
			if nv := key.At(n); nv != nil {
				r.st.i.put(pc.attr.slot, nv)
			}
		}
	}
}

func isExpr(v any) bool { _, ok := v.(core.Expr); return ok }

// afterInsert takes over what the statement made of the row.
func (u *UnitOfWork) afterInsert(r *insertRecord, result *engine.Result, params map[string]any, returned engine.Row) {
	i := r.st.i
	u.takeReturned(i, returned, true)
	for _, c := range must(result.PrefetchCols()) {
		if p := i.mapper.colProps[c]; p != nil && params != nil {
			if v, ok := params[c.Key]; ok {
				i.put(i.mapper.attributes[p.key].slot, v)
			}
		}
	}
	for n := range r.plan.columns {
		pc := &r.plan.columns[n]
		if pc.col == i.mapper.versionCol {
			if k := slices.Index(r.keys, pc.col.Key); k >= 0 {
				i.put(pc.attr.slot, r.values[k])
			}
		}
	}
	u.expirePostfetch(i, result, r.exprs, returned)
	u.equate(i, r.plan.table)
}

func (u *UnitOfWork) takeReturned(i *Instance, returned engine.Row, insert bool) {
	if !returned.Valid() {
		return
	}
	for _, tp := range i.mapper.flushPlan().tables {
		for n := range tp.columns {
			pc := &tp.columns[n]
			if insert && pc.pk {
				continue
			}
			if at, err := returned.Meta().IndexOf(pc.col); err == nil {
				i.put(pc.attr.slot, returned.At(at))
				delete(i.expiredSlots, pc.attr.slot)
			}
		}
	}
}

// expirePostfetch forgets values that only the database knows.
func (u *UnitOfWork) expirePostfetch(i *Instance, result *engine.Result, exprs []columnValue, returned engine.Row) {
	known := func(c *core.Column) bool {
		if !returned.Valid() {
			return false
		}
		_, err := returned.Meta().IndexOf(c)
		return err == nil
	}
	var keys []string
	for _, c := range must(result.PostfetchCols()) {
		if p := i.mapper.colProps[c]; p != nil && !known(c) {
			if slices.Contains(i.mapper.primaryKey, c) {
				if v := i.at(i.mapper.attributes[p.key].slot); v != NoValue && v != nil && !isExpr(v) {
					continue
				}
			}
			keys = append(keys, p.key)
		}
	}
	for _, e := range exprs {
		if !known(e.col) && !slices.Contains(keys, e.attr.key) && isExpr(i.at(e.attr.slot)) {
			keys = append(keys, e.attr.key)
		}
	}
	if len(keys) > 0 {
		i.expireAttributes(keys)
	}
}

// equate copies a parent table's key to the columns of tables that inherit.
func (u *UnitOfWork) equate(i *Instance, t *core.Table) {
	for _, m := range i.mapper.chain() {
		for _, p := range m.equated {
			if p.from.Table != core.From(t) {
				continue
			}
			src, dst := i.mapper.colProps[p.from], i.mapper.colProps[p.to]
			if src != nil && dst != nil && src.key != dst.key {
				i.attr(dst.key).setScalar(i, i.at(i.attr(src.key).slot), nil)
			}
		}
	}
}

type updateRecord struct {
	st      *savedState
	plan    *tablePlan
	keys    []string
	values  []any
	shape   string
	exprs   []columnValue
	allPKs  bool
	version bool
}

func (u *UnitOfWork) collectUpdate(st *savedState, tp *tablePlan) *updateRecord {
	i, m := st.i, st.i.mapper
	r := &updateRecord{st: st, plan: tp, allPKs: true}
	for n := range tp.columns {
		pc := &tp.columns[n]
		was, changed := i.wasCommitted(pc.attr.slot)
		if !changed {
			continue
		}
		v := i.at(pc.attr.slot)
		if v == NoValue {
			if pc.pk {
				continue
			}
			fail(exc.KeyError, "'%s'", pc.attr.key) // deleted with del
		}
		switch x := v.(type) {
		case core.Expr:
			r.exprs = append(r.exprs, columnValue{pc.col, pc.attr, stripped(x)})
			continue
		case core.Query:
			r.exprs = append(r.exprs, columnValue{pc.col, pc.attr, core.NewScalarSelect(x)})
			continue
		}
		if !pc.attr.equal(v, was) {
			r.keys, r.values = append(r.keys, pc.col.Key), append(r.values, v)
		}
	}
	if tp.version != nil && st.version != nil {
		if len(r.keys) == 0 && len(r.exprs) == 0 && !u.changedElsewhere(i) {
			return nil
		}
		r.version = true
		if !slices.Contains(r.keys, tp.version.col.Key) && !m.NoVersionGenerator {
			r.keys, r.values = append(r.keys, tp.version.col.Key), append(r.values, m.nextVersion(st.version))
		}
	} else if len(r.keys) == 0 && len(r.exprs) == 0 {
		return nil
	}
	var pkValues []any
	cascadedKeys := false
	for n := range tp.pks {
		pc := &tp.pks[n]
		h := pc.attr.history(i, passiveOff)
		var v any
		switch {
		case len(h.Added) > 0:
			if len(h.Deleted) == 0 || u.memos[cascadedKey{i, pc.col}] != nil {
				cascadedKeys = true
				v = h.Added[0]
				if k := slices.Index(r.keys, pc.col.Key); k >= 0 {
					r.keys, r.values = slices.Delete(r.keys, k, k+1), slices.Delete(r.values, k, k+1)
				}
			} else {
				v = h.Deleted[0]
				if slices.ContainsFunc(r.exprs, func(e columnValue) bool { return e.col == pc.col }) {
					r.allPKs = false
				}
			}
		case len(h.Unchanged) > 0:
			v = h.Unchanged[0]
		}
		if v == nil {
			fail(exc.FlushError, "Can't update table %s using NULL for primary key value on column %s", tp.table.FullName(), qualified(pc.col))
		}
		pkValues = append(pkValues, v)
	}
	if len(r.keys) == 0 && len(r.exprs) == 0 {
		_ = cascadedKeys
		return nil
	}
	r.shape = strings.Join(r.keys, "\x00")
	if len(r.exprs) > 0 {
		r.shape += "\x01"
	}
	for n := range tp.pks {
		r.keys, r.values = append(r.keys, tp.pks[n].label), append(r.values, pkValues[n])
	}
	if r.version {
		r.keys, r.values = append(r.keys, tp.version.label), append(r.values, st.version)
		r.shape += "\x02"
	}
	return r
}

// changedElsewhere reports whether a versioned object has changes in any table.
func (u *UnitOfWork) changedElsewhere(i *Instance) bool {
	for _, cp := range i.mapper.ColumnAttrs() {
		if cp.isTableColumn() && len(i.attr(cp.key).history(i, passiveNoInitialize).Added) > 0 {
			return true
		}
	}
	return false
}

// updateStatement is UPDATE … WHERE the key (and the version) are those given.
func (tp *tablePlan) updateStatement(version bool) *core.Update {
	if s, ok := tp.update[version].(*core.Update); ok {
		return s
	}
	s := &core.Update{Table: tp.table, Criteria: []core.Expr{tp.where(version, true)}}
	tp.update[version] = s
	return s
}

func (tp *tablePlan) deleteStatement(version bool) *core.Delete {
	if s, ok := tp.delete[version].(*core.Delete); ok {
		return s
	}
	s := &core.Delete{Table: tp.table, Criteria: []core.Expr{tp.where(version, false)}}
	tp.delete[version] = s
	return s
}

func (tp *tablePlan) where(version, labels bool) core.Expr {
	var crit []core.Expr
	compare := func(pc *plannedColumn) {
		name := pc.col.Key
		if labels {
			name = pc.label
		}
		crit = append(crit, core.Eq(pc.col, &core.Bind{Key: name, Type: pc.col.ExprType(), Required: true}))
	}
	for n := range tp.pks {
		compare(&tp.pks[n])
	}
	if version {
		compare(tp.version)
	}
	return core.And(crit...)
}

func (u *UnitOfWork) emitUpdates(t *core.Table, records []*updateRecord) {
	for len(records) > 0 {
		first := records[0]
		n := 1
		for n < len(records) && records[n].shape == first.shape && records[n].st.conn == first.st.conn && records[n].allPKs == first.allPKs && slices.Equal(records[n].keys, first.keys) {
			n++
		}
		u.emitUpdateGroup(t, records[:n])
		records = records[n:]
	}
}

func (u *UnitOfWork) emitUpdateGroup(t *core.Table, records []*updateRecord) {
	first := records[0]
	conn, tp, m := first.st.conn, first.plan, first.st.i.mapper.base
	f := conn.Engine.Dialect.Features()
	stmt := tp.updateStatement(first.version)
	ctx := u.session.ctx()
	returning := false
	if !first.allPKs {
		stmt = stmt.Change(func(s *core.Update) {
			s.ReturnDefaults = true
			for _, pc := range tp.pks {
				s.DefaultColumns = append(slices.Clip(s.DefaultColumns), pc.col)
			}
		})
		returning = true
	}
	eager := m.EagerDefaults != nil && *m.EagerDefaults
	lacks := slices.ContainsFunc(tp.updateDefaults, func(e core.Expr) bool { return !slices.Contains(first.keys, e.(*core.Column).Key) })
	if eager && lacks && t.ImplicitReturning && f.UpdateReturning {
		stmt = stmt.Change(func(s *core.Update) {
			s.ReturnDefaults = true
			s.DefaultColumns = append(slices.Clip(s.DefaultColumns), tp.updateDefaults...)
		})
		returning = true
	}
	if first.version && first.st.i.mapper.NoVersionGenerator && f.UpdateReturning {
		stmt = stmt.Change(func(s *core.Update) {
			s.ReturnDefaults = true
			s.DefaultColumns = append(slices.Clip(s.DefaultColumns), tp.version.col)
		})
		returning = true
	}
	single, multi := f.RowcountSane, f.RowcountSane && f.MultiRowcountSane
	matched, checkRows := int64(0), single
	after := func(r *updateRecord, result *engine.Result, params map[string]any) {
		row := must(result.ReturnedDefaults())
		u.afterUpdate(r, result, params, row)
	}
	one := func(r *updateRecord, s *core.Update) {
		result := must(conn.Execute(ctx, s, engine.Params{Keys: r.keys, Rows: [][]any{r.values}, Many: true}))
		matched += result.Rowcount()
		var params []map[string]any
		if len(must(result.PrefetchCols())) > 0 {
			params = sentParams(result)
		}
		after(r, result, paramsAt(params, 0))
	}
	switch {
	case len(first.exprs) > 0:
		for _, r := range records {
			one(r, stmt.Change(func(s *core.Update) {
				for _, e := range r.exprs {
					s.Values = append(slices.Clip(s.Values), core.Assign(e.col, e.col.Key, e.expr))
				}
			}))
		}
	case returning || first.version && !multi:
		for _, r := range records {
			one(r, stmt)
		}
	default:
		p := engine.Params{Keys: first.keys, Rows: make([][]any, len(records)), Many: true}
		for n, r := range records {
			p.Rows[n] = r.values
		}
		result := must(conn.Execute(ctx, stmt, p))
		checkRows = multi || single && len(records) == 1
		matched = result.Rowcount()
		var params []map[string]any
		if len(must(result.PrefetchCols())) > 0 {
			params = sentParams(result)
		}
		for n, r := range records {
			u.afterUpdate(r, result, paramsAt(params, n), engine.Row{})
		}
	}
	if checkRows && matched >= 0 && matched != int64(len(records)) {
		fail(exc.StaleDataError, "UPDATE statement on table '%s' expected to update %d row(s); %d were matched.", t.FullName(), len(records), matched)
	}
}

func (u *UnitOfWork) afterUpdate(r *updateRecord, result *engine.Result, params map[string]any, returned engine.Row) {
	i := r.st.i
	u.takeReturned(i, returned, false)
	for _, c := range must(result.PrefetchCols()) {
		if p := i.mapper.colProps[c]; p != nil && params != nil {
			if v, ok := params[c.Key]; ok {
				i.put(i.mapper.attributes[p.key].slot, v)
			}
		}
	}
	if r.version {
		if k := slices.Index(r.keys, r.plan.version.col.Key); k >= 0 {
			i.put(r.plan.version.attr.slot, r.values[k])
		} else if i.mapper.NoVersionGenerator && !returned.Valid() {
			i.expireAttributes([]string{r.plan.version.attr.key})
		}
	}
	u.expirePostfetch(i, result, r.exprs, returned)
	u.equate(i, r.plan.table)
}

func (u *UnitOfWork) finalizeSaved(all []*savedState) {
	for _, st := range all {
		i, m := st.i, st.i.mapper
		var stale []string
		for _, a := range m.flushPlan().readonly {
			if _, changed := i.wasCommitted(a.slot); changed {
				continue
			}
			loaded := i.at(a.slot) != NoValue
			if a.col.ExpireOnFlush && (!a.col.Deferred || loaded) || !a.col.ExpireOnFlush && !a.col.Deferred && !loaded {
				stale = append(stale, a.key)
			}
		}
		if len(stale) > 0 {
			i.expireAttributes(stale)
		}
		var now []string
		if e := m.EagerDefaults; e != nil && *e {
			for _, tp := range m.flushPlan().tables {
				for _, list := range [][]core.Expr{tp.serverDefaults, tp.updateDefaults} {
					for _, c := range list {
						if p := m.colProps[c]; p != nil && i.at(m.attributes[p.key].slot) == NoValue {
							now = appendOnce(now, p.key)
						}
					}
				}
			}
		}
		if m.versionCol != nil && m.NoVersionGenerator && i.at(m.attributes[m.versionProp.key].slot) == NoValue {
			now = appendOnce(now, m.versionProp.key)
		}
		if len(now) > 0 {
			i.key = m.identityOf(i)
			u.session.loadOn(i, now, core.LabelTablename, nil)
		}
		if st.identity {
			if m.listens("after_update") {
				m.fire("after_update", m, st.conn, i)
			}
		} else if m.listens("after_insert") {
			m.fire("after_insert", m, st.conn, i)
		}
	}
}

func (u *UnitOfWork) deleteRows(base *Mapper, states []*Instance) {
	if len(states) == 0 {
		return
	}
	var all []*savedState
	for _, i := range inOrder(states) {
		st := &savedState{i: i, conn: u.connectionOf(i), identity: i.key != nil}
		if i.mapper.listens("before_delete") {
			i.mapper.fire("before_delete", i.mapper, st.conn, i)
		}
		if i.mapper.versionCol != nil {
			st.version = committedOf(i, i.mapper.versionCol)
		}
		all = append(all, st)
	}
	tables := base.hierarchyTables()
	for n := len(tables) - 1; n >= 0; n-- {
		t := tables[n]
		var group []*savedState
		flush := func() {
			if len(group) > 0 {
				u.emitDeletes(t, group)
				group = nil
			}
		}
		for _, st := range all {
			tp := st.i.mapper.flushPlan().tables[t]
			if tp == nil || len(tp.pks) == 0 {
				continue
			}
			if base.PassiveDeletes && t != base.tables[0] {
				continue
			}
			if len(group) > 0 && group[0].conn != st.conn {
				flush()
			}
			group = append(group, st)
		}
		flush()
	}
	for _, st := range all {
		if st.i.mapper.listens("after_delete") {
			st.i.mapper.fire("after_delete", st.i.mapper, st.conn, st.i)
		}
	}
}

func (u *UnitOfWork) emitDeletes(t *core.Table, group []*savedState) {
	conn := group[0].conn
	tp := group[0].i.mapper.flushPlan().tables[t]
	f := conn.Engine.Dialect.Features()
	version := tp.version != nil
	p := engine.Params{Many: true}
	for n := range tp.pks {
		p.Keys = append(p.Keys, tp.pks[n].col.Key)
	}
	if version {
		p.Keys = append(p.Keys, tp.version.col.Key)
	}
	for _, st := range group {
		plan := st.i.mapper.flushPlan().tables[t]
		row := make([]any, 0, len(p.Keys))
		for n := range plan.pks {
			v := committedOf(st.i, plan.pks[n].col)
			if v == nil {
				fail(exc.FlushError, "Can't delete from table %s using NULL for primary key value on column %s", t.FullName(), qualified(plan.pks[n].col))
			}
			row = append(row, v)
		}
		if version {
			row = append(row, st.version)
		}
		p.Rows = append(p.Rows, row)
	}
	stmt := tp.deleteStatement(version)
	ctx := u.session.ctx()
	expected, matched := int64(len(group)), int64(-1)
	strict := version
	if version && f.RowcountSane && !f.MultiRowcountSane {
		matched = 0
		for _, row := range p.Rows {
			result := must(conn.Execute(ctx, stmt, engine.Params{Keys: p.Keys, Rows: [][]any{row}, Many: true}))
			matched += result.Rowcount()
		}
	} else {
		result := must(conn.Execute(ctx, stmt, p))
		matched = result.Rowcount()
		if !f.RowcountSane || len(group) > 1 && !f.MultiRowcountSane {
			matched = -1
		}
	}
	base := group[0].i.mapper.base
	if !base.NoConfirmDeleted && matched >= 0 && matched != expected {
		const text = "DELETE statement on table '%s' expected to delete %d row(s); %d were matched.  Please set confirm_deleted_rows=false within the mapper configuration to prevent this warning."
		if strict {
			fail(exc.StaleDataError, text, t.FullName(), expected, matched)
		}
		base.Registry.warn(text, t.FullName(), expected, matched)
	}
}

// postUpdateRows sets the keys of rows that refer to each other, once all exist.
func (u *UnitOfWork) postUpdateRows(base *Mapper, states []*Instance, columns []*core.Column) {
	type record struct {
		conn   *engine.Connection
		tp     *tablePlan
		keys   []string
		values []any
		sets   int
	}
	for _, t := range base.hierarchyTables() {
		var records []*record
		for _, i := range inOrder(states) {
			tp := i.mapper.flushPlan().tables[t]
			if tp == nil {
				continue
			}
			r := &record{conn: u.connectionOf(i), tp: tp}
			for n := range tp.columns {
				pc := &tp.columns[n]
				if pc.pk || !slices.Contains(columns, pc.col) {
					continue
				}
				v := i.at(pc.attr.slot)
				if v == NoValue {
					v = nil
				}
				r.keys, r.values = append(r.keys, pc.col.Key), append(r.values, v)
			}
			if len(r.keys) == 0 {
				continue
			}
			r.sets = len(r.keys)
			for n := range tp.pks {
				v := pkOf(i, &tp.pks[n])
				r.keys, r.values = append(r.keys, tp.pks[n].label), append(r.values, v)
			}
			records = append(records, r)
		}
		for len(records) > 0 {
			n := 1
			for n < len(records) && slices.Equal(records[n].keys, records[0].keys) && records[n].conn == records[0].conn {
				n++
			}
			p := engine.Params{Keys: records[0].keys, Many: true}
			for _, r := range records[:n] {
				p.Rows = append(p.Rows, r.values)
			}
			result := must(records[0].conn.Execute(u.session.ctx(), records[0].tp.updateStatement(false), p))
			f := records[0].conn.Engine.Dialect.Features()
			if (f.MultiRowcountSane || n == 1) && f.RowcountSane && result.Rowcount() >= 0 && result.Rowcount() != int64(n) {
				fail(exc.StaleDataError, "UPDATE statement on table '%s' expected to update %d row(s); %d were matched.", t.FullName(), n, result.Rowcount())
			}
			records = records[n:]
		}
	}
}

func pkOf(i *Instance, pc *plannedColumn) any {
	v := pc.attr.get(i, passiveOff)
	if isSymbol(v) {
		return nil
	}
	return v
}

// associations writes rows of an association table.
func (d *dependency) associations(u *UnitOfWork, inserts, updates, deletes []map[string]any) {
	if len(inserts) == 0 && len(updates) == 0 && len(deletes) == 0 {
		return
	}
	t, ok := d.rel.secondary.(*core.Table)
	if !ok {
		fail(exc.FlushError, "the secondary of relationship %s is no table", &d.rel.property)
	}
	conn := u.session.connection(u.session.bind(d.rel.parent, nil, nil))
	f := conn.Engine.Dialect.Features()
	ctx := u.session.ctx()
	run := func(stmt core.Statement, rows []map[string]any, verb string, checked bool) {
		keys := make([]string, 0, len(rows[0]))
		for _, c := range t.Columns().All() {
			if _, ok := rows[0][c.Key]; ok {
				keys = append(keys, c.Key)
			}
			if _, ok := rows[0]["old_"+c.Key]; ok {
				keys = append(keys, "old_"+c.Key)
			}
		}
		p := engine.Params{Keys: keys, Many: true}
		for _, r := range rows {
			vals := make([]any, len(keys))
			for n, k := range keys {
				vals[n] = r[k]
			}
			p.Rows = append(p.Rows, vals)
		}
		result := must(conn.Execute(ctx, stmt, p))
		if checked && f.MultiRowcountSane && result.Rowcount() >= 0 && result.Rowcount() != int64(len(rows)) {
			fail(exc.StaleDataError, "%s statement on table '%s' expected to %s %d row(s); Only %d were matched.", strings.ToUpper(verb), t.FullName(), verb, len(rows), result.Rowcount())
		}
	}
	where := func(row map[string]any, prefix string) []core.Expr {
		var crit []core.Expr
		for _, c := range t.Columns().All() {
			if _, ok := row[prefix+c.Key]; ok {
				crit = append(crit, core.Eq(c, &core.Bind{Key: prefix + c.Key, Type: c.ExprType(), Required: true}))
			}
		}
		return []core.Expr{core.And(crit...)}
	}
	if len(deletes) > 0 {
		run(&core.Delete{Table: t, Criteria: where(deletes[0], "")}, deletes, "delete", true)
	}
	if len(updates) > 0 {
		run(&core.Update{Table: t, Criteria: where(updates[0], "old_")}, updates, "update", true)
	}
	if len(inserts) > 0 {
		run(&core.Insert{Table: t}, inserts, "insert", false)
	}
}
