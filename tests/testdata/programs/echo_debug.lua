-- Echo = "debug", elided parameters, hide_parameters.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine(DBURL, {echo = "debug"})
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key = true}), Column("v", String(10)), Column("x", Float))
m:create_all(engine)
with(engine:connect(), function(c)
  c:execute(t:insert(), (function() local out_ = {} for i = 0, 14 do  out_[#out_ + 1] = {v = tostring(i), x = i / 4} end return out_ end)())
  c:execute(t:insert():values{v = "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"})
  c:execute(text("select :a, :b"), {a = 1, b = "two"}):all()
  c:execute(select(t.c.id):limit(2)):all()
  sp = c:begin_nested()
  c:execute(t:delete())
  sp:rollback()
  c:exec_driver_sql("select ?", {5}):all()
  c:execute(t:insert():returning(t.c.id), {{v = "a"}, {v = "b"}}):all()
  c:commit()
end)
e2 = create_engine(DBURL, {echo = true, hide_parameters = true})
with(e2:connect(), function(c)
  c:execute(text("select :a"), {a = "secret"})
  local ok_1, err_1 = pcall(function()
    c:execute(text("select :a from nope"), {a = "secret"})
  end)
  if not ok_1 then
    do
      local e = err_1
    print(py_err(e))
    end
  end
end)
e3 = py_when(false, function() return create_engine(DBURL, {logging_name = "named", echo = true}) end, function() return create_engine(DBURL) end)
with(e3:connect(), function(c)
  print(c:scalar(text("select 1")))
  e3.echo = true
  print(c:scalar(text("select 2")))
end)
with(e3:connect(), function(c)
  c:execute(select(literal(1)))
  c:execute(select(literal(2)))
  c:execute(select(literal(1)):execution_options{compiled_cache = nil})
  local _ = py_when(false, function() return c:execute(t:select()) end, function() return nil end)
end)
