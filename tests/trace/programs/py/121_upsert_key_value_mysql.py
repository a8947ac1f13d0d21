# db: mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
from sqlalchemy.dialects.mysql import insert as mysql_insert
engine = create_engine(DBURL, echo=True)
m = MetaData()
t = Table("kv", m, Column("k", String(20), primary_key=True), Column("v", Integer), Column("n", Integer, default=1), mysql_engine="InnoDB", mysql_charset="utf8mb4")
m.create_all(engine)
with engine.begin() as conn:
    st = mysql_insert(t).values([{"k": "a", "v": 1}, {"k": "b", "v": 2}])
    print(conn.execute(st).rowcount)
    st = mysql_insert(t).values(k="a", v=10)
    st = st.on_duplicate_key_update(v=st.inserted.v, n=t.c.n + 1)
    print(st)
    print(conn.execute(st).rowcount)
    st = mysql_insert(t).values(k="b", v=10)
    conn.execute(st.on_duplicate_key_update({"v": 77}))
    conn.execute(st.on_duplicate_key_update([("n", 5), ("v", func.greatest(t.c.v, st.inserted.v))]))
    print(conn.execute(select(t).order_by(t.c.k)).all())
    conn.execute(t.insert().prefix_with("IGNORE").values(k="a", v=1))
    conn.execute(text("replace into kv (k, v) values (:k, :v)"), {"k": "a", "v": 1000})
    print(conn.execute(select(t).where(t.c.v.between(100, 2000))).all())
    print(conn.execute(t.update().values(v=0).order_by(t.c.k).limit(1) if False else t.update().values(v=0).with_dialect_options(mysql_limit=1) if hasattr(t.update(), "with_dialect_options") else t.update().values(v=0)).rowcount)
    r = conn.execute(t.delete().where(t.c.k == "b"))
    print(r.rowcount)
