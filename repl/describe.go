package repl

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl/render"
)

// pattern turns psql's wildcard pattern into a regular expression; SCHEMA.NAME
// gives the schema apart.
func pattern(p string) (schema string, match func(string) bool) {
	if i := strings.IndexByte(p, '.'); i >= 0 {
		schema, p = strings.Trim(p[:i], `"`), p[i+1:]
	}
	if p == "" {
		return schema, func(string) bool { return true }
	}
	p = strings.Trim(p, `"`)
	q := regexp.QuoteMeta(p)
	q = strings.NewReplacer(`\*`, ".*", `\?`, ".", "%", ".*").Replace(q)
	re := regexp.MustCompile("(?i)^" + q + "$")
	return schema, re.MatchString
}

// relations are those of some kinds whose names match psql's pattern; the
// schema may be a pattern too.
func (s *Shell) relations(ctx context.Context, db Database, p string, kinds ...string) (all []Relation, match func(string) bool, err error) {
	schema, match := pattern(p)
	if !strings.ContainsAny(schema, "*?%") {
		all, err = db.Catalog().Relations(ctx, schema, kinds...)
		return all, match, err
	}
	_, wanted := pattern(schema)
	names, err := db.Catalog().Schemas(ctx)
	for _, n := range names {
		if err != nil {
			break
		}
		if wanted(n) {
			var more []Relation
			more, err = db.Catalog().Relations(ctx, n, kinds...)
			all = append(all, more...)
		}
	}
	return all, match, err
}

func listRelations(kinds ...string) func(context.Context, *Shell, call) error {
	return func(ctx context.Context, s *Shell, c call) error {
		return s.list(ctx, c, kinds...)
	}
}

// measure fills in the sizes of relations where a catalog gives them apart.
func measure(ctx context.Context, c Catalog, of []Relation) error {
	m, apart := c.(Measurer)
	if !apart {
		return nil
	}
	only := ""
	if len(of) == 1 {
		only = of[0].Name
	}
	known := map[string]map[string]int64{} // by schema
	for i, r := range of {
		if known[r.Schema] == nil {
			sizes, err := m.Sizes(ctx, r.Schema, only)
			if err != nil {
				return err
			}
			known[r.Schema] = sizes
		}
		if bytes, ok := known[r.Schema][r.Name]; ok {
			of[i].Size = bytes
		}
	}
	return nil
}

// list shows the relations of some kinds whose names match the argument.
func (s *Shell) list(ctx context.Context, c call, kinds ...string) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	all, match, err := s.relations(ctx, db, c.word(0), kinds...)
	if err != nil {
		return err
	}
	var show []Relation
	var owners, tables, comments, schemas bool
	for _, r := range all {
		if match(r.Name) {
			show = append(show, r)
			owners = owners || r.Owner != ""
			tables = tables || r.Table != ""
			comments = comments || r.Comment != ""
			schemas = schemas || r.Schema != ""
		}
	}
	if len(show) == 0 {
		what := "relations"
		if len(kinds) == 1 {
			what = kinds[0] + "s"
			if kinds[0] == IndexKind {
				what = "indexes"
			}
		}
		if p := c.word(0); p != "" {
			fmt.Fprintf(s.Err, "Did not find any %s named %q.\n", what, p)
		} else {
			fmt.Fprintf(s.Err, "Did not find any %s.\n", what)
		}
		return nil
	}
	if c.plus {
		if err := measure(ctx, db.Catalog(), show); err != nil {
			return err
		}
	}
	var head []string
	if schemas {
		head = append(head, "Schema")
	}
	head = append(head, "Name", "Type")
	if owners {
		head = append(head, "Owner")
	}
	if tables {
		head = append(head, "Table")
	}
	if c.plus {
		head = append(head, "Size")
		if comments {
			head = append(head, "Description")
		}
	}
	out := render.Of(head)
	for _, r := range show {
		var row []any
		if schemas {
			row = append(row, r.Schema)
		}
		row = append(row, r.Name, r.Kind)
		if owners {
			row = append(row, r.Owner)
		}
		if tables {
			row = append(row, r.Table)
		}
		if c.plus {
			row = append(row, size(r.Size))
			if comments {
				row = append(row, r.Comment)
			}
		}
		out.Data = append(out.Data, row)
	}
	return s.showListing("List of relations", out)
}

// showListing shows what the catalog holds, under a title.
func (s *Shell) showListing(title string, rows *render.Slice) error {
	old := s.Settings.Title
	s.Settings.Title = title
	defer func() { s.Settings.Title = old }()
	return s.showRows(rows, false)
}

