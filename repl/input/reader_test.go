package input

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// parse is a stand-in for Lua's parser that knows enough of it: an assignment
// or a call is a chunk, anything with an open bracket or block wants more.
func parse(text string) Status {
	text = strings.TrimSpace(text)
	if open, depth := luaOpen(text); depth > 0 || open != "-" {
		return Incomplete
	}
	expr := strings.TrimPrefix(text, "return ")
	first, _, _ := strings.Cut(expr, " ")
	switch {
	case strings.ContainsAny(expr, "?\\"):
		return Invalid
	case strings.HasPrefix(text, "return ") && (strings.Contains(expr, "\n") && !strings.Contains(expr, "\n:") || strings.Contains(expr, " = ")):
		return Invalid
	case strings.HasPrefix(text, "return "):
		if strings.ContainsAny(expr, " ") && !strings.ContainsAny(expr, "(+'") || Verbs[first] && !strings.Contains(first, "(") {
			return Invalid
		}
		return Complete
	}
	for _, line := range strings.Split(expr, "\n") {
		if f := strings.Fields(line); len(f) > 1 && !strings.ContainsAny(line, "=()") {
			if f[0] != "local" && f[0] != "end" {
				return Invalid
			}
		}
	}
	if len(strings.Fields(expr)) == 1 && !strings.Contains(expr, "(") && expr != "end" {
		return Invalid // a bare name is no statement
	}
	return Complete
}

func read(r Reader, text string) string {
	var out []string
	for {
		item, rest, err := r.Next(text)
		if errors.Is(err, ErrMore) {
			return strings.Join(append(out, "more:"+r.Open(text)), " | ")
		}
		if item == nil {
			return strings.Join(out, " | ")
		}
		kind := [...]string{"lua", "sql", "cmd"}[item.Kind]
		if item.Expr {
			kind = "expr"
		}
		out = append(out, kind+":"+item.Text)
		text = rest
	}
}

func TestReader(t *testing.T) {
	variables := map[string]bool{}
	for _, c := range []struct{ dialect, text, want string }{
		{"sqlite", "select 1;", "sql:select 1"},
		{"sqlite", "select 1", "more:-"},
		{"sqlite", "select 'a;b' from t; x = 1", "sql:select 'a;b' from t | lua:x = 1"},
		{"sqlite", "select(users)", "expr:select(users)"},
		{"sqlite", "values (1);", "sql:values (1)"},
		{"sqlite", "insert (users)", "expr:insert (users)"},
		{"sqlite", "update = 5", "lua:update = 5"},
		{"sqlite", "begin;", "sql:begin"},
		{"sqlite", "begin", "more:-"},
		{"sqlite", "x = 1", "lua:x = 1"},
		{"sqlite", "1 + 1", "expr:1 + 1"},
		{"sqlite", "=x", "expr:x"},
		{"sqlite", "for i = 1, 2 do", "more:-"},
		{"sqlite", "f(1,", "more:("},
		{"sqlite", "s = [[ab", "more:[["},
		{"sqlite", "select (1", "more:("},
		{"sqlite", "select 'it''s", "more:'"},
		{"sqlite", `\dt users`, `cmd:\dt users`},
		{"sqlite", ".tables", "cmd:.tables"},
		{"sqlite", ".5 + 1", "expr:.5 + 1"},
		{"sqlite", `select 1 \gx`, `sql:select 1 | cmd:\gx`},
		{"sqlite", `\sql table users;`, "sql:table users"},
		{"sqlite", "-- note\nselect 1; -- more\nselect 2;", "sql:select 1 | sql:select 2"},
		{"sqlite", "x = 1\nselect * from t;\ny = 2", "lua:x = 1\n | sql:select * from t | lua:y = 2"},
		{"sqlite", "x = f(1)\n\\dt\n", "lua:x = f(1)\n | cmd:\\dt"},
		{"sqlite", "create trigger t after insert on u begin update v set a = case when 1 then 2 end; delete from w; end; select 1;",
			"sql:create trigger t after insert on u begin update v set a = case when 1 then 2 end; delete from w; end | sql:select 1"},
		{"sqlite", "create table event (begin int); select 1;", "sql:create table event (begin int) | sql:select 1"},
		{"mysql", "create procedure p() begin if x then select 1; end if; select 2; end; select 3;",
			"sql:create procedure p() begin if x then select 1; end if; select 2; end | sql:select 3"},
		{"mysql", "select 'a\\';b'; # c;\nselect 2;", "sql:select 'a\\';b' | sql:select 2"},
		{"mysql", "delimiter //\nselect 1; select 2//\ndelimiter ;\nselect 3;", "sql:select 1; select 2 | sql:select 3"},
		{"postgresql", "do $$ begin perform 1; end $$; select 1;", "sql:do $$ begin perform 1; end $$ | sql:select 1"},
		{"postgresql", "create function f() returns int as $b$ select 1; $b$ language sql; select 2;",
			"sql:create function f() returns int as $b$ select 1; $b$ language sql | sql:select 2"},
		{"postgresql", "select /* a /* ; */ ; */ 1;", "sql:select /* a /* ; */ ; */ 1"},
		{"postgresql", "select $x$ a", "more:$"},
		{"postgresql", "(select 1) union (select 2);", "sql:(select 1) union (select 2)"},
		{"sqlite", "foo ? bar", "lua:foo ? bar"},
		{"sqlite", "select ? x", "more:-"},
		{"sqlite", ";;", ""},
		{"sqlite", "select?", "lua:select?"},
		{"sqlite", "select(?)", "lua:select(?)"},
		{"sqlite", "with engine.connect() as conn:", "expr:with engine.connect() as conn:"},
	} {
		r := Reader{Syntax: SyntaxOf(c.dialect), Parse: parse,
			Variable: func(n string) bool { return variables[n] },
			Dotted:   func(n string) bool { return n == "tables" }}
		if got := read(r, c.text); got != c.want {
			t.Errorf("%s: %q\n got  %s\n want %s", c.dialect, c.text, got, c.want)
		}
	}
}

