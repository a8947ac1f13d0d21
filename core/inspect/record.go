package inspect

import "alchemysh/core/types"

// Column is one column of a table or view.
type Column struct {
	Name          string
	Type          types.Type
	Nullable      bool
	Default       *string // the text of its DEFAULT, nil for none
	Autoincrement any     // true, false or "auto"; nil where nobody says
	Comment       *string
	Computed      *Computed
	Identity      *Identity
	PrimaryKey    int // its place in the key on SQLite, 0 for none
	// Options are the dialect's: "mysql_…".
	Options types.Object

	// What the record of this database has besides.
	showComment, showKey bool
}

// WithComment says that the record has a comment, be it nil.
func (c *Column) WithComment() *Column { c.showComment = true; return c }

// WithKey says that the record has the place in the key.
func (c *Column) WithKey() *Column { c.showKey = true; return c }

// Computed is how a generated column is computed.
type Computed struct {
	SQLText   string
	Persisted bool
}

// Identity are the options of GENERATED … AS IDENTITY.
type Identity struct {
	Always                                         bool
	Start, Increment, MinValue, MaxValue, CacheLen int64
	Cycle                                          bool
}

// PrimaryKey is a primary key.
type PrimaryKey struct {
	Name    string // "" for none
	Columns []string
	Comment *string
	Options types.Object
	withComment
}

// ForeignKey is a foreign key. ReferredSchema is "" for the default schema.
type ForeignKey struct {
	Name            string
	Columns         []string
	ReferredSchema  string
	ReferredTable   string
	ReferredColumns []string
	Options         types.Object // ondelete, onupdate, deferrable, initially, match
	Comment         *string
	withComment
}

// Index is an index. A column name is "" where the index has an expression.
type Index struct {
	Name        string
	Columns     []string
	Unique      bool
	Expressions []string // all items, when any of them is an expression
	Include     []string
	// DuplicatesConstraint is the unique constraint whose index it is.
	DuplicatesConstraint string
	Sorting              types.Object // column → list of "desc", "nulls_last" …
	Options              types.Object // "postgresql_where", "mysql_length" …
	// Kind is MySQL's: UNIQUE, FULLTEXT, SPATIAL.
	Kind string
	// BareOptions: the record has no empty dialect_options.
	BareOptions bool
	hasIncludes bool
	// NumericUnique: the record shows 1 and 0.
	NumericUnique bool
}

// WithInclude says that the record lists included columns, be there none.
func (x *Index) WithInclude() *Index { x.hasIncludes = true; return x }

// Unique is a unique constraint.
type Unique struct {
	Name            string
	Columns         []string
	Comment         *string
	DuplicatesIndex string
	Options         types.Object
	withComment
}

// Check is a CHECK constraint.
type Check struct {
	Name    string
	SQLText string
	Comment *string
	Options types.Object
	withComment
}

// Enum is a PostgreSQL enumeration.
type Enum struct {
	Name, Schema string
	Visible      bool
	Labels       []string
}

// Domain is a PostgreSQL domain.
type Domain struct {
	Name, Schema string
	Visible      bool
	Type         types.Type
	TypeText     string
	Nullable     bool
	Default      *string
	Collation    string
	Constraints  []Check
}

type withComment struct{ shown bool }

// ShowComment says that the record has a comment, be it nil.
func (w *withComment) ShowComment() { w.shown = true }

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func pointed(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// names lists columns, nil where one is an expression.
func names(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = orNil(s)
	}
	return out
}

