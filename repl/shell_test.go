package repl_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"alchemysh/core/exc"
	"alchemysh/dialect"
	"alchemysh/repl"
	"alchemysh/repl/database"
	"alchemysh/repl/render"
)

// session is a shell on a SQLite database in memory, and what it wrote.
type session struct {
	*repl.Shell
	lua      *calculator
	out, err bytes.Buffer
}

func newSession(t *testing.T, change ...func(*repl.Config)) *session {
	t.Helper()
	e, err := dialect.CreateEngine("sqlite://", database.Options(database.Settings{}))
	if err != nil {
		t.Fatal(err)
	}
	db, err := database.Connect(t.Context(), e, database.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{lua: &calculator{}}
	c := repl.Config{Lua: s.lua, DB: db, Out: &s.out, Err: &s.err}
	for _, f := range change {
		f(&c)
	}
	s.Shell = repl.New(c)
	t.Cleanup(func() {
		if err := s.Leave(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// run runs a text and gives what it wrote.
func (s *session) run(t *testing.T, text string) string {
	t.Helper()
	s.out.Reset()
	s.err.Reset()
	if err := s.Run(t.Context(), text, repl.Source{}); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s.out.String()
}

func TestMixedItems(t *testing.T) {
	s := newSession(t)
	got := s.run(t, `x = 40
\echo x
create table t (a int);
insert into t values (:x), (2);
\pset format csv
select * from t
  order by a;
\echo done
`)
	if want := "x\nCREATE TABLE\nINSERT 2\na\n2\n40\ndone\n"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestErrors(t *testing.T) {
	s := newSession(t)
	for _, c := range []struct{ text, message string }{
		{`\g`, "there is no statement"},
		{"select * from nowhere;", "OperationalError: no such table: nowhere"},
		{"select :missing;", "no value for the parameter :missing"},
		{`\nonsense`, `\nonsense: no such command`},
		{`\timng`, `did you mean \timing`},
		{`\q x`, "a status from 0 to 255"},
	} {
		err := s.Run(t.Context(), c.text, repl.Source{Name: "f.sql"})
		if err == nil || !strings.Contains(repl.Describe(err), c.message) {
			t.Errorf("%s: %v, want %s", c.text, err, c.message)
		}
		if !strings.Contains(repl.Describe(err), "at f.sql:1") {
			t.Errorf("%s: no place in %s", c.text, repl.Describe(err))
		}
	}
}

func TestStatus(t *testing.T) {
	refused := exc.New(exc.IntegrityError, "no")
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("x"), 1}, {refused, 3}, {errors.Join(refused), 3}, {&repl.Exit{Status: 7}, 7},
		{repl.ErrInterrupted, 130}, {context.Canceled, 130}, {exc.New(exc.ArgumentError, "x"), 1},
	} {
		if got := repl.Status(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

func TestStopsAtFirstError(t *testing.T) {
	s := newSession(t)
	err := s.Run(t.Context(), "select * from nowhere;\n\\echo after", repl.Source{})
	if err == nil || s.out.Len() > 0 {
		t.Errorf("%v, %q", err, s.out.String())
	}
	got := s.run(t, "\\set ON_ERROR_STOP off\nselect * from nowhere;\n\\echo after")
	if got != "after\n" || !strings.Contains(s.err.String(), "no such table") {
		t.Errorf("%q %q", got, s.err.String())
	}
}

func TestWhole(t *testing.T) {
	s := newSession(t)
	for text, want := range map[string]bool{
		"select 1": false, "select 1;": true, "select 1; select": false, "select": false, "x = 1\nx + 2": true, "x = 1": true, "f(": false, `\d`: true, "": true,
		"select 'a;": false, `select 1 \gx`: true,
	} {
		if got := s.Whole(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := s.Continuations("select (\n'a\n"); !slices.Equal(got, []string{"(> ", "'> "}) {
		t.Errorf("%q", got)
	}
}

func TestEscapesNeverReachTheScreen(t *testing.T) {
	s := newSession(t, func(c *repl.Config) { c.Terminal = true; c.Color = false })
	s.Settings.Pager = "off"
	got := s.run(t, "select 'a\x1b]0;title\ab' as \"x\x1b[31m\";\n\\dt nothing*\n")
	got += s.err.String()
	if strings.ContainsAny(got, "\x1b\a") {
		t.Errorf("%q", got)
	}
	err := s.Run(t.Context(), "select * from \"\x1b[2J\";", repl.Source{})
	s.ShowError(err)
	if strings.ContainsAny(s.err.String(), "\x1b") {
		t.Errorf("%q", s.err.String())
	}
}

func TestSafe(t *testing.T) {
	s := newSession(t, func(c *repl.Config) { c.Safe = true })
	for _, text := range []string{`\! echo x`, `\cd /`, `\o x`, `\i x`, `\once x`, `\copy t to x.csv`, `\s x`, `\e`, `select 1 \g x`, `\record x.md`, ".backup x"} {
		if err := s.Run(t.Context(), text, repl.Source{}); err == nil || !(strings.Contains(err.Error(), "--safe") || strings.Contains(err.Error(), "no history") || strings.Contains(err.Error(), "no such table")) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestRecord(t *testing.T) {
	dir := t.TempDir()
	s := newSession(t)
	entries := []string{`\record ` + filepath.Join(dir, "walk.md"), "x = 40", "x + 2", "select :x as x;", "select * from nowhere;", `\record off`}
	if err := s.Interact(t.Context(), &script{entries: entries}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "walk.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := "---\nalchemysh: 1\ndb: sqlite://\n---\n\n```alchemysh\n> x = 40\n> x + 2\n42\n> select :x as x;\n x\n----\n 40\n(1 row)\n" +
		"> select * from nowhere;\nOperationalError: no such table: nowhere\n[SQL: select * from nowhere]\n```\n"
	if string(data) != want {
		t.Errorf("got\n%s\nwant\n%s", data, want)
	}
}

// script is an editor whose entries are there already.
type script struct {
	entries []string
	prompts []string
	drafts  []string
}

func (s *script) Read(prompt, draft string) (string, error) {
	s.prompts = append(s.prompts, prompt)
	if draft != "" {
		s.drafts = append(s.drafts, draft)
	}
	if len(s.entries) == 0 {
		return "", io.EOF
	}
	e := s.entries[0]
	s.entries = s.entries[1:]
	return e, nil
}

func (s *script) Close() error { return nil }

func TestPrompts(t *testing.T) {
	s := newSession(t)
	e := &script{entries: []string{"begin;", "create table t (a);", "rollback;", "exit"}}
	err := s.Interact(t.Context(), e)
	var exit *repl.Exit
	if !errors.As(err, &exit) {
		t.Error(err)
	}
	if want := []string{"memory=> ", "memory=*> ", "memory=*> ", "memory=> "}; !slices.Equal(e.prompts, want) {
		t.Errorf("%q", e.prompts)
	}
}

func TestHabits(t *testing.T) {
	s := newSession(t)
	for entry, want := range map[string]string{"select?": "help on select", `\help select`: "help on select"} {
		s.out.Reset()
		if err := s.Interact(t.Context(), &script{entries: []string{entry}}); err != nil || !strings.Contains(s.out.String(), want) {
			t.Errorf("%s: %q %v", entry, s.out.String(), err)
		}
	}
}

func TestComplete(t *testing.T) {
	s := newSession(t)
	s.run(t, "create table users (id int, name text, fullname text);\ncreate table orders (id int, user_id int);\ncreate table \"odd name\" (\"Group\" int);\nuser_count = 1")
	if err := s.Interact(t.Context(), &script{}); err != nil { // the prompt reads the catalog
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"select * from us", "users"},
		{"select * from users, or", "orders"},
		{"select * from users u where u.na", "name"},
		{"select * from users where fu", "fullname full"},
		{"select id from orders where user", "user_id users"},
		{"select * from odd", `"odd name"`},
		{"select * from \"od", `"odd name"`},
		{"select * from \"odd name\" o where o.gr", `"Group"`},
		{"select * from users u join orders o on ", "o.user_id = u.id id name fullname user_id"},
		{"select * from users join orders on o", `orders.user_id = users.id order offset outer on or over "odd name" orders`},
		{"SEL", "SELECT"},
		{"select 1; x = user", "user_count"},
		{`\tim`, `\timing`},
		{`\pset for`, "format"},
		{`\pset format js`, "json jsonl"},
		{`\d us`, "users"},
		{`\x a`, "auto"},
		{`\h ins`, "INSERT"},
		{"x = us", "user_count"},
		{"insert into or", "orders"},
	} {
		var got []string
		for _, k := range s.Complete(c.text, len(c.text)) {
			got = append(got, k.Text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// BenchmarkComplete: a Tab with 10,000 tables known answers in under 20 ms.
func BenchmarkComplete(b *testing.B) {
	e, err := dialect.CreateEngine("sqlite://", database.Options(database.Settings{}))
	if err != nil {
		b.Fatal(err)
	}
	db, err := database.Connect(b.Context(), e, database.Settings{})
	if err != nil {
		b.Fatal(err)
	}
	s := repl.New(repl.Config{Lua: &calculator{}, DB: db, Out: io.Discard, Err: io.Discard})
	var sql strings.Builder
	sql.WriteString("begin;\n")
	for i := range 10000 {
		sql.WriteString("create table table_" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + "_" + strconv.Itoa(i) + " (id int, name text);\n")
	}
	sql.WriteString("commit;\n")
	if err := s.Run(b.Context(), sql.String(), repl.Source{}); err != nil {
		b.Fatal(err)
	}
	if err := s.Interact(b.Context(), &script{}); err != nil {
		b.Fatal(err)
	}
	text := "select * from table_xx"
	for b.Loop() {
		if len(s.Complete(text, len(text))) == 0 {
			b.Fatal("nothing found")
		}
	}
}

func TestCommandsAreDescribed(t *testing.T) {
	s := newSession(t)
	list := s.run(t, `\?`)
	for _, name := range []string{`\q`, `\d[+] [NAME]`, `\timing [on|off]`, `\copy`, `\watch`, `\session`, `\er`} {
		if !strings.Contains(list, name) {
			t.Errorf("%s is not listed", name)
		}
	}
	for line := range strings.Lines(list) {
		if regexp.MustCompile(`^  \\`).MatchString(line) && len(line) > 130 {
			t.Errorf("a long line: %s", line)
		}
	}
	if one := s.run(t, `\? dt`); !strings.Contains(one, ".tables") {
		t.Errorf("%q", one)
	}
}

func TestHighlight(t *testing.T) {
	s := newSession(t, func(c *repl.Config) { c.Color = true })
	for text, want := range map[string][]string{
		"select 'a' from t -- x":   {"select", "'a'", "from", "-- x"},
		"local x = 'a' -- [[":      {"local", "'a'", "-- [["},
		`\dt users`:                {`\dt`},
		"select :id, \"q\", 1":     {"select", ":id", `"q"`, "1"},
		"x = [[long\nstring]] + 1": {"[[long\nstring]]", "1"},
	} {
		var got []string
		for _, p := range s.Highlight(text) {
			got = append(got, text[p.Start:p.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestReference: docs/shell.md speaks of every command and every format.
func TestReference(t *testing.T) {
	data, err := os.ReadFile("../docs/shell.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t)
	for _, name := range regexp.MustCompile(`(?m)^  ([\\.][^\s\[]+)`).FindAllStringSubmatch(s.run(t, `\?`), -1) {
		if !strings.Contains(string(data), "`"+name[1]) {
			t.Errorf("%s is not in docs/shell.md", name[1])
		}
	}
	for _, f := range render.Formats() {
		if !strings.Contains(string(data), "`"+f+"`") {
			t.Errorf("the format %s is not in docs/shell.md", f)
		}
	}
}

// A command that takes no statement leaves the one that it stands in open.
func TestCommandInsideStatement(t *testing.T) {
	s := newSession(t)
	e := &script{entries: []string{"select 1 as a,\n\\echo between", "select 1 as a,\n2 as b;", "select 3\n\\nothing", "select 4\n\\r"}}
	if err := s.Interact(t.Context(), e); err != nil {
		t.Error(err)
	}
	if want := []string{"select 1 as a,\n", "select 3\n"}; !slices.Equal(e.drafts, want) {
		t.Errorf("drafts %q", e.drafts)
	}
}