// size prints a number of bytes as a person reads it.
func size(n int64) any {
	switch {
	case n < 0:
		return nil
	case n < 10240:
		return fmt.Sprintf("%d bytes", n)
	}
	f := float64(n)
	for _, unit := range []string{"kB", "MB", "GB", "TB"} {
		f /= 1024
		if f < 10240 {
			return fmt.Sprintf("%.0f %s", f, unit)
		}
	}
	return fmt.Sprintf("%.0f PB", f/1024)
}

func listDatabases(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	all, err := db.Catalog().Databases(ctx)
	if err != nil {
		return err
	}
	out := render.Of([]string{"Name", "Owner", "Size", "Description"})
	for _, r := range all {
		out.Data = append(out.Data, []any{r.Name, r.Owner, size(r.Size), r.Comment})
	}
	if !c.plus {
		out = part(out, 2)
	}
	if !slices.ContainsFunc(all, func(r Relation) bool { return r.Owner != "" }) {
		for i, row := range out.Data {
			out.Data[i] = append(row[:1:1], row[2:]...)
		}
		out.Head = append(out.Head[:1:1], out.Head[2:]...)
	}
	return s.showListing("List of databases", out)
}

// part is the first columns of rows.
func part(rows *render.Slice, n int) *render.Slice {
	out := &render.Slice{Head: rows.Head[:n]}
	for _, r := range rows.Data {
		out.Data = append(out.Data, r[:n])
	}
	return out
}

func listSchemas(ctx context.Context, s *Shell, _ call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	names, err := db.Catalog().Schemas(ctx)
	if err != nil {
		return err
	}
	out := render.Of([]string{"Name"})
	for _, n := range names {
		out.Data = append(out.Data, []any{n})
	}
	return s.showListing("List of schemas", out)
}

func describe(ctx context.Context, s *Shell, c call) error {
	if c.args == "" {
		return s.list(ctx, c, TableKind, ViewKind, MatViewKind, SequenceKind)
	}
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	all, match, err := s.relations(ctx, db, c.word(0), TableKind, ViewKind, MatViewKind, IndexKind, SequenceKind)
	if err != nil {
		return err
	}
	found := false
	for _, r := range all {
		if !match(r.Name) || found && strings.ContainsAny(c.word(0), "*?%") && r.Kind == IndexKind {
			continue
		}
		if found {
			fmt.Fprintln(s.query)
		}
		found = true
		d, err := db.Catalog().Describe(ctx, r.Schema, r.Name)
		if err != nil {
			return err
		}
		if d.Kind == "" {
			d.Kind = r.Kind
		}
		if c.plus {
			one := []Relation{d.Relation}
			if err := measure(ctx, db.Catalog(), one); err != nil {
				return err
			}
			d.Size = one[0].Size
		}
		if err := s.showDescription(d, c.plus); err != nil {
			return err
		}
	}
	if !found {
		var names []string
		for _, r := range all {
			names = append(names, r.Name)
		}
		return usageError("Did not find any relation named %q%s", c.word(0), nearest(c.word(0), names))
	}
	return nil
}

// showDescription shows a relation as psql's \d does.
func (s *Shell) showDescription(d *Description, plus bool) error {
	comments := false
	for _, col := range d.Columns {
		comments = comments || col.Comment != ""
	}
	head := []string{"Column", "Type", "Nullable", "Default"}
	if plus && comments {
		head = append(head, "Description")
	}
	out := render.Of(head)
	for _, col := range d.Columns {
		nullable, def := "", col.Default
		if !col.Nullable {
			nullable = "not null"
		}
		if col.Extra != "" {
			def = strings.TrimSpace(def + " " + col.Extra)
		}
		row := []any{col.Name, col.Type, nullable, def}
		if len(head) == 5 {
			row = append(row, col.Comment)
		}
		out.Data = append(out.Data, row)
	}
	if len(d.Columns) > 0 {
		kind := d.Kind
		if kind == "" {
			kind = TableKind
		}
		name := d.Name
		if d.Schema != "" {
			name = d.Schema + "." + d.Name
		}
		footer := s.Settings.Footer
		s.Settings.Footer = false
		err := s.showListing(strings.ToUpper(kind[:1])+kind[1:]+" "+`"`+name+`"`, out)
		s.Settings.Footer = footer
		if err != nil {
			return err
		}
	}
	if render.IsData(s.Settings.Format) {
		return nil
	}
	return s.emit(d.footer(plus))
}

