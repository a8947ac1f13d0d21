package mysql

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// DriverName is the driver that SQLAlchemy would use.
func (d *Dialect) DriverName() string {
	if d.driver != "" {
		return d.driver
	}
	return "mysqldb"
}

// UseDriver notes the driver that the URL names.
func (d *Dialect) UseDriver(name string) { d.driver = name }

// silent keeps the driver's own notes from the person's terminal.
type silent struct{}

func (silent) Print(...any) {}

// Connector is what opens connections to the URL's database. Options of the
// URL and connect_args are PyMySQL's: charset, unix_socket, connect_timeout,
// read_timeout, write_timeout, ssl_ca, ssl_cert, ssl_key, ssl_disabled,
// local_infile, init_command.
func (d *Dialect) Connector(u *engine.URL, args map[string]any) (driver.Connector, error) {
	c := mysql.NewConfig()
	c.Net, c.ClientFoundRows, c.Logger = "tcp", true, silent{}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	c.User, c.Passwd, c.DBName = text(u.Username), text(u.Password), text(u.Database)
	host, port := text(u.Host), "3306"
	if host == "" {
		host = "localhost"
	}
	if u.Port != nil {
		port = strconv.Itoa(*u.Port)
	}
	option := map[string]string{}
	for k := range u.Query {
		option[k], _ = u.Option(k)
	}
	for k, v := range args {
		if o, ok := v.(types.Object); ok && k == "ssl" {
			for name, value := range o.All() {
				option["ssl_"+name] = types.Str(value)
			}
			continue
		}
		option[k] = types.Str(v)
	}
	ssl := map[string]string{}
	for k, v := range option {
		switch k {
		case "charset":
			if err := c.Apply(mysql.Charset(v, "")); err != nil {
				return nil, exc.New(exc.ArgumentError, "%s", err.Error())
			}
		case "unix_socket":
			c.Net, c.Addr = "unix", v
		case "host":
			host = v
		case "port":
			port = v
		case "user", "username":
			c.User = v
		case "password", "passwd":
			c.Passwd = v
		case "database", "db":
			c.DBName = v
		case "connect_timeout":
			c.Timeout = seconds(v)
		case "read_timeout":
			c.ReadTimeout = seconds(v)
		case "write_timeout":
			c.WriteTimeout = seconds(v)
		case "local_infile":
			c.AllowAllFiles = v == "1" || v == "true"
		case "client_flag", "compress", "use_unicode", "cursorclass", "conv": // PyMySQL's own
		case "init_command":
			d.initCommand = v
		case "ssl_ca", "ssl_cert", "ssl_key", "ssl_disabled", "ssl_verify_cert", "ssl_verify_identity", "ssl_check_hostname", "ssl_capath", "ssl_cipher", "ssl":
			ssl[k] = v
		default:
			return nil, exc.New(exc.TypeError, "connect() got an unexpected keyword argument '%s'", k)
		}
	}
	if c.Addr == "" {
		c.Addr = net.JoinHostPort(host, port)
	}
	if err := secure(c, ssl, host); err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, exc.New(exc.ArgumentError, "%s", err.Error())
	}
	d.cancel = &engine.Canceller{Connector: connector, Number: "SELECT CONNECTION_ID()", Stop: "KILL QUERY %v"}
	return connector, nil
}

// ConnectArguments are mysqlclient's.
func (*Dialect) ConnectArguments(u *engine.URL) (*engine.ConnectArguments, error) {
	named := u.ConnectArguments("db", "user", "passwd")
	ssl := types.Object{}
	for k := range u.Query {
		var v any = u.QueryValue(k)
		switch text, _ := v.(string); k {
		case "connect_timeout", "read_timeout", "write_timeout", "client_flag":
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				v = n
			}
		case "compress", "local_infile", "use_unicode":
			v = truth(text)
		case "ssl_ca", "ssl_key", "ssl_cert", "ssl_capath", "ssl_cipher":
			ssl.Set(k[4:], v)
			continue
		case "ssl_check_hostname":
			ssl.Set(k[4:], truth(text))
			continue
		}
		named[k] = v
	}
	if ssl.Len() > 0 {
		named["ssl"] = ssl
	}
	flags, _ := named["client_flag"].(int64)
	named["client_flag"] = flags | foundRows
	return &engine.ConnectArguments{Named: named}, nil
}

