package ddl

import (
	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
)

// Alteration is what changes about a column; Column is what it is to become.
type Alteration struct {
	Column                  *core.Column
	Type, Nullable, Default bool
	Comment                 bool
}

// Alterer is a dialect that can change columns. Without it they cannot be
// changed: SQLite has to make the table anew.
type Alterer interface {
	AlterColumn(c *Compiler, a Alteration) []string
}

// Altering gives the ALTER TABLE statements of a change; ok is false where the
// database has none for it.
func Altering(d compile.Dialect, a Alteration) (sql []string, ok bool, err error) {
	defer exc.Catch(&err)
	c := &Compiler{dialect: of(d)}
	x, ok := d.(Alterer)
	if !ok {
		return nil, false, nil
	}
	return x.AlterColumn(c, a), true, nil
}

// AddColumn is ALTER TABLE … ADD COLUMN.
func AddColumn(d compile.Dialect, col *core.Column) (sql string, err error) {
	defer exc.Catch(&err)
	c := &Compiler{dialect: of(d)}
	t := col.Table.(*core.Table)
	return "ALTER TABLE " + c.Table(t) + " ADD COLUMN " + c.column(t, col), nil
}

// DropColumn is ALTER TABLE … DROP COLUMN.
func DropColumn(d compile.Dialect, t *core.Table, name string) string {
	c := &Compiler{dialect: of(d)}
	return "ALTER TABLE " + c.Table(t) + " DROP COLUMN " + c.Name(name, core.QuoteAsNeeded)
}

// DefaultText is what stands after DEFAULT of a column; false for none.
func DefaultText(d compile.Dialect, col *core.Column) (text string, ok bool, err error) {
	defer exc.Catch(&err)
	c := &Compiler{dialect: of(d)}
	text, ok = c.ServerDefault(col)
	return text, ok, nil
}

// ComputedText is the expression of a computed column.
func ComputedText(d compile.Dialect, x *core.Computed) (text string, err error) {
	defer exc.Catch(&err)
	return (&Compiler{dialect: of(d)}).Bare(x.X), nil
}

// CheckText is the condition of a CHECK.
func CheckText(d compile.Dialect, k *core.CheckConstraint) (text string, err error) {
	defer exc.Catch(&err)
	return (&Compiler{dialect: of(d)}).condition(k), nil
}

// Included reports whether CREATE TABLE writes the constraint on this database.
func Included(d compile.Dialect, t *core.Table, k core.Constraint) bool {
	c := &Compiler{dialect: of(d)}
	if fk, ok := k.(*core.ForeignKeyConstraint); ok && fk.UseAlter {
		return true
	}
	if check, ok := k.(*core.CheckConstraint); ok && check.OfColumn != nil {
		return true
	}
	return c.belongs(&core.CreateTable{Table: t}, k)
}
