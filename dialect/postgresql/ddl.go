package postgresql

import (
	"regexp"
	"sort"
	"strings"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

var indexMethod = regexp.MustCompile(`(?i)^(?:btree|hash|gist|gin|[\w_]+)$`)

var deleteAction = regexp.MustCompile(`(?i)^(?:RESTRICT|CASCADE|SET (?:NULL|DEFAULT)(?:\s*\(.+\))?|NO ACTION)$`)

// OnDelete may name the columns that SET NULL and SET DEFAULT are for.
func (*Dialect) OnDelete() *regexp.Regexp { return deleteAction }

// ColumnSpec writes SERIAL for the integer key that numbers itself.
func (d *Dialect) ColumnSpec(c *ddl.Compiler, col *core.Column) string {
	s := col.Schema
	spec := c.Column(col)
	identity := s.Identity != nil
	if serial := serialType(col); serial != "" && !identity {
		spec += " " + serial
	} else {
		spec += " " + c.Type(col.ExprType())
		if text, ok := c.ServerDefault(col); ok {
			spec += " DEFAULT " + text
		}
	}
	if s.Computed != nil {
		spec += " " + d.Computed(c, s.Computed)
	}
	if identity {
		spec += " " + c.Identity(s.Identity)
	}
	switch {
	case !s.Nullable && !identity:
		spec += " NOT NULL"
	case s.Nullable && identity:
		spec += " NULL"
	}
	return spec
}

func serialType(col *core.Column) string {
	t, ok := col.Table.(*core.Table)
	if !ok || !col.Schema.PrimaryKey || t.AutoincrementColumn() != col {
		return ""
	}
	if def := col.Schema.Default; def != nil && (def.Sequence == nil || !def.Sequence.Optional) {
		return ""
	}
	switch types.ClassOf(ddl.Carrier(col.ExprType(), "postgresql")) {
	case types.BigInteger, types.BIGINT:
		return "BIGSERIAL"
	case types.SmallInteger, types.SMALLINT:
		return "SMALLSERIAL"
	}
	return "SERIAL"
}

// Constraint adds NOT VALID, NULLS NOT DISTINCT, INCLUDE, and EXCLUDE constraints.
func (d *Dialect) Constraint(c *ddl.Compiler, k core.Constraint) (string, bool) {
	args := k.Named().DialectArgs
	switch k := k.(type) {
	case *core.ExcludeConstraint:
		return d.exclude(c, k), true
	case *core.UniqueConstraint:
		if len(k.Cols) == 0 {
			return "", false
		}
		return c.Preamble(k) + "UNIQUE " + nullsDistinct(args, "", " ") + "(" + c.Columns(k.Cols) + ")" + include(c, k.Table, args) + c.Deferrability(k), true
	case *core.PrimaryKeyConstraint:
		text, ok := d.Standard.Constraint(c, k)
		end := c.Deferrability(k)
		return strings.TrimSuffix(text, end) + include(c, k.Table, args) + end, ok
	case *core.CheckConstraint, *core.ForeignKeyConstraint:
		text, ok := d.Standard.Constraint(c, k)
		if not, _ := ddl.Option(args, "postgresql", "not_valid").(bool); not {
			text += " NOT VALID"
		}
		return text, ok
	}
	return d.Standard.Constraint(c, k)
}

func nullsDistinct(args map[string]any, before, after string) string {
	not, given := ddl.Option(args, "postgresql", "nulls_not_distinct").(bool)
	switch {
	case !given:
		return ""
	case not:
		return before + "NULLS NOT DISTINCT" + after
	}
	return before + "NULLS DISTINCT" + after
}

func include(c *ddl.Compiler, t *core.Table, args map[string]any) string {
	names := list(ddl.Option(args, "postgresql", "include"))
	if len(names) == 0 {
		return ""
	}
	out := make([]string, len(names))
	for i, n := range names {
		switch n := n.(type) {
		case *core.Column:
			out[i] = c.Column(n)
		case string:
			out[i] = c.Column(t.C(n))
		}
	}
	return " INCLUDE (" + strings.Join(out, ", ") + ")"
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out
	}
	return []any{v}
}

