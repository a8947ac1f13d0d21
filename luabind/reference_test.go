package luabind

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/luabind/bind"
	"alchemysh/tests/servers"
)

var update = flag.Bool("update", false, "write docs/reference anew")

const referenceDir = "../docs/reference"

// TestReference: docs/reference is what the tables say today.
func TestReference(t *testing.T) {
	s := New(Options{Out: io.Discard})
	defer s.Close()
	pages := s.Reference()
	if *update {
		if err := os.MkdirAll(referenceDir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range pages {
			if err := os.WriteFile(filepath.Join(referenceDir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := filepath.Glob(filepath.Join(referenceDir, "*.md"))
	if err != nil || len(found) != len(pages) {
		t.Errorf("%d pages in %s, %d are wanted (%v)", len(found), referenceDir, len(pages), err)
	}
	for name, text := range pages {
		data, err := os.ReadFile(filepath.Join(referenceDir, name))
		if err != nil {
			t.Error(err)
		} else if string(data) != text {
			t.Errorf("%s is stale; go test ./luabind -run Reference -update writes it", name)
		}
	}
}

// TestReferenceExamples runs the example of every function, method and class,
// with what testdata/reference.lua lays ready.
func TestReferenceExamples(t *testing.T) {
	setup, top := readSetup(t), t
	databases := map[string]string{}
	s := New(Options{Out: io.Discard})
	defer s.Close()
	ran := 0
	s.functions(func(where string, f *bind.Function) {
		ran++
		t.Run(where, func(t *testing.T) {
			x := New(Options{Out: io.Discard})
			defer x.Close()
			run := func(name, text string) {
				t.Helper()
				if _, err := x.Eval(context.Background(), Chunk{Name: name, Text: text}); err != nil {
					t.Fatalf("%s\n%v", text, err)
				}
			}
			for _, part := range setup {
				if !part.concerns(where) {
					continue
				}
				if part.nowhere {
					if err := x.Check(f.Example); err != nil {
						t.Error(err)
					}
					return
				}
				if part.server != nil {
					x.L.SetGlobal("SERVER", lua.LString(database(top, t, part.server, databases)))
				}
				if _, err := x.Eval(context.Background(), Chunk{Name: "reference.lua", Text: part.text, Script: true}); err != nil {
					t.Fatalf("for %s: %v", strings.Join(part.names, " "), err)
				}
			}
			if f.Example == "" {
				t.Fatal("has no example")
			}
			run("example", f.Example)
			// Connections to servers keep their databases from being dropped.
			run("end", "pcall(function() engine:dispose() end) pcall(function() connection:close() end)")
		})
	})
	if ran < 800 {
		t.Errorf("only %d examples were found", ran)
	}
}

// TestEveryNameIsExplained: each public name has a sentence, each function a
// usage line; help() answers it.
func TestEveryNameIsExplained(t *testing.T) {
	s := New(Options{Out: io.Discard})
	defer s.Close()
	sentence := func(where, text string) {
		t.Helper()
		if !strings.Contains(text, " ") {
			t.Errorf("%s: %q is no sentence", where, text)
		}
	}
	s.functions(func(where string, f *bind.Function) {
		sentence(where, f.Doc)
		if !strings.Contains(f.Usage, "(") && !strings.Contains(f.Usage, "{") {
			t.Errorf("%s: %q is no usage line", where, f.Usage)
		}
	})
	for _, c := range s.bind.Classes() {
		sentence(c.Name, c.Doc)
		for _, m := range c.Own() {
			if m.Method == nil {
				sentence(c.Name+"."+m.Name, m.Doc)
			}
		}
	}
	var visit func(prefix string, n *bind.Namespace)
	visit = func(prefix string, n *bind.Namespace) {
		sentence(prefix, n.Doc)
		for _, name := range n.Names() {
			if inner, ok := n.Get(name); ok {
				if inner, ok := inner.(*bind.Namespace); ok {
					visit(prefix+"."+name, inner)
				}
			}
		}
	}
	for _, name := range s.bind.GlobalNames() {
		if u, ok := s.L.GetGlobal(name).(*lua.LUserData); ok {
			if n, ok := u.Value.(*bind.Namespace); ok {
				visit(name, n)
			}
		}
		if _, err := s.Eval(context.Background(), Chunk{Name: "help", Text: "help(" + name + ")"}); err != nil && !strings.HasPrefix(name, "_") {
			t.Errorf("help(%s): %v", name, err)
		}
	}
}

// database is a fresh one on a server, the same for all examples of a run. The
// example is skipped where there is no server.
func database(top, t *testing.T, s *servers.Server, known map[string]string) string {
	t.Helper()
	if known[s.Dialect] != "" {
		return known[s.Dialect]
	}
	admin := s.Require(t)
	u, err := admin.Recreate("alchemysh_reference")
	if err != nil {
		t.Fatal(err)
	}
	top.Cleanup(func() {
		if err := admin.Drop("alchemysh_reference"); err != nil {
			top.Error(err)
		}
	})
	known[s.Dialect] = u
	return u
}

// functions visits all functions that help() knows, each once.
func (s *State) functions(visit func(where string, f *bind.Function)) {
	seen := map[*bind.Function]bool{}
	one := func(where string, f *bind.Function) {
		if f != nil && !seen[f] {
			seen[f] = true
			visit(where, f)
		}
	}
	for _, name := range s.bind.GlobalNames() {
		switch v := s.L.GetGlobal(name).(type) {
		case *lua.LFunction:
			if f, ok := s.bind.Described(v); ok {
				one(name, f)
			}
		case *lua.LUserData:
			switch held := v.Value.(type) {
			case *bind.Class:
				one(name, held.New)
			case *bind.Namespace:
				for _, member := range held.Names() {
					if f, ok := held.Get(member); ok {
						if f, ok := f.(*bind.Function); ok {
							one(name+"."+member, f)
						}
					}
				}
			}
		}
	}
	for _, c := range s.bind.Classes() {
		one(c.Name, c.New)
		for _, f := range c.Statics() {
			one(c.Name+":"+f.Name, f)
		}
		for _, m := range c.Own() {
			if m.Method != nil {
				one(c.Name+":"+m.Name, m.Method)
			}
		}
	}
}

// section is a part of reference.lua: for whom, and on which server.
type section struct {
	names  []string
	server *servers.Server
	// nowhere: the example is only read, no database here could run it.
	nowhere bool
	text    string
}

func (s section) concerns(where string) bool {
	owner, _, _ := strings.Cut(where, ":")
	return len(s.names) == 0 || slices.Contains(s.names, where) || slices.Contains(s.names, owner)
}

func readSetup(t *testing.T) []section {
	data, err := os.ReadFile("testdata/reference.lua")
	if err != nil {
		t.Fatal(err)
	}
	var all []section
	for i, text := range strings.Split("\n"+string(data), "\n-- for ") {
		part := section{text: text}
		if i > 0 {
			head, rest, _ := strings.Cut(text, "\n")
			names, server, on := strings.Cut(head, " on ")
			part.names, part.text = strings.Fields(names), rest
			if on {
				part.nowhere = server == "nothing"
				part.server = map[string]*servers.Server{"postgresql": &servers.PostgreSQL, "mysql": &servers.MySQL}[server]
			}
		}
		all = append(all, part)
	}
	return all
}
