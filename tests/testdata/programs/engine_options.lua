-- Options of engines and connections: isolation, hidden parameters, raw connections.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine("sqlite://", {echo = true, hide_parameters = true, logging_name = "myeng", execution_options = {foo = "bar"}})
with(engine:connect(), function(c)
  print(c:execute(text("select :x"), {x = 5}):scalar(), c:get_execution_options(), engine:get_execution_options())
  local ok_1, err_1 = pcall(function()
    c:execute(text("select nope where 1 = :v"), {v = 1})
  end)
  if not ok_1 then
    if err_1:is(OperationalError) then
      local e = err_1
    print(tostring(e))
    else
      error(err_1, 0)
    end
  end
end)
e2 = create_engine("sqlite://", {isolation_level = "AUTOCOMMIT"})
with(e2:connect(), function(c)
  c:execute(text("create table t (a integer)"))
  c:execute(text("insert into t values (1)"))
  c:rollback()
  print(c:execute(text("select count(*) from t")):scalar())
end)
e3 = engine:execution_options{isolation_level = "SERIALIZABLE"}
print(e3, e3:get_execution_options(), rawequal(e3.pool, engine.pool))
with(e3:connect(), function(c)
  print(c:get_isolation_level())
end)
with(engine:connect():execution_options{isolation_level = "AUTOCOMMIT"}, function(c)
  c:execute(text("create table q (a integer)"))
  c:exec_driver_sql("insert into q values (?)", {3})
  c:exec_driver_sql("insert into q values (?)", {{4}, {5}})
  print(c:exec_driver_sql("select * from q"):all())
end)
raw = engine:raw_connection()
cur = raw:cursor()
cur:execute("select 1, 2")
print(cur:fetchall())
raw:close()
print(py_when(hasattr(engine, "has_table"), function() return engine:has_table("q") end, function() return inspect(engine):has_table("q") end))
with(engine:begin(), function(c)
  t = c:get_transaction()
  print(t.is_active, t.is_valid)
  n = c:begin_nested()
  print(n.is_active)
  n:commit()
  print(n.is_active)
end)
print(t.is_active)
local ok_2, err_2 = pcall(function()
  with(engine:begin(), function(c)
    c:execute(text("insert into q values (9)"))
    local _ = c:execute(text("oops"))
  end)
end)
if not ok_2 then
  if err_2:is(OperationalError) then
  print("rolled back")
  else
    error(err_2, 0)
  end
end
print(engine:connect():scalar(text("select count(*) from q")))
engine.echo = false
with(engine:connect(), function(c)
  c:execute(text("select 'silent'"))
end)
engine.echo = "debug"
with(engine:connect(), function(c)
  print(c:execute(text("select 1 as a, 'x' as b")):all())
end)
engine:dispose()
