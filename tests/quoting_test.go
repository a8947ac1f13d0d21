package tests

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

// quoted is a database whose quoting is tried: names of columns and strings.
type quoted struct {
	on      servers.Server
	dialect compile.Dialect
	db      *sql.Conn
}

func quotedDatabases(t testing.TB) []quoted {
	var list []quoted
	for _, on := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
		url, pool := "sqlite://", func() (*sql.DB, error) { return sql.Open("sqlite", ":memory:") }
		if on != servers.SQLite {
			admin, err := on.Find()
			if err != nil {
				continue
			}
			name := "" // of no database
			if on == servers.PostgreSQL {
				name = "postgres"
			}
			url, pool = admin.URL(name), func() (*sql.DB, error) { return admin.DB(), nil }
		}
		// The dialect of a connection knows what the server makes of a backslash.
		e, err := dialect.CreateEngine(url, engine.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Connect(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Dispose() })
		db, err := pool()
		if err != nil {
			t.Fatal(err)
		}
		conn, err := db.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		list = append(list, quoted{on, e.Dialect, conn})
	}
	return list
}

// readsBack selects a string under a name and gives what the server read of both.
func (q quoted) readsBack(name, text string) (gotName, gotText string, err error) {
	written, err := compile.Inline(q.dialect, core.NewSelect(core.NewLabel(core.Literal(text, &types.String{}), name)), compile.Options{})
	if err != nil {
		return "", "", err
	}
	rows, err := q.db.QueryContext(context.Background(), written)
	if err != nil {
		return "", "", fmt.Errorf("%w in %s", err, written)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", "", err
	}
	rows.Next()
	err = rows.Scan(&gotText)
	return names[0], gotText, err
}

// possible reports whether the server can have such a name and such a string at
// all, however they are written.
func (q quoted) possible(name, text string) bool {
	if name == "" || !utf8.ValidString(name) || !utf8.ValidString(text) || len(name) > 60 {
		return false
	}
	for _, r := range name + text {
		if r == 0 || q.on == servers.MySQL && r > 0xffff {
			return false
		}
	}
	// MariaDB cuts blanks and control characters off an alias.
	cut := func(b byte) bool { return b <= ' ' || b == 0x7f }
	return q.on != servers.MySQL || !cut(name[0]) && !cut(name[len(name)-1])
}

// FuzzQuoting: whatever the characters, the server reads back the same name and
// the same string.
func FuzzQuoting(f *testing.F) {
	for _, s := range quotingSeeds {
		f.Add(s, s)
	}
	all := quotedDatabases(f)
	f.Fuzz(func(t *testing.T, name, text string) { quoting(t, all, name, text) })
}

var quotingSeeds = []string{"a", "Select", `"`, "`", `a"b`, "a`b", "'", `\`, `\'`, `'';--`, "%", "%%s", "%(x)s", ":x", "?", "$1", "a.b", "[x]", "é", "日本", "\n", "/*", "--", "{}", `\"`, "''", "a\tb"}

func quoting(t *testing.T, all []quoted, name, text string) {
	t.Helper()
	for _, q := range all {
		if !q.possible(name, text) {
			continue
		}
		n, s, err := q.readsBack(name, text)
		if err != nil || n != name || s != text {
			t.Errorf("%s reads %q as %q and %q as %q: %v", q.on.Dialect, name, n, text, s, err)
		}
	}
}

// TestQuotingReadsBack is the same with random strings of what is special.
func TestQuotingReadsBack(t *testing.T) {
	all := quotedDatabases(t)
	r := rand.New(rand.NewPCG(1, 2))
	some := func() string {
		s := ""
		for range 1 + r.IntN(5) {
			s += quotingSeeds[r.IntN(len(quotingSeeds))]
		}
		return s
	}
	for range 500 {
		quoting(t, all, some(), some())
	}
}
