# db: sqlite postgresql mysql
from sqlalchemy import *
engine = create_engine(DBURL)
m = MetaData()
sales = Table("sales", m, Column("id", Integer, primary_key=True), Column("region", String(10)), Column("month", Integer), Column("amount", Integer))
m.create_all(engine)
engine.echo = True
with engine.begin() as conn:
    conn.execute(sales.insert(), [
        {"region": "N", "month": 1, "amount": 10}, {"region": "N", "month": 2, "amount": 30}, {"region": "N", "month": 3, "amount": 20},
        {"region": "S", "month": 1, "amount": 5}, {"region": "S", "month": 2, "amount": 50}])
    w = dict(partition_by=sales.c.region, order_by=sales.c.month)
    stmt = select(sales.c.region, sales.c.month,
        func.row_number().over(partition_by=sales.c.region, order_by=sales.c.amount.desc()).label("rn"),
        func.sum(sales.c.amount).over(**w).label("running"),
        func.lag(sales.c.amount, 1).over(**w).label("prev"),
        func.avg(sales.c.amount).over(partition_by=sales.c.region, order_by=sales.c.month, rows=(-1, 0)).label("ma"),
        func.rank().over(order_by=sales.c.amount).label("r")).order_by(sales.c.region, sales.c.month)
    for row in conn.execute(stmt):
        print(row.region, row.month, row.rn, row.running, row.prev, row.r)
    ranked = select(sales, func.rank().over(order_by=desc(sales.c.amount), partition_by=sales.c.region).label("rank")).subquery("ranked")
    print(conn.execute(select(ranked.c.region, ranked.c.amount).where(ranked.c.rank == 1).order_by(ranked.c.region)).all())
    print(select(func.first_value(sales.c.amount).over(order_by=sales.c.id, range_=(None, 0))))
    print(select(func.ntile(4).over(order_by=sales.c.id, rows=(None, None))))
    print(select(func.count().filter(sales.c.amount > 10)))
    print(select(func.percentile_cont(0.5).within_group(sales.c.amount)))
    total = conn.execute(select(func.sum(sales.c.amount), func.count(distinct(sales.c.region)), func.min(sales.c.amount), func.max(sales.c.amount))).one()
    print(total)
    print(conn.execute(select(sales.c.region, func.sum(sales.c.amount).label("t")).group_by(sales.c.region).having(func.sum(sales.c.amount) > 56)).all())
    print(conn.execute(select(case((sales.c.amount >= 30, "big"), (sales.c.amount >= 10, "mid"), else_="small").label("size"), func.count().label("n")).group_by("size").order_by("size")).all())
