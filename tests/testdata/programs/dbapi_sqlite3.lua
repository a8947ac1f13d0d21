-- The layer below: the module sqlite3.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
db = sqlite3.connect(":memory:")
cur = db:cursor()
cur:execute("create table t (id integer primary key, name text, val real, data blob)")
print(cur.description, cur.rowcount, cur.lastrowid)
cur:execute("insert into t (name, val) values (?, ?)", {"a", 1.5})
print(cur.lastrowid, cur.rowcount)
cur:executemany("insert into t (name, val) values (?, ?)", {{"b", 2}, {"c", null}})
print(cur.rowcount)
cur:execute("insert into t (name) values (:name)", {name = "named"})
cur:execute("select id, name, val from t order by id")
print((function() local out_ = {} for d in cur.description do  out_[#out_ + 1] = d[1] end return out_ end)(), cur:fetchone(), cur:fetchmany(2), cur:fetchall(), cur:fetchone())
for row in cur:execute("select name, val from t where val is not null") do
  print(row, row[1])
end
local ok_1, err_1 = pcall(function()
  cur:execute("insert into t (id) values (1)")
end)
if not ok_1 then
  if err_1:is(sqlite3.IntegrityError) then
    local e = err_1
  print(e.__class__.__name__)
  else
    error(err_1, 0)
  end
end
local ok_2, err_2 = pcall(function()
  cur:execute("selekt 1")
end)
if not ok_2 then
  if err_2:is(sqlite3.OperationalError) then
    local e = err_2
  print(e.__class__.__name__)
  else
    error(err_2, 0)
  end
end
local ok_3, err_3 = pcall(function()
  cur:execute("select ?", {1, 2})
end)
if not ok_3 then
  if err_3:is(sqlite3.ProgrammingError) then
    local e = err_3
  print(e.__class__.__name__)
  else
    error(err_3, 0)
  end
end
db:rollback()
print(cur:execute("select count(*) from t"):fetchone())
print(sqlite3.paramstyle, sqlite3.apilevel, sqlite3.threadsafety)
cur:execute("insert into t (name) values ('kept')")
db:commit()
print(db.in_transaction, "")
cur:close()
db:close()
local ok_4, err_4 = pcall(function()
  db:cursor()
end)
if not ok_4 then
  if err_4:is(sqlite3.ProgrammingError) then
    local e = err_4
  print("closed")
  else
    error(err_4, 0)
  end
end
