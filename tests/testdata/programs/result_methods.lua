-- Results, rows and mappings, method by method.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
function py_isin(x, xs) for y in xs do if rawequal(x, y) or x == y then return true end end return false end
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine("sqlite://")
c = engine:connect()
t = Table("t", MetaData(), Column("id", Integer, {primary_key = true}), Column("name", String), Column("v", Integer))
local _ = t:create(c)
r = c:execute(t:insert():values{name = "a", v = 1})
print(r.inserted_primary_key, r.lastrowid, r.rowcount, r.is_insert, r.returns_rows, r.closed, r.inserted_primary_key_rows, r:lastrow_has_defaults(), r:prefetch_cols(), r:postfetch_cols())
r = c:execute(t:insert(), {{name = "b", v = 2}, {name = "c", v = 3}})
print(r.rowcount, r.is_insert)
local ok_1, err_1 = pcall(function()
  print(r.inserted_primary_key)
end)
if not ok_1 then
  if err_1:is(InvalidRequestError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
r = c:execute(t:insert():returning(t.c.id, {sort_by_parameter_order = true}), {{name = "d", v = 4}, {name = "e", v = 5}})
print(r:scalars():all())
r = c:execute(t:update():where(t.c.v > 3):values{v = 0})
print(r.rowcount, py_when(hasattr(r, "last_updated_params"), function() return r:last_updated_params() end, function() return "" end), r:supports_sane_rowcount())
r = c:execute(select(t):order_by(t.c.id))
print(r:keys(), list(r:keys()), r.returns_rows, r.closed, py_isin("name", r:keys()))
row = r:first()
print(row, row.id, row.name, row.v, py_when(hasattr(row, "_tuple"), function() return row:_tuple() end, function() return row end), py_when(hasattr(row, "t"), function() return row.t end, function() return "" end), r.closed, hasattr(row, "zip"))
print(row._mapping["name"], row._mapping[t.c.v], py_isin("v", row._mapping), list(row._mapping:keys()), list(row._mapping:values()), "")
local ok_2, err_2 = pcall(function()
  row.id = 5
end)
if not ok_2 then
  if err_2:is(AttributeError) then
    local e = err_2
  print("AttributeError")
  else
    error(err_2, 0)
  end
end
local ok_3, err_3 = pcall(function()
  local _ = row[11]
end)
if not ok_3 then
  if err_3:is(IndexError) then
    local e = err_3
  print("IndexError")
  else
    error(err_3, 0)
  end
end
r = c:execute(select(t.c.id, t.c.v):order_by(t.c.id))
print(r:columns("v"):fetchmany(2), r:fetchone(), "", r:all())
r = c:execute(select(t.c.v):order_by(t.c.v))
print(r:unique():all(), "")
r = c:execute(select(t.c.id, t.c.name))
print(r:scalars("name"):all(), c:execute(select(t)):scalars(3):first(), c:execute(select(t)):mappings():fetchmany(1), c:execute(select(t.c.id)):scalars():fetchmany(2), "", c:execute(select(t.c.name):where(t.c.id == 1)):scalars():one())
print(c:execute(select(t):where(t.c.id == 1)):mappings():one(), c:execute(select(t.c.id, t.c.name)):tuples():first(), c:execute(select(t.c.id):where(t.c.id == (-1))):first(), c:execute(select(t):where(t.c.id == (-1))):mappings():all(), c:execute(select(t):where(t.c.id == (-1))):fetchall())
for row in c:execute(select(t.c.id:label("a"), t.c.name:label("b")):limit(2)) do
  a, b = unpack(row)
  print(a, b, row.a, row.b, row[1], row[2])
end
r = c:execute(select(t.c.id, t.c.id, t.c.name:label("id")):limit(1))
print(r:keys(), r:all())
r = c:execute(text("select id, name as \"weird name\", v+1 from t limit 1"))
print(r:keys(), r:first()._mapping["weird name"])
r = c:execute(text("select id, name from t order by id"):columns(t.c.id, t.c.name))
print(r:first()._mapping[t.c.name])
r = c:execute(text("select 1"))
r:close()
local ok_4, err_4 = pcall(function()
  r:fetchall()
end)
if not ok_4 then
  if err_4:is(ResourceClosedError) then
    local e = err_4
  print(py_err(e))
  else
    error(err_4, 0)
  end
end
print(c:execute(t:delete():where(t.c.id < 3)).rowcount, c:execute(t:delete():returning(t.c.id)):scalars():all(), c:scalar(select(func.count()):select_from(t)))
s = c:execute(select(literal(1):label("x"), literal(2):label("y")))
m = s:mappings()
print(m:keys(), m:first())
res = c:execution_options{stream_results = true}:execute(text("select 1 union select 2 union select 3"))
print(res:yield_per(2):fetchone(), (function() local out_ = {} for x in res:scalars() do  out_[#out_ + 1] = x end return out_ end)())
