package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"alchemysh/tests/servers"
)

// TestConformance runs every case of the corpus through the binary. Single
// cases run with -run 'Conformance/select/table_all_columns'; -v shows the
// counts of each area and what is wrong with the pending ones.
func TestConformance(t *testing.T) {
	c := &conformance{pending: readPending(t), passed: map[string]bool{}, urls: map[string]func() (string, error){}}
	c.urls["sqlite"] = func() (string, error) { return "sqlite://", nil }
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		t.Run("find_"+s.Dialect, func(t *testing.T) {
			admin := s.Require(t)
			c.urls[s.Dialect] = func() (string, error) { return admin.Recreate("corpus") }
		})
		if c.urls[s.Dialect] == nil {
			continue
		}
		admin, _ := s.Find()
		unlock, err := admin.Lock("corpus")
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		defer admin.Drop("corpus")
	}
	areas, known := corpus(t), map[string]bool{}
	for _, a := range areas {
		for _, cs := range a.Cases {
			for key := range cs.Expect {
				known[id(a, cs, key)] = true
			}
		}
	}
	for _, a := range areas {
		before := len(c.passed)
		t.Run(a.Area, func(t *testing.T) {
			for _, cs := range a.Cases {
				c.start(t, a, cs)
			}
		})
		if n := len(c.passed) - before; n > 0 {
			good := 0
			for id, ok := range c.passed {
				if ok && strings.HasPrefix(id, a.Area+"/") {
					good++
				}
			}
			t.Logf("%-18s %4d of %4d", a.Area, good, n)
		}
	}
	for id := range c.pending {
		if known[id] {
			continue
		}
		if *updatePending {
			delete(c.pending, id)
		} else {
			t.Errorf("%s: the corpus has no %s", pendingFile, id)
		}
	}
	if *updatePending {
		writePending(t, c.pending, c.passed)
		return
	}
	var mended []string
	for id, ok := range c.passed {
		if ok && c.pending[id] {
			mended = append(mended, id)
		}
	}
	if len(mended) > 0 {
		slices.Sort(mended)
		t.Errorf("%d cases of %s pass: take them out with go test ./tests -run Conformance -update-pending\n%s",
			len(mended), pendingFile, strings.Join(mended[:min(len(mended), 20)], "\n"))
	}
}

type conformance struct {
	pending map[string]bool
	urls    map[string]func() (string, error) // by key of a run case: the URL of an empty database

	mu     sync.Mutex
	passed map[string]bool // by id, of what was run
}

func id(a area, cs *corpusCase, key string) string { return a.Area + "/" + cs.Name + "/" + key }

// start runs a case as a subtest: one process for all keys of a compile case,
// one for each database of a run case. Servers have one database named corpus,
// so their cases take turns.
func (c *conformance) start(t *testing.T, a area, cs *corpusCase) {
	if cs.Kind == "compile" {
		t.Run(cs.Name, func(t *testing.T) {
			t.Parallel()
			problems := compileCase(t, a, cs)
			for key := range cs.Expect {
				c.report(t, id(a, cs, key), problems[key])
			}
		})
		return
	}
	for _, key := range []string{"sqlite", "postgresql", "mysql"} {
		want, here := cs.Expect[key]
		if !here || c.urls[key] == nil {
			continue
		}
		t.Run(cs.Name+"/"+key, func(t *testing.T) {
			if key == "sqlite" {
				t.Parallel()
			}
			url, err := c.urls[key]()
			if err != nil {
				t.Fatal(err)
			}
			c.report(t, id(a, cs, key), runCase(t, a, cs, want, key, url))
		})
	}
}

// report counts a result; problem is "" for a case that passes.
func (c *conformance) report(t *testing.T, id, problem string) {
	t.Helper()
	c.mu.Lock()
	c.passed[id] = problem == ""
	c.mu.Unlock()
	switch {
	case problem == "":
	case c.pending[id]:
		t.Logf("pending: %s: %s", id, problem)
	default:
		t.Errorf("%s: %s", id, problem)
	}
}

