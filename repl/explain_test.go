package repl

import (
	"strings"
	"testing"

	"alchemysh/core/types"
)

// TestPlans: what servers answer to EXPLAIN becomes a tree with bars.
func TestPlans(t *testing.T) {
	for _, c := range []struct{ name, format, plan, want string }{
		{"MySQL's tree, measured", "tree", `-> Nested loop inner join  (cost=4.95 rows=9) (actual time=0.153..0.200 rows=9 loops=1)
    -> Filter: (t3.i > 8)  (cost=1.75 rows=5) (actual time=0.019..0.021 rows=5 loops=1)
        -> Table scan on t3  (cost=1.75 rows=15) (actual time=0.017..0.019 rows=15 loops=1)
    -> Single-row index lookup on t2 using PRIMARY (pk=t3.pk)  (cost=0.26 rows=1) (actual time=0.002..0.003 rows=1 loops=5)
    -> Select #2 (subquery in condition; run only once)
        -> Rows fetched before execution  (cost=0.00..0.00 rows=1) (never executed)
`, `
└── Nested loop inner join                                         ██████████ cost 4.95 rows 9 actual 9 in 0.200 ms
    ├── Filter                                                     ·········· cost 1.75 rows 5 actual 5 in 0.021 ms
    │   │   (t3.i > 8)
    │   └── Table scan on t3                                       ██████···· cost 1.75 rows 15 actual 15 in 0.019 ms
    ├── Single-row index lookup on t2 using PRIMARY (pk=t3.pk)     █········· cost 0.26 rows 1 actual 1 ×5 in 0.015 ms
    └── Select #2 (subquery in condition; run only once)
        └── Rows fetched before execution                          ·········· cost 0.00 rows 1 actual 0
`},
		{"MySQL's JSON", "json", `{"query_block": {"select_id": 1, "cost_info": {"query_cost": "1.75"}, "ordering_operation": {"using_filesort": true,
  "nested_loop": [
   {"table": {"table_name": "t3", "access_type": "ALL", "rows_examined_per_scan": 15, "rows_produced_per_join": 15, "filtered": "100.00",
     "cost_info": {"read_cost": "0.25", "eval_cost": "1.00", "prefix_cost": "1.25", "data_read_per_join": "240"},
     "used_columns": ["pk", "i"], "attached_condition": "(t3.i > 8)"}},
   {"table": {"table_name": "t2", "access_type": "eq_ref", "key": "PRIMARY", "ref": ["d.t3.pk"], "rows_examined_per_scan": 1, "rows_produced_per_join": 15,
     "cost_info": {"read_cost": "0.25", "eval_cost": "0.25", "prefix_cost": "1.75"}}}]}}}`, `
└── select 1                         ·········· cost 1.75
    └── ordering operation
        │   using filesort
        ├── ALL on t3                ██████████ cost 1.25 rows 15
        │       attached condition: (t3.i > 8)
        └── eq_ref on t2 using PRIMARY  ████······ cost 0.50 rows 15
                ref: d.t3.pk
`},
		{"MariaDB's, measured", "json", `{"query_optimization": {"r_total_time_ms": 0.2}, "query_block": {"select_id": 1, "r_loops": 1, "r_total_time_ms": 1.5,
  "filesort": {"sort_key": "count(0) desc", "r_loops": 1, "r_total_time_ms": 0.01, "r_output_rows": 11,
   "temporary_table": {"nested_loop": [
    {"table": {"table_name": "ar", "access_type": "ALL", "r_loops": 1, "rows": 275, "r_rows": 275, "r_table_time_ms": 0.25, "r_other_time_ms": 0.25, "attached_condition": "ar.Name like 'A%'"}},
    {"table": {"table_name": "al", "access_type": "ref", "key": "IFK", "ref": ["d.ar.id"], "r_loops": 26, "rows": 1, "r_rows": 1.03, "r_table_time_ms": 0.5, "using_index": true}}]}}}}`, `
└── select 1
    └── filesort
        │   sort key: count(0) desc
        └── temporary table
            ├── ALL on ar            ██████████ rows 275 actual 275 in 0.500 ms
            │       attached condition: ar.Name like 'A%'
            └── ref on al using IFK  ·········· rows 1 actual 1 ×26 in 0.500 ms
                    using index
                    ref: d.ar.id
`},
		{"PostgreSQL's", "postgresql", `[{"Plan": {"Node Type": "Hash Join", "Join Type": "Left", "Total Cost": 10.0, "Plan Rows": 5, "Actual Rows": 4, "Actual Loops": 1, "Actual Total Time": 0.5, "Hash Cond": "(a.id = b.id)",
  "Plans": [
   {"Node Type": "Seq Scan", "Relation Name": "album", "Alias": "a", "Total Cost": 6.0, "Plan Rows": 5, "Actual Rows": 5, "Actual Loops": 1, "Actual Total Time": 0.1, "Filter": "(id > 1)", "Rows Removed by Filter": 3},
   {"Node Type": "Aggregate", "Strategy": "Hashed", "Group Key": ["x", "y"], "Subplan Name": "InitPlan 1", "Total Cost": 2.0, "Plan Rows": 1, "Actual Rows": 1, "Actual Loops": 4, "Actual Total Time": 0.01}]},
  "Execution Time": 0.7}]`, `
└── Hash Left Join                 ███······· cost 10.00 rows 5 actual 4 in 0.500 ms
    │   hash cond: (a.id = b.id)
    ├── Seq Scan on album a        ██████████ cost 6.00 rows 5 actual 5 in 0.100 ms
    │       filter: (id > 1)
    │       rows removed by filter: 3
    └── InitPlan 1: HashAggregate  ███······· cost 2.00 rows 1 actual 1 ×4 in 0.040 ms
            group key: x, y
`},
	} {
		var roots []*planNode
		if c.format == "tree" {
			roots = treePlan(c.plan)
		} else if v, err := types.DecodeJSON(c.plan); err != nil {
			t.Fatal(err)
		} else if o, ok := v.(types.Object); ok {
			roots = jsonPlan(o)
		} else if roots, _, err = postgresqlPlan([][]any{{v}}); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimPrefix(drawPlan(roots), "QUERY PLAN")
		if flat(got) != flat(c.want) {
			t.Errorf("%s:\n%s\nwant:%s", c.name, got, c.want)
		}
	}
}

// flat takes the widths out, which the longest line decides.
func flat(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(out, "\n")
}
