package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/dialect"
)

// private is a server of the test's own, on data in a temporary directory,
// which can be killed and started again.
type private struct {
	t       *testing.T
	url     string
	program string
	args    []string
	as      *syscall.Credential

	mu   sync.Mutex
	pid  int           // 0: not running
	gone chan struct{} // closed when it has ended
}

// freePort is a port above 20000 that nobody listens on.
func freePort(t *testing.T) int {
	for range 100 {
		port := 20000 + rand.IntN(30000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

// owner is whom a server runs as that refuses to be root's.
func owner(t *testing.T, name, dir string) *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		t.Skipf("the server must not run as root, and there is no user %s", name)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func privatePostgreSQL(t *testing.T) *private {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if p, err := exec.LookPath("initdb"); err == nil {
		found = append(found, p)
	}
	if len(found) == 0 {
		t.Skip("no initdb: PostgreSQL's programs are not installed")
	}
	bin := filepath.Dir(found[len(found)-1])
	dir := t.TempDir()
	as := owner(t, "postgres", dir)
	run(t, as, filepath.Join(bin, "initdb"), "-D", dir, "-U", "postgres", "-A", "trust", "--no-sync")
	port := freePort(t)
	// Without fsync a killed server loses nothing: the kernel has what it wrote.
	return started(&private{t: t, url: fmt.Sprintf("postgresql://postgres@127.0.0.1:%d/postgres?sslmode=disable", port), as: as,
		program: filepath.Join(bin, "postgres"),
		args: []string{"-D", dir, "-p", strconv.Itoa(port), "-k", dir, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
			"-c", "max_prepared_transactions=10"}})
}

func privateMariaDB(t *testing.T) *private {
	install, err := exec.LookPath("mariadb-install-db")
	server, err2 := exec.LookPath("mariadbd")
	if err != nil || err2 != nil {
		t.Skip("no mariadb-install-db or mariadbd: MariaDB's programs are not installed")
	}
	dir := t.TempDir()
	as := owner(t, "mysql", dir)
	run(t, as, install, "--no-defaults", "--datadir="+dir, "--auth-root-authentication-method=normal", "--skip-test-db")
	port := freePort(t)
	// innodb-flush-log-at-trx-commit must stay 1: with 2 this server loses what it
	// has acknowledged, and the test finds it.
	return started(&private{t: t, url: fmt.Sprintf("mysql://root@127.0.0.1:%d/fault", port), as: as, program: server,
		args: []string{"--no-defaults", "--datadir=" + dir, "--port=" + strconv.Itoa(port), "--bind-address=127.0.0.1",
			"--socket=" + filepath.Join(dir, "s"), "--pid-file=" + filepath.Join(dir, "pid"), "--skip-grant-tables",
			"--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=16M"}})
}

func run(t *testing.T, as *syscall.Credential, name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	cmd.Dir = "/"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func started(p *private) *private {
	p.t.Cleanup(p.kill)
	p.start()
	return p
}

// start starts the server and waits until it answers.
func (p *private) start() {
	p.t.Helper()
	gone := p.launch()
	u, _ := engine.ParseURL(p.url)
	if u.BackendName() == "mysql" {
		u.Database = nil
	}
	for deadline := time.Now().Add(time.Minute); ; {
		select {
		case <-gone: // the children of the one before may still be dying
			time.Sleep(100 * time.Millisecond)
			gone = p.launch()
		default:
		}
		d, _ := dialect.For(u)
		c, err := (*engine.Scope)(nil).Open(ctx, d, u, nil)
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (p *private) launch() (gone chan struct{}) {
	p.t.Helper()
	cmd := exec.Command(p.program, p.args...)
	// A group of its own, so that its children can be killed with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as, Setpgid: true}
	cmd.Dir = "/"
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	gone = make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	p.mu.Lock()
	p.pid, p.gone = cmd.Process.Pid, gone
	p.mu.Unlock()
	return gone
}

// kill is kill -9, of the server and its children. A second one does nothing.
func (p *private) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid == 0 {
		return
	}
	_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	<-p.gone
	p.pid = 0
}

func (p *private) engine() *engine.Engine {
	o := engine.DefaultOptions()
	o.EchoTo = io.Discard
	e, err := dialect.CreateEngine(p.url, o)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = e.Dispose() })
	return e
}

// killRounds is how often a server is killed at each moment: a few times, or as
// often as ALCHEMYSH_KILL_ROUNDS says.
func killRounds(t *testing.T) int {
	if testing.Short() {
		t.Skip("kills servers, which takes its time")
	}
	if n, err := strconv.Atoi(os.Getenv("ALCHEMYSH_KILL_ROUNDS")); err == nil {
		return n
	}
	return 2
}

// ledger is what became of each number that was to be written, as the program
// was told.
type ledger struct {
	mu                      sync.Mutex
	acked, unknown, refused []int64
}

func (l *ledger) note(n int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.acked = append(l.acked, n)
	case errors.Is(err, exc.CommitUnknownError):
		l.unknown = append(l.unknown, n)
	default:
		l.refused = append(l.refused, n)
	}
}

// TestKill kills servers under load with kill -9, before, during and after a
// COMMIT: no write that was acknowledged is lost, none that was refused is
// there, none is there twice; what is not known is said to be unknown.
func TestKill(t *testing.T) {
	rounds := killRounds(t)
	for name, server := range map[string]func(*testing.T) *private{"postgresql": privatePostgreSQL, "mysql": privateMariaDB} {
		t.Run(name, func(t *testing.T) {
			p := server(t)
			prepareWritten(t, p)
			e := p.engine()
			var next atomic.Int64
			book := &ledger{}
			counts := map[string]int{}
			for round := range rounds {
				for _, moment := range []string{"before", "during", "after"} {
					killAt(p, e, moment, &next, book)
					p.start()
					book.check(t, e, fmt.Sprintf("round %d, %s COMMIT", round, moment))
					counts[moment]++
				}
			}
			t.Logf("killed %v times; of %d writes %d acknowledged, %d unknown, %d refused", counts, next.Load(), len(book.acked), len(book.unknown), len(book.refused))
			if out := e.Pool().CheckedOut(); out != 0 {
				t.Errorf("%d connections leaked", out)
			}
		})
	}
}

func prepareWritten(t *testing.T, p *private) {
	u, _ := engine.ParseURL(p.url)
	if u.BackendName() == "mysql" {
		u.Database = nil
		d, _ := dialect.For(u)
		c, err := (*engine.Scope)(nil).Open(ctx, d, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Run(ctx, "CREATE DATABASE fault"); err != nil {
			t.Fatal(err)
		}
	}
	e := p.engine()
	defer e.Dispose()
	must(t, e.Begin(ctx, func(c *engine.Connection) error {
		_, err := c.ExecDriverSQL(ctx, "CREATE TABLE written (n BIGINT)", engine.Params{})
		return err
	}))
}

// killAt lets others write, and kills the server at a moment of one more
// transaction.
func killAt(p *private, e *engine.Engine, moment string, next *atomic.Int64, book *ledger) {
	load, stop := context.WithCancel(ctx)
	insert := func(c *engine.Connection, n int64) error {
		_, err := c.ExecDriverSQL(ctx, fmt.Sprintf("INSERT INTO written VALUES (%d)", n), engine.Params{})
		return err
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for load.Err() == nil {
				n := next.Add(1)
				book.note(n, e.Begin(ctx, func(c *engine.Connection) error { return insert(c, n) }))
			}
		})
	}
	time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
	n := next.Add(1)
	err := e.Begin(ctx, func(c *engine.Connection) error {
		if err := insert(c, n); err != nil {
			return err
		}
		switch moment {
		case "before":
			p.kill()
		case "during":
			all.Go(func() {
				time.Sleep(time.Duration(rand.IntN(600)) * time.Microsecond)
				p.kill()
			})
		}
		return nil
	})
	book.note(n, err)
	if moment == "after" {
		p.kill()
	}
	stop()
	all.Wait()
	p.kill() // if the transaction had failed before its moment
}

// check compares the ledger with the table.
func (l *ledger) check(t *testing.T, e *engine.Engine, when string) {
	t.Helper()
	written := map[int64]int{}
	read := func() error {
		return e.Begin(ctx, func(c *engine.Connection) error {
			r, err := c.ExecDriverSQL(ctx, "SELECT n FROM written", engine.Params{})
			if err != nil {
				return err
			}
			rows, err := r.All()
			for _, row := range rows {
				written[row.At(0).(int64)]++
			}
			return err
		})
	}
	if err := read(); err != nil { // the pool's connections are those of the dead server
		clear(written)
		must(t, read())
	}
	for n, times := range written {
		if times > 1 {
			t.Errorf("%s: %d is there %d times", when, n, times)
		}
	}
	for _, n := range l.acked {
		if written[n] != 1 {
			t.Errorf("%s: %d was acknowledged and is there %d times", when, n, written[n])
		}
	}
	for _, n := range l.refused {
		if written[n] != 0 {
			t.Errorf("%s: %d was refused and is there", when, n)
		}
	}
}

// TestTwoPhasePostgreSQL: a prepared transaction outlives the server.
func TestTwoPhasePostgreSQL(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	p := privatePostgreSQL(t)
	prepareWritten(t, p)
	e := p.engine()
	begun := func(n int) (*engine.Connection, *engine.Transaction) {
		c, err := e.Connect(ctx)
		must(t, err)
		tx, err := c.BeginTwoPhase(ctx, "")
		must(t, err)
		_, err = c.ExecDriverSQL(ctx, fmt.Sprintf("INSERT INTO written VALUES (%d)", n), engine.Params{})
		must(t, err)
		return c, tx
	}
	count := func() (n int64) {
		must(t, e.Begin(ctx, func(c *engine.Connection) error {
			r, err := c.ExecDriverSQL(ctx, "SELECT count(*) FROM written", engine.Params{})
			if err != nil {
				return err
			}
			v, err := r.Scalar()
			n, _ = v.(int64)
			return err
		}))
		return n
	}
	c, tx := begun(1) // prepared and committed
	must(t, tx.Prepare(ctx))
	must(t, tx.Commit(ctx))
	must(t, c.Close(ctx))
	c, tx = begun(2) // committed without
	must(t, tx.Commit(ctx))
	must(t, c.Close(ctx))
	c, tx = begun(3) // prepared and rolled back
	must(t, tx.Prepare(ctx))
	must(t, tx.Rollback(ctx))
	must(t, c.Close(ctx))
	c, _ = begun(4) // closed with nothing said: rolled back
	must(t, c.Close(ctx))
	if n := count(); n != 2 {
		t.Fatalf("%d rows, want 2", n)
	}
	var ids []string
	for n := range 2 { // prepared, and then the server dies
		c, tx = begun(10 + n)
		must(t, tx.Prepare(ctx))
		must(t, c.Invalidate(nil))
		ids = append(ids, tx.XID)
	}
	p.kill()
	p.start()
	e = p.engine()
	c, err := e.Connect(ctx)
	must(t, err)
	defer c.Close(ctx)
	found, err := c.RecoverTwoPhase(ctx)
	must(t, err)
	if len(found) != 2 {
		t.Fatalf("recovered %v, want %v", found, ids)
	}
	must(t, c.CommitPrepared(ctx, ids[0]))
	must(t, c.RollbackPrepared(ctx, ids[1]))
	if n := count(); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
	if err := c.CommitPrepared(ctx, ids[1]); !errors.Is(err, exc.DBAPIError) {
		t.Errorf("commit of what was rolled back: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
