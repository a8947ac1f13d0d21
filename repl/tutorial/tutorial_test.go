package tutorial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"alchemysh/repl/walk"
)

// abacus is a Session for tests: "x = 5" sets a variable, "x" shows it, "send
// SQL" sends, "fail" fails, "hang" waits.
type abacus struct {
	vars  map[string]int
	sent  []string
	muted int
	out   io.Writer
	live  *int // sessions that are open
}

func (a *abacus) Input(ctx context.Context, text string) (shown string, err error) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var s string
		s, err = a.line(ctx, strings.TrimSpace(line))
		shown += s
		if err != nil {
			shown += "Error: " + err.Error() + "\n"
			break
		}
	}
	if a.muted == 0 {
		io.WriteString(a.out, shown)
	}
	return shown, err
}

func (a *abacus) line(ctx context.Context, line string) (string, error) {
	name, value, assigns := strings.Cut(line, " = ")
	switch {
	case strings.HasPrefix(line, "send "):
		a.sent = append(a.sent, strings.TrimPrefix(line, "send "))
		return "", nil
	case assigns:
		n, err := strconv.Atoi(value)
		a.vars[name] = n
		return "", err
	case line == "fail":
		return "", errors.New("IntegrityError: no")
	case line == "hang":
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	return fmt.Sprintln(a.vars[line]), nil
}

func (a *abacus) Script(ctx context.Context, _, text string) (string, error) {
	return a.Input(ctx, text)
}

func (a *abacus) Value(_ context.Context, expr string) (string, error) {
	expr = strings.TrimSuffix(strings.TrimPrefix(expr, "("), ") and true or false")
	if name, want, ok := strings.Cut(expr, " == "); ok {
		return fmt.Sprint(fmt.Sprint(a.vars[name]) == want), nil
	}
	if n, ok := a.vars[expr]; ok {
		return fmt.Sprint(n), nil
	}
	return "nil", nil
}

func (a *abacus) Sent() []string    { s := a.sent; a.sent = nil; return s }
func (a *abacus) Whole(string) bool { return true }
func (a *abacus) Close() error      { *a.live--; return nil }
func (a *abacus) Mute(on bool) {
	if on {
		a.muted++
	} else {
		a.muted--
	}
}

const lesson = "---\nalchemysh: 1\nlesson: 3\ntitle: Counting\n---\n# Counting\nIntroduction.\n\n" +
	"## Run\n```alchemysh\n> a = 1\n> a\n1\n```\n" +
	"## Do\nSet b to 2.\n```alchemysh do id=b\n> b = 2\n```\n" +
	"```check\ndefines: [b]\nholds: [{of: b == 2, else: b is not 2}]\nhints: [It is a name., It is b., b = 2]\n" +
	"wrong:\n  - {try: b = 3, match: b = 3, hint: Smaller.}\n  - try: a = 2\nright: [b = 2]\nremarks: [{try: \"a = 2\\nb = 2\", match: a = 2, hint: a was not asked for.}]\n```\n" +
	"## Predict\n```alchemysh predict\n> send SELECT 1 WHERE x = ?\n```\n```check\nwrong: [{try: SELECT 2, match: '2', hint: One.}]\nright: [select 1 where x=7;]\n```\n" +
	"## Choose\n```choose\nquestion: Which?\noptions:\n  - {text: this, why: No.}\n  - {text: that, right: true, why: Yes.}\n```\n" +
	"## Once\n```alchemysh do id=once\n> send SELECT 5\n```\n```check\nstatements: {min: 1, max: 1, like: SELECT}\nhints: [h]\nwrong: [{try: \"send SELECT 5\\nsend SELECT 5\"}]\n```\n"

func newLesson(t *testing.T, text string) *Lesson {
	t.Helper()
	f, err := walk.Parse("counting.md", text)
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLesson(f, "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func opener(t *testing.T, out io.Writer) func(context.Context, *Lesson) (Session, error) {
	live := 0
	t.Cleanup(func() {
		if live != 0 {
			t.Errorf("%d sessions are still open", live)
		}
	})
	return func(context.Context, *Lesson) (Session, error) {
		live++
		return &abacus{vars: map[string]int{}, out: out, live: &live}, nil
	}
}

func TestSteps(t *testing.T) {
	l := newLesson(t, lesson)
	var kinds []string
	for _, s := range l.Steps {
		kinds = append(kinds, s.Kind.String())
	}
	if got := strings.Join(kinds, " "); got != "read run do predict choose do" {
		t.Errorf("steps %s", got)
	}
}

func TestPlay(t *testing.T) {
	r, err := newLesson(t, lesson).Play(t.Context(), opener(t, io.Discard), time.Second, false)
	if err != nil || len(r.Faults) > 0 {
		t.Fatalf("%v\n%v", err, r)
	}
}

// TestPlayFindsFaults shows that a lesson that does not teach is found out.
func TestPlayFindsFaults(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"answer refused", "> b = 2", "> b = 4", "the answer is refused: b is not 2"},
		{"wrong accepted", "try: a = 2", "try: b = 2", "a wrong answer is accepted: b = 2"},
		{"right refused", "right: [b = 2]", "right: [b = 5]", "a right answer is refused (b is not 2): b = 5"},
		{"done before", "\n## Do\n", "\n## Do\n```alchemysh setup\n> b = 2\n```\n", "the task is done before anything is done"},
		{"remark refused", "a = 2\\nb = 2", "a = 2", "an answer that only deserves a remark is refused (there is no b yet): a = 2"},
		{"no remark", "match: a = 2", "match: a = 7", `the remark is "", not "a was not asked for."`},
		{"remark on the answer", "match: a = 2", "match: b = 2", `the answer itself gets the remark "a was not asked for."`},
		{"no hint", "match: b = 3", "match: b = 7", `the hint is "", not "Smaller."`},
		{"prediction", "try: SELECT 2", "try: select 1 where x = ?", "a wrong prediction is taken for right"},
		{"nothing to predict", "> send SELECT 1 WHERE x = ?", "> z = 1", "there is nothing to predict"},
		{"setup fails", "\n## Do\n", "\n## Do\n```alchemysh setup\n> fail\n```\n", "IntegrityError"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(lesson, tt.old) {
				t.Fatalf("the lesson has no %q", tt.old)
			}
			r, err := newLesson(t, strings.Replace(lesson, tt.old, tt.new, 1)).Play(t.Context(), opener(t, io.Discard), time.Second, false)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(r.String(), tt.want) {
				t.Errorf("no %q in\n%s", tt.want, r)
			}
		})
	}
}