// foundRows is CLIENT_FOUND_ROWS: an UPDATE counts the rows that it finds.
const foundRows = 2

func truth(s string) bool {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "y", "t", "1":
		return true
	}
	return false
}

func seconds(s string) time.Duration {
	f, _ := strconv.ParseFloat(s, 64)
	return time.Duration(f * float64(time.Second))
}

// secure sets TLS up as the ssl_… options say.
func secure(c *mysql.Config, option map[string]string, host string) error {
	if len(option) == 0 || option["ssl_disabled"] == "true" || option["ssl_disabled"] == "1" {
		return nil
	}
	t := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if ca := option["ssl_ca"]; ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return exc.New(exc.OperationalError, "ssl_ca: %s", err.Error())
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return exc.New(exc.OperationalError, "ssl_ca: no certificate in %s", ca)
		}
	} else {
		t.InsecureSkipVerify = option["ssl_verify_cert"] != "true"
	}
	if cert := option["ssl_cert"]; cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, option["ssl_key"])
		if err != nil {
			return exc.New(exc.OperationalError, "ssl_cert: %s", err.Error())
		}
		t.Certificates = []tls.Certificate{pair}
	}
	c.TLS = t
	return nil
}

// DefaultPool keeps connections.
func (*Dialect) DefaultPool(*engine.URL) engine.PoolKind { return engine.QueuePool }

// Setup leaves it to the server to begin transactions, as PyMySQL does: that
// spares a BEGIN.
func (d *Dialect) Setup(ctx context.Context, c *engine.DriverConn) error {
	if err := c.Run(ctx, "SET AUTOCOMMIT = 0"); err != nil {
		return err
	}
	if d.initCommand != "" {
		return c.Run(ctx, d.initCommand)
	}
	return nil
}

var version = regexp.MustCompile(`(\d+)\.(\d+)(?:\.(\d+))?-MariaDB|^(\d+)\.(\d+)(?:\.(\d+))?`)

// Initialize asks for the version, the database and two settings, as
// SQLAlchemy does; PyMySQL knows the version from the greeting.
func (d *Dialect) Initialize(ctx context.Context, c *engine.DriverConn, ask func(string) ([]any, error)) error {
	v, err := c.Value(ctx, "SELECT VERSION()")
	if err != nil {
		return err
	}
	s := types.Str(v)
	if strings.Contains(s, "MariaDB") {
		d.IsMariaDB()
	} else if d.name == "mariadb" {
		return exc.New(exc.InvalidRequestError, "MySQL version %s is not a MariaDB variant.", s)
	}
	if m := version.FindStringSubmatch(s); m != nil {
		if m[1] == "" {
			m = m[3:]
		}
		for i := range d.ServerVersion {
			d.ServerVersion[i], _ = strconv.Atoi(m[1+i])
		}
	}
	row, err := ask("SELECT DATABASE()")
	if err != nil {
		return err
	}
	d.features.DefaultSchema = bytesText(row[0])
	if row, err = ask("SELECT @@sql_mode"); err != nil {
		return err
	}
	d.useMode(bytesText(row[0]))
	_, err = ask("SELECT @@lower_case_table_names")
	return err
}

func bytesText(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	s, _ := v.(string)
	return s
}

// useMode follows the server's sql_mode: with ANSI_QUOTES, names stand in
// double quotes.
func (d *Dialect) useMode(mode string) {
	if strings.Contains(mode, "ANSI_QUOTES") {
		d.quoting.Open, d.quoting.Close = `"`, `"`
	}
}

// PreparesAll is false: a statement without parameters takes one round trip.
func (*Dialect) PreparesAll() bool { return false }

// Begins leaves it to the server.
func (*Dialect) Begins(string) string { return engine.BeganByServer() }

