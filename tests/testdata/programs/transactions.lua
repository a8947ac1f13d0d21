-- Begin, commit, rollback, savepoints, AUTOCOMMIT, closed connections.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine(DBURL)
m = MetaData()
acct = Table("acct", m, Column("id", Integer, {primary_key = true}), Column("owner", String(20), {unique = true}), Column("balance", Integer, CheckConstraint("balance >= 0")))
m:create_all(engine)
engine.echo = true
with(engine:begin(), function(conn)
  conn:execute(acct:insert(), {{owner = "a", balance = 100}, {owner = "b", balance = 0}})
end)
transfer = function(conn, src, dst, amount)
  conn:execute(acct:update():where(acct.c.owner == dst):values{balance = acct.c.balance + amount})
  conn:execute(acct:update():where(acct.c.owner == src):values{balance = acct.c.balance - amount})
end
local ok_1, err_1 = pcall(function()
  with(engine:begin(), function(conn)
    transfer(conn, "a", "b", 40)
    transfer(conn, "a", "b", 400)
  end)
end)
if not ok_1 then
  if err_1:is(IntegrityError) or err_1:is(OperationalError) then
    local e = err_1
  print("refused")
  else
    error(err_1, 0)
  end
end
with(engine:connect(), function(conn)
  print(conn:execute(select(acct.c.owner, acct.c.balance):order_by(acct.c.id)):all())
  print(conn:in_transaction())
  conn:rollback()
  print(conn:in_transaction())
  with(conn:begin(), function(trans)
    transfer(conn, "a", "b", 10)
    sp = conn:begin_nested()
    transfer(conn, "a", "b", 10)
    sp:rollback()
    with(conn:begin_nested(), function()
      transfer(conn, "b", "a", 1)
    end)
  end)
  print(conn:execute(select(acct.c.owner, acct.c.balance):order_by(acct.c.id)):all())
  local ok_2, err_2 = pcall(function()
    conn:begin()
  end)
  if not ok_2 then
    if err_2:is(InvalidRequestError) then
      local e = err_2
    print(py_err(e))
    else
      error(err_2, 0)
    end
  end
end)
conn2 = engine:connect()
trans = conn2:begin()
conn2:execute(acct:delete():where(acct.c.owner == "b"))
trans:rollback()
print(trans.is_active)
conn2:close()
local ok_3, err_3 = pcall(function()
  conn2:execute(text("select 1"))
end)
if not ok_3 then
  if err_3:is(ResourceClosedError) then
    local e = err_3
  print(py_err(e))
  else
    error(err_3, 0)
  end
end
print(conn2.closed)
with(engine:connect():execution_options{isolation_level = "AUTOCOMMIT"}, function(c3)
  c3:execute(acct:update():values{balance = 5})
  print(c3:get_execution_options())
end)
with(engine:connect(), function(c)
  print(c:scalar(select(func.sum(acct.c.balance))))
end)
