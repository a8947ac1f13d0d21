package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"alchemysh/core/types"
	"alchemysh/repl/render"
)

// planNode is a step of a plan.
type planNode struct {
	text     string
	details  []string // conditions and keys, one a line
	cost     float64  // with what is below; -1 unknown
	rows     float64  // estimated, of one loop; -1 unknown
	actual   float64  // rows that there were, of one loop; -1 when it was not run
	loops    float64
	time     float64 // milliseconds of all loops
	children []*planNode
}

func newPlanNode(text string) *planNode { return &planNode{text: text, cost: -1, rows: -1, actual: -1} }

// below is what a step costs with all that feeds it, as far as it is known.
func (n *planNode) below() float64 {
	if n.cost >= 0 {
		return n.cost
	}
	total := 0.0
	for _, k := range n.children {
		total += k.below()
	}
	return total
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
		var err error
		if roots, notes, err = mysqlPlan(ctx, s, sql, analyze); err != nil {
			return "", err
		}
	}
	return drawPlan(roots) + strings.Join(notes, ""), nil
}

// sqlitePlan makes a tree of rows of id, parent, unused, detail.
func sqlitePlan(rows [][]any, parent string) []*planNode {
	var out []*planNode
	for _, r := range rows {
		if len(r) == 4 && render.Text(r[1]) == parent {
			n := newPlanNode(render.Text(r[3]))
			n.children = sqlitePlan(rows, render.Text(r[0]))
			out = append(out, n)
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
	text := func(k string) string { return planText(o, k) }
	amount := func(k string) float64 { return planNumber(o, k) }
	n := &planNode{text: text("Node Type"), cost: amount("Total Cost"), rows: amount("Plan Rows"), actual: amount("Actual Rows"),
		loops: amount("Actual Loops")}
	n.time = amount("Actual Total Time") * max(1, n.loops)
	switch strategy := text("Strategy"); { // as EXPLAIN's own text has it
	case strategy == "Hashed" && n.text == "Aggregate":
		n.text = "HashAggregate"
	case strategy == "Sorted" && n.text == "Aggregate":
		n.text = "GroupAggregate"
	case text("Operation") != "":
		n.text = text("Operation")
	}
	if j := text("Join Type"); j != "" && j != "Inner" {
		n.text = strings.TrimSuffix(n.text, " Join") + " " + j + " Join"
	}
	if text("Parallel Aware") == "true" {
		n.text = "Parallel " + n.text
	}
	if text("Scan Direction") == "Backward" {
		n.text += " Backward"
	}
	if i := text("Index Name"); i != "" {
		n.text += " using " + i
	}
	for _, k := range []string{"Relation Name", "CTE Name", "Function Name"} {
		if r := text(k); r != "" {
			n.text += " on " + r
			if a := text("Alias"); a != r && a != "" {
				n.text += " " + a
			}
		}
	}
	if name := text("Subplan Name"); name != "" {
		n.text = name + ": " + n.text
	}
	for _, k := range []string{"Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter", "Sort Key", "Group Key", "Sort Method",
		"Workers Launched", "Rows Removed by Filter", "Rows Removed by Join Filter", "Heap Fetches"} {
		if c := text(k); c != "" && c != "0" {
			n.details = append(n.details, strings.ToLower(k)+": "+c)
		}
	}
	if plans, ok := o.Get("Plans"); ok {
		for _, p := range plans.([]any) {
			n.children = append(n.children, postgresqlNode(p.(types.Object)))
		}
	}
	return n
}

// planText is a field of a plan in JSON as text, "" when it is not there.
func planText(o types.Object, k string) string {
	v, ok := o.Get(k)
	if !ok || v == nil || v == types.JSONNull {
		return ""
	}
	list, ok := v.([]any)
	if !ok {
		return types.Str(v)
	}
	var parts []string
	for _, x := range list {
		parts = append(parts, types.Str(x))
	}
	return strings.Join(parts, ", ")
}

// planNumber is a field as a number, -1 when it is none.
func planNumber(o types.Object, k string) float64 {
	n, err := strconv.ParseFloat(planText(o, k), 64)
	if err != nil {
		return -1
	}
	return n
}

// barWidth is the longest bar.
const barWidth = 10

// drawPlan lays out the tree, with a bar for each step's part of the cost or,
// without costs, of the rows.
func drawPlan(roots []*planNode) string {
	type line struct {
		text string
		n    *planNode // nil for a line of details
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
			below := "    "
			if len(n.children) > 0 {
				below = "│   "
			}
			for _, d := range n.details {
				lines = append(lines, line{indent + next + below + d, nil})
			}
			walk(n.children, indent+next)
		}
	}
	walk(roots, "")
	width, most := len("QUERY PLAN"), 0.0
	measured, costs := false, false
	for _, l := range lines {
		costs = costs || l.n != nil && l.n.cost >= 0
	}
	own := func(n *planNode) float64 { // without what its children cost; rows where no cost is known
		if !costs {
			return max(0, n.rows)
		}
		c := n.cost
		for _, k := range n.children {
			c -= k.below()
		}
		return max(0, c)
	}
	for _, l := range lines {
		if l.n == nil {
			continue
		}
		width = max(width, render.Width(l.text))
		if l.n.cost >= 0 || l.n.rows >= 0 {
			measured = true
		}
		most = max(most, own(l.n), -1)
	}
	var b strings.Builder
	b.WriteString("QUERY PLAN\n")
	for _, l := range lines {
		if !measured || l.n == nil || l.n.cost < 0 && l.n.rows < 0 {
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
			if l.n.loops > 1 {
				fmt.Fprintf(&b, " ×%.0f", l.n.loops)
			}
			if l.n.time > 0 {
				fmt.Fprintf(&b, " in %.3f ms", l.n.time)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
