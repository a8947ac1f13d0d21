package repl

import (
	"context"
	"fmt"
	"strings"

	"alchemysh/repl/render"
)

// explainPlan asks a database how it would run a statement and lays the answer
// out as a tree; analyze runs it and adds what it took.
func explainPlan(ctx context.Context, s *Shell, dialect, sql string, analyze bool) (string, error) {
	var b strings.Builder
	switch dialect {
	case "sqlite":
		_, rows, err := s.collect(ctx, "EXPLAIN QUERY PLAN "+sql)
		if err != nil {
			return "", err
		}
		b.WriteString("QUERY PLAN\n")
		writePlanTree(&b, rows, int64(0), "")
	case "postgresql":
		options := "EXPLAIN "
		if analyze {
			options = "EXPLAIN (ANALYZE, BUFFERS) "
		}
		_, rows, err := s.collect(ctx, options+sql)
		if err != nil {
			return "", err
		}
		b.WriteString("QUERY PLAN\n")
		for _, r := range rows {
			b.WriteString(render.Text(r[0]) + "\n")
		}
	default:
		options := "EXPLAIN "
		if analyze {
			options = "ANALYZE "
		}
		cols, rows, err := s.collect(ctx, options+sql)
		if err != nil {
			return "", err
		}
		o := s.Settings.render()
		if _, err := render.Write(&b, &render.Slice{Head: cols, Data: rows}, "table", o); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// writePlanTree writes SQLite's plan: rows of id, parent, unused, detail.
func writePlanTree(b *strings.Builder, rows [][]any, parent any, indent string) {
	var children [][]any
	for _, r := range rows {
		if len(r) == 4 && fmt.Sprint(r[1]) == fmt.Sprint(parent) {
			children = append(children, r)
		}
	}
	for i, r := range children {
		branch, next := "├── ", "│   "
		if i == len(children)-1 {
			branch, next = "└── ", "    "
		}
		b.WriteString(indent + branch + render.Text(r[3]) + "\n")
		writePlanTree(b, rows, r[0], indent+next)
	}
}
