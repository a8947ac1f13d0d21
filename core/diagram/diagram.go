package diagram

import (
	"fmt"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Formats are the names that Draw knows.
var Formats = []string{"mermaid", "dot", "text"}

// Draw draws the tables of m.
func Draw(m *core.MetaData, format string) (string, error) {
	tables, _ := m.Sorted()
	var b strings.Builder
	switch format {
	case "mermaid", "":
		mermaid(&b, tables)
	case "dot":
		dot(&b, tables)
	case "text":
		text(&b, tables)
	default:
		return "", exc.New(exc.ArgumentError, "format must be one of %s, not '%s'", strings.Join(Formats, ", "), format)
	}
	return b.String(), nil
}

// marks are PK, FK and UK of a column.
func marks(t *core.Table, c *core.Column) []string {
	var out []string
	if t.PK.Index(c) >= 0 {
		out = append(out, "PK")
	}
	if len(c.ForeignKeys()) > 0 {
		out = append(out, "FK")
	}
	for _, k := range t.Constraints {
		if u, ok := k.(*core.UniqueConstraint); ok && len(u.Cols) == 1 && u.Cols[0] == c {
			out = append(out, "UK")
			break
		}
	}
	return out
}

// spelling is the type with its length, as a person writes it: VARCHAR(50). How
// it is stored and shown, character sets and display widths, is left out.
func spelling(c *core.Column) string {
	s := c.ExprType().String()
	name, args, ok := strings.Cut(strings.TrimSuffix(s, ")"), "(")
	if !ok {
		return s
	}
	var kept []string
	for _, a := range strings.Split(args, ", ") {
		key, value, named := strings.Cut(a, "=")
		switch {
		case !named || key == "length" || key == "precision" || key == "scale" || key == "fsp":
			if value == "" {
				value = a
			}
			if value != "" {
				kept = append(kept, value)
			}
		case value == "true" && (key == "timezone" || key == "unsigned"):
			kept = append(kept, key)
		}
	}
	if len(kept) == 0 {
		return name
	}
	return name + "(" + strings.Join(kept, ", ") + ")"
}

func mermaid(b *strings.Builder, tables []*core.Table) {
	b.WriteString("erDiagram\n")
	for _, t := range tables {
		fmt.Fprintf(b, "    %s {\n", entity(t.FullName()))
		for _, c := range t.Columns().All() {
			fmt.Fprintf(b, "        %s %s", c.ExprType().Name(), entity(string(c.Name)))
			if m := marks(t, c); len(m) > 0 {
				b.WriteString(" " + strings.Join(m, ", "))
			}
			b.WriteString("\n")
		}
		b.WriteString("    }\n")
	}
	for _, t := range tables {
		for _, fk := range t.ForeignKeyConstraints() {
			to := referred(fk)
			fmt.Fprintf(b, "    %s %s--%s %s : \"%s\"\n", entity(to), one(fk), many(t, fk), entity(t.FullName()), strings.Join(columnNames(fk.Cols), ", "))
		}
	}
}

// one is the referred end: optional where a column may be NULL.
func one(fk *core.ForeignKeyConstraint) string {
	for _, c := range fk.Cols {
		if c.Schema != nil && c.Schema.Nullable {
			return "|o"
		}
	}
	return "||"
}

// many is the referring end: one where its columns are a key.
func many(t *core.Table, fk *core.ForeignKeyConstraint) string {
	unique := func(cols []*core.Column) bool {
		if len(cols) != len(fk.Cols) {
			return false
		}
		for _, c := range cols {
			if fk.Index(c) < 0 {
				return false
			}
		}
		return true
	}
	if unique(t.PK.Cols) {
		return "o|"
	}
	for _, k := range t.Constraints {
		if u, ok := k.(*core.UniqueConstraint); ok && unique(u.Cols) {
			return "o|"
		}
	}
	return "o{"
}

func referred(fk *core.ForeignKeyConstraint) string {
	if t, err := fk.ReferredTable(); err == nil {
		return t.FullName()
	}
	name, _ := fk.Elements[0].TargetName()
	return name
}

func columnNames(cols []*core.Column) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = string(c.Name)
	}
	return out
}

// entity is a name as Mermaid takes it.
func entity(name string) string {
	for _, r := range name {
		if !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return `"` + strings.ReplaceAll(name, `"`, "'") + `"`
		}
	}
	return name
}

func dot(b *strings.Builder, tables []*core.Table) {
	b.WriteString("digraph schema {\n    rankdir = LR\n    node [shape = plain]\n")
	for _, t := range tables {
		fmt.Fprintf(b, "    %q [label = <<table border=\"0\" cellborder=\"1\" cellspacing=\"0\"><tr><td><b>%s</b></td></tr>", t.FullName(), escape(t.FullName()))
		for _, c := range t.Columns().All() {
			line := string(c.Name) + " " + spelling(c)
			if m := marks(t, c); len(m) > 0 {
				line += " " + strings.Join(m, ", ")
			}
			fmt.Fprintf(b, "<tr><td align=\"left\" port=\"%s\">%s</td></tr>", escape(string(c.Name)), escape(line))
		}
		b.WriteString("</table>>]\n")
	}
	for _, t := range tables {
		for _, fk := range t.ForeignKeyConstraints() {
			fmt.Fprintf(b, "    %q -> %q [label = %q]\n", t.FullName(), referred(fk), strings.Join(columnNames(fk.Cols), ", "))
		}
	}
	b.WriteString("}\n")
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func text(b *strings.Builder, tables []*core.Table) {
	for i, t := range tables {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(t.FullName() + "\n")
		width := 0
		for _, c := range t.Columns().All() {
			width = max(width, len(c.Name))
		}
		for _, c := range t.Columns().All() {
			line := fmt.Sprintf("  %-*s  %s", width, c.Name, spelling(c))
			if c.Schema != nil && !c.Schema.Nullable {
				line += " not null"
			}
			if m := marks(t, c); len(m) > 0 {
				line += " " + strings.Join(m, ", ")
			}
			b.WriteString(line + "\n")
		}
		for _, fk := range t.ForeignKeyConstraints() {
			fmt.Fprintf(b, "  %s -> %s\n", strings.Join(columnNames(fk.Cols), ", "), referred(fk))
		}
	}
}
