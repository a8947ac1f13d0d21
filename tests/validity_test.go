package tests

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alchemysh/tests/servers"
)

// refusedFile lists the statements of the corpus that a server does not take
// though they are what SQLAlchemy writes: area/case/key and the server's error.
const refusedFile = "testdata/conformance/refused.txt"

var updateRefused = flag.Bool("update-refused", false, "write "+refusedFile+" anew from the statements that were run")

// TestServersTakeTheCorpus executes the statements of the corpus on the
// databases of their dialects: what is written is not only SQLAlchemy's text
// but valid, with the values as they are sent. refusedFile must have exactly
// what is refused, with the errors; -update-refused writes it.
func TestServersTakeTheCorpus(t *testing.T) {
	listed := readRefused(t)
	got, ran := map[string]string{}, map[string]bool{}
	for _, s := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			for _, a := range corpus(t) {
				if a.Area != "select" && a.Area != "select_from" && a.Area != "dml" {
					continue
				}
				url := "sqlite://"
				if s != servers.SQLite {
					url = s.Empty(t, "validity")
				}
				for id, refused := range executeArea(t, a, s.Dialect, url) {
					ran[id] = true
					if refused != "" {
						got[id] = refused
					}
				}
			}
		})
	}
	if *updateRefused {
		for id := range listed {
			if !ran[id] {
				got[id] = listed[id]
			}
		}
		writeRefused(t, got)
		return
	}
	for id, refused := range got {
		if listed[id] != refused {
			t.Errorf("%s is refused: %s\n%s has %q", id, refused, refusedFile, listed[id])
		}
	}
	for id, refused := range listed {
		if ran[id] && got[id] == "" {
			t.Errorf("%s is not refused any more; %s has %q", id, refusedFile, refused)
		}
	}
}

// executeArea runs an area's compile cases of one dialect in one process and
// gives the error of each, "" for none.
func executeArea(t *testing.T, a area, dialect, url string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	bySetup := map[string][]string{}
	ids := map[string]string{}
	for _, cs := range a.Cases {
		want, here := cs.Expect[dialect]
		if !here || cs.Kind != "compile" || want.Error != nil || slices.ContainsFunc(want.List, func(x expectation) bool { return x.Error != nil }) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, cs.Name+".lua"), []byte(cs.Lua), 0o644); err != nil {
			t.Fatal(err)
		}
		bySetup[cs.Setup] = append(bySetup[cs.Setup], fmt.Sprintf("%q", cs.Name))
		ids[cs.Name] = id(a, cs, dialect)
	}
	execute, err := os.ReadFile("testdata/conformance/execute.lua")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for setup, names := range bySetup {
		out := run(t, dir, "-c", fmt.Sprintf("URL = %q", url), "-c", a.Setups[setup].Lua, "-c", string(execute), "-c", "EXECUTE{"+strings.Join(names, ", ")+"}")
		for line := range strings.Lines(out.stdout) {
			mark, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			name, refused, _ := strings.Cut(rest, " ")
			if mark == "@@TAKEN" || mark == "@@REFUSED" {
				got[ids[name]] = refused
			}
		}
		if out.stderr != "" {
			t.Errorf("%s: %s", a.Area, out.stderr)
		}
	}
	if len(got) != len(ids) {
		t.Errorf("%s: %d of %d cases were executed", a.Area, len(got), len(ids))
	}
	return got
}

func readRefused(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(refusedFile)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	refused := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if id, text, ok := strings.Cut(strings.TrimSpace(line), " "); ok && id != "#" {
			refused[id] = text
		}
	}
	return refused
}

func writeRefused(t *testing.T, refused map[string]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Statements that are SQLAlchemy's text and that a server does not take, with its error; written by\n# go test ./tests -run ServersTakeTheCorpus -update-refused\n")
	for _, id := range slices.Sorted(maps.Keys(refused)) {
		b.WriteString(id + " " + refused[id] + "\n")
	}
	if err := os.WriteFile(refusedFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
