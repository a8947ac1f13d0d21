package tests

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // for the command sqlite, which looks at what a script left

	"alchemysh/tests/servers"
)

// TestShell runs testdata/script/*.txtar: whole runs of the binary. Beside the
// commands of testscript there are
//
//	status N program args…   run a program and demand its exit status
//	sqlite FILE SQL          write the rows of a query, a | between columns
//	pipe-closed args…        run alchemysh and close its output after one line
//	server DIALECT           set $URL to an empty database, or skip the script
func TestShell(t *testing.T) {
	bin := binary(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(clean(env.WorkDir), "WORK="+env.WorkDir,
				"PATH="+filepath.Dir(bin)+string(os.PathListSeparator)+os.Getenv("PATH"))
			env.Values["testing"] = env.T().(testing.TB)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status":      status,
			"sqlite":      querySQLite,
			"pipe-closed": closePipe(bin),
			"server":      useServer,
		},
	})
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func querySQLite(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sqlite FILE SQL")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	rows, err := db.Query(args[1])
	ts.Check(err)
	defer rows.Close()
	columns, err := rows.Columns()
	ts.Check(err)
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		ts.Check(rows.Scan(into...))
		var line []string
		for _, v := range values {
			line = append(line, fmt.Sprint(v))
		}
		fmt.Fprintln(ts.Stdout(), strings.Join(line, "|"))
	}
	ts.Check(rows.Err())
}

func closePipe(bin string) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, bin, args...)
		cmd.Dir, cmd.Env = ts.MkAbs("."), clean(ts.MkAbs("."))
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		ts.Check(err)
		ts.Check(cmd.Start())
		line, err := bufio.NewReaderSize(out, 16).ReadString('\n')
		ts.Check(err)
		out.Close()
		_ = cmd.Wait() // the signal or a status of its own: only quiet matters
		if ctx.Err() != nil {
			ts.Fatalf("goes on after its output was closed")
		}
		fmt.Fprint(ts.Stdout(), line)
		fmt.Fprint(ts.Stderr(), stderr.String())
	}
}

func useServer(ts *testscript.TestScript, neg bool, args []string) {
	for _, s := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
		if len(args) == 1 && s.Dialect == args[0] {
			name := "txtar_" + strings.NewReplacer("-", "_", ".", "_").Replace(ts.Name())
			ts.Setenv("URL", s.Empty(ts.Value("testing").(testing.TB), name))
			return
		}
	}
	ts.Fatalf("usage: server sqlite|postgresql|mysql")
}
