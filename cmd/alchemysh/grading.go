package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/metrics"
	"sort"
	"strings"
	"time"

	"alchemysh/repl/tutorial"
	"alchemysh/repl/walk"
)

// grading holds learners' files against the checks of a lesson. Each file is
// graded in a process of its own, in safe mode, with limits: it may be a
// stranger's.
type grading struct {
	lesson, csv, junit string
	timeout            time.Duration
	memory             int
	servers            walkServers
	args               []string
}

// statusMemory is how a child says that it took too much memory.
const statusMemory = 99

// find reads the lesson: a file, or the number of one of the program's own.
func (g *grading) find() (*tutorial.Lesson, error) {
	if data, err := os.ReadFile(g.lesson); err == nil {
		f, err := walk.Parse(g.lesson, string(data))
		if err != nil {
			return nil, err
		}
		return tutorial.NewLesson(f, "sqlite")
	}
	lessons, err := readLessons("sqlite")
	if err != nil {
		return nil, err
	}
	for _, l := range lessons {
		if fmt.Sprint(l.Number) == g.lesson || strings.TrimSuffix(filepath.Base(l.Name), ".md") == strings.TrimSuffix(filepath.Base(g.lesson), ".md") {
			return l, nil
		}
	}
	return nil, fmt.Errorf("--grade %s: neither a file nor a lesson", g.lesson)
}

// one grades a file and writes the marks as JSON.
func (g *grading) one(ctx context.Context, name string) int {
	go watchMemory(g.memory)
	l, err := g.find()
	var data []byte
	if err == nil {
		data, err = os.ReadFile(name)
	}
	var marks []tutorial.Mark
	if err == nil {
		c := &course{dialect: "sqlite", servers: g.servers, safe: true}
		marks, err = l.Grade(ctx, name, string(data), c.open(nil), g.timeout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return walk.StatusScriptError
	}
	if err := json.NewEncoder(os.Stdout).Encode(marks); err != nil {
		return walk.StatusScriptError
	}
	return 0
}

// watchMemory ends the process when its heap grows beyond a limit.
func watchMemory(megabytes int) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for range time.Tick(20 * time.Millisecond) {
		metrics.Read(sample)
		if sample[0].Value.Uint64() > uint64(megabytes)<<20 {
			os.Exit(statusMemory)
		}
	}
}

// graded is what came of one learner's file.
type graded struct {
	file  string
	marks []tutorial.Mark
	err   error
	took  time.Duration
}

func (r *graded) passed() int {
	n := 0
	for _, m := range r.marks {
		if m.Passed {
			n++
		}
	}
	return n
}

// all grades every file of the directories given.
func (g *grading) all(ctx context.Context) int {
	fail := func(err error) int {
		fmt.Fprintf(os.Stderr, "alchemysh verify: %v\n", err)
		return walk.StatusScriptError
	}
	l, err := g.find()
	if err != nil {
		return fail(err)
	}
	files, err := submissions(g.args)
	if err != nil {
		return fail(err)
	}
	tasks := 0
	for _, s := range l.Steps {
		if s.Kind == tutorial.Do || s.Kind == tutorial.Fix {
			tasks++
		}
	}
	var results []graded
	status := 0
	for _, file := range files {
		r := g.child(ctx, file)
		results = append(results, r)
		fmt.Printf("%-40s %d of %d", file, r.passed(), tasks)
		if r.err != nil {
			fmt.Printf("  %v", r.err)
		}
		fmt.Println()
		if r.err != nil || r.passed() < tasks {
			status = walk.StatusMismatch
		}
	}
	if g.csv != "" {
		if err := writeMarks(g.csv, results, tasks); err != nil {
			return fail(err)
		}
	}
	if g.junit != "" {
		if err := writeReport(g.junit, func(w io.Writer) error { return junitMarks(results).Write(w) }); err != nil {
			return fail(err)
		}
	}
	return status
}

// child grades one file in a process of its own.
func (g *grading) child(ctx context.Context, file string) graded {
	start := time.Now()
	// Every task may take its time, the file as a whole not without end.
	ctx, cancel := context.WithTimeout(ctx, 10*g.timeout)
	defer cancel()
	r := graded{file: file}
	self, err := os.Executable()
	if err != nil {
		r.err = err
		return r
	}
	cmd := exec.CommandContext(ctx, self, "verify", "--grade-one", file, "--grade", g.lesson,
		"--timeout", g.timeout.String(), "--memory", fmt.Sprint(g.memory), file)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC", "HOME=/nonexistent"}
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err = cmd.Run()
	r.took = time.Since(start)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		r.err = fmt.Errorf("stopped after %s", r.took.Round(time.Second))
	case errors.As(err, &exit) && exit.ExitCode() == statusMemory:
		r.err = fmt.Errorf("stopped: more than %d MB", g.memory)
	case err != nil:
		r.err = errors.New(strings.TrimSpace(walkFirstLine(errors.New(complaint.String() + " " + err.Error()))))
	default:
		r.err = json.Unmarshal(out.Bytes(), &r.marks)
	}
	return r
}

// submissions lists learners' files: .md and .lua.
func submissions(args []string) ([]string, error) {
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
		for _, pattern := range []string{"*.md", "*.lua", "*/*.md", "*/*.lua"} {
			found, err := filepath.Glob(filepath.Join(a, pattern))
			if err != nil {
				return nil, err
			}
			files = append(files, found...)
		}
	}
	sort.Strings(files)
	if len(files) == 0 {
		return nil, errors.New("there are no .md or .lua files to grade")
	}
	return files, nil
}

// writeMarks writes a line for each task, and one for the whole file.
func writeMarks(name string, results []graded, tasks int) (err error) {
	var w io.Writer = os.Stdout
	if name != "-" {
		file, e := os.Create(name)
		if e != nil {
			return e
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		w = file
	}
	c := csv.NewWriter(w)
	rows := [][]string{{"file", "task", "title", "passed", "of", "message"}}
	for _, r := range results {
		for _, m := range r.marks {
			passed := "0"
			if m.Passed {
				passed = "1"
			}
			rows = append(rows, []string{r.file, m.Task, m.Title, passed, "1", m.Message})
		}
		message := ""
		if r.err != nil {
			message = r.err.Error()
		}
		rows = append(rows, []string{r.file, "total", "", fmt.Sprint(r.passed()), fmt.Sprint(tasks), message})
	}
	return c.WriteAll(rows)
}

func junitMarks(results []graded) *walk.JUnitSuites {
	report := &walk.JUnitSuites{}
	for _, r := range results {
		suite := walk.JUnitSuite{Name: r.file, Time: fmt.Sprintf("%.3f", r.took.Seconds())}
		for _, m := range r.marks {
			c := walk.JUnitCase{Name: m.Task, Class: m.Title, File: r.file, Time: fmt.Sprintf("%.3f", m.Seconds)}
			if !m.Passed {
				c.Failure = &walk.JUnitMessage{Message: m.Message}
			}
			suite.Add(c)
		}
		if r.err != nil {
			suite.Add(walk.JUnitCase{Name: "run", Time: "0", Error: &walk.JUnitMessage{Message: r.err.Error()}})
		}
		report.Suites = append(report.Suites, suite)
	}
	return report
}
