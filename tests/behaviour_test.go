package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A behaviourArea is one file of testdata/behaviour.
type behaviourArea struct {
	Setups map[string]behaviourCase `json:"setups"`
	Cases  []behaviourCase          `json:"cases"`
}

// A behaviourCase is a program with what it writes, after that of its set-up.
type behaviourCase struct {
	Name   string `json:"name"`
	Setup  string `json:"setup"`
	Lua    string `json:"lua"`
	Stdout string `json:"stdout"`
}

// togetherMost is how many programs one process runs.
const togetherMost = 40

// TestBehaviour runs programs that SQLAlchemy's own tests are, with their echo:
// testdata/behaviour/README.md says how they were made. Single areas run with
// -run 'Behaviour/orm_session'.
func TestBehaviour(t *testing.T) {
	files, err := filepath.Glob("testdata/behaviour/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the programs are not there: %v", err)
	}
	list, err := os.ReadFile("testdata/behaviour/pending.txt")
	if err != nil {
		t.Fatal(err)
	}
	pending := map[string]bool{} // programs that are known to differ, by area and name
	for _, line := range strings.Split(string(list), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			pending[line] = true
		}
	}
	for _, file := range files {
		area := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(area, func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var a behaviourArea
			if err := json.Unmarshal(b, &a); err != nil {
				t.Fatal(err)
			}
			if len(a.Cases) == 0 {
				t.Fatal("no cases")
			}
			for from := 0; from < len(a.Cases); from += togetherMost {
				behaveTogether(t, area, a, a.Cases[from:min(from+togetherMost, len(a.Cases))], pending)
			}
		})
	}
}

// behaveTogether runs programs in one process, each with a database of its own
// and setting all the globals that it uses.
func behaveTogether(t *testing.T, area string, a behaviourArea, cases []behaviourCase, pending map[string]bool) {
	t.Helper()
	dir := t.TempDir()
	var calls strings.Builder
	for n, cs := range cases {
		file := fmt.Sprintf("case%d.lua", n)
		program := a.Setups[cs.Setup].Lua + cs.Lua
		if err := os.WriteFile(filepath.Join(dir, file), []byte(program), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&calls, "print('@@NEXT') do local ok, e = pcall(assert(loadfile(%q))) if not ok then print('@@ERROR ' .. tostring(e)) end end\n", file)
	}
	out := run(t, dir, "-c", calls.String())
	parts := strings.Split(out.stdout, "@@NEXT\n")[1:]
	if len(parts) != len(cases) {
		t.Fatalf("%d of %d programs ran: %s", len(parts), len(cases), out.stderr)
	}
	for n, cs := range cases {
		want, got := withoutTimes(a.Setups[cs.Setup].Stdout+cs.Stdout), withoutTimes(parts[n])
		switch known := pending[area+"/"+cs.Name]; {
		case known && want == got:
			t.Errorf("%s passes: take it out of pending.txt", cs.Name)
		case !known && want != got:
			t.Errorf("%s:\n%s\n%s", cs.Name, firstDifference(want, got), cs.Lua)
		}
	}
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], strings.Join(g[min(i, len(g)):min(i+1, len(g))], ""))
		}
	}
	if len(g) == len(w) {
		return "no difference"
	}
	return fmt.Sprintf("line %d\nwant the end\ngot  %s", len(w)+1, g[len(w)])
}

// unsteady is what differs from run to run. Whether a statement was in the cache
// rests, in SQLAlchemy's own run, on the tests before it.
var unsteady = []struct {
	found *regexp.Regexp
	put   string
}{
	{regexp.MustCompile(`\[(generated in|cached since) [0-9.e-]+s( ago)?`), "[t"},
	{regexp.MustCompile(`\[no key [0-9.e-]+s`), "[no key"},
	{regexp.MustCompile(`0x[0-9a-f]{6,}`), "0x<addr>"},
	{regexp.MustCompile(`session '\d+' \(this is '\d+'\)`), "session '<n>' (this is '<n>')"},
}

func withoutTimes(s string) string {
	for _, u := range unsteady {
		s = u.found.ReplaceAllString(s, u.put)
	}
	return s
}
