# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL)
m = MetaData()
staging = Table("staging", m, Column("id", Integer, primary_key=True), Column("raw_name", String(50)), Column("raw_amount", String(20)), Column("loaded", Boolean, default=False))
clean = Table("clean", m, Column("id", Integer, primary_key=True), Column("name", String(50), nullable=False), Column("amount", Numeric(10, 2)))
rejects = Table("rejects", m, Column("id", Integer, primary_key=True), Column("staging_id", ForeignKey("staging.id")), Column("reason", String(100)))
m.create_all(engine)
rows = [("  Ann ", "10.50"), ("bob", "x"), ("", "5"), ("Carl", "7.25"), ("carl", "1.00")]
with engine.begin() as conn:
    r = conn.execute(insert(staging), [{"raw_name": n, "raw_amount": a} for n, a in rows])
    print(r.rowcount)
from decimal import Decimal
def parse(row):
    if func.length(row.raw_name) is None:
        return None
    if row.raw_amount == "x":
        return "bad amount"
    if row.raw_name == "":
        return "no name"
    return None
with engine.begin() as conn:
    for row in conn.execute(select(staging).where(staging.c.loaded == False).order_by(staging.c.id)).all():
        reason = parse(row)
        if reason is not None:
            conn.execute(rejects.insert().values(staging_id=row.id, reason=reason))
        else:
            conn.execute(clean.insert().values(name=func.trim(row.raw_name), amount=Decimal(row.raw_amount)))
        conn.execute(staging.update().where(staging.c.id == row.id).values(loaded=True))
with engine.connect() as conn:
    print(conn.execute(select(clean.c.name, clean.c.amount).order_by(clean.c.id)).all())
    print(conn.execute(select(rejects.c.reason, staging.c.raw_name, staging.c.raw_amount).join(staging).order_by(rejects.c.id)).all())
    print(conn.execute(select(func.lower(clean.c.name).label("n"), func.sum(clean.c.amount).label("s")).group_by(text("n")).order_by(text("n"))).all())
    print(conn.execute(select(func.count()).where(staging.c.loaded)).scalar(), conn.execute(select(func.count()).where(~staging.c.loaded)).scalar())
    print(conn.execute(select(staging.c.loaded).distinct()).all())
with engine.begin() as conn:
    print(conn.execute(clean.insert().from_select(["name", "amount"], select(staging.c.raw_name, literal(0)).where(staging.c.raw_amount == "x"))).rowcount)
    print(conn.execute(delete(clean).where(clean.c.amount == 0)).rowcount)
    print(conn.execute(update(clean).values(amount=case((clean.c.amount > 5, clean.c.amount * 2), else_=clean.c.amount))).rowcount)
