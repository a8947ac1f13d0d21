//go:build unix

package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"alchemysh/luabind"
)

// The cases of SQLAlchemy's performance suite, and parents with children, in
// Lua and in Python. Both make their own database file; each case is a function.
const suiteLua = `
Base = declarative_base()
Customer = class("Customer", Base, { __tablename__ = "customer", id = Column(Integer, {primary_key = true}), name = Column(String(255)), description = Column(String(255)) })
Parent = class("Parent", Base, { __tablename__ = "parent", id = Column(Integer, {primary_key = true}), name = Column(String(20)), children = relationship("Child") })
Child = class("Child", Base, { __tablename__ = "child", id = Column(Integer, {primary_key = true}), name = Column(String(20)), parent_id = Column(ForeignKey("parent.id"), {index = true}) })
engine = create_engine("sqlite:///" .. FILE)
Base.metadata:drop_all(engine)
Base.metadata:create_all(engine)
cases = {}
function cases.bulk_objects()
  local s, list = Session(engine), {}
  for i = 1, BULK do list[i] = Customer{name = "customer name " .. i, description = "customer description " .. i} end
  s:add_all(list) s:commit() s:close()
end
function cases.bulk_mappings()
  local s, list = Session(engine), {}
  for i = 1, BULK do list[i] = {name = "customer name " .. i, description = "customer description " .. i} end
  s:execute(insert(Customer), list) s:commit() s:close()
end
function cases.core_executemany()
  local list = {}
  for i = 1, BULK do list[i] = {name = "customer name " .. i, description = "customer description " .. i} end
  with(engine:begin(), function(conn) conn:execute(Customer.__table__:insert(), list) end)
end
function cases.single_flushes()
  local s = Session(engine)
  for i = 1, BULK / 10 do s:add(Customer{name = "customer name " .. i, description = "customer description " .. i}) s:flush() end
  s:commit() s:close()
end
function cases.full_objects()
  local s, n = Session(engine), 0
  for c in s:scalars(select(Customer):limit(LOAD)) do n = n + 1 end
  assert(n == LOAD) s:close()
end
function cases.columns()
  local s, n = Session(engine), 0
  for row in s:execute(select(Customer.id, Customer.name, Customer.description):limit(LOAD)) do n = n + 1 end
  assert(n == LOAD) s:close()
end
function cases.tuples()
  local n = 0
  with(engine:connect(), function(conn) for row in conn:execute(select(Customer.__table__):limit(LOAD)) do n = n + 1 end end)
  assert(n == LOAD)
end
function cases.short_selects()
  local s = Session(engine)
  for i = 1, BULK / 10 do s:scalars(select(Customer):where(Customer.id == i)):one() end
  s:close()
end
function cases.family()
  local s, list = Session(engine), {}
  for i = 1, BULK / 10 do
    local kids = {}
    for k = 1, 10 do kids[k] = Child{name = "c" .. k} end
    list[i] = Parent{name = "p" .. i, children = kids}
  end
  s:add_all(list) s:commit() s:close()
end
local function load(option)
  local s, n = Session(engine), 0
  for p in s:scalars(select(Parent):options(option)):unique() do n = n + #p.children end
  assert(n == BULK) s:close()
end
function cases.joined() load(joinedload(Parent.children)) end
function cases.selectin() load(selectinload(Parent.children)) end
function cases.subquery() load(subqueryload(Parent.children)) end
function cases.lazy() load(lazyload(Parent.children)) end
`

