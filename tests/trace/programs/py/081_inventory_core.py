# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.exc import *
m = MetaData()
product = Table("product", m, Column("id", Integer, primary_key=True), Column("sku", String(12), unique=True, nullable=False), Column("price", Numeric(8, 2), nullable=False), Column("stock", Integer, nullable=False, default=0))
movement = Table("movement", m, Column("id", Integer, primary_key=True), Column("product_id", ForeignKey("product.id"), nullable=False), Column("delta", Integer, nullable=False), Column("reason", Enum("buy", "sell", "loss", name="reason"), nullable=False))
engine = create_engine(DBURL)
m.create_all(engine)
engine.echo = True
class OutOfStock(Exception):
    pass
def move(conn, sku, delta, reason):
    pid, stock = conn.execute(select(product.c.id, product.c.stock).where(product.c.sku == sku).with_for_update()).one()
    if stock + delta < 0:
        raise OutOfStock("only %d of %s" % (stock, sku))
    conn.execute(insert(movement).values(product_id=pid, delta=delta, reason=reason))
    conn.execute(update(product).where(product.c.id == pid).values(stock=product.c.stock + delta))
with engine.begin() as conn:
    conn.execute(insert(product), [{"sku": "mug", "price": "4.50"}, {"sku": "tee", "price": "19.90"}])
    move(conn, "mug", 10, "buy")
    move(conn, "tee", 3, "buy")
for sku, delta in [["mug", -4], ["tee", -5], ["tee", -1]]:
    try:
        with engine.begin() as conn:
            move(conn, sku, delta, "sell")
    except OutOfStock as e:
        print(err(e))
try:
    with engine.begin() as conn:
        move(conn, "hat", 1, "buy")
except NoResultFound as e:
    print(err(e))
with engine.connect() as conn:
    total = select(func.sum(product.c.price * product.c.stock).label("value"), func.count().label("n"))
    print(conn.execute(total).one())
    hist = select(product.c.sku, movement.c.delta, func.sum(movement.c.delta).over(partition_by=product.c.id, order_by=movement.c.id).label("running")).join(movement).order_by(product.c.sku, movement.c.id)
    for row in conn.execute(hist):
        print(row.sku, row.delta, row.running)
    sums = select(movement.c.product_id, func.sum(movement.c.delta).label("s")).group_by(movement.c.product_id).cte("sums")
    print(conn.execute(select(product.c.sku).join(sums, sums.c.product_id == product.c.id).where(sums.c.s != product.c.stock)).all())
    print(conn.execute(select(product.c.sku, case((product.c.stock > 5, "plenty"), (product.c.stock > 0, "few"), else_="none")).order_by(product.c.sku)).all())
    print(conn.execute(select(func.max(product.c.price), func.min(product.c.price), func.round(func.avg(product.c.stock), 1))).one())
