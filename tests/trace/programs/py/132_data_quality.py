# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL)
m = MetaData()
cust = Table("cust", m, Column("id", Integer, primary_key=True), Column("email", String(50)), Column("age", Integer), Column("country", String(2)))
ordr = Table("ordr", m, Column("id", Integer, primary_key=True), Column("cust_id", Integer), Column("total", Float))
m.create_all(engine)
with engine.begin() as c:
    c.execute(cust.insert(), [dict(email="a@x", age=20, country="DE"), dict(email="a@x", age=None, country="de"), dict(email=None, age=-3, country="FR"), dict(email="bad", age=200, country=None)])
    c.execute(ordr.insert(), [dict(cust_id=1, total=10.5), dict(cust_id=99, total=3), dict(cust_id=2, total=None)])
checks = [
    ("null emails", select(func.count()).select_from(cust).where(cust.c.email.is_(None))),
    ("dup emails", select(func.count()).select_from(select(cust.c.email).group_by(cust.c.email).having(func.count() > 1, cust.c.email.is_not(None)).subquery())),
    ("bad ages", select(func.count(cust.c.id)).where(or_(cust.c.age < 0, cust.c.age > 150))),
    ("orphans", select(func.count(ordr.c.id)).where(~exists().where(cust.c.id == ordr.c.cust_id))),
    ("no at", select(func.count()).where(cust.c.email.not_like("%@%"))),
    ("bad country", select(func.count()).select_from(cust).where(or_(cust.c.country == None, func.upper(cust.c.country) != cust.c.country)))]
with engine.connect() as c:
    for name, q in checks:
        print("%-12s %d" % (name, c.execute(q).scalar_one()))
    prof = []
    for col in cust.c:
        total, nn, dist = c.execute(select(func.count(), func.count(col), func.count(distinct(col)))).one()
        print(col.name, str(col.type), total, nn, dist)
    print(c.execute(select(cust.c.country, func.count().label("n"), func.coalesce(func.avg(cust.c.age), 0) > 0).group_by(cust.c.country).order_by(func.count().desc(), cust.c.country.is_(None), cust.c.country)).all() if engine.dialect.name == "sqlite" else "")
    print(c.execute(select(func.sum(ordr.c.total), func.max(ordr.c.total), func.count(ordr.c.total))).one())
    lo = ordr.outerjoin(cust, cust.c.id == ordr.c.cust_id)
    print(c.execute(select(ordr.c.id, cust.c.email).select_from(lo).order_by(ordr.c.id)).all())
    print(c.execute(select(cust.c.id).except_(select(ordr.c.cust_id)).order_by("id")).scalars().all())
    print(c.execute(select(cust.c.id, ordr.c.id.label("oid")).join(ordr, cust.c.id == ordr.c.cust_id, full=False).order_by(ordr.c.id)).mappings().all())
