package postgresql

import (
	"context"
	"database/sql/driver"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

var hostAndPort = regexp.MustCompile(`^([a-zA-Z0-9\-.]*)(?::(\d*))?$`)

// splitHosts reads the several servers that a URL may name, in SQLAlchemy's two
// forms: host=h1:p1&host=h2:p2, and host=h1,h2&port=p1,p2. Without any, hosts
// is nil; a port that is not given is "".
func splitHosts(u *engine.URL) (hosts, ports []string, err error) {
	together := false
	switch given := u.Query["host"]; {
	case len(given) > 1:
		together = true
		for _, v := range given {
			host, port, _ := strings.Cut(v, ":")
			hosts, ports = append(hosts, host), append(ports, port)
		}
	case len(given) == 1:
		hosts = strings.Split(given[0], ",")
		if len(u.Query["port"]) == 0 && len(hosts) == 1 && strings.Contains(hosts[0], ":") {
			if m := hostAndPort.FindStringSubmatch(hosts[0]); m != nil {
				together = true
				hosts, ports = []string{m[1]}, []string{m[2]}
			}
		}
	}
	if given := u.Query["port"]; len(given) > 0 {
		if together {
			return nil, nil, exc.New(exc.ArgumentError, `Can't mix 'multihost' formats together; use "host=h1,h2,h3&port=p1,p2,p3" or "host=h1:p1&host=h2:p2&host=h3:p3" separately`)
		}
		if ports = given; len(given) == 1 {
			ports = strings.Split(given[0], ",")
		}
	}
	for _, p := range ports {
		if _, err := strconv.Atoi(p); err != nil && p != "" {
			values := make([]any, len(ports))
			for i, p := range ports {
				values[i] = p
				if p == "" {
					values[i] = nil
				}
			}
			return nil, nil, exc.New(exc.ArgumentError, "Received non-integer port arguments: %s", engine.TupleRepr(values))
		}
	}
	if hosts == nil && len(ports) > 1 || hosts != nil && ports != nil && len(hosts) != len(ports) {
		return nil, nil, exc.New(exc.ArgumentError, "number of hosts and ports don't match")
	}
	if hosts != nil && ports == nil {
		ports = make([]string, len(hosts))
	}
	return hosts, ports, nil
}

// ConnectArguments are psycopg2's.
func (*Dialect) ConnectArguments(u *engine.URL) (*engine.ConnectArguments, error) {
	hosts, ports, err := splitHosts(u)
	if err != nil {
		return nil, err
	}
	named := u.ConnectArguments("dbname", "user", "password")
	for k := range u.Query {
		named[k] = u.QueryValue(k)
	}
	if hosts != nil {
		named["host"] = strings.Join(hosts, ",")
		if p := strings.Join(ports, ","); strings.Trim(p, ",") != "" {
			named["port"] = p
		}
	}
	if len(named) == 0 {
		return &engine.ConnectArguments{Positional: []any{""}, Named: named}, nil
	}
	return &engine.ConnectArguments{Named: named}, nil
}

// connector opens connections to the servers of a DSN.
type connector struct{ dsn string }

func (c *connector) Driver() driver.Driver { return &pq.Driver{} }

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, _, err := c.ConnectNoting(ctx)
	return raw, err
}

// ConnectNoting notes which of several servers has answered: a statement must
// be cancelled there.
func (c *connector) ConnectNoting(ctx context.Context) (driver.Conn, map[string]any, error) {
	d := &dialer{}
	raw, err := c.through(d).Connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	return raw, map[string]any{engine.NoteServer: c.through(&dialer{d.network, d.address, true})}, nil
}

func (c *connector) through(d *dialer) *pq.Connector {
	pc, err := pq.NewConnector(c.dsn)
	if err != nil {
		panic(err) // the DSN was read before
	}
	pc.Dialer(d)
	return pc
}

// dialer remembers where it dialed last, or always dials there.
type dialer struct {
	network, address string
	fixed            bool
}

func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if d.fixed {
		network, address = d.network, d.address
	}
	d.network, d.address = network, address
	return new(net.Dialer).DialContext(ctx, network, address)
}

func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, stop := context.WithTimeout(context.Background(), timeout)
	defer stop()
	return d.DialContext(ctx, network, address)
}
