from sqlalchemy import *
from sqlalchemy.exc import *
engine = create_engine(DBURL)
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("name", String), Column("grp", String))
m.create_all(engine)
with engine.begin() as conn:
    conn.execute(t.insert(), [{"name": n, "grp": g} for n, g in [("a", "x"), ("b", "x"), ("c", "y"), ("d", None)]])
conn = engine.connect()
r = conn.execute(select(t).order_by(t.c.id))
print(r.keys(), r.first())
try:
    r.fetchone()
except ResourceClosedError as e:
    print(err(e))
r = conn.execute(select(t.c.name, t.c.grp).order_by(t.c.id))
print(r.fetchone(), r.fetchmany(2), r.fetchall(), r.fetchone())
print(conn.execute(select(t.c.name)).scalars().all())
print(conn.execute(select(t.c.id, t.c.name)).scalars(1).all())
print(conn.execute(select(t.c.grp).distinct().order_by(t.c.grp)).scalars().all())
for part in conn.execute(select(t.c.id)).partitions(3):
    print(part)
print(conn.execute(select(t)).mappings().first())
for row in conn.execute(select(t).where(t.c.id < 3)).mappings():
    print(row["name"], row[t.c.grp])
row = conn.execute(select(t).where(t.c.id == 4)).one()
print(row.id, row.name, row.grp, row._mapping["grp"], row._fields, row._asdict())
print(len(row), row == row)
try:
    row.missing
except AttributeError as e:
    print("AttributeError")
for q in [select(t).where(t.c.id == 99), select(t)]:
    try:
        conn.execute(q).one()
    except (NoResultFound, MultipleResultsFound) as e:
        print(err(e))
print(conn.execute(select(t).where(t.c.id == 99)).one_or_none(), conn.execute(select(t.c.id).where(t.c.id == 99)).scalar(), conn.execute(select(t.c.id).where(t.c.id == 99)).scalar_one_or_none())
r = conn.execute(select(t.c.grp, t.c.name))
print(r.unique(lambda row: row.grp).all())
r = conn.execute(select(t.c.id, t.c.name, t.c.grp))
print(r.columns(2, 0).fetchmany(2))
r.close()
print(conn.execute(select(t)).tuples().all()[0])
fr = conn.execute(select(t.c.id)).freeze()
print(fr().all(), fr().scalars().all())
m1 = conn.execute(select(t.c.id).where(t.c.id < 2))
m2 = conn.execute(select(t.c.id).where(t.c.id > 3))
print(m1.merge(m2).all())
res = conn.execute(t.update().where(t.c.grp == "x").values(grp="z"))
print(res.rowcount, res.returns_rows, res.is_insert)
try:
    res.all()
except ResourceClosedError as e:
    print(err(e))
res = conn.execute(t.insert().returning(t.c.id, t.c.name), [{"name": "e"}, {"name": "f"}])
print(res.all())
res = conn.execute(t.insert().values(name="g"))
print(res.inserted_primary_key, res.inserted_primary_key.id, res.lastrowid, res.rowcount)
print(res.last_inserted_params())
with conn.execution_options(stream_results=True, max_row_buffer=2).execute(select(t.c.id)) as r:
    for row in r.yield_per(3):
        print(row.id)
a, b = conn.execute(select(func.min(t.c.id), func.max(t.c.id))).one()
print(a, b)
