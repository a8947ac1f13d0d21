package script

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// sql is the stand-in for SQL in these tests: a userdata that holds its text.
type sqlHooks struct{ mt *lua.LTable }

func (h *sqlHooks) sql(text string) *lua.LUserData {
	return &lua.LUserData{Value: text, Metatable: h.mt}
}

func text(v lua.LValue) (string, bool) {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return v.String(), false
	}
	return fmt.Sprint(u.Value), true
}

func (h *sqlHooks) Compare(L *lua.LState, op Op, a, b lua.LValue) lua.LValue {
	x, _ := text(a)
	y, _ := text(b)
	return h.sql("(" + x + " " + string(op) + " " + y + ")")
}

func (h *sqlHooks) Test(L *lua.LState, op Op, a, b lua.LValue) bool {
	if op == NotEqual {
		return a != b
	}
	return a == b
}

func (h *sqlHooks) Concat(L *lua.LState, operands []lua.LValue) lua.LValue {
	joined := operands[0]
	for _, o := range operands {
		if o == lua.LNil {
			L.RaiseError("attempt to concatenate nil")
		}
	}
	for _, o := range operands[1:] {
		x, sx := text(joined)
		y, sy := text(o)
		if sx || sy {
			joined = h.sql("(" + x + " || " + y + ")")
		} else {
			joined = lua.LString(x + y)
		}
	}
	return joined
}

func (h *sqlHooks) Iterate(L *lua.LState, v lua.LValue, names int) Step {
	t, ok := v.(*lua.LTable)
	if !ok {
		L.RaiseError("cannot iterate over a %s", v.Type())
	}
	i := 0
	return func(L *lua.LState) int {
		if i++; i > Len(t) {
			return -1
		}
		item, ok := t.RawGetInt(i).(*lua.LTable)
		if names == 1 || !ok {
			L.Push(t.RawGetInt(i))
			return 1
		}
		for j := 1; j <= names; j++ {
			L.Push(item.RawGetInt(j))
		}
		return names
	}
}

func (h *sqlHooks) Number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func (h *sqlHooks) Int64(L *lua.LState, literal string) lua.LValue { return h.sql("int64:" + literal) }

func newDoor(t testing.TB) (*Door, *strings.Builder) {
	L := lua.NewState()
	t.Cleanup(L.Close)
	h := &sqlHooks{mt: L.NewTable()}
	concat := L.NewFunction(func(L *lua.LState) int {
		L.Push(h.Concat(L, []lua.LValue{L.Get(1), L.Get(2)}))
		return 1
	})
	h.mt.RawSetString("__concat", concat)
	h.mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		s, _ := text(L.Get(1))
		L.Push(lua.LString(s))
		return 1
	}))
	L.SetGlobal("c", h.sql("c"))
	L.SetGlobal("d", h.sql("d"))
	var out strings.Builder
	L.SetGlobal("print", L.NewFunction(func(L *lua.LState) int {
		for i := 1; i <= L.GetTop(); i++ {
			if i > 1 {
				out.WriteByte(' ')
			}
			out.WriteString(L.ToStringMeta(L.Get(i)).String())
		}
		out.WriteByte('\n')
		return 0
	}))
	L.SetGlobal("fields", L.NewFunction(func(L *lua.LState) int {
		tb := L.CheckTable(1)
		var parts []string
		for i := 1; i <= Len(tb); i++ {
			v, _ := text(tb.RawGetInt(i))
			parts = append(parts, v)
		}
		for k, v := range Fields(tb) {
			s, _ := text(v)
			parts = append(parts, k.String()+"="+s)
		}
		L.Push(lua.LString(strings.Join(parts, ",")))
		return 1
	}))
	return New(L, h), &out
}

func run(d *Door, source string, mode Mode) error {
	fn, err := d.Load(source, "chunk", mode)
	if err != nil {
		return err
	}
	d.L.Push(fn)
	return d.L.PCall(0, 0, nil)
}

