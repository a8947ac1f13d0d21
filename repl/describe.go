package repl

import (
	"context"
	"fmt"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl/render"
)

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
