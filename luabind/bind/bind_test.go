package bind_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/luabind"
	"alchemysh/luabind/bind"
)

type point struct{ X, Y int }

var pointClass = bind.Define[*point]("Point", "A point of the plane.").
	Constructor("Point(x, y=0)", "Make a point.", "Point(1, 2)", func(a *bind.Args) (any, error) {
		return &point{a.Int("x"), a.Int("y")}, nil
	}).
	Property("x", "The first coordinate.", func(p *point) any { return p.X }).
	Setter(func(c *bind.Call, p *point, v lua.LValue) error {
		p.X = int(lua.LVAsNumber(v))
		return nil
	}).
	Method("move(dx, dy=0, *, times=1)", "Move.", "p:move(1)", func(p *point, a *bind.Args) (any, error) {
		p.X += a.Int("dx") * a.Int("times")
		p.Y += a.Int("dy") * a.Int("times")
		return p, nil
	}).
	Method("each(f)", "Call f with each coordinate.", "p:each(print)", func(p *point, a *bind.Args) (any, error) {
		for _, n := range []int{p.X, p.Y} {
			if _, err := a.Function("f").Call(n); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}).
	Method("crash()", "Panic.", "p:crash()", func(p *point, a *bind.Args) (any, error) { var q *point; return q.X, nil }).
	With(func(c *bind.Class) {
		c.Identity = true
		c.Repr = func(_ *bind.Call, self any) (string, error) {
			return fmt.Sprintf("<Point %d,%d>", self.(*point).X, self.(*point).Y), nil
		}
		c.Unpack = func(_ *bind.Call, self any) ([]any, error) { return []any{self.(*point).X, nil}, nil }
	})

var shared = &point{7, 7}

var show = bind.Func("show(a, b=2, *rest, key=nil, **kw)", "Show its arguments.", "show(1)", func(a *bind.Args) (any, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "a=%s b=%s key=%s", a.Repr(a.L, a.Lua("a")), a.ReprGo(a.Any("b")), a.Repr(a.L, a.Lua("key")))
	for _, v := range a.Rest() {
		b.WriteString(" " + a.Repr(a.L, v))
	}
	for _, k := range a.Keywords() {
		b.WriteString(" " + k.Name + ":" + a.Repr(a.L, k.Value))
	}
	return b.String(), nil
})

var data = bind.Func("data(first{}, *, option=nil)", "Take data.", "data{1}", func(a *bind.Args) (any, error) {
	return a.Repr(a.L, a.Lua("first")) + " " + a.Repr(a.L, a.Lua("option")), nil
})

var strict = bind.Func("strict(alpha, beta=nil)", "Take two.", "strict(1)", func(a *bind.Args) (any, error) { return a.Int("alpha"), nil })

func newState(t testing.TB) (*luabind.State, *bytes.Buffer) {
	var out bytes.Buffer
	s := luabind.New(luabind.Options{Out: &out})
	t.Cleanup(s.Close)
	s.Bind().Register(pointClass.Class)
	s.Bind().Global(pointClass.Class, show, data, strict)
	s.Bind().SetGlobal("shared", shared)
	s.Bind().Global(bind.Func("get_shared()", "The same point.", "get_shared()", func(a *bind.Args) (any, error) { return shared, nil }))
	s.Bind().Global(bind.Func("fail()", "Fail.", "fail()", func(a *bind.Args) (any, error) {
		return nil, &exc.Error{Class: exc.IntegrityError, Message: "no", Statement: "INSERT", Params: "(1,)"}
	}))
	return s, &out
}

