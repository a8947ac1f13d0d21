package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alchemysh/tests/servers"
)

// chinook is a real schema for all three databases, beside the repository. It
// is read only there: no copy is kept here.
const chinook = "../../shared/data"

// otherwise are the differences between databases of different kinds that
// cannot be otherwise.
var otherwise = []struct {
	source, target string // "" is any
	line           *regexp.Regexp
	because        string
}{
	{"sqlite", "", regexp.MustCompile(`^back\tmodify_type\t\w+\t\w+\tNVARCHAR\((\d+)\)\tVARCHAR\((\d+)\)$`),
		"SQLite keeps the word NVARCHAR, which the others know as VARCHAR"},
	{"", "postgresql", regexp.MustCompile(`^back\tmodify_default\t(\w+)\t(\w+)\tnil\tnextval\('"\w+_seq"'::regclass\)$`),
		"PostgreSQL numbers a primary key by the default of SERIAL, where the others have none"},
}

// TestChinook reflects a database that others made and creates it again in an
// empty one of the same kind, and of each other kind.
func TestChinook(t *testing.T) {
	if _, err := os.Stat(filepath.Join(chinook, "chinook.sqlite")); err != nil {
		t.Skipf("no data to try on: %v", err)
	}
	program, err := filepath.Abs("testdata/chinook/recreate.lua")
	if err != nil {
		t.Fatal(err)
	}
	kinds := []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL}
	for _, from := range kinds {
		t.Run(from.Dialect, func(t *testing.T) {
			source := chinookOn(t, from)
			for _, to := range kinds {
				t.Run("to_"+to.Dialect, func(t *testing.T) {
					target := to.Empty(t, "chinook_copy")
					a := run(t, t.TempDir(), "sqlite://", "-c", fmt.Sprintf("SOURCE, TARGET = %q, %q dofile(%q)", source, target, program))
					if a.status != 0 {
						t.Fatalf("status %d\n%s%s", a.status, a.stdout, a.stderr)
					}
					lines := strings.Split(strings.TrimSpace(a.stdout), "\n")
					if lines[0] != "11 tables" {
						t.Errorf("reflected %s", lines[0])
					}
				next:
					for _, line := range lines[1:] {
						for _, o := range otherwise {
							if from != to && (o.source == "" || o.source == from.Dialect) && (o.target == "" || o.target == to.Dialect) && o.line.MatchString(line) {
								continue next
							}
						}
						t.Error(line)
					}
				})
			}
		})
	}
}

// chinookOn makes the tables of Chinook by the script of a database's kind,
// without their rows, and gives the URL.
func chinookOn(t *testing.T, s servers.Server) string {
	t.Helper()
	if s == servers.SQLite {
		data, err := os.ReadFile(filepath.Join(chinook, "chinook.sqlite"))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "chinook.sqlite")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return "sqlite:///" + path
	}
	data, err := os.ReadFile(filepath.Join(chinook, "chinook."+s.Dialect+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	text := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(data), "")
	for _, statement := range strings.Split(text, ";") {
		if statement = strings.TrimSpace(statement); regexp.MustCompile(`^(CREATE (TABLE|INDEX)|ALTER TABLE) `).MatchString(statement) {
			script.WriteString(statement + ";\n")
		}
	}
	dir, url := t.TempDir(), s.Empty(t, "chinook")
	path := filepath.Join(dir, "chinook.sql")
	if err := os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := run(t, dir, url, "-f", path); a.status != 0 {
		t.Fatalf("status %d\n%s", a.status, a.stderr)
	}
	return url
}