// execute runs chunks one after the other in one process, in a directory that
// holds the case as case.lua.
func execute(t *testing.T, cs *corpusCase, chunks ...string) answer {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "case.lua"), []byte(cs.Lua), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-c", emitLua(t)}
	for _, chunk := range chunks {
		if chunk != "" {
			args = append(args, "-c", chunk)
		}
	}
	return run(t, dir, args...)
}

var readEmit = sync.OnceValues(func() ([]byte, error) { return os.ReadFile("testdata/conformance/emit.lua") })

func emitLua(t *testing.T) string {
	b, err := readEmit()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// compileCase compares what the case compiles to, and returns what is wrong by key.
func compileCase(t *testing.T, a area, cs *corpusCase) map[string]string {
	t.Helper()
	out := execute(t, cs, `URL = "sqlite://"`, a.Setups[cs.Setup].Lua, compileCall(cs, "case.lua"))
	return compileProblems(t, cs, out)
}

// compileCall is the call of emit.lua's COMPILE for a case that stands in file.
func compileCall(cs *corpusCase, file string) string {
	var keys, kwargs []string
	for key := range cs.Expect {
		keys = append(keys, key)
	}
	for k, v := range cs.CompileKwargs {
		kwargs = append(kwargs, fmt.Sprintf("%s = %v", k, v))
	}
	return fmt.Sprintf(`COMPILE({"%s"}, {%s}, %q)`, strings.Join(keys, `", "`), strings.Join(kwargs, ", "), file)
}

// compileProblems reads what COMPILE wrote and returns what is wrong by key.
func compileProblems(t *testing.T, cs *corpusCase, out answer) map[string]string {
	t.Helper()
	got := map[string]expectation{}
	var failed *failure
	for line := range strings.Lines(out.stdout) {
		if f, ok := errorLine(t, line); ok {
			failed = f
		}
		rest, ok := strings.CutPrefix(line, "@@COMPILED ")
		if !ok {
			continue
		}
		key, text, _ := strings.Cut(rest, " ")
		var x expectation
		if err := decode(text, &x); err != nil {
			t.Errorf("%s: %v in %s", cs.Name, err, text)
		}
		got[key] = x
	}
	problems := map[string]string{}
	base := cs.Expect["default"]
	for key, want := range cs.Expect {
		x, ok := got[key]
		switch {
		case ok:
			problems[key] = differenceCompiled(want, x, base, key == "default")
		case failed != nil && want.Error != nil && len(cs.Expect) == 1:
			problems[key] = differenceError(want.Error, failed, "sqlite")
		case failed != nil:
			problems[key] = "the case fails: " + failed.Text
		default:
			problems[key] = "no answer: " + strings.TrimSpace(out.stderr)
		}
	}
	return problems
}

// runCase compares what the case writes and how it ends.
func runCase(t *testing.T, a area, cs *corpusCase, want expectation, key, url string) string {
	t.Helper()
	out := execute(t, cs, fmt.Sprintf("URL = %q", url), a.Setups[cs.Setup].Lua, "RUN()")
	_, after, started := strings.Cut(out.stdout, "@@CASE\n")
	if !started {
		return "the setup fails: " + strings.TrimSpace(out.stderr)
	}
	stdout, end, ended := strings.Cut(after, "@@END\n")
	if !ended {
		return "the process ends in the case: " + strings.TrimSpace(out.stderr)
	}
	failed, _ := errorLine(t, end)
	var problems []string
	switch {
	case want.Error == nil && failed != nil:
		problems = append(problems, "fails: "+failed.Text)
	case want.Error != nil && failed == nil:
		problems = append(problems, "does not fail; want "+want.Error.Text)
	case want.Error != nil:
		if d := differenceError(want.Error, failed, key); d != "" {
			problems = append(problems, d)
		}
	}
	if g, w := normalise(stdout), normalise(want.Stdout); g != w {
		problems = append(problems, "writes\n"+g+"want\n"+w)
	}
	return strings.Join(problems, "; ")
}

func errorLine(t *testing.T, line string) (*failure, bool) {
	text, ok := strings.CutPrefix(line, "@@ERROR ")
	if !ok {
		return nil, false
	}
	f := &failure{}
	if err := decode(text, f); err != nil {
		t.Errorf("%v in %s", err, text)
	}
	return f, true
}

// differenceCompiled says how what was compiled differs from what is wanted. A
// dialect's parameters may be left out when they are the default's or none.
func differenceCompiled(want, got, base expectation, isDefault bool) string {
	if want.List != nil {
		if len(want.List) != len(got.List) {
			return fmt.Sprintf("%d compiled things, want %d", len(got.List), len(want.List))
		}
		for i := range want.List {
			var b expectation
			if i < len(base.List) {
				b = base.List[i]
			}
			if d := differenceCompiled(want.List[i], got.List[i], b, isDefault); d != "" {
				return fmt.Sprintf("%d: %s", i+1, d)
			}
		}
		return ""
	}
	switch {
	case want.Error != nil && got.Error == nil:
		return fmt.Sprintf("compiles to %q, want %s: %s", got.SQL, want.Error.Class, want.Error.Message)
	case want.Error != nil:
		return differenceError(want.Error, got.Error, "sqlite")
	case got.Error != nil:
		return "does not compile: " + got.Error.Text + "\nwant " + want.SQL
	case got.SQL != want.SQL:
		return fmt.Sprintf("SQL\n%q, want\n%q", got.SQL, want.SQL)
	}
	allowed := []map[string]any{want.Params}
	if want.Params == nil && !isDefault {
		allowed = append(allowed, base.Params)
	}
	if !slices.ContainsFunc(allowed, func(p map[string]any) bool { return sameParams(p, got.Params) }) {
		return fmt.Sprintf("params %v, want %v", got.Params, allowed[len(allowed)-1])
	}
	if len(want.Positiontup) > 0 && !slices.Equal(want.Positiontup, got.Positiontup) {
		return fmt.Sprintf("positiontup %v, want %v", got.Positiontup, want.Positiontup)
	}
	return ""
}

func sameParams(a, b map[string]any) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(emptied(a), emptied(b))
}

