package bind

import (
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// where is the place in Lua source that called the running Go function.
func where(L *lua.LState) (chunk string, line int) {
	at := strings.TrimSuffix(strings.TrimSpace(L.Where(1)), ":")
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		return "", 0
	}
	line, _ = strconv.Atoi(at[i+1:])
	return at[:i], line
}

// dotted looks for users.insert( in the calling line and gives the spelling
// that was meant, users:insert(); "" when the line has no such call.
func (s *State) dotted(L *lua.LState, method string) string {
	chunk, line := where(L)
	if s.Door == nil || line == 0 {
		return ""
	}
	call := regexp.MustCompile(`([A-Za-z_][\w.]*(?:\([^()]*\)|\[[^\[\]]*\])?)\s*\.\s*` + regexp.QuoteMeta(method) + `\s*[({"']`)
	m := call.FindStringSubmatch(s.Door.Line(chunk, line))
	if m == nil {
		return ""
	}
	return m[1] + ":" + method + "()"
}
