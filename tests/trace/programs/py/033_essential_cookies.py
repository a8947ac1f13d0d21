# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.exc import IntegrityError
metadata = MetaData()
cookies = Table("cookies", metadata,
    Column("cookie_id", Integer(), primary_key=True),
    Column("cookie_name", String(50), index=True),
    Column("cookie_recipe_url", String(255)),
    Column("cookie_sku", String(55)),
    Column("quantity", Integer()),
    Column("unit_cost", Numeric(12, 2)),
    CheckConstraint("quantity >= 0", name="quantity_positive"))
users = Table("users", metadata,
    Column("user_id", Integer(), primary_key=True),
    Column("customer_number", Integer(), autoincrement=True),
    Column("username", String(15), nullable=False, unique=True),
    Column("phone", String(20), nullable=False))
orders = Table("orders", metadata,
    Column("order_id", Integer(), primary_key=True),
    Column("user_id", ForeignKey("users.user_id")),
    Column("shipped", Boolean(), default=False))
line_items = Table("line_items", metadata,
    Column("line_items_id", Integer(), primary_key=True),
    Column("order_id", ForeignKey("orders.order_id")),
    Column("cookie_id", ForeignKey("cookies.cookie_id")),
    Column("quantity", Integer()),
    Column("extended_cost", Numeric(12, 2)))
engine = create_engine(DBURL)
metadata.create_all(engine)
engine.echo = True
connection = engine.connect()
ins = cookies.insert().values(cookie_name="chocolate chip", cookie_recipe_url="http://some.aweso.me/cookie/recipe.html", cookie_sku="CC01", quantity="12", unit_cost="0.50")
print(str(ins))
print(ins.compile().params)
result = connection.execute(ins)
print(result.inserted_primary_key)
inventory_list = [
    {"cookie_name": "peanut butter", "cookie_recipe_url": "http://some.aweso.me/cookie/peanut.html", "cookie_sku": "PB01", "quantity": "24", "unit_cost": "0.25"},
    {"cookie_name": "oatmeal raisin", "cookie_recipe_url": "http://some.okay.me/cookie/raisin.html", "cookie_sku": "EWW01", "quantity": "100", "unit_cost": "1.00"}]
result = connection.execute(cookies.insert(), inventory_list)
rp = connection.execute(cookies.select())
print(rp.fetchall())
s = select(cookies.c.cookie_name, cookies.c.quantity).order_by(desc(cookies.c.quantity)).limit(2)
rp = connection.execute(s)
print(rp.keys())
for c in rp:
    print("%s - %s" % (c.quantity, c.cookie_name))
print(connection.execute(select(func.count(cookies.c.cookie_name).label("inventory_count"))).first().inventory_count)
for cookie in connection.execute(select(cookies.c.cookie_name).where(cookies.c.cookie_name.like("%chocolate%"))):
    print(cookie.cookie_name)
s = select(cookies.c.cookie_name, cast((cookies.c.quantity * cookies.c.unit_cost), Numeric(12, 2)).label("inv_cost"))
for row in connection.execute(s):
    print("{} - {}".format(row.cookie_name, row.inv_cost))
u = update(cookies).where(cookies.c.cookie_name == "chocolate chip").values(quantity=(cookies.c.quantity + 120))
print(connection.execute(u).rowcount)
connection.execute(users.insert(), [{"username": "cookiemon", "phone": "111"}, {"username": "cakeeater", "phone": "222"}])
connection.execute(insert(orders).values(user_id=1, order_id=1))
connection.execute(insert(line_items), [{"order_id": 1, "cookie_id": 1, "quantity": 2, "extended_cost": 1.00}, {"order_id": 1, "cookie_id": 3, "quantity": 12, "extended_cost": 3.00}])
columns = [orders.c.order_id, users.c.username, users.c.phone, cookies.c.cookie_name, line_items.c.quantity, line_items.c.extended_cost]
cookiemon_orders = select(*columns).select_from(orders.join(users).join(line_items).join(cookies)).where(users.c.username == "cookiemon")
for row in connection.execute(cookiemon_orders):
    print(row)
all_orders = select(users.c.username, func.count(orders.c.order_id)).select_from(users.outerjoin(orders)).group_by(users.c.username).order_by(users.c.username)
print(connection.execute(all_orders).all())
connection.commit()
try:
    connection.execute(insert(users).values(username="cookiemon", phone="1"))
except IntegrityError as error:
    print("taken")
connection.rollback()
print(connection.execute(delete(cookies).where(cookies.c.cookie_name == "dark")).rowcount)
print(connection.execute(text("select count(*) from orders")).scalar())
connection.close()
