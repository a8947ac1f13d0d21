package luabind

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// TestHabits: what Python and SQLAlchemy 1.x have taught gets an answer that
// names the spelling that works here.
func TestHabits(t *testing.T) {
	const setup = `
Base = declarative_base()
User = class("User", Base, {__tablename__ = "users", id = Column(Integer, {primary_key = true}), name = Column(String)})
users = User.__table__
engine = create_engine("sqlite://")
Base.metadata:create_all(engine)
session = Session(engine)
conn = engine:connect()
x = {1, 2, 3}
s = "a,b"
`
	for _, c := range []struct{ source, want string }{
		{`x = None`, "Lua spells None as nil"},
		{`sys.exit(1)`, "os.exit(status)"},
		{`x = sqlalchemy.create_engine("sqlite://")`, `require "sqlalchemy"`},
		{`%timeit x`, `\timing`},
		{`!ls`, `\! ls`},
		{`x = True`, "Lua spells True as true"},
		{`print(False)`, "Lua spells False as false"},
		{`if x != 1 then end`, "Lua spells != as ~="},
		{"x = 1\nx += 1", "x = x + 1"},
		{`x++`, "x = x + 1"},
		{`y = 5 // 2`, "a:floordiv(b)"},
		{`y = 5 ** 2`, "a ^ b"},
		{`print(f"hello {x}")`, "string.format"},
		{`x = [1, 2]`, "{a, b}, not [a, b]"},
		{`select([users])`, "{a, b}, not [a, b]"},
		{`select([users.c.name]).where(users.c.id == 1)`, "{a, b}, not [a, b]"},
		{`x = {"a": 1}`, "{key = value}"},
		{`x = """text"""`, "[[…]]"},
		{"x = \"\"\"\ntext\n\"\"\"", "[[…]]"},
		{`x = r"text"`, "in Lua: [[…]]"},
		{`x = dict(a=1)`, "keyword arguments go into a table"},
		{`cursor:execute("INSERT INTO t VALUES (?, ?)", ("wendy", "W"))`, "{a, b}, not (a, b)"},
		{`x = (1, 2)`, "{a, b}, not (a, b)"},
		{`conn:execute(stmt, [("a", 1), ("b", 2)])`, "{a, b}, not [a, b]"},
		{`import sqlalchemy`, "nothing to import"},
		{`from sqlalchemy.orm import Session`, "nothing to import"},
		{`f = lambda x: x + 1`, "function(x) return y end"},
		{"with engine.connect() as conn:\n    conn.execute(select(users))", "with(f(), function(x) … end)"},
		{`with engine:connect() as conn`, "with(f(), function(x) … end)"},
		{"for y in x:\n    print(y)", "do … end"},
		{`for y in x: print(y)`, "do … end"},
		{"if x == 1:\n    print(x)", "then after if"},
		{"while x < 1:\n    print(x)", "then after if and do after while"},
		{"if x then\n  print(1)\nelse:\n  print(2)\nend", "else takes no colon"},
		{"if x == 1 then\n  print(1)\nelif x == 2 then\nend", "elseif"},
		{"if x == 1 then\n  print(1)\nelse if x == 2 then\n  print(2)\nend", "elseif"},
		{"def f(x):\n    return x", "function f(x)"},
		{"class User(Base):\n    pass", `class("User", Base`},
		{"try:\n    x = 1\nexcept Exception as e:\n    pass", "pcall"},
		{`raise ValueError("x")`, "error(…)"},
		{`@event.listens_for(User, "load")`, "no decorators"},
		{`# a comment`, "comments begin with --"},
		{`y = 1 if x else 2`, "c and a or b"},
		{`if x is None then end`, "== nil"},
		{`if x is not None then end`, "~= nil"},
		{`if 1 in x then end`, "x:in_({…})"},
		{`y = [u.name for u in session:query(User)]`, "no comprehensions"},
		{`y = x[1:2]`, "no slices"},
		{`del x`, "x = nil"},
		{`yield x`, "coroutine.yield"},
		{`global x`, "no declaration"},
		{`assert x == 1`, "assert(x)"},
		{`print x`, "print(x)"},
		{"for i = 1, 3 do\n  pass\nend", "no pass or continue"},
		{`x == 1`, "an expression alone is no statement"},
		{`users.c.name`, "an expression alone is no statement"},
		{`y = "a,b".split(",")`, `("a,b"):upper()`},

		// Functions and methods of Python's.
		{`x.append(4)`, "table.insert(t, x)"},
		{`x:append(4)`, "table.insert(t, x)"},
		{`local list = {} list:append(4)`, "table.insert(t, x)"},
		{`for k, v in x.items() do end`, "pairs(t)"},
		{`y = s:split(",")`, "gmatch"},
		{`y = s.startswith("a")`, "s:sub(1, #prefix) == prefix"},
		{`y = str(1)`, "tostring(x)"},
		{`for i in range(3) do end`, "for i = 1, n do"},
		{`for i, v in enumerate(x) do end`, "ipairs"},
		{`y = max(1, 2)`, "math.max"},
		{`y = open("f")`, "io.open"},
		{`y = "a" + "b"`, "joins strings with .."},
		{`y = "%s" % "b"`, "string.format"},

		// SQLAlchemy in Python's spelling.
		{`session.query(User)`, "use session:query()"},
		{`session:query(User).filter_by{name = "x"}`, "filter_by()"},
		{`session.query(User).filter_by(name="x")`, "keyword arguments go into a table"},
		{`select(users).where(users.c.id == 1)`, "select(users):where()"},
		{`y = users.insert()`, "use users:insert()"},
		{`conn.execute(text("select 1"))`, "use conn:execute()"},
		{`engine.connect()`, "use engine:connect()"},
		{`y = User(name="ed")`, "keyword arguments go into a table"},
		{`y = Column(Integer, primary_key=true)`, "keyword arguments go into a table"},
		{`select(users):where(users.c.id == 1 and users.c.name == "a")`, "use and_(a, b)"},
		{`select(users):where(users.c.id == 1 or users.c.name == "a")`, "use or_(a, b)"},
		{`select(users):where(not (users.c.id == 1))`, "use not_(a)"},
		{`select(users):where((users.c.id == 1) & (users.c.name == "a"))`, "and_(a, b)"},
		{`select(users):where((users.c.name == "a") | (users.c.id == 1))`, "or_(a, b)"},
		{`select(users):where(users.c.name == "a" & users.c.id == 1)`, "and_(a, b)"},
		{`select(users):where(~(users.c.id == 1))`, "not_(a)"},
		{`if users.c.id < 1 then end`, "Boolean value of this clause is not defined"},

		// What SQLAlchemy 2.0 has no more.
		{`MetaData().bind = engine`, "metadata:create_all(engine)"},
		{`select(users):execute()`, "conn:execute(stmt)"},
		{`users:insert():execute()`, "conn:execute(stmt)"},
		{`engine:table_names()`, "inspect(engine):get_table_names()"},
		{`users:exists()`, "inspect(engine):has_table(name)"},
		{`session:save(User{})`, "session:add(obj)"},

		// Names that are nearly right.
		{`y = users.c.nme`, "did you mean name?"},
		{`y = selct(users)`, "did you mean Select, select?"},
		{`session:qury(User)`, "did you mean query?"},
		{`y = relationship("A", {backpopulates = "b"})`, "did you mean back_populates?"},
	} {
		s := New(Options{Out: io.Discard})
		if _, err := s.Eval(t.Context(), Chunk{Name: "setup", Text: setup, Script: true}); err != nil {
			t.Fatal(err)
		}
		_, err := s.Eval(t.Context(), Chunk{Name: "x.lua", Text: c.source, Script: true})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngives %v\nwant %s", c.source, err, c.want)
		}
		s.Close()
	}
}

// TestHabitsLeaveLuaAlone: what is Lua is neither refused nor taken for whole.
func TestHabitsLeaveLuaAlone(t *testing.T) {
	s := New(Options{Out: io.Discard})
	defer s.Close()
	for _, text := range []string{
		"session:query(User):", "for x in session:query(User)", "if x then", "f(a,", "x = [[", "x = {", "while x:y()", "q = session:query(User)\n  :filter(", "if x then y() else",
		"if x then y() else if z then",
	} {
		if err := s.Check(text); !errors.Is(err, ErrIncomplete) {
			t.Errorf("%q: %v, want more lines", text, err)
		}
	}
	for _, text := range []string{
		"with(f(), function(x) end)", "x = a ~= b", "for x in s:gmatch('a:b') do end", `s = "a: b != c"`, "t = {a = 1, [2] = 3}", "goto_ = 1", "x = 'is None'",
	} {
		if err := s.Check(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
