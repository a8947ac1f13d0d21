package tests

import (
	"flag"
	"os"
	"strings"
	"testing"
)

// pendingFile lists what is not yet covered, one area/case/key on each line.
// A case outside it must pass and a case in it must fail, and what writes it only
// takes lines out, so the list can only shrink, and only when something was mended.
// Its comments say of the rest why it is there.
const pendingFile = "testdata/conformance/pending.txt"

var updatePending = flag.Bool("update-pending", false, "take the cases that pass out of "+pendingFile)

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

// writePending takes out of the file what is not pending any more: what passed,
// and what the corpus has not.
func writePending(t *testing.T, pending, passed map[string]bool) {
	t.Helper()
	old, err := os.ReadFile(pendingFile)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(old)) {
		id := strings.TrimSpace(line)
		if id == "" || strings.HasPrefix(id, "#") || pending[id] && !passed[id] {
			b.WriteString(line)
		}
	}
	if err := os.WriteFile(pendingFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
