package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"alchemysh/repl/render"
)

// options is the command line, read.
type options struct {
	jobs   []job // -c, -f and -e in their order
	target string
	script string
	args   []string

	host, port, user, database string
	askPassword, neverPassword bool

	list, quiet, single, noConfig, interactive bool
	unaligned, tuples, expanded, csv           bool
	fieldSep, recordSep, format, output, log   string
	variables, pset                            []string

	echo, echoTo, color, reflect string
	readOnly, sandbox, safe      bool
	timeout                      time.Duration
	rowLimit                     int
	ping, check                  bool
	help, version                bool

	set *pflag.FlagSet
}

// job is one thing to run.
type job struct {
	kind byte // c, e: text; f: a file
	text string
}

// jobValue appends to the jobs, so that -c and -f keep their order.
type jobValue struct {
	o    *options
	kind byte
}

func (v jobValue) String() string { return "" }
func (v jobValue) Type() string {
	if v.kind == 'f' {
		return "FILE"
	}
	return "CODE"
}
func (v jobValue) Set(s string) error {
	v.o.jobs = append(v.o.jobs, job{v.kind, s})
	return nil
}

func newFlags(o *options) *pflag.FlagSet {
	f := pflag.NewFlagSet("alchemysh", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	f.VarP(jobValue{o, 'c'}, "command", "c", "run Lua or SQL, then leave; repeatable, all in one state")
	f.VarP(jobValue{o, 'f'}, "file", "f", "run a file, - is standard input; repeatable")
	f.VarP(jobValue{o, 'e'}, "execute", "e", "run Lua without showing its value")
	f.BoolVarP(&o.interactive, "interactive", "i", false, "stay at the prompt after scripts")
	f.StringVarP(&o.database, "dbname", "d", "", "database: a URL, a file, a name; env takes DATABASE_URL")
	f.StringVarP(&o.host, "host", "h", "", "server, or directory of its socket")
	f.StringVarP(&o.port, "port", "p", "", "port of the server")
	f.StringVarP(&o.user, "username", "U", "", "user")
	f.BoolVarP(&o.neverPassword, "no-password", "w", false, "never ask for a password")
	f.BoolVarP(&o.askPassword, "password", "W", false, "ask for a password")
	f.BoolVarP(&o.list, "list", "l", false, "list the databases, then leave")
	f.StringArrayVarP(&o.variables, "set", "v", nil, "set a variable, NAME=VALUE")
	f.StringArrayVarP(&o.pset, "pset", "P", nil, "set an option of the output, as \\pset does")
	f.StringVarP(&o.output, "output", "o", "", "results to a file or |program")
	f.StringVarP(&o.log, "log-file", "L", "", "results to a file too")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "results only, no remarks")
	f.BoolVarP(&o.single, "single-transaction", "1", false, "everything in one transaction")
	f.BoolVarP(&o.noConfig, "no-config", "X", false, "read neither config.toml nor init.lua")
	f.BoolVarP(&o.unaligned, "no-align", "A", false, "unaligned output")
	f.BoolVarP(&o.tuples, "tuples-only", "t", false, "rows only")
	f.BoolVarP(&o.expanded, "expanded", "x", false, "one line per value")
	f.StringVarP(&o.fieldSep, "field-separator", "F", "|", "between values of unaligned output")
	f.StringVarP(&o.recordSep, "record-separator", "R", "\\n", "after rows of unaligned output")
	f.BoolVar(&o.csv, "csv", false, "csv: --format csv")
	f.StringVar(&o.format, "format", "", strings.Join(render.Formats(), ", "))
	f.StringVar(&o.echo, "echo", "off", "show the SQL that is sent: on, off, full, debug")
	f.Lookup("echo").NoOptDefVal = "on"
	f.StringVar(&o.echoTo, "echo-to", "stdout", "where to: stdout, stderr, a file")
	f.StringVar(&o.color, "color", "auto", "auto, always, never")
	f.StringVar(&o.reflect, "reflect", "", "define tables t.NAME and classes of a schema")
	f.Lookup("reflect").NoOptDefVal = "*"
	f.BoolVar(&o.readOnly, "read-only", false, "refuse what changes the database")
	f.BoolVar(&o.sandbox, "sandbox", false, "roll everything back at the end")
	f.BoolVar(&o.safe, "safe", false, "no os, io, programs or files")
	f.Var((*period)(&o.timeout), "timeout", "cancel a statement or chunk after so long: 30, 30s, 5m")
	f.IntVar(&o.rowLimit, "row-limit", 0, "rows that a table shows")
	f.BoolVar(&o.ping, "ping", false, "connect, say how long it took, leave")
	f.BoolVar(&o.check, "check", false, "compile scripts without running them")
	f.BoolVarP(&o.version, "version", "V", false, "the version")
	f.BoolVarP(&o.help, "help", "?", false, "this help")
	return f
}

