# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL)
m = MetaData()
sales = Table("sales", m, Column("id", Integer, primary_key=True), Column("region", String(10)), Column("month", Integer), Column("amount", Integer))
m.create_all(engine)
with engine.begin() as c:
    c.execute(sales.insert(), [{"region": r, "month": mo, "amount": a} for r, mo, a in [("n", 1, 10), ("n", 2, 20), ("n", 3, 15), ("s", 1, 7), ("s", 2, 7), ("s", 3, 30)]])
s = sales.c
with engine.connect() as c:
    run = func.sum(s.amount).over(partition_by=s.region, order_by=s.month)
    print(c.execute(select(s.region, s.month, run.label("run")).order_by(s.region, s.month)).all())
    print(c.execute(select(s.region, s.month, func.rank().over(order_by=s.amount.desc()).label("r"), func.dense_rank().over(order_by=s.amount.desc()).label("d"), func.row_number().over(order_by=[s.amount.desc(), s.id]).label("n")).order_by("n")).all())
    print(c.execute(select(s.month, func.lag(s.amount, 1, 0).over(partition_by=s.region, order_by=s.month), func.lead(s.amount).over(partition_by=s.region, order_by=s.month)).where(s.region == "n").order_by(s.month)).all())
    print(c.execute(select(s.id, func.first_value(s.amount).over(order_by=s.id, rows=(-1, 1)), func.sum(s.amount).over(order_by=s.id, rows=(None, 0)), func.ntile(2).over(order_by=s.id)).order_by(s.id)).all())
    sub = select(s.region, s.amount, func.row_number().over(partition_by=s.region, order_by=s.amount.desc()).label("rn")).subquery()
    print(c.execute(select(sub.c.region, sub.c.amount).where(sub.c.rn == 1).order_by(sub.c.region)).all())
    tot = select(s.region, func.sum(s.amount).label("total")).group_by(s.region).cte("tot")
    print(c.execute(select(s.region, s.month, func.round(100.0 * s.amount / tot.c.total)).join(tot, tot.c.region == s.region).order_by(s.region, s.month)).all())
    print(c.execute(select(s.region, func.sum(case((s.month == 1, s.amount), else_=0)).label("m1"), func.sum(case((s.month == 2, s.amount), else_=0)).label("m2")).group_by(s.region).order_by(s.region)).all())
    print(c.execute(select(func.count(s.region.distinct()), func.min(s.amount), func.max(s.amount), func.count())).one())
    print(c.execute(select(s.region, func.count().filter(s.amount > 10)).group_by(s.region).order_by(s.region)).all() if engine.dialect.name != "mysql" else "")
print(func.sum(s.amount).over(partition_by=[s.region, s.month], order_by=s.id.desc(), range_=(-5, None)), func.sum(s.amount).over(groups=(0, 3)))
