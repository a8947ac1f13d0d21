package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"alchemysh/repl"
	"alchemysh/repl/walk"
)

func init() {
	subcommands["verify"] = subcommand{"run walkthroughs and compare what they show", verifyCommand}
}

const verifyUsage = `Usage: alchemysh verify [OPTIONS] FILE.md | DIRECTORY …
       alchemysh verify --grade LESSON DIRECTORY

Runs each walkthrough on a fresh database and compares what it shows with what
is written in it.

Options:
%s
Exit status: 0 all as written; 1 something differs; 2 a database asked for is
not there; 3 a walkthrough is malformed or fails with an error.
`

func verifyCommand(args []string) int {
	f := pflag.NewFlagSet("verify", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	update := f.Bool("update", false, "write what came into the files, only where it differs")
	dialects := f.StringSlice("dialect", nil, "only on these: sqlite, postgresql, mysql")
	servers := f.StringArray("server", nil, "URL of a server on which fresh databases may be made; repeatable")
	junit := f.String("junit", "", "a report for other programs: JUnit XML")
	only := f.StringP("name", "k", "", "compare only files, headings and ids that contain it")
	safe := f.Bool("safe", false, "no os, io, programs or files for the walkthroughs")
	timeout := f.Duration("timeout", 30*time.Second, "of one input")
	grade := f.String("grade", "", "grade learners' files against the checks of a lesson")
	csv := f.String("csv", "", "with --grade: the marks as CSV; - is standard output")
	memory := f.Int("memory", 512, "with --grade: megabytes that one file may use")
	graded := f.String("grade-one", "", "")
	_ = f.MarkHidden("grade-one") // it was defined on the line above
	help := f.BoolP("help", "?", false, "this help")
	if err := f.Parse(args); err != nil {
		fmt.Fprintf(os.Stderr, "alchemysh verify: %v\n", err)
		return walk.StatusScriptError
	}
	if *help || f.NArg() == 0 {
		fmt.Printf(verifyUsage, f.FlagUsages())
		if *help {
			return 0
		}
		return walk.StatusScriptError
	}
	fail := func(err error) int {
		fmt.Fprintf(os.Stderr, "alchemysh verify: %v\n", err)
		return walk.StatusScriptError
	}
	for _, d := range *dialects {
		if walk.DialectOf(d) == "" {
			return fail(fmt.Errorf("--dialect %s: one of sqlite, postgresql, mysql is wanted", d))
		}
	}
	where, err := newWalkServers(*servers)
	if err != nil {
		return fail(err)
	}
	fixTime()
	ctx, signals := watchSignals()
	defer signals.stop()
	g := grading{lesson: *grade, csv: *csv, junit: *junit, timeout: *timeout, memory: *memory, servers: where, args: f.Args()}
	switch {
	case *graded != "":
		return g.one(ctx, *graded)
	case *grade != "":
		return g.all(ctx)
	}
	files, err := walkFiles(f.Args())
	if err != nil {
		return fail(err)
	}
	suite := &walk.Suite{Out: os.Stdout, Dialects: *dialects, Only: *only}
	if *update {
		suite.Write = func(name, text string) error { return os.WriteFile(name, []byte(text), 0o644) }
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return fail(err)
		}
		suite.Runner = &walk.Runner{Open: where.opener(filepath.Dir(name), *safe, nil), Fixture: fixtureBeside, Timeout: *timeout}
		suite.File(ctx, name, string(data))
		if ctx.Err() != nil {
			return repl.StatusInterrupted
		}
	}
	suite.Summary()
	if *junit != "" {
		if err := writeReport(*junit, suite.JUnit); err != nil {
			return fail(err)
		}
	}
	return suite.Status()
}

// fixTime makes times the same everywhere.
func fixTime() { time.Local = time.UTC }

// walkFiles lists the walkthroughs among the arguments and in the directories
// that they name; there, Markdown without front matter is no walkthrough.
func walkFiles(args []string) ([]string, error) {
	var files []string
	for _, a := range args {
		info, err := os.Stat(a)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, a)
			continue
		}
		err = filepath.WalkDir(a, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".md") {
				return err
			}
			data, err := os.ReadFile(path)
			if err == nil && strings.HasPrefix(string(data), "---\n") && strings.Contains(string(data), "\nalchemysh:") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, errors.New("there is no walkthrough")
	}
	return files, nil
}

// fixtureBeside reads a fixture from the walkthrough's directory, or one of
// the program's own.
func fixtureBeside(f *walk.File, name string) (string, error) {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(f.Name), name))
	if err == nil {
		return string(data), nil
	}
	if own, ok := ownFixture(name); ok {
		return own, nil
	}
	return "", err
}

func writeReport(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
