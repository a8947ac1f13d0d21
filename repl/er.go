package repl

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// erDiagram writes the schema as a diagram.
func erDiagram(ctx context.Context, s *Shell, c call) error {
	db, err := s.Database(ctx)
	if err != nil {
		return err
	}
	relations, err := db.Catalog().Relations(ctx, "", TableKind)
	if err != nil {
		return err
	}
	var tables []*Description
	for _, r := range relations {
		d, err := db.Catalog().Describe(ctx, r.Schema, r.Name)
		if err != nil {
			return err
		}
		tables = append(tables, d)
	}
	switch f := c.word(0); f {
	case "", "text":
		return s.emit(erText(tables))
	case "mermaid":
		return s.emit(erMermaid(tables))
	case "dot":
		return s.emit(erDot(tables))
	default:
		return usageError(`\er: mermaid, dot or text is wanted, not %s`, f)
	}
}

// marks are what is said of a column: it is a key, it refers to another table.
func (d *Description) marks(column string) []string {
	var marks []string
	for _, k := range d.PrimaryKey.Columns {
		if k == column {
			marks = append(marks, "PK")
		}
	}
	for _, f := range d.ForeignKeys {
		for _, k := range f.Columns {
			if k == column {
				return append(marks, "FK")
			}
		}
	}
	return marks
}

func erText(tables []*Description) string {
	var b strings.Builder
	for _, d := range tables {
		width := len(d.Name)
		var lines []string
		for _, c := range d.Columns {
			l := fmt.Sprintf("%-5s %s %s", strings.Join(d.marks(c.Name), ","), c.Name, strings.ToLower(c.Type))
			lines = append(lines, l)
			width = max(width, len([]rune(l)))
		}
		rule := strings.Repeat("─", width+2)
		fmt.Fprintf(&b, "┌%s┐\n│ %-*s │\n├%s┤\n", rule, width, d.Name, rule)
		for _, l := range lines {
			fmt.Fprintf(&b, "│ %-*s │\n", width, l)
		}
		fmt.Fprintf(&b, "└%s┘\n", rule)
		for _, f := range d.ForeignKeys {
			fmt.Fprintf(&b, "  %s ──▶ %s(%s)\n", strings.Join(f.Columns, ", "), f.ToTable, strings.Join(f.ToColumns, ", "))
		}
	}
	return b.String()
}

var notWord = regexp.MustCompile(`\W+`)

// plainName makes a name that diagram languages read as one word.
func plainName(s string) string { return strings.Trim(notWord.ReplaceAllString(s, "_"), "_") }

func erMermaid(tables []*Description) string {
	var b strings.Builder
	b.WriteString("erDiagram\n")
	for _, d := range tables {
		fmt.Fprintf(&b, "    %s {\n", plainName(d.Name))
		for _, c := range d.Columns {
			line := fmt.Sprintf("        %s %s %s", plainName(strings.ToLower(c.Type)), plainName(c.Name), strings.Join(d.marks(c.Name), ", "))
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		b.WriteString("    }\n")
	}
	for _, d := range tables {
		optional := map[string]bool{}
		for _, c := range d.Columns {
			optional[c.Name] = c.Nullable
		}
		for _, f := range d.ForeignKeys {
			one := "||"
			if len(f.Columns) > 0 && optional[f.Columns[0]] {
				one = "|o"
			}
			fmt.Fprintf(&b, "    %s %s--o{ %s : %s\n", plainName(f.ToTable), one, plainName(d.Name), plainName(strings.Join(f.Columns, "_")))
		}
	}
	return b.String()
}

func erDot(tables []*Description) string {
	var b strings.Builder
	escape := strings.NewReplacer("{", `\{`, "}", `\}`, "|", `\|`, "<", `\<`, ">", `\>`, `"`, `\"`, `\`, `\\`)
	b.WriteString("digraph schema {\n  rankdir=LR;\n  node [shape=record];\n")
	for _, d := range tables {
		var fields strings.Builder
		for i, c := range d.Columns {
			fmt.Fprintf(&fields, `|<c%d> %s %s`, i, escape.Replace(c.Name), escape.Replace(strings.ToLower(c.Type)))
		}
		fmt.Fprintf(&b, "  %q [label=\"%s%s\"];\n", d.Name, escape.Replace(d.Name), fields.String())
	}
	for _, d := range tables {
		for _, f := range d.ForeignKeys {
			fmt.Fprintf(&b, "  %q -> %q [label=%q];\n", d.Name, f.ToTable, strings.Join(f.Columns, ", "))
		}
	}
	b.WriteString("}\n")
	return b.String()
}
