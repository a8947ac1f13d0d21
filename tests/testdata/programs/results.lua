-- Everything that a Result can do.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine(DBURL)
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key = true}), Column("name", String), Column("grp", String))
m:create_all(engine)
with(engine:begin(), function(conn)
  conn:execute(t:insert(), (function() local out_ = {} for n, g in {{"a", "x"}, {"b", "x"}, {"c", "y"}, {"d", null}} do  out_[#out_ + 1] = {name = n, grp = g} end return out_ end)())
end)
conn = engine:connect()
r = conn:execute(select(t):order_by(t.c.id))
print(r:keys(), r:first())
local ok_1, err_1 = pcall(function()
  r:fetchone()
end)
if not ok_1 then
  if err_1:is(ResourceClosedError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
r = conn:execute(select(t.c.name, t.c.grp):order_by(t.c.id))
print(r:fetchone(), r:fetchmany(2), r:fetchall(), r:fetchone())
print(conn:execute(select(t.c.name)):scalars():all())
print(conn:execute(select(t.c.id, t.c.name)):scalars(2):all())
print(conn:execute(select(t.c.grp):distinct():order_by(t.c.grp)):scalars():all())
for part in conn:execute(select(t.c.id)):partitions(3) do
  print(part)
end
print(conn:execute(select(t)):mappings():first())
for row in conn:execute(select(t):where(t.c.id < 3)):mappings() do
  print(row["name"], row[t.c.grp])
end
row = conn:execute(select(t):where(t.c.id == 4)):one()
print(row.id, row.name, row.grp, row._mapping["grp"], row._fields, row:_asdict())
print(#row, row == row)
local ok_2, err_2 = pcall(function()
  local _ = row.missing
end)
if not ok_2 then
  if err_2:is(AttributeError) then
    local e = err_2
  print("AttributeError")
  else
    error(err_2, 0)
  end
end
for q in {select(t):where(t.c.id == 99), select(t)} do
  local ok_3, err_3 = pcall(function()
    conn:execute(q):one()
  end)
  if not ok_3 then
    if err_3:is(NoResultFound) or err_3:is(MultipleResultsFound) then
      local e = err_3
    print(py_err(e))
    else
      error(err_3, 0)
    end
  end
end
print(conn:execute(select(t):where(t.c.id == 99)):one_or_none(), conn:execute(select(t.c.id):where(t.c.id == 99)):scalar(), conn:execute(select(t.c.id):where(t.c.id == 99)):scalar_one_or_none())
r = conn:execute(select(t.c.grp, t.c.name))
print(r:unique(function(row) return row.grp end):all())
r = conn:execute(select(t.c.id, t.c.name, t.c.grp))
print(r:columns(3, 1):fetchmany(2))
r:close()
print(conn:execute(select(t)):tuples():all()[1])
fr = conn:execute(select(t.c.id)):freeze()
print(fr():all(), fr():scalars():all())
m1 = conn:execute(select(t.c.id):where(t.c.id < 2))
m2 = conn:execute(select(t.c.id):where(t.c.id > 3))
print(m1:merge(m2):all())
res = conn:execute(t:update():where(t.c.grp == "x"):values{grp = "z"})
print(res.rowcount, res.returns_rows, res.is_insert)
local ok_4, err_4 = pcall(function()
  res:all()
end)
if not ok_4 then
  if err_4:is(ResourceClosedError) then
    local e = err_4
  print(py_err(e))
  else
    error(err_4, 0)
  end
end
res = conn:execute(t:insert():returning(t.c.id, t.c.name), {{name = "e"}, {name = "f"}})
print(res:all())
res = conn:execute(t:insert():values{name = "g"})
print(res.inserted_primary_key, res.inserted_primary_key.id, res.lastrowid, res.rowcount)
print(res:last_inserted_params())
with(conn:execution_options{stream_results = true, max_row_buffer = 2}:execute(select(t.c.id)), function(r)
  for row in r:yield_per(3) do
    print(row.id)
  end
end)
a, b = unpack(conn:execute(select(func.min(t.c.id), func.max(t.c.id))):one())
print(a, b)
