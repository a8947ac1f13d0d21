# db: sqlite postgresql mysql
import datetime, decimal, uuid
from sqlalchemy import *
engine = create_engine(DBURL)
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("n", Numeric(10, 2)), Column("f", Float), Column("b", Boolean), Column("d", Date), Column("dt", DateTime), Column("ti", Time),
    Column("iv", Interval), Column("j", JSON), Column("u", Uuid), Column("bin", LargeBinary(20)), Column("big", BigInteger), Column("e", Enum("x", "y", name="exy")), Column("txt", Text))
m.create_all(engine)
engine.echo = True
with engine.begin() as c:
    c.execute(t.insert().values(n=decimal.Decimal("12.50"), f=1.25, b=True, d=datetime.date(2024, 2, 29), dt=datetime.datetime(2024, 2, 29, 23, 59, 58), ti=datetime.time(7, 8, 9), iv=datetime.timedelta(days=1, seconds=5),
        j={"a": [1, 2]}, u=uuid.UUID("12345678-1234-5678-1234-567812345678"), bin=b"\x00\x01ab", big=2**53, e="y", txt="it's ünï"))
    c.execute(t.insert().values(txt=None))
    for row in c.execute(select(t).order_by(t.c.id)):
        for col in t.columns:
            print(col.name, row._mapping[col.name] if col.name != "bin" else "bytes")
    r = c.execute(select(t).where(t.c.id == 1)).one()
    print(r.n + 1, r.d.year, r.dt.isoformat(), r.iv.days, r.j["a"][1])
    print(c.execute(select(t.c.id).where(t.c.d > datetime.date(2024, 1, 1))).all())
    print(c.execute(select(t.c.id).where(t.c.n == decimal.Decimal("12.5"))).all())
    print(c.execute(select(t.c.id).where(t.c.u == uuid.UUID("12345678-1234-5678-1234-567812345678"))).all())
    print(c.execute(select(t.c.dt + datetime.timedelta(days=1)) if False else select(t.c.b, not_(t.c.b)).where(t.c.b)).all())
    print(c.execute(select(func.sum(t.c.n), func.avg(t.c.f), func.max(t.c.dt))).one())
    print(c.execute(select(t.c.n * 2, t.c.f / 2, cast(t.c.n, Integer), cast(t.c.big, String(30))).where(t.c.id == 1)).one())
