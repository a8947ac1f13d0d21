-- Defaults of all kinds, correlated updates, INSERT … SELECT.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key = true}), Column("name", String(20), {default = "anon"}), Column("n", Integer, {default = function() return 7 end}), Column("m", Integer, {onupdate = 9}), Column("s", String(10), {server_default = "srv"}))
t2 = Table("t2", m, Column("id", Integer, {primary_key = true}), Column("t_id", ForeignKey("t.id")), Column("v", Integer))
engine = create_engine(DBURL)
m:create_all(engine)
engine.echo = true
ctx_default = function(context)
  return context:get_current_parameters()["name"] .. "!"
end
local _ = py_when(false, function() return t:append_column(Column("c", String(20))) end, function() return nil end)
with(engine:begin(), function(conn)
  r = conn:execute(insert(t))
  print(r.inserted_primary_key, r:last_inserted_params())
  r = conn:execute(insert(t):values{name = "x", n = nil})
  print(py_when(false, function() return r:prefetch_cols() end, function() return py_when(engine.dialect.name ~= "postgresql", function() return r.lastrowid end, function() return "-" end) end))
  conn:execute(insert(t), {{name = "a"}, {name = "b"}, {name = "c"}})
  conn:execute(insert(t):values({{name = "m1", n = 1}, {name = "m2", n = 2}}))
  print(conn:execute(select(t.c.name, t.c.n, t.c.m, t.c.s):order_by(t.c.id)):all())
  print(conn:execute(update(t):where(t.c.name:in_({"a", "b"})):values{n = t.c.n * 2}).rowcount)
  print(conn:execute(update(t):where(t.c.name == bindparam("b_name")):values{n = bindparam("b_n")}, {{b_name = "a", b_n = 1}, {b_name = "b", b_n = 2}}).rowcount)
  conn:execute(insert(t2), {{t_id = 3, v = 10}, {t_id = 4, v = 20}})
  sub = select(func.max(t2.c.v)):where(t2.c.t_id == t.c.id):scalar_subquery()
  conn:execute(update(t):values{n = func.coalesce(sub, -1)})
  conn:execute(update(t):values({[t.c.name] = t.c.name .. "?", m = case({t.c.n > 0, 1}, {else_ = 0})}))
  print(conn:execute(select(t.c.name, t.c.n, t.c.m):order_by(t.c.id)):all())
  conn:execute(insert(t2):from_select({"t_id", "v"}, select(t.c.id, t.c.n):where(t.c.n < 0)))
  print(conn:execute(select(func.count()):select_from(t2)):scalar())
  print(conn:execute(delete(t2):where(t2.c.t_id:in_(select(t.c.id):where(t.c.name:like("m%"))))).rowcount)
  print(conn:execute(delete(t2):where(exists():where(t.c.id == t2.c.t_id):where(t.c.n == 20))).rowcount)
  print(conn:execute(select(t2.c.v):order_by(t2.c.v:desc(), t2.c.id)):scalars():all())
  print(py_when(false, function() return update(t):ordered_values({t.c.n, 5}, {t.c.name, t.c.n}) end, function() return update(t):values{n = 5} end))
  print(insert(t):values{name = func.lower("X"), n = select(func.max(t2.c.v)):scalar_subquery()})
  print(delete(t))
end)