// emptied writes an empty list as an empty object: Lua has one table for both.
func emptied(v any) any {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return map[string]any{}
		}
		for i := range v {
			v[i] = emptied(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = emptied(v[k])
		}
	}
	return v
}

// differenceError compares of an error what the corpus says can be compared.
func differenceError(want, got *failure, key string) string {
	ofServer := want.DriverMessage && key != "sqlite"
	switch {
	case want.PythonClass:
		return ""
	case got.Class != want.Class:
		return fmt.Sprintf("error %s, want %s: %s", got.Text, want.Class, want.Message)
	case want.PythonMessage:
		return ""
	case ofServer && !strings.Contains(got.Message, want.Message), !ofServer && normalise(got.Message) != normalise(want.Message):
		return fmt.Sprintf("message\n%q, want\n%q", got.Message, want.Message)
	case want.Statement != "" && got.Statement != want.Statement:
		return fmt.Sprintf("statement\n%q, want\n%q", got.Statement, want.Statement)
	case want.Text != "" && !ofServer && normalise(got.Text) != normalise(want.Text):
		return fmt.Sprintf("text\n%q, want\n%q", got.Text, want.Text)
	}
	return ""
}

var volatile = []struct {
	found *regexp.Regexp
	put   string
}{
	{regexp.MustCompile(`\[(generated in|cached since|no key) [\d.e+-]+s`), "[$1 <t>s"},
	{regexp.MustCompile(`at 0x[0-9a-f]+`), "at 0x<addr>"},
	{regexp.MustCompile(`session '\d+' \(this is '\d+'\)`), "session '<n>' (this is '<n>')"},
}

// normalise takes times, addresses and numbers of sessions out of output.
func normalise(s string) string {
	for _, v := range volatile {
		s = v.found.ReplaceAllString(s, v.put)
	}
	return s
}

// decode reads the JSON of emit.lua, which escapes strings byte by byte.
func decode(text string, into any) error {
	var raw any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return err
	}
	b, err := json.Marshal(joinBytes(raw))
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

func joinBytes(v any) any {
	switch v := v.(type) {
	case string:
		b := make([]byte, 0, len(v))
		for _, r := range v {
			b = append(b, byte(r))
		}
		return string(b)
	case []any:
		for i := range v {
			v[i] = joinBytes(v[i])
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[joinBytes(k).(string)] = joinBytes(x)
		}
		return out
	}
	return v
}