// Record gives SQLAlchemy's keys.
func (c *Column) Record() types.Object {
	o := types.NewObject("name", c.Name, "type", c.Type, "nullable", c.Nullable, "default", pointed(c.Default))
	if c.Autoincrement != nil {
		o.Set("autoincrement", c.Autoincrement)
	}
	if c.showKey {
		o.Set("primary_key", int64(c.PrimaryKey))
	}
	if c.showComment {
		o.Set("comment", pointed(c.Comment))
	}
	if c.Computed != nil {
		o.Set("computed", types.NewObject("sqltext", c.Computed.SQLText, "persisted", c.Computed.Persisted))
	}
	if i := c.Identity; i != nil {
		o.Set("identity", types.NewObject("always", i.Always, "start", i.Start, "increment", i.Increment,
			"minvalue", i.MinValue, "maxvalue", i.MaxValue, "cycle", i.Cycle, "cache", i.CacheLen))
	}
	return o
}

// Record gives SQLAlchemy's keys.
func (k *PrimaryKey) Record() types.Object {
	o := types.NewObject("constrained_columns", texts(k.Columns), "name", orNil(k.Name))
	if k.shown {
		o.Set("comment", pointed(k.Comment))
	}
	if k.Options.Len() > 0 {
		o.Set("dialect_options", k.Options)
	}
	return o
}

// Record gives SQLAlchemy's keys.
func (k *ForeignKey) Record() types.Object {
	o := types.NewObject("name", orNil(k.Name), "constrained_columns", texts(k.Columns), "referred_schema", orNil(k.ReferredSchema),
		"referred_table", k.ReferredTable, "referred_columns", texts(k.ReferredColumns), "options", k.Options)
	if k.shown {
		o.Set("comment", pointed(k.Comment))
	}
	return o
}

// Record gives SQLAlchemy's keys.
func (x *Index) Record() types.Object {
	var unique any = x.Unique
	if x.NumericUnique {
		unique = int64(0)
		if x.Unique {
			unique = int64(1)
		}
	}
	o := types.NewObject("name", orNil(x.Name), "unique", unique, "column_names", names(x.Columns))
	if len(x.Expressions) > 0 {
		o.Set("expressions", texts(x.Expressions))
	}
	if x.Sorting.Len() > 0 {
		o.Set("column_sorting", x.Sorting)
	}
	if x.hasIncludes {
		o.Set("include_columns", texts(x.Include))
	}
	if x.DuplicatesConstraint != "" {
		o.Set("duplicates_constraint", x.DuplicatesConstraint)
	}
	if x.Kind != "" {
		o.Set("type", x.Kind)
	}
	if x.Options.Len() > 0 || !x.BareOptions {
		o.Set("dialect_options", x.Options)
	}
	return o
}

// Record gives SQLAlchemy's keys.
func (k *Unique) Record() types.Object {
	o := types.NewObject("name", orNil(k.Name), "column_names", texts(k.Columns))
	if k.shown {
		o.Set("comment", pointed(k.Comment))
	}
	if k.DuplicatesIndex != "" {
		o.Set("duplicates_index", k.DuplicatesIndex)
	}
	if k.Options.Len() > 0 {
		o.Set("dialect_options", k.Options)
	}
	return o
}

// Record gives SQLAlchemy's keys.
func (k *Check) Record() types.Object {
	o := types.NewObject("name", orNil(k.Name), "sqltext", k.SQLText)
	if k.shown {
		o.Set("comment", pointed(k.Comment))
	}
	if k.Options.Len() > 0 {
		o.Set("dialect_options", k.Options)
	}
	return o
}

// Record gives SQLAlchemy's keys.
func (e *Enum) Record() types.Object {
	return types.NewObject("name", e.Name, "schema", e.Schema, "visible", e.Visible, "labels", texts(e.Labels))
}

// Record gives SQLAlchemy's keys.
func (d *Domain) Record() types.Object {
	checks := make([]any, len(d.Constraints))
	for i, k := range d.Constraints {
		checks[i] = types.NewObject("name", orNil(k.Name), "check", k.SQLText)
	}
	return types.NewObject("name", d.Name, "schema", d.Schema, "visible", d.Visible, "type", d.TypeText, "nullable", d.Nullable,
		"default", pointed(d.Default), "constraints", checks, "collation", orNil(d.Collation))
}
