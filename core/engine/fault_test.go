package engine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"alchemysh/core"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

// moment is when the proxy cuts the connection.
type moment int32

const (
	never        moment = iota
	atStatement         // the next statement with the word INSERT
	beforeCommit        // the server does not see COMMIT
	afterCommit         // the server sees it, its answer does not arrive
)

// proxy stands between a driver and a server and cuts connections.
type proxy struct {
	net.Listener
	target string
	mu     sync.Mutex
	cut    moment
	conns  []net.Conn
}

func newProxy(t *testing.T, target string) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l, target: target}
	t.Cleanup(func() { _ = l.Close(); p.cutAll() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				_ = client.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, client, server)
			p.mu.Unlock()
			deaf, answered := make(chan struct{}), make(chan struct{})
			go p.requests(client, server, deaf, answered)
			go p.answers(client, server, deaf, answered)
		}
	}()
	return p
}

// cutAll ends every connection, as a server that goes away does.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

func (p *proxy) at(m moment) { p.mu.Lock(); p.cut = m; p.mu.Unlock() }

func (p *proxy) requests(client, server net.Conn, deaf, answered chan struct{}) {
	defer client.Close()
	defer server.Close()
	buf := make([]byte, 1<<16)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		m := p.cut
		commit, insert := bytes.HasSuffix(bytes.TrimRight(buf[:n], "\x00"), []byte("COMMIT")), bytes.Contains(buf[:n], []byte("INSERT"))
		hit := m == atStatement && insert || (m == beforeCommit || m == afterCommit) && commit
		if hit {
			p.cut = never
		}
		p.mu.Unlock()
		if hit && m != afterCommit {
			return
		}
		if hit {
			close(deaf)
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if hit { // the server shall have the time to commit
			select {
			case <-answered:
			case <-time.After(5 * time.Second):
			}
			return
		}
	}
}

func (p *proxy) answers(client, server net.Conn, deaf, answered chan struct{}) {
	defer close(answered)
	buf := make([]byte, 1<<16)
	for {
		n, err := server.Read(buf)
		select {
		case <-deaf:
			return
		default:
		}
		if err != nil {
			_ = client.Close()
			return
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

// throughProxy is an engine that speaks through a proxy, and one that does not.
func throughProxy(t *testing.T, s servers.Server, change func(*engine.Options)) (p *proxy, e, direct *engine.Engine) {
	u, err := engine.ParseURL(s.Empty(t, "engine_fault"))
	if err != nil {
		t.Fatal(err)
	}
	port := map[string]int{"postgresql": 5432, "mysql": 3306}[s.Dialect]
	if u.Port != nil {
		port = *u.Port
	}
	p = newProxy(t, net.JoinHostPort(*u.Host, strconv.Itoa(port)))
	_, at, _ := net.SplitHostPort(p.Addr().String())
	through := u.Clone()
	host := "127.0.0.1"
	n, _ := strconv.Atoi(at)
	through.Host, through.Port = &host, &n
	if s.Dialect == "postgresql" {
		through = through.UpdateQuery(map[string][]string{"sslmode": {"disable"}}, false)
	}
	o := engine.DefaultOptions()
	o.EchoTo = io.Discard
	direct, err = dialect.Open(u, o)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&o)
	}
	e, err = dialect.Open(through, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Dispose(); _ = direct.Dispose() })
	if err := direct.Begin(ctx, func(c *engine.Connection) error {
		_, err := c.ExecDriverSQL(ctx, "CREATE TABLE written (n INTEGER)", engine.Params{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p, e, direct
}

// TestCut cuts the connection before, during and after COMMIT, again and
// again: what was acknowledged is there once, what failed is not there, and
// what is not known is said to be unknown.
func TestCut(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			p, e, direct := throughProxy(t, s, nil)
			times := func(n int) int64 {
				var v any
				if err := direct.Begin(ctx, func(c *engine.Connection) (err error) {
					v, err = c.Scalar(ctx, &core.Text{SQL: fmt.Sprintf("SELECT count(*) FROM written WHERE n = %d", n)}, engine.Params{})
					return err
				}); err != nil {
					t.Fatal(err)
				}
				return v.(int64)
			}
			n := 0
			for round := range rounds {
				for _, m := range []moment{never, atStatement, beforeCommit, afterCommit} {
					n++
					p.at(m)
					err := e.Begin(ctx, func(c *engine.Connection) error {
						_, err := c.ExecDriverSQL(ctx, fmt.Sprintf("INSERT INTO written VALUES (%d)", n), engine.Params{})
						return err
					})
					p.at(never)
					var want int64
					switch m {
					case never:
						want = 1
						if err != nil {
							t.Fatalf("round %d: %v", round, err)
						}
					case atStatement:
						if x := exc.Of(err); x == nil || !x.ConnectionInvalidated || !errors.Is(err, exc.OperationalError) {
							t.Fatalf("round %d: cut at INSERT: %v", round, err)
						}
					default:
						if !errors.Is(err, exc.CommitUnknownError) {
							t.Fatalf("round %d: cut at COMMIT: %v", round, err)
						}
						if m == afterCommit {
							want = 1
						}
					}
					if got := times(n); got != want {
						t.Fatalf("round %d, moment %d: written %d times, want %d", round, m, got, want)
					}
				}
			}
			if out := e.Pool().CheckedOut(); out != 0 {
				t.Errorf("%d connections leaked", out)
			}
		})
	}
}

// TestPrePing: a server that went away and came back is not noticed by who
// uses the pool.
func TestPrePing(t *testing.T) {
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			p, e, _ := throughProxy(t, s, func(o *engine.Options) { o.PoolPrePing = true })
			insert := func() error {
				return e.Begin(ctx, func(c *engine.Connection) error {
					_, err := c.ExecDriverSQL(ctx, "INSERT INTO written VALUES (1)", engine.Params{})
					return err
				})
			}
			for range 3 {
				if err := insert(); err != nil {
					t.Fatal(err)
				}
				p.cutAll()
			}
		})
	}
}

// TestRetryAfterLoss: run_transaction repeats what was lost before COMMIT and
// never what may have been committed.
func TestRetryAfterLoss(t *testing.T) {
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			p, e, _ := throughProxy(t, s, nil)
			for m, want := range map[moment]int{atStatement: 2, beforeCommit: 1, afterCommit: 1} {
				calls := 0
				p.at(m)
				err := engine.RunTransaction(ctx, e, engine.Retry{}, func(c *engine.Connection) error {
					calls++
					_, err := c.ExecDriverSQL(ctx, "INSERT INTO written VALUES (1)", engine.Params{})
					return err
				})
				p.at(never)
				if calls != want || (err == nil) != (m == atStatement) {
					t.Errorf("moment %d: called %d times, %v", m, calls, err)
				}
			}
		})
	}
}
