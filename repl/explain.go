package repl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alchemysh/core/types"
	"alchemysh/repl/render"
)

// planNode is a step of a plan.
type planNode struct {
	text     string
	cost     float64 // -1 unknown
	rows     float64
	actual   float64 // rows that there were, -1 when it was not run
	time     float64 // milliseconds
	children []*planNode
}

// explainPlan asks a database how it would run a statement and lays the answer
// out as a tree; analyze runs it and adds what it took.
func explainPlan(ctx context.Context, s *Shell, dialect, sql string, analyze bool) (string, error) {
	var roots []*planNode
	var notes []string
	switch dialect {
	case "sqlite":
		_, rows, err := s.collect(ctx, "EXPLAIN QUERY PLAN "+sql)
		if err != nil {
			return "", err
		}
		roots = sqlitePlan(rows, "0")
		estimateSQLite(ctx, s, sql, roots)
		if analyze {
			note, err := s.ran(ctx, sql)
			if err != nil {
				return "", err
			}
			notes = append(notes, note)
		}
	case "postgresql":
		options := "EXPLAIN (FORMAT JSON) "
		if analyze {
			options = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
		}
		_, rows, err := s.collect(ctx, options+sql)
		if err != nil {
			return "", err
		}
		if roots, notes, err = postgresqlPlan(rows); err != nil {
			return "", err
		}
	default:
		options := "EXPLAIN "
		if analyze {
			options = "ANALYZE "
		}
		start := time.Now()
		cols, rows, err := s.collect(ctx, options+sql)
		if err != nil && analyze { // MySQL's own spelling, whose answer is a tree already
			var text [][]any
			if _, text, err = s.collect(ctx, "EXPLAIN ANALYZE "+sql); err == nil && len(text) == 1 {
				return "QUERY PLAN\n" + render.Text(text[0][0]) + "\n", nil
			}
		}
		if err != nil {
			return "", err
		}
		roots = mysqlPlan(cols, rows)
		if _, cost, err := s.collect(ctx, "SHOW STATUS LIKE 'Last_query_cost'"); err == nil && len(cost) == 1 && !analyze {
			if text := strings.Trim(render.Text(cost[0][1]), "0."); text != "" {
				notes = append(notes, "Cost: "+render.Text(cost[0][1])+"\n")
			}
		}
		if analyze {
			notes = append(notes, fmt.Sprintf("Execution Time: %s\n", duration(time.Since(start))))
		}
	}
	return drawPlan(roots) + strings.Join(notes, ""), nil
}

// sqlitePlan makes a tree of rows of id, parent, unused, detail.
func sqlitePlan(rows [][]any, parent string) []*planNode {
	var out []*planNode
	for _, r := range rows {
		if len(r) == 4 && render.Text(r[1]) == parent {
			out = append(out, &planNode{text: render.Text(r[3]), cost: -1, rows: -1, actual: -1,
				children: sqlitePlan(rows, render.Text(r[0]))})
		}
	}
	return out
}

// postgresqlPlan makes a tree of EXPLAIN's JSON.
func postgresqlPlan(rows [][]any) (roots []*planNode, notes []string, err error) {
	for _, r := range rows {
		v := r[0]
		if text, ok := v.(string); ok {
			if v, err = types.DecodeJSON(text); err != nil {
				return nil, nil, err
			}
		}
		list, _ := v.([]any)
		for _, x := range list {
			o, ok := x.(types.Object)
			if !ok {
				continue
			}
			if plan, ok := o.Get("Plan"); ok {
				roots = append(roots, postgresqlNode(plan.(types.Object)))
			}
			for _, k := range []string{"Planning Time", "Execution Time"} {
				if t, ok := o.Get(k); ok {
					notes = append(notes, fmt.Sprintf("%s: %s ms\n", k, types.Str(t)))
				}
			}
		}
	}
	return roots, notes, nil
}

func postgresqlNode(o types.Object) *planNode {
	text := func(k string) string {
		v, ok := o.Get(k)
		if !ok {
			return ""
		}
		if list, ok := v.([]any); ok {
			var parts []string
			for _, x := range list {
				parts = append(parts, types.Str(x))
			}
			return strings.Join(parts, ", ")
		}
		return types.Str(v)
	}
	amount := func(k string) float64 {
		n := -1.0
		if t := text(k); t != "" {
			if _, err := fmt.Sscan(t, &n); err != nil {
				return -1
			}
		}
		return n
	}
	n := &planNode{text: text("Node Type"), cost: amount("Total Cost"), rows: amount("Plan Rows"), actual: amount("Actual Rows"),
		time: amount("Actual Total Time")}
	if j := text("Join Type"); j != "" && j != "Inner" {
		n.text = j + " " + n.text
	}
	if i := text("Index Name"); i != "" {
		n.text += " using " + i
	}
	if r := text("Relation Name"); r != "" {
		n.text += " on " + r
		if a := text("Alias"); a != r && a != "" {
			n.text += " " + a
		}
	}
	for _, k := range []string{"Index Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter", "Sort Key", "Group Key"} {
		if c := text(k); c != "" {
			n.text += "  " + strings.ToLower(strings.ReplaceAll(k, " Cond", "")) + " " + c
		}
	}
	if plans, ok := o.Get("Plans"); ok {
		for _, p := range plans.([]any) {
			n.children = append(n.children, postgresqlNode(p.(types.Object)))
		}
	}
	return n
}