// footer is what stands below the columns: keys, references, checks.
func (d *Description) footer(plus bool) string {
	var b strings.Builder
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			b.WriteString(title + ":\n")
			for _, l := range lines {
				b.WriteString("    " + l + "\n")
			}
		}
	}
	var indexes []string
	if len(d.PrimaryKey.Columns) > 0 {
		indexes = append(indexes, named(d.PrimaryKey.Name)+"PRIMARY KEY ("+strings.Join(d.PrimaryKey.Columns, ", ")+")")
	}
	for _, u := range d.Uniques {
		indexes = append(indexes, named(u.Name)+"UNIQUE CONSTRAINT ("+strings.Join(u.Columns, ", ")+")")
	}
	for _, x := range d.Indexes {
		text := named(x.Name)
		if x.Unique {
			text += "UNIQUE, "
		}
		if x.Method != "" {
			text += x.Method + " "
		}
		text += "(" + strings.Join(x.Columns, ", ") + ")"
		if x.Where != "" {
			text += " WHERE " + x.Where
		}
		indexes = append(indexes, text)
	}
	section("Indexes", indexes)
	var checks, references, referenced, triggers []string
	for _, c := range d.Checks {
		checks = append(checks, named(c.Name)+"CHECK ("+c.Text+")")
	}
	section("Check constraints", checks)
	for _, f := range d.ForeignKeys {
		references = append(references, named(f.Name)+f.text())
	}
	section("Foreign-key constraints", references)
	for _, f := range d.ReferencedBy {
		table := f.Table
		if f.Schema != "" && f.Schema != d.Schema {
			table = f.Schema + "." + table
		}
		constraint := ""
		if f.Name != "" {
			constraint = "CONSTRAINT " + named(f.Name)
		}
		referenced = append(referenced, fmt.Sprintf("TABLE %q %s%s", table, constraint, f.text()))
	}
	section("Referenced by", referenced)
	for _, t := range d.Triggers {
		text := t.Text
		if !plus {
			text, _, _ = strings.Cut(text, "\n")
		}
		triggers = append(triggers, named(t.Name)+strings.ReplaceAll(text, "\n", "\n    "))
	}
	section("Triggers", triggers)
	if d.Definition != "" {
		b.WriteString("View definition:\n    " + strings.ReplaceAll(strings.TrimSpace(d.Definition), "\n", "\n    ") + "\n")
	}
	if d.Comment != "" {
		b.WriteString("Comment: " + d.Comment + "\n")
	}
	if plus && d.Size >= 0 {
		fmt.Fprintf(&b, "Size: %s\n", size(d.Size))
	}
	return b.String()
}

func named(name string) string {
	if name == "" {
		return ""
	}
	return `"` + name + `" `
}

func (r Reference) text() string {
	table := r.ToTable
	if r.ToSchema != "" && r.ToSchema != r.Schema {
		table = r.ToSchema + "." + table
	}
	text := fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s", strings.Join(r.Columns, ", "), table)
	if len(r.ToColumns) > 0 {
		text += "(" + strings.Join(r.ToColumns, ", ") + ")"
	}
	if r.Options != "" {
		text += " " + r.Options
	}
	return text
}

// listing makes a command that shows what the catalogue says of functions,
// roles and the like whose name matches.
func listing(what, column string) func(context.Context, *Shell, call) error {
	return func(ctx context.Context, s *Shell, c call) error {
		db, err := s.Database(ctx)
		if err != nil {
			return err
		}
		schema, match := pattern(c.word(0))
		title, rows, err := db.Catalog().Listing(ctx, what, schema)
		if err != nil {
			return usageError("%s: %s", c.name, exc.Of(err).Message)
		}
		at := slices.IndexFunc(rows.Head, func(c render.Column) bool { return c.Name == column })
		rows.Data = slices.DeleteFunc(rows.Data, func(r []any) bool { return !match(render.Text(r[at])) })
		if len(rows.Data) == 0 {
			fmt.Fprintf(s.Err, "Did not find any %s.\n", what)
			return nil
		}
		return s.showListing(title, rows)
	}
}

// source makes a command that shows how a function or a view was made.
func source(kind string) func(context.Context, *Shell, call) error {
	return func(ctx context.Context, s *Shell, c call) error {
		db, err := s.Database(ctx)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(c.word(0), "()")
		if name == "" {
			return usageError("usage: %s", usageLine(c.command))
		}
		texts, err := db.Catalog().Source(ctx, kind, name)
		if err != nil {
			return usageError("%s: %s", c.name, exc.Of(err).Message)
		}
		if len(texts) == 0 {
			return usageError("Did not find any %s named %q", kind, name)
		}
		for _, t := range texts {
			if err := s.emit(strings.TrimRight(t, "\n") + "\n"); err != nil {
				return err
			}
		}
		return nil
	}
}

// erDiagram draws the schema.
func erDiagram(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	format := c.word(0)
	if format == "" {
		format = "text"
	}
	text, err := db.Catalog().Diagram(ctx, format)
	if err != nil {
		return err
	}
	return s.emit(text)
}
