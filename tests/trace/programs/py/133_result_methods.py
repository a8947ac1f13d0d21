from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://")
c = engine.connect()
t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String), Column("v", Integer))
t.metadata.create_all(engine) if False else t.create(c)
r = c.execute(t.insert().values(name="a", v=1))
print(r.inserted_primary_key, r.lastrowid, r.rowcount, r.is_insert, r.returns_rows, r.closed, r.inserted_primary_key_rows, r.lastrow_has_defaults(), r.prefetch_cols(), r.postfetch_cols())
r = c.execute(t.insert(), [{"name": "b", "v": 2}, {"name": "c", "v": 3}])
print(r.rowcount, r.is_insert)
try:
    print(r.inserted_primary_key)
except InvalidRequestError as e:
    print(err(e))
r = c.execute(t.insert().returning(t.c.id, sort_by_parameter_order=True), [{"name": "d", "v": 4}, {"name": "e", "v": 5}])
print(r.scalars().all())
r = c.execute(t.update().where(t.c.v > 3).values(v=0))
print(r.rowcount, r.last_updated_params() if hasattr(r, "last_updated_params") else "", r.supports_sane_rowcount())
r = c.execute(select(t).order_by(t.c.id))
print(r.keys(), list(r.keys()), r.returns_rows, r.closed, "name" in r.keys())
row = r.first()
print(row, row == (1, "a", 1) if False else row.id, row.name, row.v, row._tuple() if hasattr(row, "_tuple") else row, row.t if hasattr(row, "t") else "", r.closed, hasattr(row, "zip"))
print(row._mapping["name"], row._mapping[t.c.v], "v" in row._mapping, list(row._mapping.keys()), list(row._mapping.values()), list(row._mapping.items()) if False else "")
try:
    row.id = 5
except AttributeError as e:
    print("AttributeError")
try:
    row[10]
except IndexError as e:
    print("IndexError")
r = c.execute(select(t.c.id, t.c.v).order_by(t.c.id))
print(r.columns("v").fetchmany(2), r.fetchone(), next(r) if False else "", r.all())
r = c.execute(select(t.c.v).order_by(t.c.v))
print(r.unique().all(), c.execute(select(t.c.v)).unique().scalars().all() if False else "")
r = c.execute(select(t.c.id, t.c.name))
print(r.scalars("name").all(), c.execute(select(t)).scalars(2).first(), c.execute(select(t)).mappings().fetchmany(1), c.execute(select(t.c.id)).scalars().fetchmany(2), c.execute(select(t.c.id)).scalars().one_or_none() if False else "", c.execute(select(t.c.name).where(t.c.id == 1)).scalars().one())
print(c.execute(select(t)).mappings().one_or_none() if False else c.execute(select(t).where(t.c.id == 1)).mappings().one(), c.execute(select(t.c.id, t.c.name)).tuples().first(), c.execute(select(t.c.id).where(t.c.id == -1)).first(), c.execute(select(t).where(t.c.id == -1)).mappings().all(), c.execute(select(t).where(t.c.id == -1)).fetchall())
for row in c.execute(select(t.c.id.label("a"), t.c.name.label("b")).limit(2)):
    a, b = row
    print(a, b, row.a, row.b, row[0], row[1])
r = c.execute(select(t.c.id, t.c.id, t.c.name.label("id")).limit(1))
print(r.keys(), r.all())
r = c.execute(text("select id, name as \"weird name\", v+1 from t limit 1"))
print(r.keys(), r.first()._mapping["weird name"])
r = c.execute(text("select id, name from t order by id").columns(t.c.id, t.c.name))
print(r.first()._mapping[t.c.name])
r = c.execute(text("select 1"))
r.close()
try:
    r.fetchall()
except ResourceClosedError as e:
    print(err(e))
print(c.execute(t.delete().where(t.c.id < 3)).rowcount, c.execute(t.delete().returning(t.c.id)).scalars().all(), c.scalar(select(func.count()).select_from(t)))
s = c.execute(select(literal(1).label("x"), literal(2).label("y")))
m = s.mappings()
print(m.keys(), m.first())
res = c.execution_options(stream_results=True).execute(text("select 1 union select 2 union select 3"))
print(res.yield_per(2).fetchone(), [x for x in res.scalars()])
