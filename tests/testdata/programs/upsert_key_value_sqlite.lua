-- INSERT … ON CONFLICT in its forms.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine("sqlite://", {echo = true})
m = MetaData()
t = Table("kv", m, Column("k", String, {primary_key = true}), Column("v", Integer), Column("n", Integer, {default = 1}), Column("changed", Integer, {onupdate = 99}))
m:create_all(engine)
with(engine:begin(), function(conn)
  conn:execute(sqlite.insert(t):values({{k = "a", v = 1}, {k = "b", v = 2}}))
  st = sqlite.insert(t):values{k = "a", v = 10}
  st = st:on_conflict_do_update{index_elements = {"k"}, set_ = {v = st.excluded.v, n = t.c.n + 1}}
  conn:execute(st)
  print(conn:execute(select(t):order_by(t.c.k)):all())
  conn:execute(sqlite.insert(t):values{k = "a", v = 5}:on_conflict_do_nothing())
  conn:execute(sqlite.insert(t):values{k = "b", v = 7}:on_conflict_do_nothing{index_elements = {t.c.k}})
  st = sqlite.insert(t)
  st = st:on_conflict_do_update{index_elements = {t.c.k}, set_ = {v = st.excluded.v}, where = st.excluded.v > t.c.v}:returning(t.c.k, t.c.v)
  print(conn:execute(st, {{k = "a", v = 3}, {k = "b", v = 30}, {k = "c", v = 1}}):all())
  print(conn:execute(select(t):order_by(t.c.k)):all())
  print(st)
  st2 = sqlite.insert(t):values{k = "z", v = 0}
  print(st2:on_conflict_do_update{index_elements = {"k"}, set_ = st2.excluded})
  print(st2:on_conflict_do_update{index_elements = {"k"}, index_where = t.c.v > 3, set_ = {v = 4}})
end)
local ok_1, err_1 = pcall(function()
  sqlite.insert(t):on_conflict_do_update{index_elements = {"k"}, set_ = {}}
end)
if not ok_1 then
  if err_1:is(ValueError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
print(t:insert():prefix_with("OR REPLACE"):values{k = "1"}, insert(t):values{k = "x"}:returning(t))
