# db: postgresql
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import aggregate_order_by
m = MetaData()
orders = Table("orders", m, Column("id", Integer, primary_key=True), Column("region", String(10)), Column("amount", Integer), Column("done", Boolean, default=False))
archive = Table("archive", m, Column("id", Integer, primary_key=True, autoincrement=False), Column("amount", Integer))
engine = create_engine(DBURL)
m.create_all(engine)
engine.echo = True
with engine.begin() as c:
    c.execute(orders.insert(), [{"region": r, "amount": a} for r, a in [("n", 1), ("n", 5), ("s", 9), ("w", 2)]])
    moved = delete(orders).where(orders.c.amount > 4).returning(orders.c.id, orders.c.amount).cte("moved")
    c.execute(insert(archive).from_select(["id", "amount"], select(moved)))
    print(c.execute(select(archive).order_by(archive.c.id)).all())
    up = update(orders).values(amount=orders.c.amount * 10).returning(orders.c.id, orders.c.amount).cte("up")
    print(c.execute(select(func.sum(up.c.amount))).scalar())
    print(c.execute(update(orders).where(orders.c.id == archive.c.id + 0).values(done=True)).rowcount)
    print(c.execute(insert(orders).values(region="z", amount=3).returning(orders)).one())
    regional = select(orders.c.region, func.sum(orders.c.amount).label("total")).group_by(orders.c.region).cte("regional")
    top = select(regional.c.region).where(regional.c.total > select(func.avg(regional.c.total)).scalar_subquery()).cte("top")
    print(c.execute(select(orders.c.region, orders.c.amount).where(orders.c.region.in_(select(top.c.region)))).all())
    gs = func.generate_series(1, 3).table_valued("value").render_derived()
    print(c.execute(select(gs.c.value)).scalars().all())
    print(c.execute(select(func.string_agg(orders.c.region, aggregate_order_by(literal_column("','"), orders.c.region.desc())))).scalar())
    print(c.execute(select(orders.c.region).distinct(orders.c.region).order_by(orders.c.region)).scalars().all())
    print(c.execute(select(func.count().filter(orders.c.amount > 5), func.percentile_disc(0.5).within_group(orders.c.amount))).one())
    print(c.execute(select(orders).with_for_update(skip_locked=True).limit(1)).one().id)
    print(c.execute(text("select :a::int + 1 as x").bindparams(a=1) if False else text("select cast(:a as int) + 1 as x"), {"a": 1}).one().x)
