package repl

import (
	"context"
	"fmt"
	"io"
	"strings"

	"alchemysh/repl/render"
)

// schema writes the CREATE statements of tables.
func schema(ctx context.Context, s *Shell, c call) error {
	tables, err := s.tablesNamed(ctx, c.words())
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, d := range tables {
		b.WriteString(s.createTable(d))
	}
	return s.emit(b.String())
}

// tablesNamed describes the tables of these names, in an order in which each
// comes after those it refers to; without names, all of them.
func (s *Shell) tablesNamed(ctx context.Context, names []string) ([]*Description, error) {
	db, err := s.Database(ctx)
	if err != nil {
		return nil, err
	}
	all, err := db.Catalog().Relations(ctx, "", TableKind, ViewKind)
	if err != nil {
		return nil, err
	}
	var out []*Description
	for _, r := range all {
		wanted := len(names) == 0
		for _, n := range names {
			_, match := pattern(n)
			wanted = wanted || match(r.Name)
		}
		if !wanted {
			continue
		}
		d, err := db.Catalog().Describe(ctx, r.Schema, r.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	if len(out) == 0 && len(names) > 0 {
		return nil, usageError("no table named %s", strings.Join(names, ", "))
	}
	return dependencyOrder(out), nil
}

// dependencyOrder puts referred tables before those that refer to them, views
// last.
func dependencyOrder(tables []*Description) []*Description {
	byName := map[string]*Description{}
	for _, d := range tables {
		byName[d.Name] = d
	}
	var out []*Description
	done := map[string]bool{}
	var visit func(d *Description)
	visit = func(d *Description) {
		if done[d.Name] {
			return
		}
		done[d.Name] = true
		for _, f := range d.ForeignKeys {
			if to := byName[f.ToTable]; to != nil {
				visit(to)
			}
		}
		out = append(out, d)
	}
	for _, d := range tables {
		if d.Definition == "" {
			visit(d)
		}
	}
	for _, d := range tables {
		visit(d)
	}
	return out
}

func (s *Shell) createTable(d *Description) string {
	if d.Create != "" {
		return d.Create
	}
	if d.Definition != "" {
		def := strings.TrimRight(strings.TrimSpace(d.Definition), ";")
		if !strings.HasPrefix(strings.ToUpper(def), "CREATE") {
			def = "CREATE VIEW " + s.quote(d.Name) + " AS\n" + def
		}
		return def + ";\n"
	}
	quoted := func(names []string) string {
		q := make([]string, len(names))
		for i, n := range names {
			q[i] = s.quote(n)
		}
		return strings.Join(q, ", ")
	}
	constraint := func(name string) string {
		if name == "" || name == "PRIMARY" {
			return ""
		}
		return "CONSTRAINT " + s.quote(name) + " "
	}
	var lines []string
	for _, c := range d.Columns {
		line := s.quote(c.Name) + " " + c.Type
		if c.Default != "" {
			line += " DEFAULT " + c.Default
		}
		if c.Extra != "" {
			line += " " + c.Extra
		}
		if !c.Nullable {
			line += " NOT NULL"
		}
		lines = append(lines, line)
	}
	if len(d.PrimaryKey.Columns) > 0 {
		lines = append(lines, constraint(d.PrimaryKey.Name)+"PRIMARY KEY ("+quoted(d.PrimaryKey.Columns)+")")
	}
	for _, u := range d.Uniques {
		lines = append(lines, constraint(u.Name)+"UNIQUE ("+quoted(u.Columns)+")")
	}
	for _, k := range d.Checks {
		lines = append(lines, constraint(k.Name)+"CHECK ("+k.Text+")")
	}
	for _, f := range d.ForeignKeys {
		line := constraint(f.Name) + "FOREIGN KEY (" + quoted(f.Columns) + ") REFERENCES " + s.quote(f.ToTable)
		if len(f.ToColumns) > 0 {
			line += " (" + quoted(f.ToColumns) + ")"
		}
		if f.Options != "" {
			line += " " + f.Options
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n  %s\n);\n", s.quote(d.Name), strings.Join(lines, ",\n  "))
	for _, x := range d.Indexes {
		unique := ""
		if x.Unique {
			unique = "UNIQUE "
		}
		fmt.Fprintf(&b, "CREATE %sINDEX %s ON %s (%s)", unique, s.quote(x.Name), s.quote(d.Name), quoted(x.Columns))
		if x.Where != "" {
			b.WriteString(" WHERE " + x.Where)
		}
		b.WriteString(";\n")
	}
	return b.String()
}

// dump writes tables and their rows as SQL.
func dump(ctx context.Context, s *Shell, c call) error {
	tables, err := s.tablesNamed(ctx, c.words())
	if err != nil {
		return err
	}
	w, done := s.destination()
	write := func() error {
		for _, d := range tables {
			if _, err := io.WriteString(w, s.createTable(d)); err != nil {
				return err
			}
			if d.Definition != "" {
				continue
			}
			res, err := s.DB.Query(ctx, "SELECT * FROM "+s.quote(d.Name), nil)
			if err != nil {
				return err
			}
			render.Spell(res)
			o := s.Settings.render()
			o.Table, o.Quote, o.Literal = d.Name, s.quote, s.literal
			_, err = render.Write(w, res, "insert", o)
			if e := res.Close(); err == nil {
				err = e
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	err = write()
	if e := done(); err == nil {
		err = e
	}
	return err
}

// literal spells the values that the dialect writes in its own way.
func (s *Shell) literal(v any) (string, bool) {
	switch v := v.(type) {
	case []byte:
		if s.DB != nil && s.DB.Dialect() == "postgresql" {
			return "'" + render.Text(v) + "'::bytea", true
		}
	case string:
		if s.DB != nil && (s.DB.Dialect() == "mysql" || s.DB.Dialect() == "mariadb") {
			return "'" + strings.NewReplacer(`\`, `\\`, "'", "''", "\x00", `\0`).Replace(v) + "'", true
		}
	case bool:
		if s.DB != nil && s.DB.Dialect() != "postgresql" {
			if v {
				return "1", true
			}
			return "0", true
		}
	}
	return "", false
}

func backup(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	if db.Dialect() != "sqlite" {
		return usageError("%s: %s is copied with its own tools; \\dump writes SQL", c.name, db.Dialect())
	}
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	words := c.words()
	if len(words) == 0 {
		return usageError("%s: a file is wanted", c.name)
	}
	file := expandHome(words[len(words)-1])
	return s.exec(ctx, "VACUUM INTO '"+strings.ReplaceAll(file, "'", "''")+"'")
}