func TestRewrite(t *testing.T) {
	for _, tc := range []struct{ name, source, want string }{
		{"value of a comparison", `print(c == 5, 5 == c, c ~= nil, 3 == 3, "a" ~= "b", 1 < 2)`, "(c == 5) (5 == c) (c ~= nil) true true true"},
		{"all operators", `print(c < 1, c <= 1, c > 1, c >= 1)`, "(c < 1) (c <= 1) (c > 1) (c >= 1)"},
		{"comparison of comparisons", `print((c == 1) == (d == 2))`, "((c == 1) == (d == 2))"},
		{"in a table, an assignment, a return", `local t = {c == 1, x = c == 2, [3] = c == 3} local function f() return c == 4 end print(t[1], t.x, t[3], f())`, "(c == 1) (c == 2) (c == 3) (c == 4)"},
		{"tested: identity", `if c == 5 then print("yes") elseif c == c then print("same") end while c ~= c do end repeat until c == c`, "same"},
		{"tested through and, or, not", `if not (c == d) and (c == c or c == 1) then print("ok") end`, "ok"},
		{"default of a given value", `local given, n = nil, 3 local x = given or "default" local y = n == 3 and "three" or "other" print(x, y, c or 1)`, "default three c"},
		{"NaN", `local nan = 0/0 local x = {nan} print(x[1] == x[1], x[1] < 1, x[1] >= 1)`, "false false false"},
		{"plain order of strings", `local t = {"b", "a"} table.sort(t, function(x, y) return x < y end) print(t[1], t[2])`, "a b"},
		{"concat from the left", `local s = "s" print(c .. "a" .. d, s .. "x" .. c, s .. 1 .. "y", "a" .. c)`, "((c || a) || d) (sx || c) s1y (a || c)"},
		{"concat of a call gives one value", `local function two() return "p", "q" end print("a" .. "b" .. two())`, "abp"},
		{"call as an operand gives one value", `local function two() return 1, 2 end print(1 == two(), 9)`, "true 9"},
		{"fields in order, nil remembered", `local n print(fields{z = 1, a = n, m = c}, fields{1, nil, 3, k = n}, fields{b = 1, a = 2})`, "z=1,a=nil,m=c 1,nil,3,k=nil b=1,a=2"},
		{"nil fields stay invisible to Lua", `local n local t = {a = n, b = 1} local k = 0 for _ in pairs(t) do k = k + 1 end print(k, t.a, next(t))`, "1 nil b 1"},
		{"order of evaluation", `local log = "" local function f(x) log = log .. x return nil end local t = {f("1"), a = f("2"), [f("3") or "k"] = f("4"), f("5")} print(log, fields(t))`, "12345 nil,nil,a=nil,k=nil"},
		{"last call fills positions", `local function three() return 1, 2, 3 end local n print(fields{x = n, three()}, fields{three(), x = n}, fields{x = n, (three())})`, "1,2,3,x=nil 1,x=nil 1,x=nil"},
		{"varargs in a constructor", `local function f(...) local n return fields{k = n, ...} end print(f(7, 8))`, "7,8,k=nil"},
		{"exact integers", `print(9007199254740993, -9007199254740993, 9007199254740992, 18446744073709551615, 0x20000000000001)`, "int64:9007199254740993 int64:-9007199254740993 9007199254740992 int64:18446744073709551615 int64:9007199254740993"},
		{"loop over a list", `for x in {"a", "b"} do print(x) end`, "a\nb"},
		{"loop unpacks", `local rows = {{1, 2}, {nil, 4}} for a, b in rows do print(a, b) end`, "1 2\nnil 4"},
		{"loop over Lua iterators", `local t = {5, k = 6} for k, v in pairs(t) do print(k, v) end for i, v in ipairs(t) do print(i, v) end for k in next, t do print(k) end for w in ("a b"):gmatch("%a") do print(w) end`, "1 5\nk 6\n1 5\n1\nk\na\nb"},
		{"loop over a closure", `local n = 0 local function it() n = n + 1 if n < 3 then return n end end for x in it do print(x) end`, "1\n2"},
		{"break, nesting and closures", `local fs = {} for x in {1, 2, 3} do for y in {1, 2} do if y == 2 then break end fs[#fs + 1] = function() return x end end if x == 2 then break end end print(#fs, fs[1](), fs[2]())`, "2 1 2"},
		{"return from a loop", `local function f() for x in {1, 2} do if x == 2 then return x end end end print(f())`, "2"},
		{"coroutine iterators", `for x in coroutine.wrap(function() for i = 1, 2 do coroutine.yield(i) end end) do print(x) end`, "1\n2"},
		{"load and loadstring", `print(load("return c == 1")(), loadstring("return c == 2")(), loadstring("x ="))`, "(c == 1) (c == 2) nil [string \"x =\"]:1: unexpected end of input"},
		{"changed environment", `local f = function() return c == 1 end local c2 = c setfenv(f, {c = c2}) print(f())`, "(c == 1)"},
		{"a string like a marker", `print(#"\0alchemysh:0")`, "12"},
		{"parameter as target", `local function f(a) a = a == c return a end print(f(1))`, "(1 == c)"},
		{"several targets", `local function f(a, b) b, a = a == 1, (b) return a, b end print(f(1, 2)) local function g(x) return x end local function h(a) local b a, b = g(a), 2 return a, b end print(h(5))`, "2 true\n5 2"},
		{"plain recursion", `local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end print(fib(10))`, "55"},
		{"escaping function takes anything", `local function f(n) if n == c then return "same" end end local g = f print(g(c))`, "same"},
		{"methods", `local o = {v = c} function o:is(x) return self.v == x end function o.has(x) return x == nil end print(o:is(3), o.has())`, "(c == 3) true"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for mode, name := range map[Mode]string{File: "file", Session: "session"} {
				d, out := newDoor(t)
				if err := run(d, tc.source, mode); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if got := strings.TrimRight(out.String(), "\n"); got != tc.want {
					t.Errorf("%s:\n got %q\nwant %q", name, got, tc.want)
				}
			}
		})
	}
}

