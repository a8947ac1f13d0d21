package repl

import (
	"os/exec"
	"strconv"
	"strings"
	"unicode"

	"alchemysh/core/types"
	"alchemysh/repl/render"
)

// words splits the arguments as psql does: blanks separate, quotes hold
// together, :name stands for a variable, :'name' and :"name" for it as SQL
// quotes a text and a name, :{?name} for whether there is one.
func (c call) words() []string {
	var out []string
	text := c.args
	for {
		text = strings.TrimLeft(text, " \t")
		if text == "" {
			return out
		}
		var b strings.Builder
		for text != "" && text[0] != ' ' && text[0] != '\t' {
			var part string
			switch {
			case text[0] == '`' && strings.Contains(text[1:], "`") && !c.s.Safe:
				var program string
				program, text, _ = strings.Cut(text[1:], "`")
				part = c.s.backquoted(program)
			case text[0] == ':':
				part, text = c.s.substitute(text, b.Len() == 0)
			case text[0] == '\'', text[0] == '"':
				part, text = unquote(text)
			default:
				part, text = text[:1], text[1:]
			}
			b.WriteString(part)
		}
		out = append(out, b.String())
	}
}

// unquote takes a quoted piece off the front of a text.
func unquote(text string) (part, rest string) {
	var b strings.Builder
	q := text[0]
	i := 1
	for ; i < len(text); i++ {
		switch {
		case text[i] == q && i+1 < len(text) && text[i+1] == q:
			i++
			b.WriteByte(q)
		case text[i] == q:
			return b.String(), text[i+1:]
		case text[i] == '\\' && q == '\'' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), ""
}

// substitute takes :name off the front of a text and gives what it stands for:
// itself where nothing has the name. Variables of Lua count only at the
// beginning of a word: a URL has colons, too.
func (s *Shell) substitute(text string, first bool) (part, rest string) {
	open, name := "", text[1:]
	for _, o := range []string{"{?", "'", `"`} {
		if inner, ok := strings.CutPrefix(name, o); ok {
			open, name = o, inner
			break
		}
	}
	n := strings.IndexFunc(name, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if n < 0 {
		n = len(name)
	}
	shut := map[string]string{"{?": "}", "'": "'", `"`: `"`}[open]
	rest, closed := strings.CutPrefix(name[n:], shut)
	name = name[:n]
	if name == "" || !closed {
		return text[:1], text[1:]
	}
	v, ok := s.variable(name)
	if !ok && first {
		v, ok = s.luaText(name)
	}
	switch {
	case open == "{?":
		return strings.ToUpper(strconv.FormatBool(ok)), rest
	case !ok:
		return text[:1], text[1:]
	case open == "'":
		return "'" + strings.ReplaceAll(v, "'", "''") + "'", rest
	case open == `"`:
		return s.quote(v), rest
	}
	return v, rest
}

// luaText is the text of a Lua variable that holds one value: what \gset sets.
func (s *Shell) luaText(name string) (string, bool) {
	v, ok := s.Lua.Get(name)
	if !ok {
		return "", false
	}
	switch v.(type) {
	case nil, []any, types.Object:
		return "", false
	}
	if !render.Plain(v) {
		return "", false
	}
	return render.Text(v), true
}

// backquoted is what a program writes, as psql has it in arguments.
func (s *Shell) backquoted(program string) string {
	cmd := exec.Command("/bin/sh", "-c", program)
	cmd.Stderr = s.Err
	out, _ := cmd.Output() // it has said itself what went wrong
	return strings.TrimRight(string(out), "\n")
}
