package engine_test

import (
	"context"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"alchemysh/core/engine"
	"alchemysh/dialect"
	"alchemysh/tests/servers"
)

// TestSeveralHosts: the first server that answers is taken, and a statement is
// cancelled there and not where the list begins.
func TestSeveralHosts(t *testing.T) {
	u, err := engine.ParseURL(servers.PostgreSQL.Empty(t, "engine_hosts"))
	must(t, err)
	host, port := "localhost", 5432
	if u.Host != nil {
		host = *u.Host
	}
	if u.Port != nil {
		port = *u.Port
	}
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := nobody.Addr().String()
	must(t, nobody.Close())
	u.Host, u.Port = nil, nil
	u = u.UpdateQuery(map[string][]string{"host": {closed, net.JoinHostPort(host, strconv.Itoa(port))}}, false)
	o := engine.DefaultOptions()
	o.EchoTo = io.Discard
	e, err := dialect.Open(u, o)
	must(t, err)
	defer e.Dispose()
	c, err := e.Connect(ctx)
	must(t, err)
	defer c.Close(ctx)
	short, stop := context.WithTimeout(ctx, 200*time.Millisecond)
	defer stop()
	begun := time.Now()
	if _, err := c.ExecDriverSQL(short, "SELECT pg_sleep(20)", engine.Params{}); err == nil || time.Since(begun) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), err)
	}
	must(t, c.Rollback(ctx))
	if _, err := c.ExecDriverSQL(ctx, "SELECT 1", engine.Params{}); err != nil {
		t.Errorf("the connection is lost: %v", err)
	}
}
