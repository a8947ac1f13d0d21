package repl

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl/render"
)

// Settings are what \pset, \x, \a, \t, \timing and \set change.
type Settings struct {
	Format    string
	Expanded  string // on, off, auto
	Null      string
	Border    int
	Tuples    bool
	Footer    bool
	Pager     string // on, off, always
	FieldSep  string
	RecordSep string
	CSVSep    string
	Title     string
	RowLimit  int // of screen formats, 0: none
	Timing    bool
	Table     string // for the format insert
	Vars      map[string]string
}

// NewSettings gives psql's defaults.
func NewSettings() *Settings {
	return &Settings{Format: "table", Expanded: "off", Null: "NULL", Border: 1, Footer: true, Pager: "on",
		FieldSep: "|", RecordSep: "\n", CSVSep: ",",
		Vars: map[string]string{"ON_ERROR_STOP": "on", "EDIT_MODE": "emacs"}}
}

// option is one name of \pset.
type option struct {
	usage  string
	values []string // for completion
	get    func(*Settings) string
	set    func(*Settings, string) error
}

// options is the table that \pset, its listing and completion read.
var options = map[string]option{
	"format": {"output format", render.Formats(),
		func(s *Settings) string { return s.Format },
		func(s *Settings, v string) error {
			f := render.Canonical(v)
			if f == "" {
				return usageError("\\pset: %s is no format; there are %s", v, strings.Join(render.Formats(), ", "))
			}
			s.Format = f
			return nil
		}},
	"expanded": {"one line per value", []string{"on", "off", "auto"},
		func(s *Settings) string { return s.Expanded },
		func(s *Settings, v string) error {
			if v == "" {
				v = map[string]string{"on": "off"}[s.Expanded]
				if v == "" {
					v = "on"
				}
			}
			if v != "auto" {
				on, err := boolean("expanded", v)
				if err != nil {
					return err
				}
				v = onOff(on)
			}
			s.Expanded = v
			return nil
		}},
	"linestyle": {"lines of tables: ascii or unicode", []string{"ascii", "unicode"},
		func(s *Settings) string {
			if s.Format == "box" {
				return "unicode"
			}
			return "ascii"
		},
		func(s *Settings, v string) error {
			format, ok := map[string]string{"ascii": "table", "old-ascii": "table", "unicode": "box"}[v]
			if !ok {
				return usageError("\\pset: linestyle is ascii or unicode, not %q", v)
			}
			s.Format = format
			return nil
		}},
	"null":         text("how NULL is shown", func(s *Settings) *string { return &s.Null }),
	"title":        text("title over tables", func(s *Settings) *string { return &s.Title }),
	"fieldsep":     text("separator of unaligned output", func(s *Settings) *string { return &s.FieldSep }),
	"recordsep":    text("end of a line of unaligned output", func(s *Settings) *string { return &s.RecordSep }),
	"csv_fieldsep": text("separator of csv", func(s *Settings) *string { return &s.CSVSep }),
	"tablename":    text("table of the format insert", func(s *Settings) *string { return &s.Table }),
	"tuples_only":  flag("rows without header and footer", func(s *Settings) *bool { return &s.Tuples }),
	"footer":       flag("(n rows) below a table", func(s *Settings) *bool { return &s.Footer }),
	"timing":       flag("time of each statement", func(s *Settings) *bool { return &s.Timing }),
	"border":       number("lines in tables: 0, 1 or 2", 2, func(s *Settings) *int { return &s.Border }),
	"row_limit":    number("rows a table shows; 0: all", 1<<31, func(s *Settings) *int { return &s.RowLimit }),
	"pager": {"page long output", []string{"on", "off", "always"},
		func(s *Settings) string { return s.Pager },
		func(s *Settings, v string) error {
			if v != "always" {
				on := s.Pager == "off"
				if v != "" {
					var err error
					if on, err = boolean("pager", v); err != nil {
						return err
					}
				}
				v = onOff(on)
			}
			s.Pager = v
			return nil
		}},
}

func text(usage string, at func(*Settings) *string) option {
	return option{usage: usage, get: func(s *Settings) string { return *at(s) },
		set: func(s *Settings, v string) error {
			*at(s) = strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\\`, `\`).Replace(v)
			return nil
		}}
}

func flag(usage string, at func(*Settings) *bool) option {
	return option{usage: usage, values: []string{"on", "off"},
		get: func(s *Settings) string { return onOff(*at(s)) },
		set: func(s *Settings, v string) error {
			if v == "" {
				*at(s) = !*at(s)
				return nil
			}
			on, err := boolean(usage, v)
			if err == nil {
				*at(s) = on
			}
			return err
		}}
}

func number(usage string, limit int, at func(*Settings) *int) option {
	return option{usage: usage, get: func(s *Settings) string { return strconv.Itoa(*at(s)) },
		set: func(s *Settings, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 || n > limit {
				return usageError("%s: a number from 0 to %d is wanted, not %q", usage, limit, v)
			}
			*at(s) = n
			return nil
		}}
}

// boolean reads psql's spellings of true and false.
func boolean(what, v string) (bool, error) {
	switch strings.ToLower(v) {
	case "on", "true", "yes", "1", "t", "y":
		return true, nil
	case "off", "false", "no", "0", "f", "n":
		return false, nil
	}
	return false, usageError("%s: on or off is wanted, not %q", what, v)
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// Pset sets an option by name.
func (s *Settings) Pset(name, value string) error {
	o, ok := options[name]
	if !ok {
		return usageError("\\pset: unknown option %s%s", name, nearest(name, optionNames()))
	}
	return o.set(s, value)
}

func optionNames() []string {
	var names []string
	for n := range options {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// variable is the value of a variable of \set, or one that tells of the
// connection and of the last statement, by psql's name.
func (s *Shell) variable(name string) (string, bool) {
	if v, ok := s.Settings.Vars[name]; ok {
		return v, true
	}
	switch name {
	case "ROW_COUNT":
		return strconv.FormatInt(s.rowCount, 10), true
	case "ERROR":
		return strconv.FormatBool(s.failed), true
	case "LAST_ERROR_MESSAGE", "LAST_ERROR_SQLSTATE":
		e := exc.Of(s.lastErr)
		switch {
		case e != nil && name == "LAST_ERROR_MESSAGE":
			return e.Message, true
		case e != nil:
			return e.Code, true
		case s.lastErr != nil && name == "LAST_ERROR_MESSAGE":
			return s.lastErr.Error(), true
		}
		return "", true
	}
	if s.DB == nil { // the default is made when SQL wants it
		return "memory", name == "DBNAME"
	}
	switch name {
	case "DBNAME":
		return s.DB.Name(), true
	case "URL":
		return s.DB.URL(), true
	}
	return "", false
}

// on reads a variable as a switch.
func (s *Settings) on(variable string) bool {
	b, err := boolean(variable, s.Vars[variable])
	return err == nil && b
}

func (s *Settings) list() string {
	var b strings.Builder
	for _, n := range optionNames() {
		fmt.Fprintf(&b, "%-13s %-10s %s\n", n, strconv.Quote(options[n].get(s)), options[n].usage)
	}
	return b.String()
}

// render gives the options of the renderer.
func (s *Settings) render() render.Options {
	return render.Options{Null: s.Null, TuplesOnly: s.Tuples, NoFooter: !s.Footer, Title: s.Title,
		Border: s.Border, Expanded: s.Expanded, FieldSep: s.FieldSep, RecordSep: s.RecordSep,
		CSVSep: s.CSVSep, Table: s.Table, MaxRows: s.RowLimit}
}
