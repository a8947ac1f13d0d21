package core

import (
	"strings"

	"alchemysh/core/exc"
)

// AutoAttach puts a constraint or index that was made of columns into their
// table: at once if all of them are in one, else when the last of them gets
// there. Beside names it waits for the table that it is written in, as names
// say nothing of theirs. Only a CHECK may have columns of several tables.
func AutoAttach(item SchemaItem, refs []any) {
	if k, ok := item.(Constraint); ok {
		number(k)
	}
	_, several := item.(*CheckConstraint)
	var placed, loose []*Column
	named := false
	for _, r := range refs {
		c, ok := r.(*Column)
		if !ok {
			named = true
			continue
		}
		if _, ok := c.Table.(*Table); ok {
			placed = append(placed, c)
		} else if c.Table == nil && c.Schema != nil {
			loose = append(loose, c)
		}
	}
	if len(loose) > 0 {
		if named {
			return
		}
		waiting := map[*Column]bool{}
		for _, c := range loose {
			waiting[c] = true
		}
		for c := range waiting {
			c.Schema.onAttach = append(c.Schema.onAttach, func() {
				if delete(waiting, c); len(waiting) == 0 {
					AutoAttach(item, refs)
				}
			})
		}
		return
	}
	if len(placed) == 0 {
		return
	}
	table := placed[0].Table.(*Table)
	var others []string
	for _, c := range placed[1:] {
		if c.Table != From(table) {
			others = append(others, "'"+c.label()+"'")
		}
	}
	switch {
	case len(others) == 0:
		if !attached(item) {
			table.into(item, table, func() { item.attach(table) })
		}
	case !several:
		exc.Raise(exc.ArgumentError, "Column(s) %s are not part of table '%s'.", strings.Join(others, ", "), table.Name)
	}
}

// attached reports whether a constraint or index is in a table already.
func attached(item SchemaItem) bool {
	switch k := item.(type) {
	case *PrimaryKeyConstraint:
		return k.Table != nil
	case *UniqueConstraint:
		return k.Table != nil
	case *ForeignKeyConstraint:
		return k.Table != nil
	case *CheckConstraint:
		return k.Table != nil || k.OfColumn != nil
	case *Index:
		return k.Table != nil
	}
	return false
}

// ColumnsIn are the columns of tables, or to come into tables, in an
// expression: what AutoAttach goes by.
func ColumnsIn(e Expr) (out []any) {
	if e == nil {
		return nil
	}
	Walk(e, func(n Node) bool {
		if c, ok := n.(*Column); ok {
			out = append(out, c)
			return false
		}
		return true
	})
	return out
}

// label is str() of a column: table.column.
func (c *Column) label() string {
	if t, ok := c.Table.(*Table); ok {
		return t.Name + "." + string(c.Name)
	}
	return string(c.Name)
}

// checkConvention refuses at once a constraint whose naming convention asks
// for a name that it was not given.
func checkConvention(k Constraint) {
	if _, err := NameOf(k); err != nil {
		if e := exc.Of(err); e != nil && e.Class == exc.InvalidRequestError {
			panic(e)
		}
	}
}

// checkGenerated refuses what does not go together with GENERATED.
func (c *Column) checkGenerated() error {
	s := c.Schema
	switch {
	case s.Computed != nil && (s.ServerDefault != nil || s.ServerOnUpd != nil || s.Identity != nil):
		return exc.New(exc.ArgumentError, "A generated column cannot specify a server_default or a server_onupdate argument")
	case s.Identity != nil && (s.ServerDefault != nil || s.ServerOnUpd != nil):
		return exc.New(exc.ArgumentError, "A column with an Identity object cannot specify a server_default or a server_onupdate argument")
	case s.Identity != nil && s.Autoincrement == AutoincrementOff:
		return exc.New(exc.ArgumentError, "A column with an Identity object cannot specify autoincrement=false")
	}
	return nil
}

// Check refuses a column whose parts contradict each other.
func (c *Column) Check() error {
	if c.Schema == nil {
		return nil
	}
	for _, d := range []*Default{c.Schema.Default, c.Schema.OnUpdate, c.Schema.ServerDefault, c.Schema.ServerOnUpd} {
		if d != nil && d.Column == nil {
			d.Column = c
		}
	}
	for _, fk := range c.Schema.ForeignKeys {
		if fk.Parent != nil && fk.Parent != c {
			return exc.New(exc.InvalidRequestError, "This ForeignKey already has a parent !")
		}
		fk.Parent = c
	}
	return c.checkGenerated()
}
