package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"alchemysh/repl/walk"
)

// TestLessonsPlay plays every lesson by its answers on every database that is
// there: answers must be accepted and wrong answers refused.
func TestLessonsPlay(t *testing.T) {
	where, err := newWalkServers(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"sqlite", "postgresql", "mysql"} {
		lessons, err := readLessons(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lessons {
			t.Run(d+"/"+filepath.Base(l.Name), func(t *testing.T) {
				if !onDialect(l, d) {
					t.Skipf("not for %s", d)
				}
				c := &course{dialect: d, servers: where}
				played, err := l.Play(t.Context(), c.open(nil), lessonTimeout, false)
				var gone *walk.UnavailableError
				if errors.As(err, &gone) {
					t.Skip(err)
				}
				if err != nil {
					t.Fatal(err)
				}
				if len(played.Faults) > 0 {
					t.Error(played)
				}
			})
		}
	}
}

// TestLessonsVerify holds what lessons and documentation show against what is
// written.
func TestLessonsVerify(t *testing.T) {
	files, err := walkFiles([]string{"../../scripts/lessons", "../../docs"})
	if err != nil {
		t.Fatal(err)
	}
	where, err := newWalkServers(nil)
	if err != nil {
		t.Fatal(err)
	}
	fixTime()
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text := readText(t, name)
			var out bytes.Buffer
			suite := &walk.Suite{Out: &out, Runner: &walk.Runner{Open: where.opener(filepath.Dir(name), false, nil), Fixture: fixtureBeside, Timeout: lessonTimeout}}
			suite.File(context.Background(), name, text)
			for _, k := range suite.Skipped {
				t.Logf("skipped on %s: %v", k.Dialect, k.Err)
			}
			if suite.Status() != 0 {
				t.Error(out.String())
			}
		})
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
