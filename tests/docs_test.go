package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A fence of four marks may hold fences of three.
var fences = regexp.MustCompile("(?ms)^````(\\w+)([^\n]*)\n(.*?)^````$|^```(\\w+)([^\n]*)\n(.*?)^```$")

// TestDocsConsole runs the commands of the console fences of docs, one after
// another in one directory, and compares what they print. A fence "lua
// file=NAME" is a file there.
func TestDocsConsole(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			home := t.TempDir()
			env := append(clean(home), "PATH="+filepath.Dir(binary(t))+":"+os.Getenv("PATH"))
			for _, f := range fences.FindAllStringSubmatch(read(t, page), -1) {
				lang, words, body := f[1]+f[4], f[2]+f[5], f[3]+f[6]
				if name, ok := strings.CutPrefix(strings.TrimSpace(words), "file="); ok {
					if err := os.MkdirAll(filepath.Dir(filepath.Join(home, name)), 0o755); err != nil {
						t.Fatal(err)
					}
					write(t, filepath.Join(home, name), body)
				}
				if lang != "console" {
					continue
				}
				for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
					commands++
					command, want, _ := strings.Cut(part, "\n")
					cmd := exec.Command("sh", "-c", command)
					cmd.Dir, cmd.Env = home, env
					var complaint bytes.Buffer
					cmd.Stderr = &complaint
					out, _ := cmd.Output() // what counts is what is shown
					if got := strings.TrimRight(string(out), "\n"); got != strings.TrimRight(want, "\n") {
						t.Errorf("$ %s\n%s\nwant\n%s\n%s", command, got, want, &complaint)
					}
				}
			}
		})
	}
	if commands < 15 {
		t.Errorf("only %d commands were found", commands)
	}
}
