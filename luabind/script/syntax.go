package script

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// ErrIncomplete says that the source breaks off where more lines could go on.
var ErrIncomplete = errors.New("incomplete input")

// SyntaxError is source that Lua cannot read.
type SyntaxError struct {
	Chunk   string
	Line    int // 0 when unknown
	Column  int
	Message string
	// AtEnd says that the source ended too early; errors.Is(err, ErrIncomplete) too.
	AtEnd bool
	// Whole says that Lua could read all of the source, but it would not mean
	// what was meant: None, f"…".
	Whole bool
}

// Error reads "file:line: message", as Lua's own errors do.
func (e *SyntaxError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.Chunk, e.Line, e.Message)
	}
	return e.Chunk + ": " + e.Message
}

// Is makes an unfinished source recognisable as ErrIncomplete.
func (e *SyntaxError) Is(target error) bool { return target == ErrIncomplete && e.AtEnd }

// explain words a parse error, with Lua's spelling of what looks like Python.
func explain(err error, source, name string) error {
	var p *parse.Error
	if !errors.As(err, &p) {
		return &SyntaxError{Chunk: name, Message: err.Error()}
	}
	if p.Pos.Line == parse.EOF {
		line := 1 + strings.Count(strings.TrimRight(source, "\n"), "\n")
		e := &SyntaxError{Chunk: name, Line: line, Message: "unexpected end of input", AtEnd: true}
		if p.Message == "unterminated string" {
			e.AtEnd, e.Message = false, "unfinished string"
		}
		if n, advice := pythonAbove(source, line); advice != "" {
			e.Line, e.Message, e.AtEnd = n, advice, false
		} else if expressionAlone(lineOf(source, line)) {
			e.Message = expressionAdvice
		} else if elseIf.MatchString(source) {
			e.Message += "; `else if` opens an if of its own, which needs its own end: elseif does not"
		}
		return e
	}
	e := &SyntaxError{Chunk: name, Line: p.Pos.Line, Column: p.Pos.Column}
	line := lineOf(source, p.Pos.Line)
	if advice := pythonism(blank(line)); advice != "" {
		e.Message = advice
		return e
	}
	if n, advice := pythonAbove(source, p.Pos.Line); advice != "" {
		e.Line, e.Message = n, advice
		return e
	}
	if expressionAlone(line) {
		e.Message = expressionAdvice
		return e
	}
	message := strings.TrimSpace(p.Message)
	if p.Token != "" {
		message += " near '" + p.Token + "'"
	}
	e.Message = message
	return e
}

// adviceLength bounds the part of a line in which Python's spellings are
// looked for: what a person writes is shorter, what is longer is data.
const adviceLength = 4096

func lineOf(source string, n int) string {
	for ; n > 1; n-- {
		_, rest, ok := strings.Cut(source, "\n")
		if !ok {
			return ""
		}
		source = rest
	}
	line, _, _ := strings.Cut(source, "\n")
	if n < 1 || len(line) > adviceLength || !utf8.ValidString(line) || strings.IndexByte(line, 0) >= 0 {
		return ""
	}
	return line
}

func recovered(p any, name string) error {
	switch err := p.(type) {
	case *SyntaxError:
		err.Chunk = name
		return err
	case error:
		return compileError(err, name)
	}
	return &SyntaxError{Chunk: name, Message: fmt.Sprint(p)}
}

var compileMessage = regexp.MustCompile(`(?s)compile error near line\((\d+)\) .*?: (.*)`)

func compileError(err error, name string) error {
	e := &SyntaxError{Chunk: name, Message: err.Error()}
	var c *lua.CompileError
	if errors.As(err, &c) {
		e.Line, e.Message = c.Line, c.Message
	} else if m := compileMessage.FindStringSubmatch(e.Message); m != nil {
		fmt.Sscan(m[1], &e.Line)
		e.Message = m[2]
	}
	return e
}

var (
	// pythonLine is a line that no further Lua line completes: one that opens a
	// block as Python does, for in Lua a colon stands before a method's name and
	// nowhere else, a statement or a string of Python's.
	pythonLine = regexp.MustCompile(`^\s*(?:if|elif|else|while|for|with|try|except|finally|def|class|async)\b.*:(?:\s*$|\s+\S)|\blambda\b[\w\s,]*:|^\s*(?:pass|continue)\s*$|"{3}|'{3}`)
	elseIf     = regexp.MustCompile(`(?m)^[^"'\[\n]*\belse\s+if\b.*\bthen\b`)
)