func TestManyFields(t *testing.T) {
	d, out := newDoor(t)
	var b strings.Builder
	b.WriteString("local n local t = {")
	for i := 1; i <= 500; i++ {
		fmt.Fprintf(&b, "f%d = n or %d, ", i, i)
	}
	b.WriteString("last = n, 1, 2, 3} local s = fields(t) print(#t, t.f1, t.f500, s:sub(1, 16), s:sub(-8))")
	if err := run(d, b.String(), File); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "3 1 500 1,2,3,f1=1,f2=2, last=nil\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMisusedConnectives(t *testing.T) {
	for source, want := range map[string]string{
		"x = c == 1 and d == 2": "use and_(a, b)",
		"x = c == 1 or d == 2":  "use or_(a, b)",
		"x = not (c == 1)":      "use not_(a)",
		"\n\nx = not (c == 1)":  "chunk:3:",
	} {
		d, _ := newDoor(t)
		err := run(d, source, File)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", source, err, want)
		}
	}
}

func TestSessionLocals(t *testing.T) {
	d, out := newDoor(t)
	for _, line := range []string{
		"local x, y = 1, 2",
		"local function f() return x + y end",
		"x = 10",
		"do local x = 99 end",
		"local z",
		"print(x, y, f(), z, _G.x)",
		"local print2 = print",
		"for i = 1, 2 do local x = i print2(x) end",
		"print(x)",
		"local x = x + 1 print(x)",
		"function x2() return x end print(x2())",
	} {
		if err := run(d, line, Session); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if got, want := out.String(), "10 2 12 nil nil\n1\n2\n10\n11\n11\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for source, want := range map[string]string{
		"x = 1\nif x != 2 then end":        "chunk:2: Lua spells != as ~=",
		"x += 1":                           "augmented",
		"def f(x):":                        "function f(x)",
		"import sqlalchemy":                "nothing to import",
		"from sqlalchemy import select":    "nothing to import",
		"class User(Base):":                `class("User"`,
		"x = None":                         "nil",
		"f(True)":                          "true",
		`print(f"{x}")`:                    "string.format",
		"if x == 1:\n  y()":                "then",
		"x = lambda a: a":                  "function(x)",
		"try:":                             "pcall",
		"x = [1, 2]":                       "{a, b}",
		`t = {"a": 1}`:                     "{key = value}",
		"select(t).where(a == 1 & b == 2)": "and_(a, b)",
		"# a comment":                      "--",
		"f(a, key=1)":                      "keyword arguments",
		"x = a if b else c":                "c and a or b",
		"if x is None then end":            "== nil",
		"x = 5 // 2":                       "floordiv",
		"x = )":                            "chunk:1: syntax error near ')'",
		"goto nowhere":                     "nowhere",
	} {
		d, _ := newDoor(t)
		_, err := d.Load(source, "chunk", Session)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", source, err, want)
		}
		if errors.Is(err, ErrIncomplete) {
			t.Errorf("%q: taken for incomplete", source)
		}
	}
	d, out := newDoor(t)
	if err := run(d, "None = 1 print(None)", Session); err != nil || out.String() != "1\n" {
		t.Errorf("a defined None: %v, %q", err, out)
	}
}

