package repl

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"alchemysh/core/types"
	"alchemysh/repl/render"
)

// mysqlPlan asks MariaDB for its plan in JSON and MySQL for its tree, or for
// JSON where it has no tree.
func mysqlPlan(ctx context.Context, s *Shell, sql string, analyze bool) (roots []*planNode, notes []string, err error) {
	version, err := s.DB.Version(ctx)
	if err != nil {
		return nil, nil, err
	}
	ask := func(options string) (string, error) {
		_, rows, err := s.collect(ctx, options+" "+sql)
		if err != nil || len(rows) == 0 || len(rows[0]) == 0 {
			return "", err
		}
		return render.Text(rows[0][0]), nil
	}
	json := "EXPLAIN FORMAT=JSON"
	if strings.Contains(strings.ToLower(version), "maria") {
		if analyze {
			json = "ANALYZE FORMAT=JSON"
		}
	} else {
		tree := "EXPLAIN FORMAT=TREE"
		if analyze {
			tree = "EXPLAIN ANALYZE"
		}
		text, err := ask(tree)
		if roots := treePlan(text); err == nil && len(roots) > 0 {
			return roots, nil, nil
		}
		if analyze && err != nil {
			return nil, nil, err
		}
	}
	text, err := ask(json)
	if err != nil {
		return nil, nil, err
	}
	v, err := types.DecodeJSON(text)
	if err != nil {
		return nil, nil, err
	}
	o, _ := v.(types.Object)
	roots = jsonPlan(o)
	if analyze {
		total := 0.0
		for _, n := range roots {
			total += n.time
		}
		notes = append(notes, fmt.Sprintf("Execution Time: %.3f ms\n", total))
	} else if !costsKnown(roots) {
		if _, cost, err := s.collect(ctx, "SHOW STATUS LIKE 'Last_query_cost'"); err == nil && len(cost) == 1 {
			if n, err := strconv.ParseFloat(render.Text(cost[0][1]), 64); err == nil && n > 0 {
				notes = append(notes, fmt.Sprintf("Cost: %.2f\n", n))
			}
		}
	}
	return roots, notes, nil
}

func costsKnown(nodes []*planNode) bool {
	for _, n := range nodes {
		if n.cost >= 0 || costsKnown(n.children) {
			return true
		}
	}
	return false
}

var (
	treeLine   = regexp.MustCompile(`^( *)-> (.*)$`)
	treeCost   = regexp.MustCompile(`\s*\(cost=([\d.e+-]+?)(?:\.\.([\d.e+-]+))? rows=([\d.e+-]+)\)`)
	treeActual = regexp.MustCompile(`\s*\(actual time=[\d.e+-]+\.\.([\d.e+-]+) rows=([\d.e+-]+) loops=(\d+)\)|\s*\(never executed\)`)
)

// treePlan reads MySQL's tree: a step a line, indented under the one it feeds.
func treePlan(text string) []*planNode {
	root := newPlanNode("")
	type level struct {
		indent int
		node   *planNode
	}
	open := []level{{-1, root}}
	for line := range strings.Lines(text) {
		m := treeLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		n := newPlanNode(m[2])
		if c := treeCost.FindStringSubmatch(n.text); c != nil {
			total := c[1]
			if c[2] != "" {
				total = c[2]
			}
			n.cost, n.rows = number64(total), number64(c[3])
		}
		if a := treeActual.FindStringSubmatch(n.text); a != nil {
			n.actual, n.loops = 0, 0
			if a[3] != "" {
				n.actual, n.loops = number64(a[2]), number64(a[3])
				n.time = number64(a[1]) * n.loops
			}
		}
		n.text = treeActual.ReplaceAllString(treeCost.ReplaceAllString(n.text, ""), "")
		if head, detail, ok := strings.Cut(n.text, ": "); ok { // Filter: (a = 1)
			n.text, n.details = head, []string{strings.TrimSpace(detail)}
		}
		for open[len(open)-1].indent >= len(m[1]) {
			open = open[:len(open)-1]
		}
		parent := open[len(open)-1].node
		parent.children = append(parent.children, n)
		open = append(open, level{len(m[1]), n})
	}
	return root.children
}

