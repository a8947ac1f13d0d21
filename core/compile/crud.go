package compile

import (
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
		k.fetchGivenKey(col)
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
		k.fetchGivenKey(col)
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

// fetchGivenKey fetches a key that has a value where it might be NULL: SQLite
// and MySQL number the row then.
func (k *crud) fetchGivenKey(col *core.Column) {
	if k.insert != nil && k.implicit && !k.c.f.ReturningForSingle && col == k.table.AutoincrementColumn() {
		k.fetch = append(k.fetch, col)
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