func TestIncomplete(t *testing.T) {
	d, _ := newDoor(t)
	for _, source := range []string{"function f()", "x = {1,", "for i = 1, 2 do", "x = [[abc", "print(", "--[[ open", "x =", "if a then b() else"} {
		if _, err := d.Load(source, "chunk", Session); !errors.Is(err, ErrIncomplete) {
			t.Errorf("%q: got %v", source, err)
		}
	}
	for _, source := range []string{`x = "abc`, "x = 'a", "end"} {
		if _, err := d.Load(source, "chunk", Session); err == nil || errors.Is(err, ErrIncomplete) {
			t.Errorf("%q: got %v", source, err)
		}
	}
}

func TestErrorLines(t *testing.T) {
	for source, want := range map[string]string{
		"local x = 1\nlocal y = x == nil\nlocal z = x < {}":       "chunk:3: attempt to compare number with table",
		"\nlocal t = {\n a = 1,\n b = c2.x,\n}":                   "chunk:4:",
		"\nfor x in 5 do\nend":                                    "chunk:2:",
		"local s = 'a'\nlocal n\nprint(s ..\n 'x' .. n)":          "chunk:3:",
		"local function f(a)\n return a < {}\nend\nreturn (f(1))": "chunk:2:",
	} {
		d, _ := newDoor(t)
		err := run(d, source, File)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %q in it", source, err, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, s := range []string{"x = c == 1", "local a = {b = c, d()}", "for a, b in c do print(a .. b .. 1) end", "function f(...) return ... == 1 end", "x = 9007199254740993"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		d, _ := newDoor(t)
		_, plain := d.L.Load(strings.NewReader(source), "chunk")
		_, err := d.Load(source, "chunk", File)
		if plain == nil && err != nil && !strings.Contains(err.Error(), "Lua ") {
			t.Errorf("Lua reads %q, the door says %v", source, err)
		}
	})
}

// BenchmarkLoops compares ordinary loops with and without the rewrite.
func BenchmarkLoops(b *testing.B) {
	for name, source := range map[string]string{
		"counter": `local k = 0 for i = 1, 10000 do if i < 7 then k = k + 1 end local b = i == 5 end`,
		"fib":     `local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(16)`,
		"while":   `local i, n = 0, 10000 while i < n do i = i + 1 end`,
		"concat":  `local s for i = 1, 1000 do s = "a" .. i .. "b" end`,
		"pairs":   `local t = {} for i = 1, 1000 do t[i] = i end for k, v in pairs(t) do if v == 5 then k = 1 end end`,
		"list":    `local t = {} for i = 1, 1000 do t[i] = i end for v in t do local x = v end`,
	} {
		for _, rewritten := range []bool{false, true} {
			if name == "list" && !rewritten {
				continue
			}
			b.Run(fmt.Sprintf("%s/rewritten=%v", name, rewritten), func(b *testing.B) {
				d, _ := newDoor(b)
				load := func() (*lua.LFunction, error) { return d.L.Load(strings.NewReader(source), "chunk") }
				if rewritten {
					load = func() (*lua.LFunction, error) { return d.Load(source, "chunk", File) }
				}
				fn, err := load()
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					d.L.Push(fn)
					d.L.Call(0, 0)
				}
			})
		}
	}
}

// What nests without end is refused before a stack overflows, which would end the
// process.
func TestNesting(t *testing.T) {
	L := lua.NewState()
	defer L.Close()
	door := New(L, nil)
	for _, c := range []struct{ text, want string }{
		{"x = 1" + strings.Repeat("+1", 150_000), ""},
		{"x = 1" + strings.Repeat("+1", 250_000), "deep.lua:1: expressions nested more than 200000 deep"},
		{strings.Repeat("do ", 5_000) + strings.Repeat("end ", 5_000), ""},
		{strings.Repeat("do ", 20_000) + strings.Repeat("end ", 20_000), "deep.lua: blocks nested more than 10000 deep"},
	} {
		_, err := door.Load(c.text, "deep.lua", File)
		if got := fmt.Sprint(err); err == nil && c.want != "" || err != nil && got != c.want {
			t.Errorf("%.20s…: %v, want %q", c.text, err, c.want)
		}
	}
}