const suitePython = `
import sys, time, json
from sqlalchemy import *
from sqlalchemy.orm import *
FILE, BULK, LOAD = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
Base = declarative_base()
class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True); name = Column(String(255)); description = Column(String(255))
class Parent(Base):
    __tablename__ = "parent"
    id = Column(Integer, primary_key=True); name = Column(String(20)); children = relationship("Child")
class Child(Base):
    __tablename__ = "child"
    id = Column(Integer, primary_key=True); name = Column(String(20)); parent_id = Column(ForeignKey("parent.id"), index=True)
engine = create_engine("sqlite:///" + FILE)
Base.metadata.create_all(engine)
def bulk_objects():
    with Session(engine) as s:
        s.add_all([Customer(name="customer name %d" % i, description="customer description %d" % i) for i in range(BULK)]); s.commit()
def bulk_mappings():
    with Session(engine) as s:
        s.execute(insert(Customer), [dict(name="customer name %d" % i, description="customer description %d" % i) for i in range(BULK)]); s.commit()
def core_executemany():
    with engine.begin() as conn:
        conn.execute(Customer.__table__.insert(), [dict(name="customer name %d" % i, description="customer description %d" % i) for i in range(BULK)])
def single_flushes():
    with Session(engine) as s:
        for i in range(BULK // 10):
            s.add(Customer(name="customer name %d" % i, description="customer description %d" % i)); s.flush()
        s.commit()
def full_objects():
    with Session(engine) as s:
        assert sum(1 for c in s.scalars(select(Customer).limit(LOAD))) == LOAD
def columns():
    with Session(engine) as s:
        assert sum(1 for row in s.execute(select(Customer.id, Customer.name, Customer.description).limit(LOAD))) == LOAD
def tuples():
    with engine.connect() as conn:
        assert sum(1 for row in conn.execute(select(Customer.__table__).limit(LOAD))) == LOAD
def short_selects():
    with Session(engine) as s:
        for i in range(1, BULK // 10 + 1):
            s.scalars(select(Customer).where(Customer.id == i)).one()
def family():
    with Session(engine) as s:
        s.add_all([Parent(name="p%d" % i, children=[Child(name="c%d" % k) for k in range(10)]) for i in range(BULK // 10)]); s.commit()
def load(option):
    with Session(engine) as s:
        assert sum(len(p.children) for p in s.scalars(select(Parent).options(option)).unique()) == BULK
joined = lambda: load(joinedload(Parent.children))
selectin = lambda: load(selectinload(Parent.children))
subquery = lambda: load(subqueryload(Parent.children))
lazy = lambda: load(lazyload(Parent.children))
for line in sys.stdin:
    start = time.process_time()
    globals()[line.strip()]()
    print(time.process_time() - start, flush=True)
`

// suiteCases are in the order in which they run: the later ones read what the
// earlier ones have written.
var suiteCases = []string{"bulk_objects", "bulk_mappings", "core_executemany", "single_flushes", "full_objects", "columns", "tuples", "short_selects",
	"family", "joined", "selectin", "subquery", "lazy"}

// TestSuiteBesideSQLAlchemy runs each case once in Lua and once in SQLAlchemy, one
// after the other, and shows the CPU time of both; it takes minutes. It runs only
// with a Python in $ALCHEMYSH_SQLALCHEMY that has SQLAlchemy.
func TestSuiteBesideSQLAlchemy(t *testing.T) {
	python := os.Getenv("ALCHEMYSH_SQLALCHEMY")
	if python == "" {
		t.Skip("$ALCHEMYSH_SQLALCHEMY names no Python that has SQLAlchemy")
	}
	bulk := 100_000 // objects; SQLAlchemy's size
	if n, err := strconv.Atoi(os.Getenv("ALCHEMYSH_SUITE_OBJECTS")); err == nil {
		bulk = n
	}
	load := 3 * bulk
	dir := t.TempDir()
	cmd := exec.Command(python, "-W", "ignore", "-c", suitePython, filepath.Join(dir, "theirs.db"), fmt.Sprint(bulk), fmt.Sprint(load))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs := json.NewDecoder(pipe) // a number a line
	s := luabind.New(luabind.Options{})
	defer s.Close()
	run := func(text string) {
		t.Helper()
		if _, err := s.Eval(ctx, luabind.Chunk{Name: "suite", Text: text, Script: true}); err != nil {
			t.Fatal(err)
		}
	}
	run(fmt.Sprintf("FILE, BULK, LOAD = %q, %d, %d\n%s", filepath.ToSlash(filepath.Join(dir, "ours.db")), bulk, load, suiteLua))
	t.Log("CPU time: through Lua, SQLAlchemy, theirs / ours")
	for _, name := range suiteCases {
		runtime.GC()
		start := cpu()
		run("cases." + name + "()")
		ours := cpu() - start
		fmt.Fprintln(in, name)
		var seconds float64
		if err := theirs.Decode(&seconds); err != nil {
			t.Fatal(name, err, stderr.String())
		}
		t.Logf("%-17s %8.2f s  %8.2f s  %6.1f", name, ours.Seconds(), seconds, seconds/ours.Seconds())
	}
	_ = in.Close()
	_ = cmd.Wait()
}
