package compile

import (
	"slices"
	"strconv"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// setting is one column of an INSERT or UPDATE with the value that it gets.
type setting struct {
	column *core.Column
	target []piece // what stands left of =, or in the column list
	value  []piece
	expr   core.Expr // the value of INSERT … SELECT's further columns
}

// crud collects the settings of one INSERT or UPDATE.
type crud struct {
	c    *Compiler
	from core.From // what is written to
	// table is from when that is a table, else an empty one: an alias, a CTE or
	// a join has neither keys nor defaults of its own to fetch.
	table    *core.Table
	dml      *DML
	insert   *core.Insert
	update   *core.Update
	opts     *core.DMLOptions
	toplevel bool

	given    map[string]core.Assignment // by column key
	required map[string]bool            // column keys of execute parameters
	settings []setting
	// qualify writes tables before the columns of SET.
	qualify bool
	extra   []core.From

	needKeys, implicit bool
	returnDefaults     map[*core.Column]bool
	fetch              []*core.Column // columns for implicit RETURNING
	onlyDefault        bool           // one column was added, so that a row without values has one
	multi              bool
}

func tableOf(f core.From) *core.Table {
	t, _ := core.PlainFrom(f).(*core.Table)
	return t
}

func (c *Compiler) newCrud(target core.From, opts *core.DMLOptions, toplevel bool) *crud {
	if len(opts.ReturningList) > 0 && opts.ReturnDefaults {
		c.Raise("Can't compile statement that includes returning() and return_defaults() simultaneously")
	}
	k := &crud{c: c, from: core.PlainFrom(target), table: tableOf(target), opts: opts, toplevel: toplevel, given: map[string]core.Assignment{}, required: map[string]bool{}}
	k.dml = &DML{Table: k.table, ColumnParams: map[string]int{}, Returning: len(opts.ReturningList) > 0, SortByParameterOrder: opts.SortByParameterOrder}
	if toplevel {
		c.dml = k.dml
	}
	if k.table == nil {
		k.table = &core.Table{}
	}
	return k
}

// take sorts the assignments of the statement and the keys of execute
// parameters by column.
func (k *crud) take(values []core.Assignment) {
	for _, a := range values {
		if _, isColumn := core.Plain(orNull(a.Column)).(*core.Column); a.Column != nil && !isColumn {
			k.expressionTarget(a)
			continue
		}
		key := a.Key
		if col := assignedColumn(a); col != nil {
			key = k.key(col)
		}
		if _, first := k.given[key]; !first {
			k.given[key] = a
		}
	}
	if k.toplevel {
		for _, key := range k.c.opts.ColumnKeys {
			if _, ok := k.given[key]; !ok {
				k.required[key] = true
			}
		}
	}
}

// assignedColumn is the column that an assignment names by itself, nil for one
// by key.
func assignedColumn(a core.Assignment) *core.Column {
	if a.Column == nil {
		return nil
	}
	col, _ := core.Plain(a.Column).(*core.Column)
	return col
}

// key is under what a column's value is given: its key, and with its table for
// the further tables of an UPDATE.
func (k *crud) key(col *core.Column) string {
	if name, further := k.furtherTable(col); further {
		return name + "\x00" + col.Key
	}
	return col.Key
}

// paramName is what the parameter of a column is called.
func (k *crud) paramName(col *core.Column) string {
	if name, further := k.furtherTable(col); further {
		return name + "_" + col.Key
	}
	return col.Key
}

func (k *crud) furtherTable(col *core.Column) (string, bool) {
	if col.Table == nil || !contains(k.extra, core.PlainFrom(col.Table)) {
		return "", false
	}
	name, _ := core.FromName(col.Table)
	return k.c.resolve("alias", name), true
}

func orNull(e core.Expr) core.Expr {
	if e == nil {
		return core.NULL
	}
	return e
}

// expressionTarget is SET data['x'] = …: a target that is no column.
func (k *crud) expressionTarget(a core.Assignment) {
	c := k.c
	s := setting{target: c.capture(func() { c.within(func(x *context) { x.bare = !k.qualify }, func() { c.Expr(a.Column) }) })}
	s.value = c.capture(func() {
		if x, ok := a.Value.(core.Expr); ok {
			c.Operand(x, nil)
			return
		}
		b := &core.Bind{Key: "param", Unique: true, Value: a.Value, Type: a.Column.ExprType()}
		c.bindKeyed(b, a.Bound())
	})
	k.settings = append(k.settings, s)
}

// bindKeyed writes b; its value at a later execution is that of keyed, the
// parameter that the statement's cache key knows.
func (c *Compiler) bindKeyed(b, keyed *core.Bind) int {
	c.bind(b)
	i, ok := c.byBind[b]
	if !ok {
		return -1
	}
	if at, ok := c.keyIdx[keyed]; ok && keyed != nil {
		c.params[i].KeyIndex = at
	}
	return i
}

func (k *crud) target(col *core.Column) []piece {
	c := k.c
	return c.capture(func() {
		if k.qualify && col.Table != nil {
			if name, ok := core.FromName(col.Table); ok {
				c.Write(c.quoteAs(c.resolve("alias", name), core.FromQuoting(col.Table)), ".")
			}
		}
		c.Write(c.quoteAs(string(col.Name), col.Quote))
	})
}

// bindFor writes the parameter of a column's plain value.
func (k *crud) bindFor(col *core.Column, name string, value any, required bool, keyed *core.Bind) []piece {
	c := k.c
	return c.capture(func() {
		b := &core.Bind{Key: name, Value: value, Type: col.ExprType(), Required: required, Crud: true}
		if required { // nothing to write in its place
			old := c.cx.literal
			c.cx.literal = false
			defer func() { c.cx.literal = old }()
		}
		if !k.toplevel && !required { // in a CTE: the names belong to the statement around it
			b.Key, b.Unique = "param", true
		}
		if i := c.bindKeyed(b, keyed); i >= 0 {
			k.dml.ColumnParams[col.Key] = i
		}
	})
}

func (k *crud) add(col *core.Column, value []piece) {
	k.settings = append(k.settings, setting{column: col, target: k.target(col), value: value})
}

// assign writes the value that the statement or the execution gives a column.
func (k *crud) assign(col *core.Column, name string, a core.Assignment, required bool) {
	c := k.c
	if required {
		k.add(col, k.bindFor(col, name, nil, true, nil))
		return
	}
	x, isExpr := a.Value.(core.Expr)
	if b, isBind := a.Value.(*core.Bind); isBind {
		n := b
		if n.Type == nil || n.Type.Affinity() == types.Unknown {
			copied := *b
			copied.Type = col.ExprType()
			n = &copied
		}
		if n.Unique {
			copied := *n
			copied.Unique, copied.Key, copied.Crud = false, name, true
			n = &copied
		}
		k.add(col, c.capture(func() {
			if i := c.bindKeyed(n, b); i >= 0 {
				k.dml.ColumnParams[col.Key] = i
			}
		}))
		return
	}
	if !isExpr {
		k.add(col, k.bindFor(col, name, a.Value, false, a.Bound()))
		return
	}
	k.add(col, c.capture(func() { c.Operand(x, nil) }))
	switch {
	case k.update != nil:
		k.fetchOrPost(col)
	case col.PrimaryKey():
		if k.implicit {
			k.fetch = append(k.fetch, col)
		} else if !c.f.ReturningForSingle {
			k.dml.LastRowID = k.needKeys
		}
	default:
		k.fetchOrPost(col)
	}
}

func (k *crud) fetchOrPost(col *core.Column) {
	if k.returnDefaults[col] {
		k.fetch = append(k.fetch, col)
	} else {
		k.dml.Postfetch = append(k.dml.Postfetch, col)
	}
}

// modifiers decides how keys and defaults come back from an INSERT or UPDATE.
func (k *crud) modifiers() {
	f, o := k.c.f, k.opts
	if k.insert != nil {
		k.needKeys = k.toplevel && !o.Inline && (!k.c.opts.Executemany || f.InsertManyReturning && o.ReturnDefaults) && len(o.ReturningList) == 0 && !k.multi
		lastRowID := k.needKeys && !f.ReturningForSingle && k.table.AutoincrementColumn() != nil
		k.implicit = k.needKeys && f.InsertReturning && k.table.ImplicitReturning && !(k.insert.Upsert.Stated() && k.insert.Upsert.Kind == "sqlite") &&
			(!lastRowID || o.ReturnDefaults)
		if k.implicit {
			lastRowID = false
		}
		k.dml.LastRowID = lastRowID
		k.dml.MayReturn = k.implicit && o.ReturnDefaults
	}
	wants := o.ReturnDefaults && (k.insert != nil && k.implicit || k.update != nil && f.UpdateReturning && k.table.ImplicitReturning)
	if wants {
		k.returnDefaults = map[*core.Column]bool{}
		if len(o.DefaultColumns) == 0 {
			for _, col := range k.from.Columns().All() {
				k.returnDefaults[col] = true
			}
		}
		for _, e := range o.DefaultColumns {
			if col, ok := core.Plain(e).(*core.Column); ok {
				k.returnDefaults[col] = true
			}
		}
	}
}

// usesSequence reports whether a default's sequence is taken from on this database.
func (k *crud) usesSequence(d *core.Default) bool {
	return k.c.f.Sequences && (!d.Sequence.Optional || !k.c.f.SequencesOptional)
}

// prefetch writes the parameter of a default that is computed beforehand.
func (k *crud) prefetch(col *core.Column, d *core.Default, name string) []piece {
	return k.c.capture(func() {
		b := &core.Bind{Key: name, Type: col.ExprType(), Crud: true}
		k.c.bind(b)
		i := k.c.byBind[b]
		k.dml.Prefetch = append(k.dml.Prefetch, Prefetch{Column: col, Default: d, Param: i})
		if _, taken := k.dml.ColumnParams[col.Key]; !taken {
			k.dml.ColumnParams[col.Key] = i
		}
	})
}

func (k *crud) sqlValue(e core.Expr) []piece { return k.c.capture(func() { k.c.Operand(e, nil) }) }

func (k *crud) scanInsert(cols []*core.Column) {
	for _, col := range cols {
		key := col.Key
		if a, ok := k.given[key]; ok {
			name := key
			if k.multi {
				name += "_m0"
			}
			k.assign(col, name, a, false)
			delete(k.given, key)
			continue
		}
		if k.required[key] {
			k.assign(col, key, core.Assignment{}, true)
			delete(k.required, key)
			continue
		}
		s := col.Schema
		if s == nil {
			continue
		}
		switch {
		case s.PrimaryKey && k.needKeys:
			k.keyDefault(col)
		case s.Default != nil:
			k.columnDefault(col, s.Default)
		case s.ServerDefault != nil || s.Computed != nil || s.Identity != nil:
			if k.returnDefaults[col] {
				k.fetch = append(k.fetch, col)
			} else if !s.PrimaryKey {
				k.dml.Postfetch = append(k.dml.Postfetch, col)
			}
		case k.returnDefaults[col]:
			k.fetch = append(k.fetch, col)
		}
	}
}

// keyDefault finds the value of a primary key column that was given none.
func (k *crud) keyDefault(col *core.Column) {
	d := col.Schema.Default
	if k.implicit {
		switch {
		case d == nil:
			if col == k.table.AutoincrementColumn() || col.Schema.ServerDefault != nil || col.Schema.Identity != nil {
				k.fetch = append(k.fetch, col)
			}
		case d.Sequence != nil:
			if k.usesSequence(d) {
				k.add(col, k.sqlValue(&core.NextValue{Sequence: d.Sequence}))
			}
			k.fetch = append(k.fetch, col)
		case d.SQL != nil:
			k.add(col, k.sqlValue(d.SQL))
			k.fetch = append(k.fetch, col)
		default:
			k.add(col, k.prefetch(col, d, col.Key))
		}
		return
	}
	if d != nil && (d.Sequence == nil || k.usesSequence(d)) {
		k.add(col, k.prefetch(col, d, col.Key))
	}
}

func (k *crud) columnDefault(col *core.Column, d *core.Default) {
	switch {
	case d.Sentinel && !k.ordered():
	case d.Sequence != nil:
		if k.usesSequence(d) {
			k.add(col, k.sqlValue(&core.NextValue{Sequence: d.Sequence}))
			k.fetchOrPostKey(col)
		}
	case d.SQL != nil:
		k.add(col, k.sqlValue(d.SQL))
		k.fetchOrPostKey(col)
	default:
		k.add(col, k.prefetch(col, d, col.Key))
	}
}

func (k *crud) fetchOrPostKey(col *core.Column) {
	if k.returnDefaults[col] || !col.PrimaryKey() {
		k.fetchOrPost(col)
	}
}

// unconsumed refuses values for columns that the table does not have. Further
// names among the execution's parameters are ignored, as SQLAlchemy does.
func (k *crud) unconsumed() {
	var names []string
	for _, a := range append(append([]core.Assignment(nil), k.values()...), k.firstRow()...) {
		key := a.Key
		if col := assignedColumn(a); col != nil {
			key = k.key(col)
		}
		if _, left := k.given[key]; left {
			names = append(names, strings.ReplaceAll(key, "\x00", "."))
		}
	}
	if len(names) > 0 {
		if k.update != nil {
			k.checkTables()
		}
		exc.Raise(exc.CompileError, "Unconsumed column names: %s", strings.Join(names, ", "))
	}
}

func (k *crud) values() []core.Assignment {
	if k.insert != nil {
		return k.insert.Values
	}
	return k.update.Values
}

func (k *crud) firstRow() []core.Assignment {
	if k.multi {
		return k.insert.Rows[0]
	}
	return nil
}

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
	if c.ctes.any() && !c.f.CTEFollowsInsert {
		level := 0
		if !toplevel {
			level = len(c.stack)
		}
		c.withClause(level, true)
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
		if c.ctes.any() && c.f.CTEFollowsInsert {
			level := 0
			if !k.toplevel {
				level = len(c.stack)
			}
			c.withClause(level, true)
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
	k.scanInsert(k.columnOrder(s))
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

// columnOrder is the table's order, or that of the values when asked for.
func (k *crud) columnOrder(s *core.Insert) []*core.Column {
	return k.from.Columns().All()
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

// ordered reports whether the rows of RETURNING are to be put in the order of
// the parameters.
func (k *crud) ordered() bool {
	return k.insert != nil && k.dml.SortByParameterOrder && k.c.opts.Executemany && !k.dml.Upsert &&
		(len(k.opts.ReturningList) > 0 || k.implicit)
}

// sentinels finds the columns that put the rows of RETURNING into the order of
// the parameters, when an INSERT of many rows was asked for that, and adds them
// to RETURNING, where they may be for the second time then.
func (k *crud) sentinels(cols []core.Expr) []core.Expr {
	d := k.dml
	if !k.ordered() || k.table.PK == nil || len(k.table.PK.Cols) == 0 {
		return cols
	}
	keys := k.table.PK.Cols
	if own := k.table.SentinelColumn(); own != nil {
		k.checkSentinel(own)
		if own != k.table.AutoincrementColumn() {
			keys = []*core.Column{own}
		}
	}
	for _, key := range keys {
		if i, ok := d.ColumnParams[key.Key]; ok {
			d.SentinelParams = append(d.SentinelParams, i)
		}
	}
	switch auto := k.table.AutoincrementColumn(); {
	case len(d.SentinelParams) == len(keys):
		d.Order = BySentinel
	case auto != nil && len(d.SentinelParams) == 0:
		d.SentinelParams, d.Order = nil, k.c.f.AutoincrementOrder
		keys = []*core.Column{auto}
	default:
		d.SentinelParams = nil
	}
	if d.Order == NoOrder {
		return cols
	}
	cols = slices.Clone(cols)
	for _, key := range keys {
		d.SentinelResults = append(d.SentinelResults, len(cols))
		cols = append(cols, key)
	}
	d.SentinelExtra = len(keys)
	return cols
}

// checkSentinel refuses a column that was marked as a sentinel and cannot tell
// which row is which.
func (k *crud) checkSentinel(col *core.Column) {
	s, name := col.Schema, columnPath(col)
	numbers := s.Identity != nil || s.Default != nil && s.Default.Sequence != nil
	switch {
	case s.Default == nil && s.ServerDefault == nil && s.Identity == nil && s.Nullable:
		exc.Raise(exc.InvalidRequestError, "Column %s has been marked as a sentinel column with no default generation function; it at least needs to be marked nullable=False assuming user-populated sentinel values will be used.", name)
	case s.ServerDefault != nil && s.Default == nil && s.Identity == nil:
		exc.Raise(exc.InvalidRequestError, "Column %s can't be a sentinel column because it uses an explicit server side default that's not the Identity() default.", name)
	case (numbers || col == k.table.AutoincrementColumn() && s.Default == nil) && k.c.f.AutoincrementOrder == NoOrder:
		exc.Raise(exc.InvalidRequestError, "Column %s can't be explicitly marked as a sentinel column when using the %s dialect, as the particular type of default generation on this column is not currently compatible with this dialect's specific INSERT..RETURNING syntax which can receive the server-generated value in a deterministic way.  To remove this error, remove insert_sentinel=True from primary key autoincrement columns; these columns are automatically used as sentinels for supported dialects in any case.", name, k.c.d.Name())
	}
}

// crudTable writes the table of INSERT, UPDATE or DELETE with its hints.
func (c *Compiler) crudTable(f core.From, hints []core.Hint) {
	old := c.ctes.hints
	c.ctes.hints = hints
	c.from(f)
	c.ctes.hints = old
}

// furtherFroms are the FROM objects that the criteria and values of an UPDATE
// or DELETE need beside what is written to, and the further sides of a join
// that is written to.
func furtherFroms(target core.From, criteria []core.Expr, values []core.Assignment, given []core.From) []core.From {
	tables := tablesOf(target)
	seen := map[core.From]bool{tables[0]: true}
	var out []core.From
	add := func(fs []core.From) {
		for _, f := range fs {
			if !seen[f] {
				seen[f] = true
				out = append(out, f)
			}
		}
	}
	for _, e := range criteria {
		add(core.FromObjects(e))
	}
	for _, a := range values {
		if x, ok := a.Value.(core.Expr); ok {
			add(core.FromObjects(x))
		}
	}
	add(given)
	return append(out, tables[1:]...)
}

// tablesOf are the sides of a join, or f itself.
func tablesOf(f core.From) []core.From {
	f = core.PlainFrom(f)
	if j, ok := f.(*core.Join); ok {
		return append(tablesOf(j.Left), tablesOf(j.Right)...)
	}
	return []core.From{f}
}
