package orm

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Declaration is a declarative class: a body of attributes, with mixins and
// abstract bases.
type Declaration struct {
	Definition
	TableName string
	Table     core.From // __table__
	// Body are the class's own attributes in written order, Mixins those of its
	// unmapped bases, nearest first.
	Body   []Named
	Mixins [][]Named
	// MakeTable makes the table with its arguments (__table_args__).
	MakeTable func(name string, columns []*core.Column) (*core.Table, error)
}

// Declare makes the table and the mapper of a declarative class.
func (r *Registry) Declare(d Declaration) (m *Mapper, err error) {
	defer catch(&err)
	var attrs []Named
	seen := map[string]bool{}
	for _, n := range d.Body {
		seen[n.Key] = true
		attrs = append(attrs, n)
	}
	for _, mixin := range d.Mixins {
		for _, n := range mixin {
			if seen[n.Key] || d.Inherits != nil && d.Inherits.byKey[n.Key] != nil {
				continue
			}
			seen[n.Key] = true
			attrs = append(attrs, Named{n.Key, copyAttribute(n.Value)})
		}
	}
	columns, properties := declaredColumns(attrs)
	slices.SortStableFunc(columns, func(a, b declared) int { return a.order - b.order })
	switch {
	case d.Table != nil:
		d.Local = d.Table
		for _, p := range properties {
			if c, ok := p.Value.(*core.Column); ok && c.Table == nil {
				t, isTable := core.PlainFrom(d.Table).(*core.Table)
				if isTable {
					if _, known := t.Columns().Get(c.Key); !known {
						fail(exc.ArgumentError, "Can't add additional column '%s' when specifying __table__", c.Key)
					}
				}
			}
		}
		for _, c := range columns {
			if t, ok := core.PlainFrom(d.Table).(*core.Table); ok && c.col.Table == nil {
				if _, known := t.Columns().Get(c.col.Key); !known {
					fail(exc.ArgumentError, "Can't add additional column '%s' when specifying __table__", c.col.Key)
				}
			}
		}
	case d.TableName != "":
		list := make([]*core.Column, len(columns))
		for n, c := range columns {
			list[n] = c.col
		}
		if d.MakeTable != nil {
			d.Local = must(d.MakeTable(d.TableName, list))
		} else {
			items := make([]core.SchemaItem, len(list))
			for n, c := range list {
				items[n] = c
			}
			t := core.NewTable(d.TableName, r.MetaData, r.MetaData.Schema, items...)
			t.Complete()
			d.Local = t
		}
	case d.Inherits != nil && !d.Concrete:
		t := d.Inherits.Table()
		for _, c := range columns {
			if t == nil {
				fail(exc.ArgumentError, "Can't add columns to %s", d.Inherits)
			}
			if old, known := t.Columns().Get(c.col.Key); known {
				if old == c.col {
					continue
				}
				fail(exc.ArgumentError, "Column '%s' on class %s conflicts with existing column '%s'.  If using Declarative, consider using the use_existing_column parameter of mapped_column() to resolve conflicts.", c.col.Name, d.Name, qualified(old))
			}
			t.Append(c.col)
		}
		for _, c := range columns {
			d.Declared = append(d.Declared, c.col.Key)
		}
	default:
		fail(exc.InvalidRequestError, "Class <class '%s'> does not have a __table__ or __tablename__ specified and does not inherit from an existing table-mapped class.", d.Name)
	}
	if d.Inherits != nil && !d.Concrete && d.ExcludeProperties == nil {
		var own []string
		for _, c := range columns {
			own = append(own, c.col.Key)
		}
		d.ExcludeProperties = ColumnsOfOthers(d.Inherits, own)
	}
	d.Definition.Properties = append(d.Definition.Properties, properties...)
	return r.Map(d.Definition)
}

// ColumnsOfOthers are the columns of an inherited table that the parent does not
// map: other subclasses have added them, for themselves. What a class declares
// (own, by key) it has.
func ColumnsOfOthers(parent *Mapper, own []string) []string {
	out := slices.Clone(parent.ExcludeProperties)
	for _, c := range core.PlainFrom(parent.Local).Columns().All() {
		if parent.colProps[c] == nil && !slices.Contains(out, c.Key) {
			out = append(out, c.Key)
		}
	}
	return slices.DeleteFunc(out, func(key string) bool { return slices.Contains(own, key) })
}

