package ormlib_test

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"alchemysh/luabind"
)

// TestSessions runs programs of session operations, most of them made at random
// and many cut down to what once came out differently, and holds output and echo
// against those of SQLAlchemy 2.0.52.
func TestSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/sessions/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range a.Files {
				parts[f.Name] = string(f.Data)
			}
			var out bytes.Buffer
			s := luabind.New(luabind.Options{Out: &out})
			defer s.Close()
			if _, err := s.Eval(context.Background(), luabind.Chunk{Name: "program", Text: parts["program.lua"]}); err != nil {
				out.WriteString(err.Error())
			}
			want, got := strings.Split(strings.TrimSpace(parts["out"]), "\n"), strings.Split(strings.TrimSpace(stable(out.String())), "\n")
			for n := range max(len(want), len(got)) {
				if n >= len(want) || n >= len(got) || want[n] != got[n] {
					t.Fatalf("line %d of\n%s\nwant\n%s", n+1, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}

var (
	times     = regexp.MustCompile(`\[(generated in|cached since|no key|raw sql) [\d.e-]+s( ago)?`)
	addresses = regexp.MustCompile(`0x[0-9a-f]+`)
	trailing  = regexp.MustCompile(`(?m)[ \t]+$`)
)

// stable takes out of an output what differs from run to run.
func stable(s string) string {
	s = times.ReplaceAllString(s, "[$1")
	s = addresses.ReplaceAllString(s, "0x")
	return trailing.ReplaceAllString(s, "")
}
