package tests

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// pendingFile lists what is not yet covered, one area/case/key on each line.
// A case outside it must pass and a case in it must fail, so the list can only
// shrink, and only when something was mended.
const pendingFile = "testdata/conformance/pending.txt"

var updatePending = flag.Bool("update-pending", false, "write "+pendingFile+" anew from the cases that were run")

func readPending(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(pendingFile)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	pending := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			pending[line] = true
		}
	}
	return pending
}

// writePending keeps what was pending and not run, drops what passed and adds
// what failed.
func writePending(t *testing.T, pending map[string]bool, passed map[string]bool) {
	t.Helper()
	next := maps.Clone(pending)
	for id, ok := range passed {
		if ok {
			delete(next, id)
		} else {
			next[id] = true
		}
	}
	var b strings.Builder
	b.WriteString("# Cases of the corpus that are not covered yet; written by\n# go test ./tests -run Conformance -update-pending\n")
	for _, id := range slices.Sorted(maps.Keys(next)) {
		b.WriteString(id + "\n")
	}
	if err := os.WriteFile(pendingFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