// mysqlPlan makes a node of each row of EXPLAIN's table, those of a subquery
// below it.
func mysqlPlan(cols []render.Column, rows [][]any) []*planNode {
	at := map[string]int{}
	for i, c := range cols {
		at[strings.ToLower(c.Name)] = i
	}
	text := func(r []any, k string) string {
		i, ok := at[k]
		if !ok || r[i] == nil {
			return ""
		}
		return render.Text(r[i])
	}
	var roots []*planNode
	byID := map[string]*planNode{}
	for _, r := range rows {
		n := &planNode{cost: -1, rows: -1, actual: -1, text: text(r, "type")}
		if t := text(r, "table"); t != "" {
			n.text = strings.TrimSpace(n.text + " on " + t)
		}
		if k := text(r, "key"); k != "" {
			n.text += " using " + k
		}
		if e := text(r, "extra"); e != "" {
			n.text = strings.TrimSpace(n.text + "  " + strings.ToLower(e))
		}
		for k, target := range map[string]*float64{"rows": &n.rows, "r_rows": &n.actual} {
			if v := text(r, k); v != "" {
				if _, err := fmt.Sscan(v, target); err != nil {
					*target = -1
				}
			}
		}
		id := text(r, "id")
		kind := text(r, "select_type")
		if parent, known := byID[id]; known {
			parent.children = append(parent.children, n)
			continue
		}
		head := &planNode{text: strings.ToLower(kind), cost: -1, rows: -1, actual: -1, children: []*planNode{n}}
		byID[id] = head
		roots = append(roots, head)
	}
	return roots
}

// barWidth is the longest bar.
const barWidth = 10

// drawPlan lays out the tree, with a bar for each step's part of the cost or,
// without costs, of the rows.
func drawPlan(roots []*planNode) string {
	type line struct {
		text string
		n    *planNode
	}
	var lines []line
	var walk func(nodes []*planNode, indent string)
	walk = func(nodes []*planNode, indent string) {
		for i, n := range nodes {
			branch, next := "├── ", "│   "
			if i == len(nodes)-1 {
				branch, next = "└── ", "    "
			}
			lines = append(lines, line{indent + branch + n.text, n})
			walk(n.children, indent+next)
		}
	}
	walk(roots, "")
	width, most := len("QUERY PLAN"), 0.0
	measured, costs := false, false
	for _, l := range lines {
		costs = costs || l.n.cost >= 0
	}
	own := func(n *planNode) float64 { // without what its children cost; rows where no cost is known
		if !costs {
			return max(0, n.rows)
		}
		c := n.cost
		for _, k := range n.children {
			c -= max(0, k.cost)
		}
		return max(0, c)
	}
	for _, l := range lines {
		width = max(width, render.Width(l.text))
		if l.n.cost >= 0 || l.n.rows >= 0 {
			measured = true
		}
		most = max(most, own(l.n), -1)
	}
	var b strings.Builder
	b.WriteString("QUERY PLAN\n")
	for _, l := range lines {
		if !measured || l.n.cost < 0 && l.n.rows < 0 {
			b.WriteString(l.text + "\n")
			continue
		}
		b.WriteString(l.text + strings.Repeat(" ", width-render.Width(l.text)))
		n := 0
		if most > 0 {
			n = int(own(l.n)/most*barWidth + 0.5)
		}
		fmt.Fprintf(&b, "  %s%s", strings.Repeat("█", n), strings.Repeat("·", barWidth-n))
		if l.n.cost >= 0 {
			fmt.Fprintf(&b, " cost %.2f", l.n.cost)
		}
		if l.n.rows >= 0 {
			fmt.Fprintf(&b, " rows %.0f", l.n.rows)
		}
		if l.n.actual >= 0 {
			fmt.Fprintf(&b, " actual %.0f", l.n.actual)
			if l.n.time > 0 {
				fmt.Fprintf(&b, " in %.3f ms", l.n.time)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
