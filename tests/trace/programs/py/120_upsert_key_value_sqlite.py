# db: sqlite
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
engine = create_engine("sqlite://", echo=True)
m = MetaData()
t = Table("kv", m, Column("k", String, primary_key=True), Column("v", Integer), Column("n", Integer, default=1), Column("changed", Integer, onupdate=99))
m.create_all(engine)
with engine.begin() as conn:
    conn.execute(sqlite_insert(t).values([{"k": "a", "v": 1}, {"k": "b", "v": 2}]))
    st = sqlite_insert(t).values(k="a", v=10)
    st = st.on_conflict_do_update(index_elements=["k"], set_=dict(v=st.excluded.v, n=t.c.n + 1))
    conn.execute(st)
    print(conn.execute(select(t).order_by(t.c.k)).all())
    conn.execute(sqlite_insert(t).values(k="a", v=5).on_conflict_do_nothing())
    conn.execute(sqlite_insert(t).values(k="b", v=7).on_conflict_do_nothing(index_elements=[t.c.k]))
    st = sqlite_insert(t)
    st = st.on_conflict_do_update(index_elements=[t.c.k], set_={"v": st.excluded.v}, where=st.excluded.v > t.c.v).returning(t.c.k, t.c.v)
    print(conn.execute(st, [{"k": "a", "v": 3}, {"k": "b", "v": 30}, {"k": "c", "v": 1}]).all())
    print(conn.execute(select(t).order_by(t.c.k)).all())
    print(st)
    st2 = sqlite_insert(t).values(k="z", v=0)
    print(st2.on_conflict_do_update(index_elements=["k"], set_=st2.excluded))
    print(st2.on_conflict_do_update(index_elements=["k"], index_where=t.c.v > 3, set_={"v": 4}))
try:
    sqlite_insert(t).on_conflict_do_update(index_elements=["k"], set_={})
except ValueError as e:
    print(err(e))
print(t.insert().prefix_with("OR REPLACE").values(k="1"), insert(t).values(k="x").returning(t))
