package engine_test

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

// resident is the memory that the process occupies, SQLite's own included.
func resident(t *testing.T) uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc/self/statm: the memory of the process cannot be told")
	}
	pages, err := strconv.ParseUint(strings.Fields(string(text))[1], 10, 64)
	must(t, err)
	return pages * uint64(os.Getpagesize())
}

// TestStreamMemory reads many rows with stream_results: they come and go, and
// the whole process stays below 100 MiB. ALCHEMYSH_STREAM_ROWS says how many.
func TestStreamMemory(t *testing.T) {
	rows := int64(200_000)
	if n, err := strconv.ParseInt(os.Getenv("ALCHEMYSH_STREAM_ROWS"), 10, 64); err == nil {
		rows = n
	}
	const limit = 100 << 20
	servers.Each(t, "engine_stream", func(t *testing.T, s servers.Server, url string) {
		o := engine.DefaultOptions()
		o.EchoTo = io.Discard
		e, err := dialect.CreateEngine(url, o)
		must(t, err)
		defer e.Dispose()
		c, err := e.Connect(ctx)
		must(t, err)
		defer c.Close(ctx)
		from := map[string]string{
			"sqlite":     "(WITH RECURSIVE c(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM c WHERE g < %d) SELECT g FROM c)",
			"postgresql": "generate_series(1, %d) AS s(g)",
			"mysql":      "(SELECT seq AS g FROM seq_1_to_%d) AS s",
		}[s.Dialect]
		stmt := &core.Text{SQL: fmt.Sprintf("SELECT g, 'the name of the row', g * 2 FROM "+from, rows)}
		begun := time.Now()
		r, err := c.Execute(ctx, stmt, engine.Params{}, core.Options{"stream_results": true, "yield_per": int64(1000)})
		must(t, err)
		var n int64
		var most uint64
		for row, err := range r.Each() {
			must(t, err)
			if n++; row.At(0) != n {
				t.Fatalf("row %d is %v", n, row)
			}
			if n%10_000 == 0 {
				most = max(most, resident(t))
			}
		}
		if n != rows {
			t.Errorf("%d rows, want %d", n, rows)
		}
		if most > limit {
			t.Errorf("%d MiB, more than %d", most>>20, limit>>20)
		}
		t.Logf("%d rows in %v, at most %d MiB", n, time.Since(begun).Round(time.Millisecond), most>>20)
	})
}
