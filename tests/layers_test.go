package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "alchemysh"

// arrows says which packages of this module a package may import: the
// picture of the house. "x/..." is x and all below it. Of several rules that
// fit a package the longest counts. Tests of a package are not held by them.
var arrows = map[string][]string{
	"core/exc":          {},
	"core/types":        {"core/exc"},
	"core":              {"core/types", "core/exc"},
	"core/compile":      {"core", "core/types", "core/exc"},
	"core/ddl":          {"core/compile", "core", "core/types", "core/exc"},
	"core/engine":       {"core/ddl", "core/compile", "core", "core/types", "core/exc"},
	"core/engine/dbapi": {"core/engine", "core/types", "core/exc"},
	"core/diagram":      {"core", "core/types", "core/exc"},
	"core/inspect":      {"core/engine", "core/ddl", "core/compile", "core", "core/types", "core/exc"},
	"dialect":           {"dialect/...", "core/..."},
	"dialect/...":       {"dialect/...", "core/..."},
	"orm":               {"core/..."},
	"orm/...":           {"orm/...", "core/..."},
	"luabind/...":       {"luabind/...", "dialect/...", "orm/...", "core/..."},
	"repl/...":          {"repl/...", "orm/...", "core/..."},
	"cmd/...":           {"cmd/...", "repl/...", "luabind/...", "dialect/...", "core/exc", "scripts"},
	"scripts":           {},
	"tests/...":         {"..."},
}

// homes says in which of our packages alone a library may be imported.
var homes = map[string][]string{
	"github.com/yuin/gopher-lua":     {"luabind/...", "tests/..."},
	"github.com/chzyer/readline":     {"repl/..."},
	"github.com/alecthomas/chroma":   {"repl/..."},
	"modernc.org/sqlite":             {"dialect/...", "tests/..."},
	"github.com/lib/pq":              {"dialect/...", "tests/..."},
	"github.com/go-sql-driver/mysql": {"dialect/...", "tests/..."},
}

func TestLayers(t *testing.T) {
	for _, p := range listed(t) {
		for _, imported := range p.Imports {
			if why := refused(p.ImportPath, imported); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imported, why)
			}
		}
	}
}

// TestLayersRefuse shows that the rules can say no.
func TestLayersRefuse(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		ok       bool
	}{
		{"core", "core/types", true},
		{"core/types", "core", false},
		{"core/compile", "core/engine", false},
		{"core/engine", "dialect/sqlite", false},
		{"orm", "luabind", false},
		{"repl", "luabind", false},
		{"repl/render", "core/engine", true},
		{"luabind/ormlib", "orm", true},
		{"luabind", "repl", false},
		{"orm", "github.com/yuin/gopher-lua", false},
		{"luabind/bind", "github.com/yuin/gopher-lua/parse", true},
		{"luabind", "github.com/chzyer/readline", false},
		{"core/engine", "github.com/lib/pq", false},
		{"core/engine", "database/sql", true},
		{"nowhere", "core", false},
	} {
		to := tt.to
		if !strings.Contains(to, ".") && to != "database/sql" {
			to = module + "/" + to
		}
		if why := refused(module+"/"+tt.from, to); (why == "") != tt.ok {
			t.Errorf("%s -> %s: allowed %v, want %v (%s)", tt.from, tt.to, why == "", tt.ok, why)
		}
	}
}

// refused says why package from may not import package to, or "".
func refused(from, to string) string {
	from = strings.TrimPrefix(from, module+"/")
	if ours, ok := strings.CutPrefix(to, module+"/"); ok {
		rule := ""
		for r := range arrows {
			if matches(r, from) && len(r) > len(rule) {
				rule = r
			}
		}
		if rule == "" {
			return "no arrow in layers_test.go begins at " + from
		}
		if !slices.ContainsFunc(arrows[rule], func(p string) bool { return matches(p, ours) }) {
			return "the arrows of layers_test.go do not go that way"
		}
		return ""
	}
	for library, home := range homes {
		if to != library && !strings.HasPrefix(to, library+"/") {
			continue
		}
		if !slices.ContainsFunc(home, func(p string) bool { return matches(p, from) }) {
			return library + " belongs to " + strings.Join(home, ", ")
		}
	}
	return ""
}

// matches reports whether path is pattern, or below it for a pattern "x/...".
func matches(pattern, path string) bool {
	prefix, tree := strings.CutSuffix(pattern, "...")
	if !tree {
		return path == pattern
	}
	return strings.HasPrefix(path+"/", prefix)
}

type listedPackage struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

// listed are this module's packages, as the go command sees them.
func listed(t *testing.T) []listedPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Standard", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []listedPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, module+"/") {
			packages = append(packages, p)
		}
	}
	if len(packages) == 0 {
		t.Fatal("go list shows no package of this module")
	}
	return packages
}
