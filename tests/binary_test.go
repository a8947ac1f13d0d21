package tests

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// scratch is a directory that lives as long as the tests of this package.
var scratch string

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if scratch, err = os.MkdirTemp("", "alchemysh-tests"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(scratch)
	os.Exit(status)
}

var build = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("ALCHEMYSH"); path != "" {
		return filepath.Abs(path)
	}
	path := filepath.Join(scratch, "bin", "alchemysh")
	out, err := exec.Command("go", "build", "-o", path, module+"/cmd/alchemysh").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// binary is the path of the built alchemysh, or of the one that the variable
// ALCHEMYSH names.
func binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// clean is the environment of a person who has never configured anything.
func clean(home string) []string {
	env := []string{
		"HOME=" + home, "TMPDIR=" + home,
		"XDG_CONFIG_HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_DATA_HOME=" + home,
		"TZ=UTC", "NO_COLOR=1", "LC_ALL=C.UTF-8", "PATH=" + os.Getenv("PATH"),
	}
	return env
}

// answer is what one run of the binary left.
type answer struct {
	stdout, stderr string
	status         int
}

// run runs the binary in dir and waits half a minute at most.
func run(t testing.TB, dir string, args ...string) answer {
	t.Helper()
	bin := binary(t) // which may take its time to build
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	var stdout, stderr strings.Builder
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, clean(dir), &stdout, &stderr
	err := cmd.Run()
	a := answer{stdout: stdout.String(), stderr: stderr.String(), status: cmd.ProcessState.ExitCode()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		a.stderr += "\n(stopped after 30 seconds)"
	case err != nil && !errors.As(err, &exit):
		t.Fatal(err)
	}
	return a
}