func number64(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return -1
	}
	return n
}

// aside are the parts of a plan in JSON that are no steps.
var aside = map[string]bool{"query_optimization": true, "cost_info": true, "r_engine_stats": true, "index_merge": true, "rowid_filter": true,
	"used_columns": true, "possible_keys": true, "used_key_parts": true, "ref": true, "partitions": true, "r_table_loops": true}

// through are the parts that only hold others.
var through = map[string]bool{"nested_loop": true, "query_specifications": true, "sorts": true, "subqueries": true, "attached_subqueries": true,
	"having_subqueries": true, "optimized_away_subqueries": true, "select_list_subqueries": true}

// jsonPlan makes steps of what an object of EXPLAIN FORMAT=JSON holds, MySQL's
// or MariaDB's.
func jsonPlan(o types.Object) []*planNode {
	var out []*planNode
	for _, k := range o.Names() {
		v, _ := o.Get(k)
		var parts []types.Object
		switch v := v.(type) {
		case types.Object:
			parts = []types.Object{v}
		case []any:
			for _, x := range v {
				if x, ok := x.(types.Object); ok {
					parts = append(parts, x)
				}
			}
		}
		if aside[k] {
			continue
		}
		for _, part := range parts {
			if through[k] {
				out = append(out, jsonPlan(part)...)
			} else {
				out = append(out, jsonStep(k, part))
			}
		}
	}
	return out
}

// jsonStep is one step.
func jsonStep(kind string, o types.Object) *planNode {
	n := newPlanNode(strings.ReplaceAll(kind, "_", " "))
	n.rows = firstNumber(o, "rows", "rows_produced_per_join", "rows_examined_per_scan")
	n.actual = firstNumber(o, "r_rows", "r_output_rows")
	n.loops = planNumber(o, "r_loops")
	n.time = max(0, firstNumber(o, "r_table_time_ms", "r_total_time_ms")) + max(0, planNumber(o, "r_other_time_ms"))
	n.cost = planNumber(o, "cost") // MariaDB 11's
	if v, ok := o.Get("cost_info"); ok {
		if c, ok := v.(types.Object); ok {
			if n.cost = planNumber(c, "query_cost"); n.cost < 0 && planNumber(c, "read_cost") >= 0 {
				n.cost = planNumber(c, "read_cost") + max(0, planNumber(c, "eval_cost"))
			}
		}
	}
	switch kind {
	case "query_block":
		n.text = "select"
		if id := planText(o, "select_id"); id != "" {
			n.text += " " + id
		}
		if op := planText(o, "operation"); op != "" {
			n.text = strings.ToLower(op) + " " + n.text
		}
	case "table":
		n.text = planText(o, "access_type")
		for _, change := range []string{"update", "delete", "insert"} {
			if planText(o, change) != "" {
				n.text = change + " " + n.text
			}
		}
		if t := planText(o, "table_name"); t != "" {
			n.text += " on " + t
		}
		if k := planText(o, "key"); k != "" {
			n.text += " using " + k
		}
		n.text = strings.TrimSpace(n.text)
		if m := planText(o, "message"); m != "" {
			n.text = strings.TrimSpace(n.text + " " + m)
		}
	case "block-nl-join":
		n.text = "block nested loop join"
		if t := planText(o, "join_type"); t != "" {
			n.text = strings.ToLower(t) + " join"
		}
	}
	for _, flag := range []string{"using_index", "using_filesort", "using_temporary_table", "using_join_buffer", "distinct", "not_exists", "first_match", "backward_index_scan"} {
		if t := planText(o, flag); t == "true" || t == "1" {
			n.details = append(n.details, strings.ReplaceAll(flag, "_", " "))
		}
	}
	for _, k := range []string{"index_condition", "attached_condition", "having_condition", "const_condition", "sort_key", "ref"} {
		if c := planText(o, k); c != "" && c != "1" {
			n.details = append(n.details, strings.ReplaceAll(k, "_", " ")+": "+c)
		}
	}
	n.children = jsonPlan(o)
	return n
}

func firstNumber(o types.Object, keys ...string) float64 {
	for _, k := range keys {
		if n := planNumber(o, k); n >= 0 {
			return n
		}
	}
	return -1
}