// period is a time span of the command line; a number alone is seconds.
type period time.Duration

func (p *period) Set(text string) error {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("a time such as 30, 30s or 5m is wanted, not %q", text)
	}
	*p = period(d)
	return nil
}

func (p *period) String() string {
	if *p == 0 {
		return ""
	}
	return time.Duration(*p).String()
}

func (p *period) Type() string { return "time" }

// parse reads the command line. The target may stand among the options;
// everything after the script is the script's.
func parse(args []string) (*options, error) {
	o := &options{}
	f := newFlags(o)
	f.SetInterspersed(false)
	o.set = f
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		args = f.Args()
		if len(args) == 0 {
			break
		}
		first := args[0]
		if o.target == "" && o.database == "" && isTarget(first) || o.target == "" && o.database == "" && len(o.jobs) > 0 && !isScript(first) {
			o.target = first
			args = args[1:]
			continue
		}
		if len(o.jobs) == 0 && (isScript(first) || o.target != "" || o.database != "") {
			o.script, o.args = first, args[1:]
			break
		}
		if len(o.jobs) > 0 {
			o.args = args
			break
		}
		if exists(first) {
			o.script, o.args = first, args[1:]
			break
		}
		o.target, args = first, args[1:] // a name of config.toml, or a mistake
	}
	if o.database != "" {
		o.target = o.database
	}
	return o, o.validate()
}

func (o *options) validate() error {
	if o.csv {
		o.format = "csv"
	}
	if o.format != "" && render.Canonical(o.format) == "" {
		return fmt.Errorf("--format %s: there are %s", o.format, strings.Join(render.Formats(), ", "))
	}
	for _, c := range []struct{ name, value, allowed string }{
		{"echo", o.echo, "on off full debug"}, {"color", o.color, "auto always never"},
	} {
		if !strings.Contains(" "+c.allowed+" ", " "+c.value+" ") {
			return fmt.Errorf("--%s %s: one of %s is wanted", c.name, c.value, c.allowed)
		}
	}
	if o.script != "" && o.script != "-" && !exists(o.script) {
		return fmt.Errorf("%s: no such file", o.script)
	}
	for _, j := range o.jobs {
		if j.kind == 'f' && j.text != "-" && !exists(j.text) {
			return fmt.Errorf("%s: no such file", j.text)
		}
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// isScript says that an argument names a script.
func isScript(arg string) bool {
	for _, ext := range []string{".lua", ".sql", ".md"} {
		if strings.HasSuffix(arg, ext) {
			return true
		}
	}
	return arg == "-"
}

// isTarget says that an argument names a database: a URL, or a database file.
func isTarget(arg string) bool {
	if strings.Contains(arg, "://") || arg == ":memory:" || arg == "env" {
		return true
	}
	for _, ext := range []string{".db", ".db3", ".sqlite", ".sqlite3", ".s3db"} {
		if strings.HasSuffix(strings.ToLower(arg), ext) {
			return true
		}
	}
	return isSQLiteFile(arg)
}

// isSQLiteFile looks at how a file begins.
func isSQLiteFile(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 16)
	n, _ := f.Read(head) // a file that cannot be read is no database
	return string(head[:n]) == "SQLite format 3\x00"
}

func usage() string {
	var b strings.Builder
	b.WriteString(`Usage: alchemysh [OPTIONS] [URL | FILE.db | NAME] [script.lua | script.sql] [args…]

SQLAlchemy, spoken in Lua, to a real database. Without a script or standard
input it is a prompt; without a database, SQLite in memory.

`)
	if len(subcommands) > 0 {
		var names []string
		for n := range subcommands {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			fmt.Fprintf(&b, "  alchemysh %-10s %s\n", n, subcommands[n].usage)
		}
		b.WriteByte('\n')
	}
	b.WriteString("Options:\n" + newFlags(&options{}).FlagUsages())
	b.WriteString(`
Exit status: 0; 1 usage, an error of Lua or a failed -c; 2 no connection;
3 the database refused a statement of a script; 130 interrupted; 143 terminated.
`)
	return b.String()
}
