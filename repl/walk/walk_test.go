package walk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// calculator is a Session for tests: "say X" shows X, "fail X" fails, "count"
// counts its calls, "sleep" waits, "db" names the database.
type calculator struct {
	db     string
	n      int
	closed *int
}

func (c *calculator) Input(ctx context.Context, text string) (string, error) {
	verb, rest, _ := strings.Cut(text, " ")
	switch verb {
	case "say":
		return strings.ReplaceAll(rest, "|", "\n") + "\n", nil
	case "fail":
		return "Error: " + rest + "\n", errors.New(rest)
	case "count":
		c.n++
		return fmt.Sprintln(c.n), nil
	case "db":
		return c.db + "\n", nil
	case "sleep":
		<-ctx.Done()
		return "", ctx.Err()
	}
	return "", nil
}

func (c *calculator) Script(ctx context.Context, name, text string) (string, error) {
	out := ""
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		shown, err := c.Input(ctx, line)
		out += shown
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

func (c *calculator) Close() error { *c.closed++; return nil }

func testSuite(t *testing.T) (*Suite, *bytes.Buffer) {
	out, opened, closed := new(bytes.Buffer), 0, 0
	t.Cleanup(func() {
		if opened != closed {
			t.Errorf("%d sessions opened, %d closed", opened, closed)
		}
	})
	return &Suite{Out: out, Runner: &Runner{
		Timeout: 5 * time.Second,
		Open: func(_ context.Context, target Target) (Session, error) {
			if target.DB == "mysql" {
				return nil, &UnavailableError{"mysql", errors.New("connection refused")}
			}
			opened++
			return &calculator{db: target.DB, closed: &closed}, nil
		},
		Fixture: func(_ *File, name string) (string, error) {
			if name == "one.lua" {
				return "count", nil
			}
			return "", os.ErrNotExist
		},
	}}, out
}

func fence(words, body string) string { return "```alchemysh " + words + "\n" + body + "```\n" }

func TestVerify(t *testing.T) {
	for _, tt := range []struct {
		name, meta, body string
		status           int
		out              string // in the report
	}{
		{"as written", "", fence("", "> say a|b\na\nb\n> count\n1\n> count\n2\n"), 0, "1 files, 3 inputs as written, 0 not"},
		{"differs", "", fence("", "> say a|b\na\nc\n"), 1, "w.md:5: differs on sqlite\n  > say a|b\n"},
		{"unified diff", "", fence("", "> say a|b\na\nc\n"), 1, "-c\n+b\n"},
		{"error shown", "", fence("", "> fail x\nError: x\n"), 0, ""},
		{"error not shown", "", fence("", "> fail x\n"), 3, "w.md:5: failed on sqlite"},
		{"error wanted", "", fence("fail", "> fail x\n"), 0, ""},
		{"error wanted, none came", "", fence("fail", "> say x\nx\n"), 1, "an error was wanted, and none came"},
		{"error by its text", "", fence(`error~="^Error: x"`, "> fail xyz\n"), 0, ""},
		{"error by its text, other", "", fence(`error~="y$"`, "> fail x\n"), 1, `an error that matches "y$" was wanted`},
		{"setup", "", fence("setup", "> say x\n"), 0, ""},
		{"setup fails", "", fence("setup", "> fail x\n"), 3, "failed"},
		{"skip", "", fence("skip", "> fail x\n"), 0, "0 inputs"},
		{"unordered", "", fence("unordered", "> say a|b\nb\na\n"), 0, ""},
		{"timeout", "", fence("timeout=20ms", "> sleep\n"), 3, "it took too long (20ms)"},
		{"timeout of the file", "timeout: 20ms\n", fence("", "> sleep\n"), 3, "it took too long (20ms)"},
		{"new session", "", fence("", "> count\n1\n") + fence("session=new", "> count\n1\n"), 0, ""},
		{"fixture", "fixture: one.lua\n", fence("", "> count\n2\n"), 0, ""},
		{"fixture after a new session", "fixture: one.lua\n", fence("session=new", "> count\n2\n"), 0, ""},
		{"no fixture", "fixture: two.lua\n", fence("", "> count\n2\n"), 3, "fixture two.lua: file does not exist"},
		{"script", "", "```lua\nsay a\nsay b\n```\n```output\na\nb\n```\n", 0, ""},
		{"script differs", "", "```sql\nsay a\n```\n```output\nb\n```\n", 1, "-b\n+a\n"},
		{"script without output", "", "```lua\nsay a\n```\n", 0, ""},
		{"script fails", "", "```lua\nfail a\n```\n", 3, ""},
		{"script must fail", "", "```lua fail\nfail a\n```\n", 0, ""},
		{"one dialect", "db: [sqlite, postgresql]\n", fence("dialect=postgresql", "> db\npostgresql\n"), 0, "1 inputs as written"},
		{"a dialect's block instead", "db: [sqlite, postgresql]\n", fence("id=a", "> db\nsqlite\n") +
			fence("", "> count\n1\n") + fence("dialect=postgresql id=a", "> db\npostgresql\n"), 0, "4 inputs as written"},
		{"a database that is not there", "db: [sqlite, mysql]\n", fence("", "> count\n1\n"), 0, "skipped: w.md on mysql: connection refused"},
		{"the only database is not there", "db: mysql\n", fence("", "> count\n1\n"), 2, "skipped: w.md on mysql"},
		{"malformed", "dbs: 1\n", "", 3, "w.md:3: unknown field"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, out := testSuite(t)
			s.File(t.Context(), "w.md", "---\nalchemysh: 1\n"+tt.meta+"---\n"+tt.body)
			s.Summary()
			if s.Status() != tt.status || !strings.Contains(out.String(), tt.out) {
				t.Errorf("status %d, want %d; want %q in\n%s", s.Status(), tt.status, tt.out, out)
			}
		})
	}
}

