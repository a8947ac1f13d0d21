package bench

import (
	"context"
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver of the floor

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/luabind"
)

var ctx = context.Background()

const rows = 100_000

// item is the table of all benchmarks.
func item() *core.Table {
	column := func(name string, t types.Type, key bool) *core.Column {
		c := core.NewColumn(name, t)
		c.Schema = core.NewColumnSchema()
		c.Schema.PrimaryKey = key
		return c
	}
	return core.NewTable("item", core.NewMetaData(), "",
		column("id", &types.Integer{}, true), column("name", &types.String{}, false), column("price", &types.Float{}, false))
}

const itemDDL = "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR, price FLOAT)"

func connect(b *testing.B, path string) *engine.Connection {
	b.Helper()
	e, err := dialect.CreateEngine("sqlite:///"+path, engine.DefaultOptions())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Dispose() })
	c, err := e.Connect(ctx)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close(ctx) })
	return c
}

// filled is a database file with the rows of item.
func filled(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench.db")
	db := open(b, path)
	insertPlain(b, db)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func open(b *testing.B, path string) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func insertPlain(b *testing.B, db *sql.DB) {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := db.Exec("DROP TABLE IF EXISTS item")
	must(err)
	_, err = db.Exec(itemDDL)
	must(err)
	tx, err := db.Begin()
	must(err)
	stmt, err := tx.Prepare("INSERT INTO item (name, price) VALUES (?, ?)")
	must(err)
	for i := range rows {
		_, err := stmt.Exec(fmt.Sprintf("item %d", i), float64(i)/4)
		must(err)
	}
	must(tx.Commit())
}

func BenchmarkCompile(b *testing.B) {
	t := item()
	statement := func() *core.Select { return core.NewSelect(t).Where(core.Eq(t.C("id"), 5)) }
	b.Run("uncached", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := compile.Compile(compile.Default(), statement(), compile.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached", func(b *testing.B) { // what a hit costs: the key and a map
		key, _, _ := core.Key(statement())
		cache := map[string]bool{key: true}
		b.ReportAllocs()
		for b.Loop() {
			if key, _, ok := core.Key(statement()); !ok || !cache[key] {
				b.Fatal("no hit")
			}
		}
	})
}

func BenchmarkSelectByKey(b *testing.B) {
	path := filled(b)
	b.Run("plain", func(b *testing.B) {
		db := open(b, path)
		defer db.Close()
		stmt, err := db.Prepare("SELECT id, name, price FROM item WHERE id = ?")
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			var id int64
			var name string
			var price float64
			if err := stmt.QueryRow(i%rows+1).Scan(&id, &name, &price); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("go", func(b *testing.B) {
		c, t := connect(b, path), item()
		for i := 0; b.Loop(); i++ {
			r, err := c.Execute(ctx, core.NewSelect(t).Where(core.Eq(t.C("id"), int64(i%rows+1))), engine.Params{})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := r.One(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("lua", func(b *testing.B) {
		lua(b, path, `function once(i) return conn:execute(select(item):where(item.c.id == i)):one() end`,
			`for i = 1, N do once(i % 100000 + 1) end`)
	})
}

func BenchmarkInsert100k(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bench.db")
	b.Run("plain", func(b *testing.B) {
		db := open(b, path)
		defer db.Close()
		for b.Loop() {
			insertPlain(b, db)
		}
	})
	b.Run("go", func(b *testing.B) {
		c, t := connect(b, path), item()
		for b.Loop() {
			for _, text := range []string{"DROP TABLE IF EXISTS item", itemDDL} {
				if _, err := c.ExecDriverSQL(ctx, text, engine.Params{}); err != nil {
					b.Fatal(err)
				}
			}
			sets := make([]map[string]any, rows)
			for i := range sets {
				sets[i] = map[string]any{"name": fmt.Sprintf("item %d", i), "price": float64(i) / 4}
			}
			if _, err := c.Execute(ctx, &core.Insert{Table: t}, engine.NamedMany(sets)); err != nil {
				b.Fatal(err)
			}
			if err := c.Commit(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("lua", func(b *testing.B) {
		lua(b, path, ``, `for n = 1, N do
			metadata:drop_all(engine)
			metadata:create_all(engine)
			local sets = {}
			for i = 1, 100000 do sets[i] = {name = "item " .. i, price = i / 4} end
			conn:execute(insert(item), sets)
			conn:commit()
		end`)
	})
}

func BenchmarkFetch100k(b *testing.B) {
	path := filled(b)
	b.Run("plain", func(b *testing.B) {
		db := open(b, path)
		defer db.Close()
		for b.Loop() {
			r, err := db.Query("SELECT id, name, price FROM item")
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for r.Next() {
				var id int64
				var name string
				var price float64
				if err := r.Scan(&id, &name, &price); err != nil {
					b.Fatal(err)
				}
				n++
			}
			if r.Err() != nil || n != rows {
				b.Fatal(n, r.Err())
			}
		}
	})
	b.Run("go", func(b *testing.B) {
		c, t := connect(b, path), item()
		for b.Loop() {
			r, err := c.Execute(ctx, core.NewSelect(t), engine.Params{})
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for row, err := range r.Each() {
				if err != nil {
					b.Fatal(err)
				}
				if row.At(0) != nil {
					n++
				}
			}
			if n != rows {
				b.Fatal(n)
			}
		}
	})
	b.Run("lua", func(b *testing.B) {
		lua(b, path, ``, `for n = 1, N do
			local sum = 0
			for id, name, price in conn:execute(select(item)) do sum = sum + price end
			assert(sum > 0)
		end`)
	})
}

// lua runs a program with N set, in a State whose item, engine and conn are
// those of path.
func lua(b *testing.B, path, prepare, program string) {
	b.Helper()
	s := luabind.New(luabind.Options{})
	defer s.Close()
	run := func(text string) {
		b.Helper()
		if _, err := s.Eval(ctx, luabind.Chunk{Name: "bench", Text: text, Script: true}); err != nil {
			b.Fatal(err)
		}
	}
	run(fmt.Sprintf(`
		engine = create_engine("sqlite:///%s")
		metadata = MetaData()
		item = Table("item", metadata, Column("id", Integer, {primary_key = true}), Column("name", String), Column("price", Float))
		conn = engine:connect()
	`, filepath.ToSlash(path)))
	run(prepare)
	b.ResetTimer()
	run(fmt.Sprintf("local N = %d\n%s", b.N, program))
	b.StopTimer()
	run(`conn:close() engine:dispose()`)
}

// BenchmarkStart is the shell from its start to the first row: the time, and
// the CPU and memory that it took.
func BenchmarkStart(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "alchemysh")
	if out, err := exec.Command("go", "build", "-o", bin, "alchemysh/cmd/alchemysh").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var cpu float64
	for b.Loop() {
		cmd := exec.Command(bin, "sqlite://", "-c", "print(conn:scalar(text('select 1')))")
		if out, err := cmd.Output(); err != nil || string(out) != "1\n" {
			b.Fatalf("%q %v", out, err)
		}
		cpu += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds() * 1000
	}
	b.ReportMetric(cpu/float64(b.N), "cpu-ms/op")
}
