-- Core from the first INSERT to joins and aggregates.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
metadata = MetaData()
cookies = Table("cookies", metadata, Column("cookie_id", Integer(), {primary_key = true}), Column("cookie_name", String(50), {index = true}), Column("cookie_recipe_url", String(255)), Column("cookie_sku", String(55)), Column("quantity", Integer()), Column("unit_cost", Numeric(12, 2)), CheckConstraint("quantity >= 0", {name = "quantity_positive"}))
users = Table("users", metadata, Column("user_id", Integer(), {primary_key = true}), Column("customer_number", Integer(), {autoincrement = true}), Column("username", String(15), {nullable = false, unique = true}), Column("phone", String(20), {nullable = false}))
orders = Table("orders", metadata, Column("order_id", Integer(), {primary_key = true}), Column("user_id", ForeignKey("users.user_id")), Column("shipped", Boolean(), {default = false}))
line_items = Table("line_items", metadata, Column("line_items_id", Integer(), {primary_key = true}), Column("order_id", ForeignKey("orders.order_id")), Column("cookie_id", ForeignKey("cookies.cookie_id")), Column("quantity", Integer()), Column("extended_cost", Numeric(12, 2)))
engine = create_engine(DBURL)
metadata:create_all(engine)
engine.echo = true
connection = engine:connect()
ins = cookies:insert():values{cookie_name = "chocolate chip", cookie_recipe_url = "http://some.aweso.me/cookie/recipe.html", cookie_sku = "CC01", quantity = "12", unit_cost = "0.50"}
print(tostring(ins))
print(ins:compile().params)
result = connection:execute(ins)
print(result.inserted_primary_key)
inventory_list = {{cookie_name = "peanut butter", cookie_recipe_url = "http://some.aweso.me/cookie/peanut.html", cookie_sku = "PB01", quantity = "24", unit_cost = "0.25"}, {cookie_name = "oatmeal raisin", cookie_recipe_url = "http://some.okay.me/cookie/raisin.html", cookie_sku = "EWW01", quantity = "100", unit_cost = "1.00"}}
result = connection:execute(cookies:insert(), inventory_list)
rp = connection:execute(cookies:select())
print(rp:fetchall())
s = select(cookies.c.cookie_name, cookies.c.quantity):order_by(desc(cookies.c.quantity)):limit(2)
rp = connection:execute(s)
print(rp:keys())
for c in rp do
  print(string.format("%s - %s", tostring(c.quantity), tostring(c.cookie_name)))
end
print(connection:execute(select(func.count(cookies.c.cookie_name):label("inventory_count"))):first().inventory_count)
for cookie in connection:execute(select(cookies.c.cookie_name):where(cookies.c.cookie_name:like("%chocolate%"))) do
  print(cookie.cookie_name)
end
s = select(cookies.c.cookie_name, cast(cookies.c.quantity * cookies.c.unit_cost, Numeric(12, 2)):label("inv_cost"))
for row in connection:execute(s) do
  print((tostring(row.cookie_name) .. " - " .. tostring(row.inv_cost)))
end
u = update(cookies):where(cookies.c.cookie_name == "chocolate chip"):values{quantity = cookies.c.quantity + 120}
print(connection:execute(u).rowcount)
connection:execute(users:insert(), {{username = "cookiemon", phone = "111"}, {username = "cakeeater", phone = "222"}})
connection:execute(insert(orders):values{user_id = 1, order_id = 1})
connection:execute(insert(line_items), {{order_id = 1, cookie_id = 1, quantity = 2, extended_cost = 1}, {order_id = 1, cookie_id = 3, quantity = 12, extended_cost = 3}})
columns = {orders.c.order_id, users.c.username, users.c.phone, cookies.c.cookie_name, line_items.c.quantity, line_items.c.extended_cost}
cookiemon_orders = select(unpack(columns)):select_from(orders:join(users):join(line_items):join(cookies)):where(users.c.username == "cookiemon")
for row in connection:execute(cookiemon_orders) do
  print(row)
end
all_orders = select(users.c.username, func.count(orders.c.order_id)):select_from(users:outerjoin(orders)):group_by(users.c.username):order_by(users.c.username)
print(connection:execute(all_orders):all())
connection:commit()
local ok_1, err_1 = pcall(function()
  connection:execute(insert(users):values{username = "cookiemon", phone = "1"})
end)
if not ok_1 then
  if err_1:is(IntegrityError) then
    local error = err_1
  print("taken")
  else
    error(err_1, 0)
  end
end
connection:rollback()
print(connection:execute(delete(cookies):where(cookies.c.cookie_name == "dark")).rowcount)
print(connection:execute(text("select count(*) from orders")):scalar())
connection:close()
