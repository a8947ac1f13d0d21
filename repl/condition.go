package repl

import (
	"context"
	"strings"

	"alchemysh/repl/input"
)

// branch is an \if that is open.
type branch struct {
	outer  bool // what stands around it is run
	active bool // what stands here is run
	taken  bool // an arm has been run: the others are not
	last   bool // \else was seen
}

// conditional are the commands that are read where nothing else is.
var conditional = map[string]bool{`\if`: true, `\elif`: true, `\else`: true, `\endif`: true}

// skipping says that an \if leaves out what comes.
func (s *Shell) skipping() bool {
	n := len(s.branches)
	return n > 0 && !s.branches[n-1].active
}

// skipped gives text from its next conditional command on, "" without one.
// What is left out need not be readable: only its lines count.
func skipped(text string) string {
	for rest := text; rest != ""; {
		line, after, _ := strings.Cut(rest, "\n")
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name, _, _ = strings.Cut(name, "\t"); conditional[name] {
			return rest
		}
		rest = after
	}
	return ""
}

// openBranch is the innermost \if of the file that runs.
func (s *Shell) openBranch(c call) (*branch, error) {
	if len(s.branches) <= s.branchesBelow {
		return nil, usageError(`%s: no \if is open`, c.name)
	}
	return &s.branches[len(s.branches)-1], nil
}

func ifCommand(ctx context.Context, s *Shell, c call) error {
	b := branch{outer: !s.skipping()}
	if b.outer {
		var err error
		if b.active, err = s.condition(ctx, c); err != nil {
			return err
		}
		b.taken = b.active
	}
	s.branches = append(s.branches, b)
	return nil
}

func elifCommand(ctx context.Context, s *Shell, c call) error {
	b, err := s.openBranch(c)
	if err != nil {
		return err
	}
	if b.last {
		return usageError(`\elif: after \else`)
	}
	b.active = false
	if b.outer && !b.taken {
		if b.active, err = s.condition(ctx, c); err != nil {
			return err
		}
		b.taken = b.active
	}
	return nil
}

func elseCommand(_ context.Context, s *Shell, c call) error {
	b, err := s.openBranch(c)
	if err != nil {
		return err
	}
	if b.last {
		return usageError(`\else: a second one`)
	}
	b.active, b.taken, b.last = b.outer && !b.taken, true, true
	return nil
}

func endifCommand(_ context.Context, s *Shell, c call) error {
	if _, err := s.openBranch(c); err != nil {
		return err
	}
	s.branches = s.branches[:len(s.branches)-1]
	return nil
}

// condition decides: psql's words for true and false, else an expression of
// Lua, which has the variables of \gset.
func (s *Shell) condition(ctx context.Context, c call) (bool, error) {
	text := strings.TrimSpace(strings.Join(c.words(), " "))
	if text == "" {
		return false, usageError(`%s: a condition is wanted, \if :name or \if count > 0`, c.name)
	}
	if b, err := boolean(c.name, text); err == nil {
		return b, nil
	}
	text = c.args // with its quotes
	if s.Lua.Parse("return "+text) != input.Complete {
		return false, usageError(`%s: %q is neither true nor false nor an expression of Lua`, c.name, text)
	}
	values, err := s.eval(ctx, Chunk{Name: c.name, Text: text, Expr: true})
	if err != nil || len(values) == 0 {
		return false, err
	}
	return values[0] != nil && values[0] != false && s.Lua.Repr(values[0]) != "false", nil
}
