package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSuite compiles the statements of SQLAlchemy's own test-suite:
// testdata/suite/README.md says how they were made. Single areas run with
// -run 'Suite/cte'.
func TestSuite(t *testing.T) {
	files, err := filepath.Glob("testdata/suite/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the statements are not there: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var a area
			if err := json.Unmarshal(b, &a); err != nil {
				t.Fatal(err)
			}
			if len(a.Cases) == 0 {
				t.Fatal("no cases")
			}
			for n, out := range compileTogether(t, a.Cases) {
				cs := a.Cases[n]
				for key, problem := range compileProblems(t, cs, out) {
					if problem != "" {
						t.Errorf("%s (%s): %s\n%s", cs.Name, key, problem, cs.Lua)
					}
				}
			}
		})
	}
}

// compileTogether compiles cases in one process: each sets all the globals that
// it uses.
func compileTogether(t *testing.T, cases []*corpusCase) []answer {
	t.Helper()
	dir := t.TempDir()
	var calls strings.Builder
	for n, cs := range cases {
		file := fmt.Sprintf("case%d.lua", n)
		if err := os.WriteFile(filepath.Join(dir, file), []byte(cs.Lua), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&calls, "print('@@NEXT')\n%s\n", compileCall(cs, file))
	}
	out := run(t, dir, "-c", emitLua(t), "-c", calls.String())
	parts := strings.Split(out.stdout, "@@NEXT\n")[1:]
	if len(parts) != len(cases) {
		t.Fatalf("%d of %d cases were compiled: %s", len(parts), len(cases), out.stderr)
	}
	answers := make([]answer, len(cases))
	for n, part := range parts {
		answers[n] = answer{stdout: part}
	}
	return answers
}
