package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"alchemysh/repl/render"
)

// sqliteStep is a step of SQLite's plan that reads a table.
var sqliteStep = regexp.MustCompile(`^(SCAN|SEARCH) (\S+)(?: USING (?:COVERING )?(?:(INTEGER PRIMARY KEY)|(?:AUTOMATIC .*)?INDEX (\S+)))?(?: \((.*)\))?`)

// estimateSQLite adds the rows that steps read, as far as they are known:
// SQLite tells none. A scan reads what the table holds, by its highest rowid; a
// search by key one row; one by an index as many as ANALYZE has found.
func estimateSQLite(ctx context.Context, s *Shell, sql string, nodes []*planNode) {
	tables, err := s.DB.Catalog().Relations(ctx, "", TableKind)
	if err != nil {
		return
	}
	_, aliases := sourcesOf(sql, tables)
	stats := map[string][]float64{} // by index, and by table
	if _, rows, err := s.collect(ctx, "SELECT tbl, idx, stat FROM sqlite_stat1"); err == nil {
		for _, r := range rows {
			var n []float64
			for _, w := range strings.Fields(render.Text(r[2])) {
				if f, err := strconv.ParseFloat(w, 64); err == nil {
					n = append(n, f)
				}
			}
			if len(n) > 0 {
				if r[1] != nil {
					stats[render.Text(r[1])] = n
				}
				stats["table "+render.Text(r[0])] = n[:1]
			}
		}
	}
	held := func(table string) float64 {
		if n := stats["table "+table]; len(n) > 0 {
			return n[0]
		}
		_, rows, err := s.collect(ctx, "SELECT max(rowid) FROM "+s.quote(table))
		n := -1.0
		if err == nil && len(rows) == 1 {
			if rows[0][0] == nil {
				return 0
			}
			if n, err = strconv.ParseFloat(render.Text(rows[0][0]), 64); err != nil {
				return -1
			}
		}
		return n
	}
	var walk func([]*planNode)
	walk = func(nodes []*planNode) {
		for _, n := range nodes {
			walk(n.children)
			m := sqliteStep.FindStringSubmatch(n.text)
			if m == nil {
				continue
			}
			table, ok := aliases[strings.ToLower(m[2])]
			equal := strings.Count(m[5], "=?")
			switch {
			case !ok:
			case m[1] == "SCAN":
				n.rows = held(table)
			case m[3] != "" && equal > 0:
				n.rows = 1
			case m[4] != "" && len(stats[m[4]]) > equal:
				n.rows = stats[m[4]][equal]
			}
			if table != "" && !strings.EqualFold(table, m[2]) {
				n.text = strings.Replace(n.text, m[1]+" "+m[2], m[1]+" "+table+" "+m[2], 1)
			}
		}
	}
	walk(nodes)
}

// ran runs a statement to its end and tells what it took.
func (s *Shell) ran(ctx context.Context, sql string) (string, error) {
	text, args, err := s.bind(sql)
	if err != nil {
		return "", err
	}
	start := time.Now()
	res, err := s.DB.Query(ctx, text, args)
	if err != nil {
		return "", err
	}
	defer res.Close()
	n := 0
	for {
		if _, err := res.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return "", err
		}
		n++
	}
	took := time.Since(start)
	if changed := res.Affected(); changed >= 0 {
		return fmt.Sprintf("Rows changed: %d\nExecution Time: %s\n", changed, duration(took)), nil
	}
	return fmt.Sprintf("Rows: %d\nExecution Time: %s\n", n, duration(took)), nil
}
