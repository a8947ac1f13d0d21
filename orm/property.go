package orm

import (
	"sync"

	"alchemysh/core"
)

// Property is one mapped attribute of a class.
type Property interface {
	Key() string
	Parent() *Mapper
	part() *property
}

// property is what all kinds share.
type property struct {
	key    string
	parent *Mapper
	Doc    string
	Info   map[string]any
	// Note is the binding layer's.
	Note any
}

// Key is the attribute's name.
func (p *property) Key() string { return p.key }

// Parent is the mapper on which the property was defined.
func (p *property) Parent() *Mapper { return p.parent }

func (p *property) part() *property { return p }

// String is SQLAlchemy's: Class.key.
func (p *property) String() string {
	if p.parent == nil {
		return p.key
	}
	return p.parent.Name + "." + p.key
}

// ColumnProperty maps an attribute to a column or to an SQL expression.
type ColumnProperty struct {
	property
	// Columns are the column, and those of base tables that are equal to it.
	Columns []core.Expr
	bare    *bareExpr

	Deferred      bool
	DeferredSet   bool
	Group         string
	RaiseLoad     bool
	ActiveHistory bool
	// QueryExpression: it has a value only where with_expression() gives one.
	QueryExpression bool
	// Default is a literal that stands in for a query expression that was not given.
	Default core.Expr
	// Attributes of the constructor and sorting, for mapped_column().
	SortOrder int
	// ExpireOnFlush: an expression is loaded anew after a flush changed the object.
	ExpireOnFlush bool
	// Discriminator: made by polymorphic_on, not by the person.
	Discriminator bool
}

// NewColumnProperty is column_property(columns…).
func NewColumnProperty(columns ...core.Expr) *ColumnProperty {
	return &ColumnProperty{Columns: columns, ExpireOnFlush: true}
}

// Column is the mapped table column; nil for an expression.
func (p *ColumnProperty) Column() *core.Column {
	c, _ := core.Plain(p.Columns[0]).(*core.Column)
	return c
}

// isTableColumn reports whether it is written to a table.
func (p *ColumnProperty) isTableColumn() bool {
	c := p.Column()
	return c != nil && c.Table != nil
}

// sql is the expression without the ORM's notes: the same one each time, so that
// a label of it is one label wherever a statement has it.
func (p *ColumnProperty) sql() core.Expr {
	x := p.Columns[0]
	if _, ok := x.(*core.Column); ok {
		return x
	}
	bareMu.Lock()
	defer bareMu.Unlock()
	if p.bare == nil || p.bare.of != x {
		p.bare = &bareExpr{x, stripped(x)}
	}
	return p.bare.is
}

// bareExpr is an expression and what it is without the ORM's notes.
type bareExpr struct{ of, is core.Expr }

var bareMu sync.Mutex // of all properties, which are copied

// Expression is what the attribute is in SQL.
func (p *ColumnProperty) Expression() core.Expr { return p.Columns[0] }

// Synonym is another name of an attribute.
type Synonym struct {
	// MapColumn maps the column of the synonym's own name under the target's.
	MapColumn bool
	property
	Target string
	// Descriptor is the binding layer's object that serves instances, if any.
	Descriptor any
}

// Composite is a value made of several columns.
type Composite struct {
	property
	// Attrs are attribute names, columns or column properties; columns that are
	// given here are mapped under their own keys.
	Attrs []any
	// New makes the value of the columns' values, Values takes it apart.
	New    func(values []any) (any, error)
	Values func(v any) ([]any, error)
	// Equal compares two values; nil compares what Values gives.
	Equal func(a, b any) bool
	// Compare builds the SQL of a comparison other than == and !=.
	Comparator any
	Group      string
	Deferred   bool
	keys       []string
}

// Keys are the attributes that it is made of.
func (c *Composite) Keys() []string { return c.keys }

// Descriptor is an attribute that is served by the class itself: a hybrid, an
// association proxy. The mapper only knows its name.
type Descriptor struct {
	property
	Value any
}