func (d *Dialect) exclude(c *ddl.Compiler, k *core.ExcludeConstraint) string {
	items := make([]string, len(k.Elements))
	for i, e := range k.Elements {
		var text string
		switch x := e.Column.(type) {
		case core.Expr:
			text = c.Bare(x)
		case string:
			if col, ok := k.Table.Columns().Get(x); ok {
				text = c.Column(col)
			} else {
				text = c.Name(x, core.QuoteAsNeeded)
			}
		}
		if e.OpsFor != "" {
			text += " " + e.OpsFor
		}
		items[i] = text + " WITH " + e.Op
	}
	using := k.Using
	if using == "" {
		using = "gist"
	}
	text := c.Preamble(k) + "EXCLUDE USING " + strings.ToLower(ddl.Phrase(using, indexMethod)) + " (" + strings.Join(items, ", ") + ")"
	if k.Where != nil {
		text += " WHERE (" + c.SQL(k.Where) + ")"
	}
	return text + c.Deferrability(k)
}

// Computed is always stored.
func (d *Dialect) Computed(c *ddl.Compiler, x *core.Computed) string {
	if x.Persisted != nil && !*x.Persisted {
		if d.ServerVersion >= 180000 {
			return "GENERATED ALWAYS AS (" + c.Bare(x.X) + ") VIRTUAL"
		}
		exc.Raise(exc.CompileError, "PostrgreSQL computed columns do not support 'virtual' persistence; set the 'persisted' flag to nil or true for PostgreSQL support.")
	}
	return "GENERATED ALWAYS AS (" + c.Bare(x.X) + ") STORED"
}

// TableSuffix is INHERITS, PARTITION BY, USING, WITH, ON COMMIT, TABLESPACE.
func (*Dialect) TableSuffix(c *ddl.Compiler, t *core.Table) string {
	option := func(name string) any { return ddl.Option(t.DialectArgs, "postgresql", name) }
	text := func(name string) string { s, _ := option(name).(string); return s }
	var b strings.Builder
	if parents := list(option("inherits")); len(parents) > 0 {
		names := make([]string, len(parents))
		for i, p := range parents {
			switch p := p.(type) {
			case string:
				names[i] = c.Name(p, core.QuoteAsNeeded)
			case core.GivenName:
				names[i] = c.Name(p.Name, p.Quote)
			}
		}
		b.WriteString("\n INHERITS ( " + strings.Join(names, ", ") + " )")
	}
	if s := text("partition_by"); s != "" {
		b.WriteString("\n PARTITION BY " + s)
	}
	if s := text("using"); s != "" {
		b.WriteString("\n USING " + s)
	}
	if with := parameters(option("with")); with != "" {
		b.WriteString("\n WITH (" + with + ")")
	}
	if oids, ok := option("with_oids").(bool); ok {
		if oids {
			b.WriteString("\n WITH OIDS")
		} else {
			b.WriteString("\n WITHOUT OIDS")
		}
	}
	if s := text("on_commit"); s != "" {
		b.WriteString("\n ON COMMIT " + strings.ToUpper(strings.ReplaceAll(s, "_", " ")))
	}
	if s := text("tablespace"); s != "" {
		b.WriteString("\n TABLESPACE " + c.Name(s, core.QuoteAsNeeded))
	}
	return b.String()
}

// parameters are storage parameters: fillfactor = 50.
func parameters(v any) string {
	values := map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		values = v
	case types.Object:
		for _, k := range v.Names() {
			values[k], _ = v.Get(k)
		}
	}
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	sort.Strings(names)
	for i, n := range names {
		names[i] = n + " = " + types.Str(values[n])
	}
	return strings.Join(names, ", ")
}

// CreateIndex knows the method, operator classes, INCLUDE and WHERE.
func (*Dialect) CreateIndex(c *ddl.Compiler, s *core.CreateIndex) string {
	x := s.Index
	t := c.IndexTable(x)
	option := func(name string) any { return ddl.Option(x.DialectArgs, "postgresql", name) }
	text := "CREATE " + ddl.Unique(x) + "INDEX "
	if yes, _ := option("concurrently").(bool); yes {
		text += "CONCURRENTLY "
	}
	text += ddl.IfNotExists(s.IfNotExists) + c.IndexName(x, false) + " ON " + c.Table(t) + " "
	if using, ok := option("using").(string); ok && using != "" {
		text += "USING " + strings.ToLower(ddl.Phrase(using, indexMethod)) + " "
	}
	ops := mapping(option("ops"))
	items := make([]string, len(x.Exprs))
	for i, e := range x.Exprs {
		items[i] = indexItem(c, e)
		if class, ok := ops[itemKey(e)].(string); ok {
			items[i] += " " + class
		}
	}
	text += "(" + strings.Join(items, ", ") + ")" + include(c, t, x.DialectArgs) + nullsDistinct(x.DialectArgs, " ", "")
	if with := parameters(option("with")); with != "" {
		text += " WITH (" + with + ")"
	}
	if space, ok := option("tablespace").(string); ok && space != "" {
		text += " TABLESPACE " + c.Name(space, core.QuoteAsNeeded)
	}
	if where := c.Condition(option("where")); where != "" {
		text += " WHERE " + where
	}
	return text
}