// linesAbove bounds how far above an error Python is looked for.
const linesAbove = 50

// pythonAbove finds a line in Python's form at or above a syntax error,
// which Lua often notices only further down.
func pythonAbove(source string, line int) (at int, advice string) {
	if len(source) > 1<<20 {
		return 0, ""
	}
	lines := strings.Split(source, "\n")
	for n := min(line, len(lines)); n >= max(1, line-linesAbove); n-- {
		text := lines[n-1]
		if len(text) > adviceLength {
			continue
		}
		if bare := blank(text); pythonLine.MatchString(bare) {
			at, advice = n, pythonism(bare) // the first of them is where Lua went astray
		}
	}
	return at, advice
}

const expressionAdvice = "an expression alone is no statement: print(…) it, or assign it"

// expressionAlone reports whether a line is an expression that Lua takes only
// as part of a statement.
func expressionAlone(line string) bool {
	if line = strings.TrimSpace(line); line == "" {
		return false
	}
	_, alone := parse.Parse(strings.NewReader(line), "")
	if alone == nil {
		return false
	}
	_, err := parse.Parse(strings.NewReader("return "+line), "")
	return err == nil
}

// pythonisms are spellings of Python that Lua cannot read, and what to write
// instead. They are looked for in the line of a syntax error, without its
// strings and comments.
var pythonisms = []struct {
	pattern *regexp.Regexp
	advice  string
}{
	{regexp.MustCompile(`"{3}|'{3}`), `Lua spells """…""" as [[…]]`},
	{regexp.MustCompile(`!=`), "Lua spells != as ~="},
	{regexp.MustCompile(`(^|[^<>=~])([-+*/%])=[^=]`), "Lua has no augmented assignment: write x = x + 1 instead of x += 1"},
	{regexp.MustCompile(`//`), "Lua has no //: use math.floor(a / b), or a:floordiv(b) on SQL"},
	{regexp.MustCompile(`\*\*\s*\w`), "Lua spells a ** b as a ^ b, and f(**d) as f(d)"},
	{regexp.MustCompile(`^\s*(async\s+)?def\b`), "Lua spells def f(x): … as function f(x) … end"},
	{regexp.MustCompile(`[\[({].*\bfor\b.*\bin\b`), "Lua has no comprehensions: write a for loop"},
	{regexp.MustCompile(`^\s*(import|from)\s+\w`), `there is nothing to import: every name of SQLAlchemy is a global here (or require "sqlalchemy")`},
	{regexp.MustCompile(`^\s*class\s+\w+`), `write User = class("User", Base, { … }) instead of class User(Base): …`},
	{regexp.MustCompile(`^\s*elif\b|\belse\s+if\b.*:\s*$`), "Lua spells elif as elseif … then"},
	{regexp.MustCompile(`^\s*(try|except|finally)\b`), "Lua has no try: use local ok, err = pcall(function() … end)"},
	{regexp.MustCompile(`^\s*raise\b`), "Lua spells raise as error(…)"},
	{regexp.MustCompile(`^\s*(async\s+)?with\b.*:\s*$|^\s*with\s+[A-Za-z_]`), "write with(f(), function(x) … end) instead of with f() as x: …"},
	{regexp.MustCompile(`\blambda\b`), "Lua spells lambda x: y as function(x) return y end"},
	{regexp.MustCompile(`^\s*(if|while|elif)\b.*:(\s*$|\s)`), "Lua needs then after if and do after while, and end at the end, no colon"},
	{regexp.MustCompile(`^\s*(async\s+)?for\b.*:(\s*$|\s)`), "Lua needs do … end after for, no colon"},
	{regexp.MustCompile(`^\s*else\s*:`), "Lua's else takes no colon"},
	{regexp.MustCompile(`^\s*(pass|continue)\s*$`), "Lua has no pass or continue: leave the block empty, or use goto"},
	{regexp.MustCompile(`^\s*(del)\s`), `write x = nil, or delattr(obj, "attr"), instead of del`},
	{regexp.MustCompile(`^\s*@\w`), "Lua has no decorators: call the function, as in hybrid_property(f)"},
	{regexp.MustCompile(`^\s*#`), "Lua's comments begin with --"},
	{regexp.MustCompile(`\bis\s+(not\s+)?(None|nil)\b`), "Lua spells `is None` as == nil and `is not None` as ~= nil"},
	{regexp.MustCompile(`\w\s+(not\s+)?in\s+[\w({\[]`), "Lua has no `in` operator: use x:in_({…}) on SQL, session:contains(x) on a session"},
	{regexp.MustCompile(`\S\s+if\s+.*\belse\b`), "Lua spells `a if c else b` as c and a or b"},
	{regexp.MustCompile(`[\w)\]]\[[^\[\]:]*:[^\[\]:]*\]`), "Lua has no slices: x:slice(0, 3) is SQLAlchemy's, string.sub(s, 1, 3) Lua's"},
	{regexp.MustCompile(`^\s*\[|=\s*\[|\(\s*\[|,\s*\[|\breturn\s+\[`), "Lua writes a list as {a, b}, not [a, b]"},
	{regexp.MustCompile(`[(,=]\s*\([^()=]*,[^()=]*\)|\breturn\s*\([^()=]*,`), "Lua writes a tuple as {a, b}, not (a, b)"},
	{regexp.MustCompile(`[\w)\]"']\s*&\s*[\w("']`), "Lua has no &: use and_(a, b)"},
	{regexp.MustCompile(`[\w)\]"']\s*\|\s*[\w("']`), "Lua has no |: use or_(a, b)"},
	{regexp.MustCompile(`~\s*[\w(]`), "Lua has no ~: use not_(a)"},
	{regexp.MustCompile(`\{\s*(["'][^"']*["']|\w+)\s*:`), "Lua writes a dictionary as {key = value}, not {key: value}"},
	{regexp.MustCompile(`^\s*(assert|print|exec)\s+[\w\-#]`), "Lua calls assert and print as functions: assert(x), print(x)"},
	{regexp.MustCompile(`\byield\s+\w`), "Lua spells yield x as coroutine.yield(x)"},
	{regexp.MustCompile(`^\s*(global|nonlocal)\s+\w`), "Lua's globals need no declaration; local x declares a local"},
	{regexp.MustCompile(`(^|[=(,{]|\breturn)\s*(""|'')\s*[.:]\s*\w`), `a method of a string literal needs parentheses and a colon: ("a,b"):upper()`},
	{regexp.MustCompile(`^\s*%+\s*\w`), `Lua has no %magic: \? lists the commands, as \timing and \sqlecho`},
	{regexp.MustCompile(`^\s*!\s*\w`), `\! ls runs a command of the system`},
	{regexp.MustCompile(`\+\+`), "Lua has no ++: write x = x + 1"},
	{regexp.MustCompile(`\(\s*(?:[^()]*,\s*)?[A-Za-z_]\w*\s*=[^=]`), "keyword arguments go into a table: f(a, {key = value}) or f{a, key = value}"},
}

