# db: postgresql
from sqlalchemy import *
m = MetaData()
seq = Sequence("order_no", start=100, increment=10, metadata=m)
t = Table("t", m, Column("id", Integer, Identity(start=5, increment=2), primary_key=True), Column("no", Integer, seq, server_default=seq.next_value()), Column("name", String(10)), Column("name_len", Integer, Computed("length(name)", persisted=True)))
engine = create_engine(DBURL, echo=True)
m.create_all(engine)
with engine.begin() as c:
    print(c.scalar(seq))
    r = c.execute(t.insert().values(name="abc"))
    print(r.inserted_primary_key)
    print(c.execute(t.insert().returning(t.c.id, t.c.no, t.c.name_len), [{"name": "x"}, {"name": "yy"}]).all())
    print(c.execute(select(t)).all())
    print(c.scalar(select(seq.next_value())))
m.drop_all(engine)
