package core

// newRelationOf makes the table that stands for a view, or for what CREATE
// TABLE AS makes: with the columns of the query. m may be nil.
func newRelationOf(q Query, name, schema string, m *MetaData) *Table {
	if m == nil {
		m = NewMetaData()
	}
	var items []SchemaItem
	for _, c := range NewSubquery(q, "").Columns().All() {
		col := NewColumn(string(c.Name), c.Type)
		col.Schema = NewColumnSchema()
		items = append(items, col)
	}
	t := NewTable(name, m, schema, items...)
	t.ViewOf = q
	return t
}

// NewCreateView is CREATE VIEW of a query. Its Table is to be queried; in a
// MetaData it is made and dropped with the tables, after those that it reads.
func NewCreateView(q Query, name, schema string, m *MetaData) *CreateView {
	v := &CreateView{Table: newRelationOf(q, name, schema, m), Query: q}
	v.Table.IsView, v.Table.CreatedBy = true, v
	v.Table.ExtraDependencies = tablesIn(q)
	return v
}

// NewCreateTableAs is CREATE TABLE … AS a query.
func NewCreateTableAs(q Query, name, schema string, m *MetaData) *CreateTableAs {
	c := &CreateTableAs{Table: newRelationOf(q, name, schema, m), Query: q}
	c.Table.CreatedBy = c
	c.Table.ExtraDependencies = tablesIn(q)
	return c
}

// tablesIn are the tables that a query reads, subqueries' too.
func tablesIn(q Query) []*Table {
	var out []*Table
	seen := map[*Table]bool{}
	add := func(f From) {
		if t, ok := PlainFrom(f).(*Table); ok && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	Walk(q, func(n Node) bool {
		switch n := n.(type) {
		case *Column:
			if n.Table != nil {
				add(n.Table)
			}
		case From:
			add(n)
		}
		return true
	})
	return out
}
