package repl

import (
	"context"
	"strings"

	"alchemysh/repl/render"
)

// pset makes a command that sets one option of \pset; without an argument it
// switches it.
func pset(name string) func(context.Context, *Shell, call) error {
	return func(_ context.Context, s *Shell, c call) error {
		if err := s.Settings.Pset(name, c.word(0)); err != nil {
			return err
		}
		s.tellOption(name)
		return nil
	}
}

func (s *Shell) tellOption(name string) {
	v := options[name].get(s.Settings)
	words := map[string]string{"expanded": "Expanded display", "timing": "Timing", "tuples_only": "Tuples only",
		"pager": "Pager usage", "format": "Output format", "null": "Null display", "fieldsep": "Field separator",
		"title": "Title", "border": "Border style", "row_limit": "Row limit", "footer": "Default footer"}[name]
	if words == "" {
		words = name
	}
	switch name {
	case "null", "fieldsep", "title", "recordsep", "csv_fieldsep":
		v = `"` + v + `"`
	}
	s.remark("%s is %s.\n", words, v)
}

func psetCommand(_ context.Context, s *Shell, c call) error {
	w := c.words()
	if len(w) == 0 {
		return s.emit(s.Settings.list())
	}
	if err := s.Settings.Pset(w[0], strings.Join(w[1:], " ")); err != nil {
		return err
	}
	s.tellOption(w[0])
	return nil
}

func mode(_ context.Context, s *Shell, c call) error {
	f := c.word(0)
	if f == "" {
		s.tellOption("format")
		return nil
	}
	if err := s.Settings.Pset("format", f); err != nil {
		return err
	}
	if t := c.word(1); t != "" {
		s.Settings.Table = t
	}
	return nil
}

func headers(_ context.Context, s *Shell, c call) error {
	on, err := boolean(c.name, c.word(0))
	if err == nil {
		s.Settings.Tuples = !on
	}
	return err
}

func toggleAligned(_ context.Context, s *Shell, _ call) error {
	return s.toggleFormat("unaligned")
}

func toggleHTML(_ context.Context, s *Shell, _ call) error {
	return s.toggleFormat("html")
}

func (s *Shell) toggleFormat(format string) error {
	if s.Settings.Format == format {
		format = "table"
	}
	s.Settings.Format = render.Canonical(format)
	s.tellOption("format")
	return nil
}
