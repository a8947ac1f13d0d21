package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// open opens a destination of results: a file, or after | a program. What it
// is closed with says whether all was written.
func (s *Shell) open(target string) (io.Writer, func() error, error) {
	if err := s.refuseSafe("writing files"); err != nil {
		return nil, nil, err
	}
	if program, ok := strings.CutPrefix(target, "|"); ok {
		cmd := exec.Command("/bin/sh", "-c", program)
		cmd.Stdout, cmd.Stderr = s.Out, s.Err
		in, err := cmd.StdinPipe()
		if err != nil {
			return nil, nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, nil, err
		}
		return in, func() error { return errors.Join(in.Close(), cmd.Wait()) }, nil
	}
	f, err := os.Create(expandHome(target))
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

func output(_ context.Context, s *Shell, c call) error {
	if err := s.CloseOutput(); err != nil {
		return err
	}
	if c.args == "" || c.args == "stdout" {
		return nil
	}
	target := c.args
	if target[0] != '|' {
		target = c.word(0)
	}
	w, done, err := s.open(target)
	if err != nil {
		return err
	}
	s.query, s.closer = w, closeFunc(done)
	return nil
}

type closeFunc func() error

func (f closeFunc) Close() error { return f() }

// CloseOutput sends results to the screen again.
func (s *Shell) CloseOutput() error {
	s.query = s.Out
	if s.closer == nil {
		return nil
	}
	c := s.closer
	s.closer = nil
	return c.Close()
}

func outputOnce(_ context.Context, s *Shell, c call) error {
	if c.args == "" {
		return usageError("%s: a file or |program is wanted", c.name)
	}
	return s.sendOnce(c.args, "")
}

func (s *Shell) sendOnce(target, format string) error {
	if target == "" {
		s.once = &once{w: s.query, close: func() error { return nil }, format: format}
		return nil
	}
	if target[0] != '|' {
		target = call{args: target, s: s}.word(0)
	}
	w, done, err := s.open(target)
	if err != nil {
		return err
	}
	s.once = &once{w: w, close: done, format: format}
	return nil
}

// maxIncludes is how deep files may run files.
const maxIncludes = 100

func include(ctx context.Context, s *Shell, c call) error {
	w := c.words()
	if len(w) == 0 {
		return usageError("%s: a file is wanted", c.name)
	}
	if err := s.refuseSafe("reading files"); err != nil {
		return err
	}
	name := expandHome(w[0])
	if c.name == `\ir` && s.source != "" && !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(s.source), name)
	}
	if s.depth++; s.depth > maxIncludes {
		return usageError("%s: %s: files run each other too deep", c.name, name)
	}
	defer func() { s.depth-- }()
	return s.RunFile(ctx, name, w[1:])
}

func echo(_ context.Context, s *Shell, c call) error {
	w := c.words()
	end := "\n"
	if len(w) > 0 && w[0] == "-n" {
		w, end = w[1:], ""
	}
	out := s.Out
	switch c.name {
	case `\warn`:
		out = s.Err
	case `\qecho`, ".print":
		out = s.query
	}
	_, err := fmt.Fprint(out, strings.Join(w, " ")+end)
	return err
}
