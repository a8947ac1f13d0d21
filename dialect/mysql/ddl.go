package mysql

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

var (
	enclosed  = regexp.MustCompile(`^\s*['"(]`)
	onUpdate  = regexp.MustCompile(`(?i)ON UPDATE`)
	composite = regexp.MustCompile(`\W`)
)

// ColumnSpec has the order of MySQL: comment and AUTO_INCREMENT or default last.
func (d *Dialect) ColumnSpec(c *ddl.Compiler, col *core.Column) string {
	s := col.Schema
	spec := []string{c.Column(col), c.Type(col.ExprType())}
	if s.Computed != nil {
		spec = append(spec, d.Computed(c, s.Computed))
	}
	if !s.Nullable {
		spec = append(spec, "NOT NULL")
	} else if t := ddl.Carrier(col.ExprType(), d.name); isTimestamp(t) {
		spec = append(spec, "NULL") // or it would be NOT NULL, of itself
	}
	if s.HasComment || s.Comment != "" {
		spec = append(spec, "COMMENT "+c.Text(s.Comment))
	}
	if d.autoIncrement(col) {
		spec = append(spec, "AUTO_INCREMENT")
	} else if text, ok := c.ServerDefault(col); ok {
		if d.expressionDefaults() && !enclosed.MatchString(text) && !onUpdate.MatchString(text) && composite.MatchString(text) {
			text = "(" + text + ")"
		}
		spec = append(spec, "DEFAULT "+text)
	}
	return strings.Join(spec, " ")
}

func isTimestamp(t types.Type) bool {
	m, ok := t.(*types.DateTimeType)
	return ok && m.Name() == "TIMESTAMP"
}

func (d *Dialect) autoIncrement(col *core.Column) bool {
	t, ok := col.Table.(*core.Table)
	if !ok || col.Schema.ServerDefault != nil {
		return false
	}
	if auto := t.AutoincrementColumn(); auto == nil || auto.Key != col.Key {
		return false
	}
	def := col.Schema.Default
	return !(d.features.Sequences && def != nil && def.Sequence != nil && !def.Sequence.Optional)
}

// expressionDefaults reports whether the server takes expressions as defaults,
// in parentheses; before the first connection nobody knows.
func (d *Dialect) expressionDefaults() bool {
	if d.MariaDB {
		return d.atLeast(10, 2, 1)
	}
	return d.atLeast(8, 0, 13)
}

func (d *Dialect) atLeast(version ...int) bool {
	for i, n := range version {
		if d.ServerVersion[i] != n {
			return d.ServerVersion[i] > n
		}
	}
	return true
}

// Constraint adds USING to a primary key.
func (d *Dialect) Constraint(c *ddl.Compiler, k core.Constraint) (string, bool) {
	text, ok := d.Standard.Constraint(c, k)
	if pk, is := k.(*core.PrimaryKeyConstraint); is && ok {
		if using, _ := ddl.Option(pk.DialectArgs, d.name, "using").(string); using != "" {
			text += " USING " + c.Name(using, core.QuoteAsNeeded)
		}
	}
	return text, ok
}

// Match is refused.
func (*Dialect) Match(_ *ddl.Compiler, k *core.ForeignKeyConstraint) string {
	if k.Match != "" {
		exc.Raise(exc.CompileError, "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.")
	}
	return ""
}

// Table options of which the value is a string, and those that are spelt in
// several words or without "=".
var (
	quotedOptions = words("COMMENT DATA_DIRECTORY INDEX_DIRECTORY PASSWORD CONNECTION")
	spacedOptions = words("DATA_DIRECTORY INDEX_DIRECTORY DEFAULT_CHARACTER_SET CHARACTER_SET DEFAULT_CHARSET DEFAULT_COLLATE")
	bareOptions   = words("TABLESPACE DEFAULT_CHARACTER_SET CHARACTER_SET COLLATE")
	partitioning  = []string{"PARTITION_BY", "PARTITIONS", "SUBPARTITION_BY", "SUBPARTITIONS"}
)

func words(s string) map[string]bool { return wordSet(s) }

// TableSuffix is ENGINE=InnoDB and the like, then the partitioning.
func (d *Dialect) TableSuffix(c *ddl.Compiler, t *core.Table) string {
	options := map[string]string{}
	for k, v := range t.DialectArgs {
		if name, ok := strings.CutPrefix(k, d.name+"_"); ok {
			options[strings.ToUpper(name)] = types.Str(v)
		}
	}
	if t.HasComment || t.Comment != "" {
		options["COMMENT"] = t.Comment
	}
	var parts []string
	for _, o := range optionOrder(options) {
		value := options[o]
		if quotedOptions[o] {
			value = c.Text(value)
		}
		joiner, spelt := "=", o
		if bareOptions[o] {
			joiner = " "
		}
		if spacedOptions[o] {
			spelt = strings.ReplaceAll(o, "_", " ")
		}
		parts = append(parts, spelt+joiner+value)
	}
	for _, o := range partitioning {
		if value, ok := options[o]; ok {
			parts = append(parts, strings.ReplaceAll(o, "_", " ")+" "+value)
		}
	}
	return strings.Join(parts, " ")
}