func mapping(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case types.Object:
		out := map[string]any{}
		for _, k := range v.Names() {
			out[k], _ = v.Get(k)
		}
		return out
	}
	return nil
}

// indexItem puts an operator's expression in parentheses, as PostgreSQL wants.
func indexItem(c *ddl.Compiler, e core.Expr) string {
	x := core.Plain(e)
	if label, ok := x.(*core.Label); ok {
		x = core.Plain(label.X)
	}
	text := c.Bare(e)
	switch x := x.(type) {
	case *core.Binary, *core.BoolList:
		return "(" + text + ")"
	case *core.Unary:
		if !x.Postfix {
			return "(" + text + ")"
		}
	}
	return text
}

func itemKey(e core.Expr) string {
	switch e := core.Plain(e).(type) {
	case *core.Column:
		return e.Key
	case *core.Label:
		return string(e.Name)
	}
	return ""
}

// DropIndex knows CONCURRENTLY.
func (*Dialect) DropIndex(c *ddl.Compiler, s *core.DropIndex) string {
	text := "\nDROP INDEX "
	if yes, _ := ddl.Option(s.Index.DialectArgs, "postgresql", "concurrently").(bool); yes {
		text += "CONCURRENTLY "
	}
	return text + ddl.IfExists(s.IfExists) + c.IndexName(s.Index, true)
}

// ConstraintComment is COMMENT ON CONSTRAINT.
func (*Dialect) ConstraintComment(c *ddl.Compiler, k core.Constraint, text *string) string {
	to := "NULL"
	if text != nil {
		to = c.Text(*text)
	}
	return "COMMENT ON CONSTRAINT " + c.ConstraintName(k) + " ON " + c.Table(ddl.TableOf(k)) + " IS " + to
}

// SequenceType is AS BIGINT.
func (*Dialect) SequenceType(c *ddl.Compiler, s *core.Sequence) string {
	if s.Type == nil {
		return ""
	}
	return " AS " + c.Type(s.Type)
}

// CreateType is CREATE TYPE … AS ENUM, or CREATE DOMAIN.
func (*Dialect) CreateType(c *ddl.Compiler, t types.Type) string {
	switch t := t.(type) {
	case *types.Enum:
		labels := make([]string, len(t.Enums))
		for i, e := range t.Enums {
			labels[i] = c.Text(e)
		}
		return "CREATE TYPE " + c.TypeName(t.Schema, enumName(t)) + " AS ENUM (" + strings.Join(labels, ", ") + ")"
	case *types.Domain:
		return createDomain(c, t)
	}
	exc.Raise(exc.UnsupportedCompilation, "CREATE TYPE of %s", t)
	return ""
}

func enumName(t *types.Enum) string {
	if t.TypeName == "" {
		exc.Raise(exc.CompileError, "PostgreSQL ENUM type requires a name.")
	}
	return t.TypeName
}

func createDomain(c *ddl.Compiler, t *types.Domain) string {
	text := "CREATE DOMAIN " + c.TypeName(t.Schema, t.TypeName) + " AS " + c.Type(t.DataType) + " "
	var options []string
	if t.Collation != "" {
		options = append(options, "COLLATE "+c.Name(t.Collation, core.QuoteAsNeeded))
	}
	switch v := t.DefaultText.(type) {
	case core.Expr:
		options = append(options, "DEFAULT "+c.SQL(v))
	case string:
		options = append(options, "DEFAULT "+c.Text(v))
	case nil:
	default:
		options = append(options, "DEFAULT "+types.Str(v))
	}
	if t.ConstraintName != "" {
		options = append(options, "CONSTRAINT "+c.Name(t.ConstraintName, core.QuoteAsNeeded))
	}
	if t.NotNull {
		options = append(options, "NOT NULL")
	}
	if check := c.Condition(t.Check); check != "" {
		options = append(options, "CHECK ("+check+")")
	}
	return text + strings.Join(options, " ")
}

// DropType is DROP TYPE, or DROP DOMAIN.
func (*Dialect) DropType(c *ddl.Compiler, t types.Type) string {
	if dom, ok := t.(*types.Domain); ok {
		return "DROP DOMAIN " + c.TypeName(dom.Schema, dom.TypeName)
	}
	enum := t.(*types.Enum)
	return "DROP TYPE " + c.TypeName(enum.Schema, enumName(enum))
}