type declared struct {
	col   *core.Column
	order int
}

// declaredColumns names the columns of a body after their attributes and
// separates what the table needs from what the mapper must be told.
func declaredColumns(attrs []Named) (columns []declared, properties []Named) {
	add := func(key string, c *core.Column, order int) {
		if c.Table != nil {
			return
		}
		if c.Name == "" {
			c.Name = core.Name(key)
		}
		if c.Key == "" {
			c.Key = key
			if string(c.Name) != key {
				c.Key = string(c.Name)
			}
		}
		for _, d := range columns {
			if d.col == c {
				return
			}
		}
		columns = append(columns, declared{c, order})
	}
	for _, n := range attrs {
		switch v := n.Value.(type) {
		case *core.Column:
			add(n.Key, v, 0)
			if v.Key != n.Key || v.Table != nil {
				properties = append(properties, n)
			}
		case *ColumnProperty:
			for _, e := range v.Columns {
				if c, ok := core.Plain(e).(*core.Column); ok && core.Expr(c) == e && !c.Literal && c.Schema != nil {
					add(n.Key, c, v.SortOrder)
				}
			}
			if c := v.Column(); c != nil && v.plain() && c.Key == n.Key && len(v.Columns) == 1 && core.Expr(c) == v.Columns[0] && c.Table == nil {
				continue
			}
			properties = append(properties, n)
		case *Composite:
			for _, a := range v.Attrs {
				switch c := a.(type) {
				case *core.Column:
					add(string(c.Name), c, 0)
				case *ColumnProperty:
					if col := c.Column(); col != nil {
						add(string(col.Name), col, c.SortOrder)
					}
				}
			}
			properties = append(properties, n)
		case Property:
			properties = append(properties, n)
		case core.Expr:
			properties = append(properties, n)
		}
	}
	return columns, properties
}

// plain reports whether the property says nothing that a column alone does not.
func (p *ColumnProperty) plain() bool {
	return !p.Deferred && p.Group == "" && !p.RaiseLoad && !p.ActiveHistory && !p.QueryExpression && p.Info == nil && p.Doc == ""
}

// copyAttribute copies what a mixin shares between its classes.
func copyAttribute(v any) any {
	switch v := v.(type) {
	case *core.Column:
		if v.Table != nil {
			return v
		}
		return CopyColumn(v)
	case *ColumnProperty:
		n := *v
		n.property = property{Doc: v.Doc, Info: v.Info}
		n.Columns = make([]core.Expr, len(v.Columns))
		for k, e := range v.Columns {
			n.Columns[k] = e
			if c, ok := e.(*core.Column); ok && c.Table == nil {
				n.Columns[k] = CopyColumn(c)
			}
		}
		return &n
	case *Relationship:
		n := *v
		n.property = property{Doc: v.Doc, Info: v.Info}
		n.ready, n.strategies, n.join, n.dep, n.lazyClause, n.reverse = false, nil, nil, nil, nil, nil
		return &n
	case *Synonym:
		return &Synonym{Target: v.Target, Descriptor: v.Descriptor, MapColumn: v.MapColumn}
	case *Composite:
		n := *v
		n.property = property{Doc: v.Doc, Info: v.Info}
		return &n
	}
	return v
}

// CopyColumn copies a column that is in no table yet.
func CopyColumn(c *core.Column) *core.Column {
	n := core.NewColumn(string(c.Name), c.Type)
	n.Key, n.Quote, n.Literal = c.Key, c.Quote, c.Literal
	if c.Schema == nil {
		return n
	}
	s := *c.Schema
	s.Serial = core.NewColumnSchema().Serial
	s.ForeignKeys = nil
	for _, fk := range c.Schema.ForeignKeys {
		f := *fk
		f.Parent, f.Constraint = nil, nil
		s.ForeignKeys = append(s.ForeignKeys, &f)
	}
	s.Constraints = slices.Clone(c.Schema.Constraints)
	n.Schema = &s
	return n
}