func TestOnly(t *testing.T) {
	s, _ := testSuite(t)
	s.Only = "Second"
	s.File(t.Context(), "w.md", front+"# First\n"+fence("", "> count\n7\n")+"# Second\n"+fence("", "> count\n2\n"))
	if s.Status() != 0 {
		t.Error("a block that was not chosen is compared")
	}
}

func TestDialects(t *testing.T) {
	s, out := testSuite(t)
	s.Dialects = []string{"mysql"}
	s.File(t.Context(), "w.md", "---\nalchemysh: 1\ndb: [sqlite, mysql]\n---\n"+fence("", "> count\n1\n"))
	s.Summary()
	if s.Status() != StatusUnavailable || !strings.Contains(out.String(), "skipped: w.md on sqlite: not asked for") {
		t.Errorf("status %d\n%s", s.Status(), out)
	}
}

func TestUpdate(t *testing.T) {
	for _, tt := range []struct{ name, meta, before, after string }{
		{"a line", "", fence("", "> say a|b\na\nc\n\n> count\n1\n") + "\ntext\n", fence("", "> say a|b\na\nb\n> count\n1\n") + "\ntext\n"},
		{"ellipses stay", "", fence("", "> say a|b|c|[generated in 0.1s] (1,)\na\n...\nc\n[...] (2,)\n"), fence("", "> say a|b|c|[generated in 0.1s] (1,)\na\n...\nc\n[...] (1,)\n")},
		{"what matches stays", "", fence("", "> say a|b\n...\nb   \n> say c\nd\n"), fence("", "> say a|b\n...\nb   \n> say c\nc\n")},
		{"no output yet", "", fence("", "> say a\n> say b\n"), fence("", "> say a\na\n> say b\nb\n")},
		{"an input of lines", "", fence("", "> say a\n>> x\n> say b\n"), fence("", "> say a\n>> x\na\nx\n> say b\nb\n")},
		{"script", "", "```lua\nsay a\n```\n\n```output\nb\n```\n", "```lua\nsay a\n```\n\n```output\na\n```\n"},
		{"errors are not made right", "", fence("", "> fail x\nError: y\n"), fence("", "> fail x\nError: y\n")},
		{"fence in the output", "", fence("", "> say ```\nx\n"), "````alchemysh \n> say ```\n```\n````\n"},
		{"another dialect", "db: [sqlite, postgresql]\n", fence("unordered", "> db\nsqlite\n> say x\nx\n") + "\nend\n",
			fence("unordered id=b1", "> db\nsqlite\n> say x\nx\n") + "\nend\n\n" + fence("unordered dialect=postgresql id=b1", "> db\npostgresql\n> say x\nx\n")},
		{"another dialect's own", "db: [sqlite, postgresql]\n", fence("id=a", "> db\nsqlite\n") + fence("dialect=postgresql id=a", "> db\nmysql\n"),
			fence("id=a", "> db\nsqlite\n") + fence("dialect=postgresql id=a", "> db\npostgresql\n")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			head := "---\nalchemysh: 1\n" + tt.meta + "---\n"
			s, out := testSuite(t)
			got := head + tt.before
			s.Write = func(_, text string) error { got = text; return nil }
			s.File(t.Context(), "w.md", head+tt.before)
			if got != head+tt.after {
				t.Errorf("got\n%s\nwant\n%s\n%s", got, head+tt.after, out)
			}
			if len(s.Updated) == 0 {
				return
			}
			again, report := testSuite(t)
			again.File(t.Context(), "w.md", got)
			if again.Status() != 0 {
				t.Errorf("after the update:\n%s", report)
			}
		})
	}
}

func TestJUnit(t *testing.T) {
	s, _ := testSuite(t)
	s.File(t.Context(), "w.md", "---\nalchemysh: 1\ndb: [sqlite, mysql]\n---\n# H\n"+fence("", "> say a<\na<\n> say b\nc\n> fail x\n"))
	var b bytes.Buffer
	if err := s.JUnit(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<testsuite name="w.md (sqlite)" tests="3" failures="1" errors="1" skipped="0"`,
		`name="line 7: say a&lt;" classname="H" file="w.md" line="7"`, `<failure message=`, `<error message=`,
		`<skipped message="connection refused">`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
}
