package repl

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"

	"alchemysh/repl/input"
	"alchemysh/repl/walk"
)

// recording keeps a session in a file: as a walk that `alchemysh verify` can
// check (.md), or as the Lua that was typed (.lua).
type recording struct {
	file *os.File
	lua  bool
	out  io.Writer // where the shell wrote before
	held bytes.Buffer
}

func record(_ context.Context, s *Shell, c call) error {
	name := c.word(0)
	if s.recording != nil {
		if err := s.recording.stop(s); err != nil {
			return err
		}
	}
	if name == "" || name == "off" {
		return nil
	}
	if err := s.refuseSafe(c.name); err != nil {
		return err
	}
	lua := strings.HasSuffix(name, ".lua")
	if !lua && !strings.HasSuffix(name, ".md") {
		return usageError(`\record: a file that ends in .md or .lua is wanted, not %s`, name)
	}
	f, err := os.Create(expandHome(name))
	if err != nil {
		return err
	}
	r := &recording{file: f, lua: lua, out: s.Out}
	if !lua {
		db := "sqlite://"
		if s.DB != nil {
			db = s.DB.URL()
		}
		_, err = io.WriteString(f, "---\nalchemysh: 1\ndb: "+db+"\n---\n\n```alchemysh\n")
	}
	s.recording = r
	return err
}

// copier is an output that can be listened to.
type copier interface {
	// Copy writes everything to w as well; nil ends that.
	Copy(w io.Writer)
}

// begin starts keeping what an entry gives.
func (r *recording) begin(s *Shell, entry string) {
	if strings.HasPrefix(strings.TrimSpace(entry), `\record`) {
		return
	}
	r.held.Reset()
	r.out = s.Out
	if c, ok := s.Out.(copier); ok { // print and the echo of SQL write there, too
		c.Copy(&r.held)
		return
	}
	tee := io.MultiWriter(r.out, &r.held)
	if s.query == s.Out {
		s.query = tee
	}
	s.Out = tee
}

// colors are the sequences that colour the screen; a file has none.
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// end writes the entry and what it gave.
func (r *recording) end(s *Shell, entry string) error {
	if strings.HasPrefix(strings.TrimSpace(entry), `\record`) {
		return nil
	}
	if c, ok := r.out.(copier); ok {
		c.Copy(nil)
	} else {
		if s.query == s.Out {
			s.query = r.out
		}
		s.Out = r.out
	}
	entry = strings.TrimSpace(entry)
	if r.lua {
		switch {
		case strings.HasPrefix(entry, `\`) || strings.HasPrefix(entry, "."):
			entry = "-- " + strings.ReplaceAll(entry, "\n", "\n-- ")
		case s.reader.IsSQL(entry):
			open, end := "[[", "]]"
			for strings.Contains(entry, end) {
				open, end = "[="+open[1:], "]="+end[1:]
			}
			entry = "sql" + open + entry + end
		case s.Lua.Parse("do "+entry+"\nend") != input.Complete: // an expression is no statement
			entry = "print(" + strings.TrimPrefix(entry, "=") + ")"
		}
		_, err := io.WriteString(r.file, entry+"\n")
		return err
	}
	lines := append([]string{"> " + strings.ReplaceAll(entry, "\n", "\n>> ")}, walk.Written(colors.ReplaceAllString(r.held.String(), ""))...)
	text := strings.Join(lines, "\n") + "\n"
	_, err := io.WriteString(r.file, text)
	return err
}

func (r *recording) stop(s *Shell) error {
	s.recording = nil
	if !r.lua {
		if _, err := io.WriteString(r.file, "```\n"); err != nil {
			return err
		}
	}
	return r.file.Close()
}