func TestMalformedLessons(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"no check", "```check\ndefines", "```yaml\ndefines", "the task has no check fence"},
		{"checks nothing", "statements: {min: 1, max: 1, like: SELECT}\n", "", "the check checks nothing"},
		{"no hints", "hints: [h]\n", "", "hints are wanted"},
		{"no wrong answer", "wrong: [{try: \"send SELECT 5\\nsend SELECT 5\"}]\n", "", "at least one wrong answer is wanted"},
		{"unknown key", "defines: [b]", "define: [b]", `unknown field "define"`},
		{"bad pattern", "match: b = 3", "match: (", "error parsing regexp"},
		{"two right", "text: this, why: No.", "text: this, right: true", "one of them is right"},
		{"remark without hint", ", hint: a was not asked for.", "", "remarks: a match or an output, and a hint, are wanted"},
		{"stray check", "## Run\n", "```check\ndefines: [x]\n```\n## Run\n", "a check belongs directly below"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(lesson, tt.old, tt.new, 1)
			if text == lesson {
				t.Fatalf("the lesson has no %q", tt.old)
			}
			f, err := walk.Parse("counting.md", text)
			if err == nil {
				_, err = NewLesson(f, "sqlite")
			}
			var at *walk.SyntaxError
			if !errors.As(err, &at) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// entries is an Editor that types what a test wants.
type entries struct{ left []string }

func (e *entries) Read(_, _ string) (string, error) {
	if len(e.left) == 0 {
		return "", io.EOF
	}
	s := e.left[0]
	e.left = e.left[1:]
	return s, nil
}
func (e *entries) Close() error { return nil }

func TestPlayer(t *testing.T) {
	for _, tt := range []struct {
		name  string
		start int // step, from 0
		types []string
		want  []string // in this order
	}{
		{"through", 0, []string{"", "", "", "b = 2", "", "SELECT 1 WHERE x = ?", "", "2", "", "send SELECT 5", ""},
			[]string{"Lesson 3: Counting", "Introduction.", "> a = 1", "1\n", "Set b to 2.", "Done.", "Right.", "Yes.", "Right.", "Done.", "That was lesson 3", "the last one"}},
		{"enter shows the task again", 2, []string{""}, []string{"Set b to 2.", "Set b to 2."}},
		{"hints, then the answer", 2, []string{`\hint`, `\hint`, `\hint`, `\hint`, "", ""}, []string{"Hint 1: It is a name.", "Hint 2", "Hint 3", "> b = 2", "3.4  Predict"}},
		{"a known mistake", 2, []string{"b = 3"}, []string{"Smaller."}},
		{"a remark", 2, []string{"a = 2", "b = 2"}, []string{"Not yet", "a was not asked for.", "Done."}},
		{"an unknown mistake", 2, []string{"b = 9"}, []string{"Not yet: b is not 2."}},
		{"an error", 2, []string{"fail"}, []string{"IntegrityError", "Not yet: that ended in an error."}},
		{"a loop", 2, []string{"hang", "b = 2"}, []string{"That was stopped after", "Done."}},
		{"again undoes", 2, []string{"c = 7", `\again`, "c"}, []string{"\n0\n"}},
		{"the state of a cold entry", 2, []string{"a"}, []string{"\n1\n"}},
		{"try and resume", 2, []string{`\try`, "a = 9", "a", `\resume`, "a"}, []string{"Play:", "9\n", "what you tried is undone", "1\n"}},
		{"prediction differs", 3, []string{"SELECT 2"}, []string{"What comes:", "SELECT 1 WHERE x = ?", "One."}},
		{"values in a prediction", 3, []string{"select 1 where x = 7;"}, []string{"Right, but for one thing", "Right."}},
		{"wrong choice", 4, []string{"1", "7", "2"}, []string{"No.", "Not that one.", "A number from 1 to 2", "Yes."}},
		{"once too often", 5, []string{"send SELECT 5\nsend SELECT 5"}, []string{"2 statements were sent, 1 would do"}},
		{"skip and where", 2, []string{`\skip`, `\where`}, []string{"3.4  Predict", "- 3.3", "> 3.4"}},
		{"prev", 3, []string{`\prev`}, []string{"3.3  Do"}},
		{"go", 0, []string{`\go 3.5`, `\go 9`}, []string{"Which?", "there is no lesson 9"}},
		{"list", 0, []string{`\?`}, []string{`\answer`, `\try`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			progress, err := OpenProgress(filepath.Join(t.TempDir(), "p.json"))
			if err != nil {
				t.Fatal(err)
			}
			p := &Player{Lessons: []*Lesson{newLesson(t, lesson)}, Open: opener(t, &out), Editor: &entries{tt.types}, Out: &out,
				Screen: Screen{Width: 78}, Progress: progress, Timeout: 50 * time.Millisecond}
			if err := p.Run(t.Context(), 0, tt.start); err != nil {
				t.Fatal(err)
			}
			rest := out.String()
			for _, want := range tt.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("no %q (in this order) in\n%s", want, &out)
				}
				rest = after
			}
			for line := range strings.Lines(out.String()) {
				if len([]rune(line)) > 81 {
					t.Errorf("a line wider than 80: %s", line)
				}
			}
		})
	}
}

