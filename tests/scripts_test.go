package tests

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

var update = flag.Bool("update", false, "write the .out files of scripts/ anew")

// TestScripts runs every Lua script that people read and compares all it
// writes, times taken out, with the .out file beside it.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../scripts")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".lua" {
			return err
		}
		found++
		name, _ := filepath.Rel(root, path)
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			t.Parallel()
			compareScript(t, path, name)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Fatal("there is no script")
	}
}

func compareScript(t *testing.T, path, name string) {
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{path}
	if !bytes.Contains(source, []byte("create_engine(")) {
		args = []string{"sqlite://", path} // it speaks of the shell's own engine
	}
	a := run(t, t.TempDir(), args...)
	if a.status != 0 || a.stderr != "" {
		t.Fatalf("%s: exit status %d\n%s", name, a.status, a.stderr)
	}
	got := normalise(a.stdout)
	out := strings.TrimSuffix(path, ".lua") + ".out"
	if *update && got != "" {
		if err := os.WriteFile(out, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(out)
	if os.IsNotExist(err) {
		err = nil // a script that writes nothing, a fixture, has no .out
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := diff.Diff(filepath.Base(out), want, name+" now", []byte(got)); d != nil {
		t.Errorf("%s", d)
	}
}
