package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"alchemysh/tests/servers"
)

// programDatabases is the first line of a program: where SQLAlchemy has run it.
var programDatabases = regexp.MustCompile(`(?m)^-- db: (.+)$`)

// TestPrograms runs whole programs as people write them, translated from Python,
// and compares all that they write with what SQLAlchemy 2.0.52 wrote.
func TestPrograms(t *testing.T) {
	paths, err := filepath.Glob("testdata/programs/*.lua")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there is no program (%v)", err)
	}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := programDatabases.FindStringSubmatch(string(source))
		if m == nil {
			t.Errorf("%s: no line -- db: DATABASES", path)
			continue
		}
		name := strings.TrimSuffix(filepath.Base(path), ".lua")
		for _, s := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
			if !strings.Contains(" "+m[1]+" ", " "+s.Dialect+" ") {
				continue
			}
			t.Run(name+"/"+s.Dialect, func(t *testing.T) {
				t.Parallel()
				url := "sqlite://"
				if s.Dialect != "sqlite" {
					url = s.Empty(t, "program_"+name)
				}
				compareProgram(t, path, url, strings.TrimSuffix(path, ".lua")+"."+s.Dialect+".want")
			})
		}
	}
}

func compareProgram(t *testing.T, path, url, want string) {
	script, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	a := run(t, t.TempDir(), "-X", script, url)
	got := normalise(a.stdout)
	if a.status != 0 { // the error in which the program ends belongs to it
		line, _, _ := strings.Cut(a.stderr, "\n")
		got += "!! " + line + "\n"
	}
	if *update {
		if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff.Diff(filepath.Base(want), text, "came", []byte(got)); d != nil {
		t.Errorf("%s\n%s", d, a.stderr)
	}
}
