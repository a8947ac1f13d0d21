# db: sqlite postgresql mysql
from sqlalchemy import *
src = create_engine("sqlite://")
dst = create_engine(DBURL)
m = MetaData()
raw = Table("raw", m, Column("id", Integer, primary_key=True), Column("line", String(100)))
m2 = MetaData()
fact = Table("fact", m2, Column("id", Integer, primary_key=True), Column("city", String(20), nullable=False), Column("temp", Integer), Column("bad", Boolean, nullable=False, server_default=false()))
m.create_all(src)
m2.create_all(dst)
with src.begin() as c:
    c.execute(raw.insert(), [{"line": x} for x in ["oslo,5", "rome,20", "bonn,x", "oslo,7"]])
dst.echo = True
batch = []
with src.connect() as a, dst.begin() as b:
    for rid, line in a.execute(select(raw).order_by(raw.c.id)):
        city, temp = line.split(",")
        batch.append({"city": city, "temp": None if temp == "x" else int(temp)})
        if len(batch) == 2:
            b.execute(fact.insert(), batch)
            batch = []
    if len(batch) > 0:
        b.execute(fact.insert(), batch)
    b.execute(fact.update().where(fact.c.temp.is_(None)).values(bad=True))
    print(b.execute(select(fact.c.city, func.count(), func.avg(fact.c.temp)).where(~fact.c.bad).group_by(fact.c.city).order_by(fact.c.city)).all())
with dst.begin() as b:
    agg = select(fact.c.city, func.sum(fact.c.temp).label("s")).group_by(fact.c.city).cte("agg")
    print(b.execute(select(agg).where(agg.c.s > 10).order_by(agg.c.city)).all())
    dup = select(func.min(fact.c.id).label("id")).group_by(fact.c.city).subquery()
    print(b.execute(select(fact.c.id).where(fact.c.id.not_in(select(dup.c.id)))).scalars().all())
    t2 = fact.alias()
    print(b.execute(select(fact.c.id, t2.c.id).where(fact.c.city == t2.c.city, fact.c.id < t2.c.id)).all())
    b.execute(delete(fact).where(fact.c.city == bindparam("gone")), [{"gone": "bonn"}, {"gone": "nowhere"}])
    print(b.execute(select(func.count()).select_from(fact)).scalar_one())
    try:
        b.execute(fact.insert().values(temp=1))
    except Exception as e:
        print(type(e).__name__ if False else "not null")