// pythonism gives advice for a line, without its strings, that Lua could not
// read.
func pythonism(bare string) string {
	for _, p := range pythonisms {
		if p.pattern.MatchString(bare) {
			return p.advice
		}
	}
	return ""
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`)

// blank empties the strings of a line and cuts its comment.
func blank(line string) string {
	line = quoted.ReplaceAllStringFunc(line, func(s string) string { return s[:1] + s[:1] })
	if i := strings.Index(line, "--"); i >= 0 {
		line = line[:i]
	}
	return line
}

// pythonNames are names that Lua reads as globals nobody defined.
var pythonNames = map[string]string{
	"None":  "Lua spells None as nil (null inside a table)",
	"True":  "Lua spells True as true",
	"False": "Lua spells False as false",
}

func (w *rewriter) pythonName(x *ast.IdentExpr) {
	advice, known := pythonNames[x.Value]
	if known && !w.defined(x.Value) {
		w.mistakes = append(w.mistakes, mistake{x.Line(), advice})
	}
}

// pythonCall notices f"…": in Lua a call of a global f with a string.
func (w *rewriter) pythonCall(x *ast.FuncCallExpr) {
	id, ok := x.Func.(*ast.IdentExpr)
	if !ok || len(x.Args) != 1 || w.uses[id] != nil || w.defined(id.Value) {
		return
	}
	s, ok := x.Args[0].(*ast.StringExpr)
	if ok && id.Value == "f" && strings.Contains(s.Value, "{") {
		w.mistakes = append(w.mistakes, mistake{x.Line(), `Lua has no f"…": use string.format("%s", x) or "…" .. x`})
	}
}

func (w *rewriter) defined(global string) bool {
	return w.assigned[global] || w.door.L.G.Global.RawGetString(global) != lua.LNil
}
