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
