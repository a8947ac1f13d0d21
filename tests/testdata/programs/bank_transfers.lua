-- Transfers between accounts: transactions, savepoints, a check that refuses.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine(DBURL, {echo = true})
metadata = MetaData()
accounts = Table("accounts", metadata, Column("id", Integer, {primary_key = true}), Column("owner", String(50), {nullable = false, unique = true}), Column("balance", Integer, {nullable = false, default = 0}), CheckConstraint("balance >= 0", {name = "ck_balance_positive"}))
transfers = Table("transfers", metadata, Column("id", Integer, {primary_key = true}), Column("src", Integer, ForeignKey("accounts.id"), {nullable = false}), Column("dst", Integer, ForeignKey("accounts.id"), {nullable = false}), Column("amount", Integer, {nullable = false}))
metadata:create_all(engine)
with(engine:begin(), function(conn)
  conn:execute(insert(accounts), {{owner = "alice", balance = 100}, {owner = "bob", balance = 50}, {owner = "carol", balance = 0}})
end)
balance = function(conn, owner)
  return conn:execute(select(accounts.c.balance):where(accounts.c.owner == owner)):scalar_one()
end
transfer = function(conn, a, b, amount)
  local ids
  ids = {}
  for id_, owner in conn:execute(select(accounts.c.id, accounts.c.owner):where(accounts.c.owner:in_({a, b})):order_by(accounts.c.id)) do
    ids[owner] = id_
  end
  conn:execute(update(accounts):where(accounts.c.id == ids[a]):values{balance = accounts.c.balance - amount})
  conn:execute(update(accounts):where(accounts.c.id == ids[b]):values{balance = accounts.c.balance + amount})
  conn:execute(insert(transfers):values{src = ids[a], dst = ids[b], amount = amount})
end
with(engine:begin(), function(conn)
  transfer(conn, "alice", "bob", 30)
  print(balance(conn, "alice"), balance(conn, "bob"))
end)
with(engine:connect(), function(conn)
  with(conn:begin(), function()
    sp = conn:begin_nested()
    print(sp.is_active, conn:in_transaction(), conn:in_nested_transaction())
    local ok_1, err_1 = pcall(function()
      transfer(conn, "carol", "bob", 10)
    end)
    if not ok_1 then
      if err_1:is(IntegrityError) or err_1:is(OperationalError) then
        local e = err_1
      print("refused")
      sp:rollback()
      else
        error(err_1, 0)
      end
    end
    print(sp.is_active, conn:in_nested_transaction())
    with(conn:begin_nested(), function()
      transfer(conn, "bob", "carol", 5)
    end)
  end)
  print(conn:in_transaction())
  for row in conn:execute(select(accounts.c.owner, accounts.c.balance):order_by(accounts.c.owner)) do
    print(row)
  end
  conn:rollback()
  trans = conn:begin()
  conn:execute(delete(transfers))
  trans:rollback()
  print(conn:scalar(select(func.count()):select_from(transfers)))
end)
local ok_2, err_2 = pcall(function()
  with(engine:begin(), function(conn)
    transfer(conn, "alice", "bob", 5)
    error(ValueError("changed my mind"))
  end)
end)
if not ok_2 then
  if err_2:is(ValueError) then
    local e = err_2
  print(py_err(e))
  else
    error(err_2, 0)
  end
end
with(engine:connect(), function(conn)
  print(conn:execute(select(func.sum(accounts.c.balance))):scalar())
end)
