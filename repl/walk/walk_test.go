package walk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"alchemysh/repl/walk"
)

// echo is a shell that knows four inputs.
type echo struct{ closed int }

func (e *echo) Do(_ context.Context, input string) (string, error) {
	switch word, rest, _ := strings.Cut(input, " "); word {
	case "say":
		return strings.ReplaceAll(rest, "|", "\n") + "\n", nil
	case "fail":
		return "Error: " + rest + "\n", errors.New(rest)
	case "quiet":
		return "", nil
	}
	return fmt.Sprintf("%q\n", input), nil
}
func (e *echo) RunFile(context.Context, string) error { return nil }
func (e *echo) Close() error                          { e.closed++; return nil }

func verify(t *testing.T, text string) (*walk.Walk, *walk.Report) {
	t.Helper()
	w, err := walk.Parse("w.md", text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Verify(context.Background(), w.DBs[0], func(context.Context, string) (walk.Session, error) { return &echo{}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return w, r
}

const front = "---\nalchemysh: 1\n---\n"

func TestVerify(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		steps, bad int
	}{
		{"same", "```alchemysh\n> say a|b\na\nb\n> quiet\n```\n", 2, 0},
		{"different", "```alchemysh\n> say a|b\na\nc\n```\n", 1, 1},
		{"missing line", "```alchemysh\n> say a|b\na\n```\n", 1, 1},
		{"trailing blanks", "```alchemysh\n> say a  |b\na\nb   \n```\n", 1, 0},
		{"any lines", "```alchemysh\n> say a|b|c|d\na\n...\nd\n```\n", 1, 0},
		{"any lines must end", "```alchemysh\n> say a|b|c\na\n...\nd\n```\n", 1, 1},
		{"no line is any lines", "```alchemysh\n> say a|d\na\n...\nd\n```\n", 1, 0},
		{"timing", "```alchemysh\n> say [generated in 0.0001s] (1,)\n[...] (1,)\n```\n", 1, 0},
		{"timing of another day", "```alchemysh\n> say [cached since 3s ago] (1,)\n[cached since 0.2s ago] (1,)\n```\n", 1, 0},
		{"parameters beside the timing", "```alchemysh\n> say [no key 0.1s] (1,)\n[...] (2,)\n```\n", 1, 1},
		{"lists are no timing", "```alchemysh\n> say [1]\n[2]\n```\n", 1, 1},
		{"two lines of input", "```alchemysh\n> one\n>> two\n\"one\\ntwo\"\n```\n", 1, 0},
		{"unordered", "```alchemysh unordered\n> say a|b\nb\na\n```\n", 1, 0},
		{"skip", "```alchemysh skip\n> say a\nb\n```\n", 0, 0},
		{"setup", "```alchemysh setup\n> say a\n```\n", 1, 0},
		{"setup that fails", "```alchemysh setup\n> fail x\n```\n", 1, 1},
		{"error as written", "```alchemysh\n> fail x\nError: x\n```\n", 1, 0},
		{"fail", "```alchemysh fail\n> fail x\n```\n", 1, 0},
		{"fail that does not", "```alchemysh fail\n> say x\n```\n", 1, 1},
		{"pattern", "```alchemysh error~=\"UNIQUE .*name\"\n> fail UNIQUE on name\n```\n", 1, 0},
		{"other pattern", "```alchemysh error~=\"UNIQUE\"\n> fail NULL\n```\n", 1, 1},
		{"lua without output", "```lua\nsay a\n```\n", 1, 0},
		{"lua that fails", "```lua\nfail a\n```\n", 1, 1},
		{"lua with output", "```lua\nsay a\n```\ntext\n```output\na\n```\n", 1, 0},
		{"lua with other output", "```lua\nsay a\n```\n```output\nb\n```\n", 1, 1},
		{"another language", "```python\nsay a\n```\n", 0, 0},
		{"another dialect", "```alchemysh dialect=mysql\n> say a\nb\n```\n", 0, 0},
		{"dialect's block overrides", "```alchemysh id=x\n> say a\nb\n```\n```alchemysh id=x dialect=sqlite\n> say a\na\n```\n", 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, r := verify(t, front+tt.body)
			if r.Steps != tt.steps || len(r.Mismatches) != tt.bad {
				t.Errorf("%d steps, %d mismatches, want %d and %d\n%v", r.Steps, len(r.Mismatches), tt.steps, tt.bad, r.Mismatches)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	text := front + "```alchemysh\n> say a|b|c\na\n...\n> say x|[generated in 2s]\ny\n> say new\n```\n\n```lua\nsay z\n```\n```output\n```\n"
	w, r := verify(t, text)
	got := w.Update(r.Mismatches)
	want := front + "```alchemysh\n> say a|b|c\na\n...\n> say x|[generated in 2s]\nx\n[...]\n> say new\nnew\n```\n\n```lua\nsay z\n```\n```output\nz\n```\n"
	if got != want {
		t.Errorf("updated to\n%s\nwant\n%s", got, want)
	}
	if _, r := verify(t, got); len(r.Mismatches) != 0 {
		t.Errorf("an updated walk does not verify: %v", r.Mismatches)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for text, want := range map[string]string{
		"# title\n":                        "w.md:1: a walkthrough begins",
		"---\nalchemysh: 1\n":              "w.md:1: the front matter does not end",
		"---\nalchemysh: 2\n---\n":         "version \"2\"",
		"---\nalchemysh: 1\ndbs: x\n---":   "w.md:3: unknown name `dbs`",
		front + "```alchemysh\n> a\n":      "w.md:4: the fence does not end",
		front + "```alchemysh\nout\n```":   "w.md:5: output before the first",
		front + "```lua wrong\n```":        "w.md:4: unknown attribute `wrong`",
		front + "```lua timeout=x\n```":    "w.md:4: timeout=x",
		front + "```output\na\n```":        "w.md:4: an output fence follows",
		front + "```lua error~=\"(\"\n```": "w.md:4: error~=",
	} {
		if _, err := walk.Parse("w.md", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestJUnit(t *testing.T) {
	w, r := verify(t, front+"```alchemysh\n> say a\na\n> say b\nc\n```\n")
	var b strings.Builder
	if err := walk.WriteJUnit(&b, []walk.Results{{Walk: w, Reports: []*walk.Report{r}, Skipped: []string{"mysql://x"}}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`tests="2" failures="1"`, `name="line 7"`, "-c\n", "w.md on mysql", "<skipped>"} {
		if !strings.Contains(strings.ReplaceAll(b.String(), "&#xA;", "\n"), want) {
			t.Errorf("no %s in\n%s", want, &b)
		}
	}
}
