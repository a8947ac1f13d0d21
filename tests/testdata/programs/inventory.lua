-- Stock movements in Core, an exception of one's own.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
m = MetaData()
product = Table("product", m, Column("id", Integer, {primary_key = true}), Column("sku", String(12), {unique = true, nullable = false}), Column("price", Numeric(8, 2), {nullable = false}), Column("stock", Integer, {nullable = false, default = 0}))
movement = Table("movement", m, Column("id", Integer, {primary_key = true}), Column("product_id", ForeignKey("product.id"), {nullable = false}), Column("delta", Integer, {nullable = false}), Column("reason", Enum("buy", "sell", "loss", {name = "reason"}), {nullable = false}))
engine = create_engine(DBURL)
m:create_all(engine)
engine.echo = true
OutOfStock = class("OutOfStock", Exception, {})
move = function(conn, sku, delta, reason)
  local pid, stock
  pid, stock = unpack(conn:execute(select(product.c.id, product.c.stock):where(product.c.sku == sku):with_for_update()):one())
  if (stock + delta) < 0 then
    error(OutOfStock(string.format("only %d of %s", stock, tostring(sku))))
  end
  conn:execute(insert(movement):values{product_id = pid, delta = delta, reason = reason})
  conn:execute(update(product):where(product.c.id == pid):values{stock = product.c.stock + delta})
end
with(engine:begin(), function(conn)
  conn:execute(insert(product), {{sku = "mug", price = "4.50"}, {sku = "tee", price = "19.90"}})
  move(conn, "mug", 10, "buy")
  move(conn, "tee", 3, "buy")
end)
for sku, delta in {{"mug", -4}, {"tee", -5}, {"tee", -1}} do
  local ok_1, err_1 = pcall(function()
    with(engine:begin(), function(conn)
      move(conn, sku, delta, "sell")
    end)
  end)
  if not ok_1 then
    if err_1:is(OutOfStock) then
      local e = err_1
    print(py_err(e))
    else
      error(err_1, 0)
    end
  end
end
local ok_2, err_2 = pcall(function()
  with(engine:begin(), function(conn)
    move(conn, "hat", 1, "buy")
  end)
end)
if not ok_2 then
  if err_2:is(NoResultFound) then
    local e = err_2
  print(py_err(e))
  else
    error(err_2, 0)
  end
end
with(engine:connect(), function(conn)
  total = select(func.sum(product.c.price * product.c.stock):label("value"), func.count():label("n"))
  print(conn:execute(total):one())
  hist = select(product.c.sku, movement.c.delta, func.sum(movement.c.delta):over{partition_by = product.c.id, order_by = movement.c.id}:label("running")):join(movement):order_by(product.c.sku, movement.c.id)
  for row in conn:execute(hist) do
    print(row.sku, row.delta, row.running)
  end
  sums = select(movement.c.product_id, func.sum(movement.c.delta):label("s")):group_by(movement.c.product_id):cte("sums")
  print(conn:execute(select(product.c.sku):join(sums, sums.c.product_id == product.c.id):where(sums.c.s ~= product.c.stock)):all())
  print(conn:execute(select(product.c.sku, case({product.c.stock > 5, "plenty"}, {product.c.stock > 0, "few"}, {else_ = "none"})):order_by(product.c.sku)):all())
  print(conn:execute(select(func.max(product.c.price), func.min(product.c.price), func.round(func.avg(product.c.stock), 1))):one())
end)
