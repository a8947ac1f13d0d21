package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"alchemysh/repl/input"
)

// Whole says whether text is whole items only: Enter runs it.
func (s *Shell) Whole(text string) bool {
	r := s.reader
	if s.habit(text) != text {
		return true
	}
	if s.skipping() {
		text = skipped(text)
	}
	for {
		item, rest, err := r.Next(text)
		if err != nil {
			return false
		}
		if item == nil {
			return true
		}
		text = rest
	}
}

// Run reads all items of text and runs them in order. It stops at the first
// error unless ON_ERROR_STOP is off; then errors are shown and the rest is run.
func (s *Shell) Run(ctx context.Context, text string, o Source) (err error) {
	if !o.Prompt { // what a file opens with \if it closes
		open, below := len(s.branches), s.branchesBelow
		s.branchesBelow = open
		defer func() {
			if len(s.branches) > open && err == nil {
				err = usageError(`%s ends inside \if: \endif is missing`, o.Name)
			}
			s.branches, s.branchesBelow = s.branches[:open], below
		}()
	}
	r := s.reader
	r.SQLOnly, r.Whole = o.SQLOnly, true
	r.Loose = !s.Settings.on("ON_ERROR_STOP") && !o.Prompt
	line := 0
	bar := &progress{}
	if s.Unseen && !o.Prompt {
		bar = s.progress("bytes", int64(len(text)))
		defer bar.done()
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.skipping() {
			rest := skipped(text)
			line += strings.Count(text[:len(text)-len(rest)], "\n")
			text = rest
		}
		item, rest, err := r.Next(text)
		if err != nil {
			return err
		}
		if item == nil {
			return nil
		}
		at := line + item.Line
		if item.Held { // the command that follows decides
			var command *input.Item
			before := rest
			if command, rest, err = r.Next(rest); err != nil {
				return err
			}
			err = s.command(ctx, command.Text, item.Text)
			if !s.takes(command.Text) { // the statement goes on after it
				if o.Prompt && strings.TrimSpace(rest) == "" {
					s.held = item.Text
					return err
				}
				rest = text[:len(text)-len(before)] + "\n" + rest
			}
		} else {
			err = s.item(ctx, item, o, at)
		}
		line += strings.Count(text, "\n") - strings.Count(rest, "\n")
		if err != nil {
			err = located(err, o, at)
			if s.stops(err, o) {
				return err
			}
			s.ShowError(err)
		}
		bar.add(int64(len(text) - len(rest)))
		text = rest
		r.Syntax = s.reader.Syntax // \c may have changed it
	}
}

// Source says where text comes from.
type Source struct {
	Name    string // of the file, for errors
	SQLOnly bool
	Prompt  bool // typed at the prompt
	Args    []string
}

// stops says whether an error ends the script.
func (s *Shell) stops(err error, o Source) bool {
	var exit *Exit
	return errors.As(err, &exit) || errors.Is(err, ErrInterrupted) || errors.Is(err, context.Canceled) ||
		o.Prompt || s.Settings.on("ON_ERROR_STOP")
}

// at adds the place of a script to an error.
type at struct {
	error
	place string
}

func (a *at) Location() string { return a.place }

func (a *at) Unwrap() error { return a.error }

func located(err error, o Source, line int) error {
	var l Located
	var exit *Exit
	if o.Name == "" || o.Name == "-c" || o.Prompt || errors.As(err, &l) || errors.As(err, &exit) {
		return err
	}
	return &at{err, fmt.Sprintf("%s:%d", o.Name, line+1)}
}

// item runs one item.
func (s *Shell) item(ctx context.Context, item *input.Item, o Source, line int) error {
	switch item.Kind {
	case input.Command:
		return s.command(ctx, item.Text, "")
	case input.SQL:
		s.last = item.Text
		return s.Query(ctx, item.Text)
	}
	text := item.Text
	advice := ""
	if o.Name == "" && s.Lua.Parse(text) == input.Invalid {
		advice = s.meant(text)
	}
	if line > 0 { // errors speak of the lines of the file
		text = strings.Repeat("\n", line) + text
	}
	err := s.Eval(ctx, Chunk{Name: o.Name, Text: text, Expr: item.Expr, Args: o.Args})
	if err != nil && advice != "" {
		return &advised{err, advice}
	}
	return err
}

// advised is an error with what may have been meant.
type advised struct {
	error
	advice string
}

func (a *advised) Error() string { return a.error.Error() + a.advice }

func (a *advised) Unwrap() error { return a.error }

// elsewhere are the words that other shells begin a line with.
var elsewhere = map[string]string{
	"source": `\i FILE runs a file`, "status": `\conninfo tells of the connection`, "tee": `\o FILE sends results to a file`,
	"clear": `\! clear clears the screen`, "connect": `\c NAME connects`, "delimiter": "DELIMITER stands on a line of its own",
}

// meant offers a verb of SQL, or a command, for text that is no Lua: its first
// word is misspelt or another shell's.
func (s *Shell) meant(text string) string {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	lower := strings.ToLower(word)
	if there := elsewhere[lower]; there != "" {
		return "; " + there
	}
	if _, known := s.Lua.Get(word); known || len(word) < 3 || strings.TrimSpace(rest) == "" || strings.ContainsAny(word, "([{.:=,\"'") {
		return ""
	}
	var verbs []string
	for v := range input.Verbs {
		if v[0]|0x20 == lower[0] || len(v) > 4 {
			verbs = append(verbs, v)
		}
	}
	slices.Sort(verbs)
	return nearest(lower, verbs)
}

// RunFile runs a file: Lua, SQL, or items as at the prompt, by its name and
// its text. The name "-" is standard input.
func (s *Shell) RunFile(ctx context.Context, name string, args []string) error {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(os.Stdin)
		name = "stdin"
	} else {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		return err
	}
	return s.RunText(ctx, name, string(data), args)
}

// RunText runs the text of a file.
func (s *Shell) RunText(ctx context.Context, name, text string, args []string) error {
	text = strings.TrimPrefix(text, "\ufeff")
	defer func(old string) { s.source = old }(s.source)
	s.source = name
	if strings.HasSuffix(name, ".md") && s.Walk != nil {
		return s.Walk(ctx, name, text)
	}
	lua := strings.HasSuffix(name, ".lua")
	if !lua && !strings.HasSuffix(name, ".sql") {
		lua = s.isLua(text)
	}
	if lua {
		if rest, ok := strings.CutPrefix(text, "#!"); ok { // keep the lines' numbers
			text = "--" + rest
		}
		return s.Eval(ctx, Chunk{Name: name, Text: text, Args: args, Script: true})
	}
	return s.Run(ctx, text, Source{Name: name, SQLOnly: strings.HasSuffix(name, ".sql"), Args: args})
}

// isLua says that a whole text is one Lua chunk and does not begin as SQL.
func (s *Shell) isLua(text string) bool {
	r := s.reader
	r.Whole = true
	item, rest, err := r.Next(text)
	return err == nil && item != nil && item.Kind == input.Lua && strings.TrimSpace(rest) == "" && !item.Expr &&
		s.Lua.Parse(item.Text) == input.Complete
}
