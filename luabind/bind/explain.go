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
		return "global '" + path + "' (a nil value)" + Suggest(path, s.globalNames()), true
	}
	owner, ok := s.Main.G.Global.RawGetString(path[:i]).(*lua.LTable)
	if !ok || owner.RawGetString(path[i+1:]) != lua.LNil {
		return "", false
	}
	return "'" + path + "' (a nil value)", true
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
