package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"alchemysh/luabind"
	"alchemysh/luabind/bind"
	"alchemysh/repl"
	"alchemysh/repl/database"
	"alchemysh/repl/input"
	"alchemysh/repl/render"
)

// language is Lua as the shell sees it.
type language struct {
	*luabind.State
	// interruptible says that a chunk can be stopped, which costs speed.
	interruptible bool
}

// Parse says whether text is a whole chunk.
func (l *language) Parse(text string) input.Status {
	err := l.Check(text)
	var wrong *luabind.SyntaxError
	switch {
	case err == nil, errors.As(err, &wrong) && wrong.Whole: // it runs, to say what is wrong
		return input.Complete
	case errors.Is(err, luabind.ErrIncomplete):
		return input.Incomplete
	}
	return input.Invalid
}

// Eval runs a chunk.
func (l *language) Eval(ctx context.Context, c repl.Chunk) ([]any, error) {
	if !l.interruptible {
		ctx = context.WithoutCancel(ctx)
	}
	name := c.Name
	if name == "" {
		name = "prompt"
	}
	values, err := l.State.Eval(ctx, luabind.Chunk{Name: name, Text: c.Text, Script: c.Script, Args: c.Args})
	if err != nil {
		var raised *bind.Raised
		if errors.As(err, &raised) {
			return nil, &luaError{err, raised}
		}
		var wrong *luabind.SyntaxError
		if errors.As(err, &wrong) {
			return nil, &unreadable{err, wrong}
		}
		return nil, err
	}
	for i, v := range values {
		values[i] = l.shown(v)
	}
	return values, nil
}

// shown gives rows as rows, nil as nil, anything else as it is.
func (l *language) shown(v any) any {
	value, ok := v.(luabind.Value)
	if !ok {
		return v
	}
	held := value.Go()
	if held == nil && value.Repr() == "nil" {
		return nil
	}
	if rows, ok := database.RowsOf(held); ok {
		return rows
	}
	return value
}

// Set assigns a global variable; rows that were shown become a list of rows.
func (l *language) Set(name string, v any) {
	if s, ok := v.(*render.Slice); ok {
		v = database.Result(s)
	}
	l.State.Set(name, v)
}

// Repr is the shown form of a value.
func (l *language) Repr(v any) string {
	if value, ok := v.(luabind.Value); ok {
		return value.Repr()
	}
	return l.Bind().ReprGo(v)
}

// Complete proposes how to go on.
func (l *language) Complete(text string, pos int) []repl.Candidate {
	var out []repl.Candidate
	for _, c := range l.State.Complete(text, pos) {
		out = append(out, repl.Candidate(c))
	}
	return out
}

// luaError is an error with the place in the source where it was raised.
type luaError struct {
	error
	raised *bind.Raised
}

func (e *luaError) Unwrap() error { return e.error }

// Location is the place in the source; at the prompt a single line needs none.
func (e *luaError) Location() string {
	if e.raised.Where == "prompt:1" {
		return ""
	}
	return e.raised.Where
}

func (e *luaError) Traceback() string { return e.raised.Stack }

// unreadable is text that is no Lua; its message says where, unless it is the
// line just typed.
type unreadable struct {
	error
	wrong *luabind.SyntaxError
}

func (e *unreadable) Error() string {
	if e.wrong.Chunk == "prompt" && e.wrong.Line == 1 {
		return e.wrong.Message
	}
	return e.error.Error()
}

func (e *unreadable) Unwrap() error { return e.error }

func (e *unreadable) Location() string { return "" }

// defineSQL makes sql[[select …]], which runs SQL on the shell's connection
// and gives its rows; :name stands for the Lua variable of that name.
func (l *language) defineSQL(run func(sql string) (any, error)) {
	l.Bind().SetGlobal("sql", bind.Func("sql(statement)", "Run SQL on the shell's connection: its rows, or how many it changed. :name is bound from the Lua variable.",
		`sql[[select 1 as one]][1].one`, func(a *bind.Args) (any, error) {
			return run(a.String("statement"))
		}))
}

// defineExit makes os.exit end the program in good order: leave rolls back
// what is open and writes what is buffered.
func (l *language) defineExit(ctx context.Context, leave func() error) error {
	l.Bind().SetGlobal("__exit", bind.Func("exit(status=0)", "Leave with an exit status.", `os.exit(3)`, func(a *bind.Args) (any, error) {
		status := 0
		if a.Given("status") {
			switch v := a.Any("status").(type) {
			case bool:
				if !v {
					status = repl.StatusError
				}
			case int64:
				status = int(v)
			case float64:
				status = int(v)
			}
		}
		if err := leave(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(status)
		return nil, nil
	}))
	_, err := l.State.Eval(ctx, luabind.Chunk{Name: "start", Text: "if os and os.exit then os.exit = __exit end __exit = nil", Script: true})
	return err
}
