package bind

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua says that something is no function or no table, but not what. The
// source line does: these find the name in it.
var (
	calledNothing  = regexp.MustCompile(`^(.*):(\d+): attempt to call a non-function object$`)
	indexedNothing = regexp.MustCompile(`^(.*):(\d+): attempt to index a non-table object\((\w+)\) with key '(.*)'$`)
	mixedStrings   = regexp.MustCompile(`^(.*:\d+): cannot perform (add|mod|mul) operation between (\w+) and (\w+)$`)
	callSite       = regexp.MustCompile(`([A-Za-z_]\w*(?:\s*[.:]\s*[A-Za-z_]\w*)*)\s*(?:[({"']|\[\[)`)
)

// explain names what a Lua error leaves unnamed, where the source line tells.
func (s *State) explain(text string) string {
	if m := calledNothing.FindStringSubmatch(text); m != nil {
		for _, site := range callSite.FindAllStringSubmatch(s.sourceLine(m[1], m[2]), -1) {
			path := strings.ReplaceAll(site[1], " ", "")
			if what, ok := s.nothing(path); ok {
				return fmt.Sprintf("%s:%s: attempt to call %s", m[1], m[2], what)
			}
		}
		if what, ok := s.calledMember(s.sourceLine(m[1], m[2])); ok {
			return fmt.Sprintf("%s:%s: attempt to call %s", m[1], m[2], what)
		}
	}
	if m := mixedStrings.FindStringSubmatch(text); m != nil && (m[3] == "string" || m[4] == "string") {
		switch m[2] {
		case "add":
			return text + "; Lua joins strings with .."
		case "mod":
			return text + `; Lua spells "%s" % x as string.format("%s", x)`
		case "mul":
			return text + "; Lua spells s * n as s:rep(n)"
		}
	}
	if m := indexedNothing.FindStringSubmatch(text); m != nil {
		owner := regexp.MustCompile(`([A-Za-z_]\w*)\s*[.:]\s*` + regexp.QuoteMeta(m[4]) + `\b`)
		if site := owner.FindStringSubmatch(s.sourceLine(m[1], m[2])); site != nil && m[3] == "nil" {
			if what, ok := s.nothing(site[1]); ok {
				return fmt.Sprintf("%s:%s: attempt to index %s", m[1], m[2], what)
			}
			return fmt.Sprintf("%s:%s: attempt to index '%s' (a nil value)", m[1], m[2], site[1])
		}
	}
	return text
}

// nothing describes a name that stands for nothing that can be called: an
// undefined global, with the names that are near, or a member that is not there.
func (s *State) nothing(path string) (string, bool) {
	i := strings.LastIndexAny(path, ".:")
	if i < 0 {
		if luaWords[path] || s.Main.G.Global.RawGetString(path) != lua.LNil || s.Door.Locals().RawGetString(path) != lua.LNil {
			return "", false
		}
		for _, python := range []map[string]string{pythonFunctions, pythonModules} {
			if there := python[path]; there != "" {
				return "global '" + path + "' (a nil value); in Lua: " + there, true
			}
		}
		return "global '" + path + "' (a nil value)" + Suggest(path, s.globalNames()), true
	}
	member := path[i+1:]
	switch owner := s.variable(path[:i]).(type) {
	case *lua.LTable:
		if owner.RawGetString(member) != lua.LNil {
			return "", false
		}
	case lua.LString:
		if library, ok := s.Main.G.Global.RawGetString("string").(*lua.LTable); ok && library.RawGetString(member) != lua.LNil {
			return "", false
		}
	default:
		return "", false
	}
	return "'" + path + "' (a nil value)" + pythonMethod(member), true
}

// variable is what a name stands for at the prompt or globally.
func (s *State) variable(name string) lua.LValue {
	if v := s.Door.Locals().RawGetString(name); v != lua.LNil {
		return v
	}
	return s.Main.G.Global.RawGetString(name)
}

func pythonMethod(name string) string {
	if there := pythonMethods[name]; there != "" {
		return "; in Lua: " + there
	}
	return ""
}

// calledMember names the member that a line calls on a local, whose value is
// out of reach: the only one, or the only one of Python's.
func (s *State) calledMember(line string) (string, bool) {
	var members, pythons []string
	for _, site := range callSite.FindAllStringSubmatch(line, -1) {
		path := strings.ReplaceAll(site[1], " ", "")
		i := strings.LastIndexAny(path, ".:")
		if i < 0 {
			continue
		}
		members = append(members, path)
		if pythonMethods[path[i+1:]] != "" {
			pythons = append(pythons, path)
		}
	}
	for _, found := range [][]string{pythons, members} {
		if len(found) == 1 {
			i := strings.LastIndexAny(found[0], ".:")
			return "'" + found[0] + "', which is no function" + pythonMethod(found[0][i+1:]), true
		}
	}
	return "", false
}

func (s *State) globalNames() []string {
	var names []string
	s.Main.G.Global.ForEach(func(k, _ lua.LValue) {
		if name, ok := k.(lua.LString); ok && isPlainName(string(name)) {
			names = append(names, string(name))
		}
	})
	slices.Sort(names)
	return names
}

func isPlainName(s string) bool { return s != "" && s[0] != '_' && s[0] >= 'A' }

func (s *State) sourceLine(chunk, line string) string {
	n, err := strconv.Atoi(line)
	if err != nil {
		return ""
	}
	return s.Door.Line(chunk, n)
}