func TestProgress(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "p.json")
	p, err := OpenProgress(file)
	if err != nil {
		t.Fatal(err)
	}
	l := newLesson(t, lesson)
	if err := errors.Join(p.at(l, 5), p.note(l, 2, Work{Inputs: []string{"x"}})); err != nil {
		t.Fatal(err)
	}
	again, err := OpenProgress(file)
	if err != nil {
		t.Fatal(err)
	}
	// The course grows at the front and in the lesson, and is numbered anew.
	newer := newLesson(t, strings.Replace(strings.Replace(lesson, "lesson: 3", "lesson: 4", 1), "## Run\n", "## New\nText.\n## Run\n", 1))
	other := newLesson(t, lesson)
	other.Name = "01-other.md"
	at, step, ok := again.Place([]*Lesson{other, newer})
	if !ok || at != 1 || step != 6 {
		t.Errorf("at lesson %d, step %d, %v", at, step, ok)
	}
	if work := again.Of(newer); len(work) != 1 || work[3].Inputs[0] != "x" {
		t.Errorf("%+v", work)
	}
	if work := again.Of(other); len(work) != 0 {
		t.Errorf("%+v", work)
	}
	if err := os.WriteFile(file, []byte("{\"lesson\": 3, \"done\": {}}"), 0o600); err != nil { // as older versions wrote
		t.Fatal(err)
	}
	if p, err := OpenProgress(file); err != nil || p.Done == nil || p.Lesson != "" {
		t.Errorf("%+v %v", p, err)
	}
}

func TestNormalise(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"SELECT a,b FROM t;", "select a, b\nfrom t", true},
		{"WHERE x = ?", "where x=:x_1", true},
		{"WHERE x = %(x_1)s", "WHERE x = $1", true},
		{"WHERE x = %(x_1)s::VARCHAR", "WHERE x = ?", true},
		{`SELECT "t"."a"`, "SELECT t.a", true},
		{"a INNER JOIN b", "a JOIN b", true},
		{"WHERE x = 'A'", "WHERE x = 'a'", false},
		{"WHERE x = 'a  b'", "WHERE x = 'a b'", false},
		{"SELECT a", "SELECT b", false},
		{"WHERE x = 5", "WHERE x = ?", false},
	} {
		if same := normalise(tt.a) == normalise(tt.b); same != tt.same {
			t.Errorf("%q and %q: %v\n%s\n%s", tt.a, tt.b, same, normalise(tt.a), normalise(tt.b))
		}
	}
}

func TestGrade(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		passed           string // of each task
	}{
		{"all", "a.lua", "-- task b\nb = 2\n-- task once\nsend SELECT 5\n", "11"},
		{"one", "a.lua", "-- task once\nsend SELECT 5\n", "01"},
		{"by number", "a.lua", "-- task: 3.3\nb = 2\n", "10"},
		{"wrong", "a.lua", "-- task b\nb = 3\n-- task once\nfail\n", "00"},
		{"without marks", "a.lua", "b = 2\nsend SELECT 5\n", "11"},
		{"notes", "a.md", "---\nalchemysh: 1\n---\n```alchemysh id=b\n> b = 2\n```\n# Once\n```alchemysh\n> send SELECT 5\n```\n", "11"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			marks, err := newLesson(t, lesson).Grade(t.Context(), tt.file, tt.text, opener(t, io.Discard), time.Second)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, m := range marks {
				got += map[bool]string{true: "1", false: "0"}[m.Passed]
			}
			if got != tt.passed {
				t.Errorf("%s, want %s: %+v", got, tt.passed, marks)
			}
		})
	}
}
