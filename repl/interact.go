package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
)

// Editor reads entries from a person at a terminal.
type Editor interface {
	// Read gives the next entry, which begins with draft: io.EOF when the
	// person leaves, ErrInterrupted when they cleared what was typed.
	Read(prompt, draft string) (string, error)
	Close() error
}

// Interact reads and runs entries until the person leaves.
func (s *Shell) Interact(ctx context.Context, editor Editor) error {
	for {
		s.background(ctx)
		draft := ""
		if s.held != "" {
			draft, s.held = s.held+"\n", ""
		}
		entry, err := editor.Read(s.promptText(), draft)
		switch {
		case errors.Is(err, ErrInterrupted):
			continue
		case errors.Is(err, io.EOF):
			if s.mayLeave(ctx) {
				return nil
			}
			continue
		case err != nil:
			return err
		}
		if strings.TrimSpace(entry) == "" {
			continue
		}
		if s.History != nil {
			if err := s.History.Add(entry); err != nil {
				fmt.Fprintln(s.Err, "history:", err, "(this session's is kept in memory)")
			}
		}
		err = s.entry(ctx, entry)
		var exit *Exit
		if errors.As(err, &exit) {
			if s.mayLeave(ctx) {
				return err
			}
			continue
		}
		s.ShowError(err)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// entry runs one entry; Ctrl-C cancels it.
func (s *Shell) entry(ctx context.Context, entry string) (err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	defer func() {
		if r := recover(); r != nil { // a fault of ours must not cost the person the session
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	if r := s.recording; r != nil {
		r.begin(s, entry)
		defer func() {
			if err != nil && s.recording == r {
				fmt.Fprintln(s.Out, Describe(err))
				err = errors.Join(errShown, err)
			}
			if e := r.end(s, entry); err == nil {
				err = e
			}
		}()
	}
	entry = s.habit(entry)
	s.typed = strings.TrimRight(strings.TrimSpace(entry), "; ")
	return s.Run(ctx, entry, Source{Name: "", Prompt: true})
}

// habit answers what hands type in other shells: exit, quit, help, x?.
func (s *Shell) habit(entry string) string {
	text := strings.TrimRight(strings.TrimSpace(entry), "; ")
	_, variable := s.Lua.Get(text)
	switch {
	case (text == "exit" || text == "quit" || text == "exit()" || text == "quit()") && !variable:
		return `\q`
	case text == "?":
		return `\?`
	case text == "help":
		return `\help`
	case question.MatchString(text):
		return `\help ` + strings.TrimRight(text, "?")
	}
	return entry
}

// question asks for help on a name: select?, users.insert??
var question = regexp.MustCompile(`^[A-Za-z_][\w.:]*\?{1,2}$`)

// errShown marks an error that the person has seen.
var errShown = errors.New("shown")

// SchemaChanged has completion read the catalog anew, before the next prompt.
func (s *Shell) SchemaChanged() { s.catalog.refresh() }

// background fills the catalog for completion while the person types.
func (s *Shell) background(ctx context.Context) {
	if s.DB == nil {
		return
	}
	cache := s.catalog
	load := func() {
		defer func() { _ = recover() }() // completion without a catalog still completes
		cache.load(ctx)
	}
	if s.DB.Catalog().Concurrent() {
		go load()
	} else {
		load()
	}
}

// mayLeave asks before uncommitted work is lost.
func (s *Shell) mayLeave(ctx context.Context) bool {
	work := ""
	if s.Sandbox {
		return true
	}
	if s.DB != nil && s.DB.Uncommitted(ctx) {
		work = "a transaction is open"
	}
	if r, ok := s.Lua.(SessionReporter); ok {
		if added, changed, deleted, ok := r.SessionCounts(); ok && added+changed+deleted > 0 {
			if work != "" {
				work += " and "
			}
			work += "the session has changes that are not flushed"
		}
	}
	if work == "" {
		return true
	}
	if !s.Terminal {
		fmt.Fprintf(s.Err, "warning: %s; rolled back\n", work)
		return true
	}
	return s.confirm(work + "; leave and roll back? [y/N] ")
}

// Leave ends the shell: what is not committed is rolled back, with a warning.
func (s *Shell) Leave(ctx context.Context) error {
	err := s.CloseOutput()
	if s.recording != nil {
		err = errors.Join(err, s.recording.stop(s))
	}
	if s.DB != nil {
		if !s.Sandbox && !s.Terminal && s.DB.Uncommitted(ctx) {
			fmt.Fprintln(s.Err, "warning: a transaction was open; rolled back")
		}
		err = errors.Join(err, s.DB.Close())
	}
	return err
}