// Version is major, minor and patch; and 0 for MariaDB, as SQLAlchemy has it.
func (d *Dialect) Version() []int {
	if d.ServerVersion == [3]int{} {
		return nil
	}
	v := d.ServerVersion[:]
	if d.MariaDB {
		return append(v[:3:3], 0)
	}
	return v
}

// DefaultIsolation is REPEATABLE READ, unless the server is told otherwise.
func (*Dialect) DefaultIsolation() string { return "REPEATABLE READ" }

// IsolationLevels are the standard's, and none.
func (*Dialect) IsolationLevels() []string {
	return []string{"SERIALIZABLE", "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "AUTOCOMMIT"}
}

// SetIsolation sets the level of the session's transactions.
func (*Dialect) SetIsolation(ctx context.Context, c *engine.DriverConn, level string) error {
	if level == "AUTOCOMMIT" {
		return c.Run(ctx, "SET AUTOCOMMIT = 1")
	}
	if c.Autocommit {
		if err := c.Run(ctx, "SET AUTOCOMMIT = 0"); err != nil {
			return err
		}
	}
	if level == "" {
		if c.Autocommit {
			return nil
		}
		return c.Run(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
	}
	return c.Run(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL "+level)
}

// Isolation asks for the level.
func (d *Dialect) Isolation(ctx context.Context, c *engine.DriverConn) (string, error) {
	v, err := c.Value(ctx, "SELECT @@tx_isolation")
	if err != nil {
		v, err = c.Value(ctx, "SELECT @@transaction_isolation")
	}
	return strings.ReplaceAll(strings.ToUpper(types.Str(v)), "-", " "), err
}

// TwoPhase is XA.
func (*Dialect) TwoPhase() *engine.TwoPhase {
	quoted := func(xid string) string { return "'" + strings.ReplaceAll(xid, "'", "''") + "'" }
	xa := func(run engine.Run, verb, xid string) error {
		return run.Text("XA "+verb+" :xid", xid, "XA "+verb+" "+quoted(xid))
	}
	prepare := func(_ *engine.DriverConn, run engine.Run, xid string) error {
		if err := xa(run, "END", xid); err != nil {
			return err
		}
		return xa(run, "PREPARE", xid)
	}
	over := func(c *engine.DriverConn, err error) error {
		if err == nil {
			c.InTransaction = false
		}
		return err
	}
	return &engine.TwoPhase{
		Begin:   func(_ *engine.DriverConn, run engine.Run, xid string) error { return xa(run, "BEGIN", xid) },
		Prepare: prepare,
		Commit: func(c *engine.DriverConn, run engine.Run, xid string, prepared bool) error {
			if !prepared {
				if err := prepare(c, run, xid); err != nil {
					return err
				}
			}
			return over(c, xa(run, "COMMIT", xid))
		},
		Rollback: func(c *engine.DriverConn, run engine.Run, xid string, prepared bool) error {
			if !prepared {
				if err := xa(run, "END", xid); err != nil {
					return err
				}
			}
			return over(c, xa(run, "ROLLBACK", xid))
		},
		Recover: "XA RECOVER", RecoverColumn: 3,
	}
}

// Ping asks the driver to.
func (*Dialect) Ping(ctx context.Context, c *engine.DriverConn) error {
	return c.Raw.(driver.Pinger).Ping(ctx)
}

// Watch kills the statement: the driver, given the context, would close the
// connection and leave the statement running.
func (d *Dialect) Watch(ctx context.Context, c *engine.DriverConn) (context.Context, func()) {
	return d.cancel.Watch(ctx, c)
}

// Adjust has nothing to do.
func (*Dialect) Adjust(driver.Rows) {}

// Stream is nil: the driver reads rows one by one.
func (*Dialect) Stream() *engine.StreamSQL { return nil }

// MergesInserts is PyMySQL's way with executemany.
func (*Dialect) MergesInserts() bool { return true }

// RowsAffectedOfSelect is true, as PyMySQL has it.
func (*Dialect) RowsAffectedOfSelect() bool { return true }