func TestCalls(t *testing.T) {
	for source, want := range map[string]string{
		`show(1)`:                                    "a=1 b=2 key=nil",
		`show(1, nil, 3)`:                            "a=1 b=2 key=nil 3",
		`show(1, {key = 5})`:                         "a=1 b=2 key=5",
		`show{1, 4, "r", key = 5, z = 1}`:            "a=1 b=4 key=5 'r' z:1",
		`show(1, {b = 9, other = nil})`:              "a=1 b=9 key=nil other:nil",
		`show({1, 2})`:                               "a=1 b=2 key=nil",
		`data{1, 2}`:                                 "{1, 2} nil",
		`data({a = 1})`:                              "{a = 1} nil",
		`data({1}, {option = 3})`:                    "{1} 3",
		`data({option = 3, a = 1})`:                  "{a = 1, option = 3} nil",
		`Point(1, 2).x`:                              "1",
		`Point{x = 1, y = 2}:move(1, {times = 2}).x`: "3",
		`shared == get_shared()`:                     "true",
		`({[shared] = 5})[get_shared()]`:             "5",
		`rawequal(shared, get_shared())`:             "true",
		`repr(Point(1))`:                             "<Point 1,0>",
		`tostring({Point(1), a = {}})`:               "{<Point 1,0>, a = {}}",
		`isinstance(shared, Point)`:                  "true",
		`isinstance({}, {Point, ValueError})`:        "false",
		`hasattr(shared, "x")`:                       "true",
		`getattr(shared, "nope", 3)`:                 "3",
		`Point`:                                      "<class 'Point'>",
		`int64("9007199254740993") + 1`:              "9007199254740994",
		`int64("9007199254740993") - int64("9007199254740992")`: "1",
		`9007199254740993 == 9007199254740993`:                  "true",
		`null == nil`:                                           "false",
		`table.concat({1, "a", 2.5}, "-")`:                      "1-a-2.5",
		`"x" .. 1234567.89`:                                     "x1234567.89",
		`1234567.89 .. "x" .. 0.00001 .. -5`:                    "1234567.89x1e-05-5",
		`tostring(1234567.89)`:                                  "1234567.89",
		`string.format("%5d|%-4s|%q|%x|%g|%.2f|%%|%c", 42, "ab", 'q"', 255, 0.1, decimal("2.675"), 65)`: `   42|ab  |"q\""|ff|0.1|2.68|%|A`,
		`list(sorted{3, 1, 2})`: "{1, 2, 3}",
		`len({1, 2})`:           "2",
	} {
		s, _ := newState(t)
		values, err := s.Eval(context.Background(), luabind.Chunk{Name: "t", Text: source})
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		got := s.Bind().Str(s.Bind().Main, values[0].(luabind.Value).Lua())
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", source, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	for source, want := range map[string]string{
		`strict()`:                  "TypeError: strict() missing a required argument: 'alpha'",
		`strict(1, 2, 3)`:           "TypeError: strict() takes at most 2 arguments (3 given)",
		`strict(1, {betta = 2})`:    "unexpected keyword argument 'betta'; did you mean beta?",
		`strict(1, {alpha = 2})`:    "multiple values for argument 'alpha'",
		`strict("x")`:               "alpha must be an integer, not a string",
		`shared.move(1)`:            "use shared:move()",
		`Point(1).move()`:           "use Point(1):move()",
		`shared.mvoe`:               "Point.mvoe: no such attribute; did you mean move?",
		`shared.z = 1`:              "Point.z: no such attribute",
		`shared[1]`:                 "TypeError: a Point cannot be indexed with a number",
		`shared + 1`:                "TypeError: attempt to perform arithmetic on a Point and a number",
		`shared < 1`:                "TypeError: attempt to compare a Point with a number",
		`shared()`:                  "a Point cannot be called",
		`shared:crash()`:            "RuntimeError: internal error",
		`fail()`:                    "IntegrityError: no\n[SQL: INSERT]\n[parameters: (1,)]",
		`for x in shared do end`:    "cannot iterate over a Point",
		`for a, b in {5} do end`:    "cannot unpack a number into 2 names",
		`error("plain")`:            "t:1: plain",
		`error(ValueError("mine"))`: "ValueError: mine",
		`shared:each(function() error("inner") end)`:                  "t:1: inner",
		`shared:each(function() error({code = 5}) end)`:               "{code = 5}",
		`shared:each(function() fail() end)`:                          "IntegrityError: no",
		`int64("9223372036854775807") * int64("9223372036854775807")`: "integer overflow",
		`string.format("%d", {})`:                                     "number expected",
	} {
		s, _ := newState(t)
		_, err := s.Eval(context.Background(), luabind.Chunk{Name: "t", Text: source})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", source, err, want)
		}
	}
}

func TestErrorValues(t *testing.T) {
	s, out := newState(t)
	_, err := s.Eval(context.Background(), luabind.Chunk{Name: "t", Text: `
local ok, e = pcall(fail)
print(ok, e.class, e.message, e.statement, e.params, e:is(DBAPIError), e:is(ValueError))
local ok, e = pcall(function() shared:each(function(n) error({n}) end) end)
print(e[1])
local ok, e = pcall(function() strict("x") end)
print(e.where, e.class == TypeError)
local co = coroutine.wrap(function() for i = 1, 2 do shared:each(function() end) coroutine.yield(i) end end)
print(co(), co())
for a, b in {shared} do print(a, b) end
`})
	if err != nil {
		t.Fatal(err)
	}
	want := "false\tIntegrityError\tno\tINSERT\t(1,)\ttrue\tfalse\n7\nt:6\ttrue\n1\t2\n7\tnil\n"
	if out.String() != want {
		t.Errorf("got %q\nwant %q", out, want)
	}
}

func TestCancel(t *testing.T) {
	s, _ := newState(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Eval(ctx, luabind.Chunk{Name: "t", Text: "while true do pcall(function() end) end"}); err == nil {
		t.Error("a cancelled loop went on")
	}
	if _, err := s.Eval(context.Background(), luabind.Chunk{Name: "t", Text: "x = 1"}); err != nil {
		t.Error("unusable after cancelling:", err)
	}
}

func TestComplete(t *testing.T) {
	s, _ := newState(t)
	for line, want := range map[string]string{
		"shared.":        "x",
		"shared:m":       "move",
		"share":          "shared",
		"strict(1, {be":  "beta = ",
		"datetime.fromi": "fromisoformat",
		"math.flo":       "floor",
	} {
		var names []string
		for _, c := range s.Complete(line, len(line)) {
			names = append(names, c.Text)
		}
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+strings.TrimSpace(want)+" ") {
			t.Errorf("%s: got %v, want %s", line, names, want)
		}
	}
}

func BenchmarkMethodCall(b *testing.B) {
	s, _ := newState(b)
	fn, err := s.Bind().Door.Load("for i = 1, 1000 do shared:move(0) end", "b", 0)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.Bind().Main.Push(fn)
		s.Bind().Main.Call(0, 0)
	}
}