func TestReaderWhole(t *testing.T) {
	r := Reader{Parse: parse, Whole: true}
	if got := read(r, "select 1;\nselect 2"); got != "sql:select 1 | sql:select 2" {
		t.Error(got)
	}
	if got := read(r, "1 + 1\n2 + (2)\n\\dt\nf(3)"); got != "expr:1 + 1 | expr:2 + (2) | cmd:\\dt | expr:f(3)" {
		t.Error(got)
	}
	if got := read(r, "1 + 1\n?\nf(3)"); got != "lua:?\n" { // nothing of it is run
		t.Error(got)
	}
	r.Loose = true
	if got := read(r, "1 + 1\n?\nf(3)"); got != "expr:1 + 1 | lua:?\n | expr:f(3)" {
		t.Error(got)
	}
	r.SQLOnly = true
	if got := read(r, "end;\n\\x\nselect 2\n"); got != `sql:end | cmd:\x | sql:select 2` {
		t.Error(got)
	}
}

func TestParams(t *testing.T) {
	for _, c := range []struct{ dialect, sql, want string }{
		{"sqlite", "select * from t where id = :id and n = ':no' -- :no", "[id]"},
		{"postgresql", "select a::text, b[1:n], :x, $$ :no $$, 'x'::json, :x", "[x x]"},
		{"postgresql", `select :'x', :"tbl".a, '{"a":"b"}', a[1:"n"], :'not`, "[x tbl]"},
		{"mysql", "select :a, @v := :b, '12:30', \":no\"", "[a b]"},
	} {
		var names []string
		for _, p := range Params(c.sql, SyntaxOf(c.dialect)) {
			names = append(names, p.Name)
			if strings.Trim(c.sql[p.Start:p.End], `:'"`) != p.Name || p.Identifier != (c.sql[p.Start+1] == '"') {
				t.Errorf("%s at %d: %q", p.Name, p.Start, c.sql[p.Start:p.End])
			}
		}
		if got := fmt.Sprint(names); got != c.want {
			t.Errorf("%s: got %s, want %s", c.sql, got, c.want)
		}
	}
}

// FuzzReader: whatever the text, the reader comes to an end and never panics.
func FuzzReader(f *testing.F) {
	f.Add("select 'a;b' from t; x = 1\n\\dt", "sqlite")
	f.Add("do $$ begin", "postgresql")
	f.Add("delimiter //\nx//", "mysql")
	f.Fuzz(func(t *testing.T, text, dialect string) {
		for _, whole := range []bool{false, true} {
			r := Reader{Syntax: SyntaxOf(dialect), Parse: parse, Whole: whole}
			rest := text
			for range len(text) + 2 {
				item, next, err := r.Next(rest)
				if item == nil || err != nil {
					rest = ""
					break
				}
				if len(next) >= len(rest) {
					t.Fatalf("no progress in %q", rest)
				}
				rest = next
			}
			if rest != "" {
				t.Fatalf("no end of %q", text)
			}
			r.Open(text)
			Indent(text)
		}
	})
}