// optionOrder is a fixed order in which a collation follows its character set.
func optionOrder(options map[string]string) []string {
	var names []string
next:
	for o := range options {
		for _, p := range partitioning {
			if o == p {
				continue next
			}
		}
		names = append(names, o)
	}
	sort.Slice(names, func(i, j int) bool {
		if ci, cj := names[i] == "COLLATE", names[j] == "COLLATE"; ci != cj {
			return cj
		}
		return names[i] > names[j]
	})
	return names
}

// CreateIndex knows prefixes, lengths, parsers and methods.
func (d *Dialect) CreateIndex(c *ddl.Compiler, s *core.CreateIndex) string {
	x := s.Index
	t := c.IndexTable(x)
	option := func(name string) any { return ddl.Option(x.DialectArgs, d.name, name) }
	items := make([]string, len(x.Exprs))
	for i, e := range x.Exprs {
		items[i] = c.Bare(e)
		if functional(e) {
			items[i] = "(" + items[i] + ")"
		}
		items[i] += length(option("length"), e, items[i])
	}
	text := "CREATE " + ddl.Unique(x)
	if prefix, _ := option("prefix").(string); prefix != "" {
		text += prefix + " "
	}
	text += "INDEX " + ddl.IfNotExists(s.IfNotExists) + c.IndexName(x, false) + " ON " + c.Table(t) + " (" + strings.Join(items, ", ") + ")"
	if parser, _ := option("with_parser").(string); parser != "" {
		text += " WITH PARSER " + parser
	}
	if using, _ := option("using").(string); using != "" {
		text += " USING " + c.Name(using, core.QuoteAsNeeded)
	}
	return text
}

// functional reports whether an index item is an expression, to be put in
// parentheses of its own.
func functional(e core.Expr) bool {
	switch e := core.Plain(e).(type) {
	case *core.Binary, *core.Func:
		return true
	case *core.Unary:
		return e.Op != core.DescOp && e.Op != core.AscOp
	}
	return false
}

// length is how much of a column to index: one number for all, or by name.
func length(v any, e core.Expr, spelt string) string {
	switch v := v.(type) {
	case int64, int:
		return fmt.Sprintf("(%d)", v)
	case float64:
		return fmt.Sprintf("(%d)", int64(v))
	case map[string]any:
		if col, ok := core.Plain(e).(*core.Column); ok {
			if n, ok := v[string(col.Name)]; ok {
				return length(n, e, spelt)
			}
		}
		if n, ok := v[spelt]; ok {
			return length(n, e, spelt)
		}
	case types.Object:
		m := map[string]any{}
		for _, k := range v.Names() {
			m[k], _ = v.Get(k)
		}
		return length(m, e, spelt)
	}
	return ""
}

// DropIndex names the table.
func (*Dialect) DropIndex(c *ddl.Compiler, s *core.DropIndex) string {
	return "\nDROP INDEX " + ddl.IfExists(s.IfExists) + c.IndexName(s.Index, false) + " ON " + c.Table(c.IndexTable(s.Index))
}

// NoCycle is one word in MariaDB.
func (*Dialect) NoCycle() string { return "NOCYCLE" }

// DropConstraint names the kind of constraint.
func (d *Dialect) DropConstraint(c *ddl.Compiler, s *core.DropConstraint) string {
	kind, name := "", ""
	switch s.Constraint.(type) {
	case *core.PrimaryKeyConstraint:
		kind = "PRIMARY KEY "
	case *core.ForeignKeyConstraint:
		kind, name = "FOREIGN KEY ", c.ConstraintName(s.Constraint)
	case *core.UniqueConstraint:
		kind, name = "INDEX ", c.ConstraintName(s.Constraint)
	case *core.CheckConstraint:
		kind, name = "CHECK ", c.ConstraintName(s.Constraint)
		if d.MariaDB {
			kind = "CONSTRAINT "
		}
	}
	return "ALTER TABLE " + c.Table(ddl.TableOf(s.Constraint)) + " DROP " + kind + name
}

// TableComment is an ALTER TABLE.
func (*Dialect) TableComment(c *ddl.Compiler, t *core.Table, text *string) string {
	s := ""
	if text != nil {
		s = *text
	}
	return "ALTER TABLE " + c.Table(t) + " COMMENT " + c.Text(s)
}

// ColumnComment restates the column.
func (d *Dialect) ColumnComment(c *ddl.Compiler, col *core.Column, text *string) string {
	t, _ := col.Table.(*core.Table)
	restated, schema := *col, *col.Schema
	restated.Schema = &schema
	if text == nil {
		schema.Comment, schema.HasComment = "", false
	}
	return "ALTER TABLE " + c.Table(t) + " CHANGE " + c.Column(col) + " " + d.ColumnSpec(c, &restated)
}
