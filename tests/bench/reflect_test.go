package bench

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/inspect"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

const tables, columnsEach = 1000, 20

// catalogue makes the tables that BenchmarkReflect reads: columns of four
// types, an index on every fifth, a foreign key in nine of ten.
func catalogue(b *testing.B, c *engine.Connection) {
	b.Helper()
	kinds := []string{"INTEGER", "VARCHAR(50) NOT NULL", "NUMERIC(10, 2)", "TIMESTAMP NULL"}
	run := func(sql string) {
		if _, err := c.ExecDriverSQL(ctx, sql, engine.Params{}); err != nil {
			b.Fatal(err)
		}
	}
	for t := range tables {
		var s strings.Builder
		fmt.Fprintf(&s, "CREATE TABLE t%d (id INTEGER PRIMARY KEY", t)
		for i := 1; i < columnsEach; i++ {
			fmt.Fprintf(&s, ", c%d %s", i, kinds[i%4])
		}
		if t%10 > 0 {
			fmt.Fprintf(&s, ", CONSTRAINT fk%d FOREIGN KEY (c4) REFERENCES t%d (id)", t, t-1)
		}
		run(s.String() + ")")
		if t%5 == 0 {
			run(fmt.Sprintf("CREATE INDEX ix%d ON t%d (c1, c2)", t, t))
		}
	}
	if err := c.Commit(ctx); err != nil {
		b.Fatal(err)
	}
}

// peer is SQLAlchemy reflecting the same database: the shortest of three times.
// $ALCHEMYSH_SQLALCHEMY is a Python that has it; without one there is no ratio.
const peer = `
import sys, time
from sqlalchemy import MetaData, create_engine
engine = create_engine(sys.argv[1])
engine.connect().close()
best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    metadata = MetaData()
    metadata.reflect(engine)
    best = min(best, time.perf_counter() - start)
assert len(metadata.tables) == int(sys.argv[2])
print(best)
`

func peerTime(b *testing.B, url string) time.Duration {
	b.Helper()
	python := os.Getenv("ALCHEMYSH_SQLALCHEMY")
	if python == "" {
		return 0
	}
	url = strings.NewReplacer("postgresql://", "postgresql+psycopg2://", "mysql://", "mysql+pymysql://").Replace(url)
	out, err := exec.Command(python, "-c", peer, url, strconv.Itoa(tables)).Output()
	if err != nil {
		b.Fatalf("SQLAlchemy: %v", err)
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(seconds * float64(time.Second))
}

// BenchmarkReflect reads a schema of 1,000 tables of 20 columns, beside what
// SQLAlchemy takes for the same in the same run.
func BenchmarkReflect(b *testing.B) {
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		b.Run(s.Dialect, func(b *testing.B) {
			url := s.Empty(b, "bench_reflect")
			e, err := dialect.CreateEngine(url, engine.DefaultOptions())
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = e.Dispose() }()
			c, err := e.Connect(ctx)
			if err != nil {
				b.Fatal(err)
			}
			catalogue(b, c)
			if err := c.Close(ctx); err != nil {
				b.Fatal(err)
			}
			theirs := peerTime(b, url)
			for b.Loop() {
				in, err := inspect.Inspect(ctx, e)
				if err != nil {
					b.Fatal(err)
				}
				m := core.NewMetaData()
				if err := in.ReflectAll(ctx, m, inspect.ReflectOptions{}); err != nil {
					b.Fatal(err)
				}
				if len(m.Tables()) != tables {
					b.Fatalf("%d tables", len(m.Tables()))
				}
			}
			if ours := b.Elapsed() / time.Duration(b.N); theirs > 0 {
				b.ReportMetric(float64(theirs)/float64(ours), "times-faster")
			}
		})
	}
}
