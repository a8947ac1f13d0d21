# db: sqlite postgresql mysql
from sqlalchemy import *
engine = create_engine(DBURL)
engine.connect().close()
engine.echo = True
with engine.connect() as conn:
    conn.execute(text("CREATE TABLE some_table (x int, y int)"))
    conn.execute(text("INSERT INTO some_table (x, y) VALUES (:x, :y)"), [{"x": 1, "y": 1}, {"x": 2, "y": 4}])
    conn.commit()
with engine.begin() as conn:
    conn.execute(text("INSERT INTO some_table (x, y) VALUES (:x, :y)"), [{"x": 6, "y": 8}, {"x": 9, "y": 10}])
with engine.connect() as conn:
    result = conn.execute(text("SELECT x, y FROM some_table"))
    for row in result:
        print(f"x: {row.x}  y: {row.y}")
    for x, y in conn.execute(text("select x, y from some_table where y > :y order by x").bindparams(y=2)):
        print(x, y)
    stmt = text("select x, y from some_table order by x desc").columns(x=Integer, y=String)
    print(conn.execute(stmt.columns() if False else stmt).first())
    sub = text("select x, y from some_table").columns(column("x", Integer), column("y", Integer)).subquery("st")
    print(conn.execute(select(sub.c.x, sub.c.y).where(sub.c.y > 4).order_by(sub.c.x)).all())
    print(conn.execute(text("select x from some_table where x in :xs").bindparams(bindparam("xs", expanding=True)), {"xs": [1, 6]}).scalars().all())
    print(conn.execute(select(text("x + 1"), literal_column("y").label("why")).select_from(text("some_table")).where(text("x > :n")).order_by(text("x")), {"n": 5}).all())
    t = table("some_table", column("x"), column("y"))
    print(conn.execute(select(t).where(t.c.x == bindparam("q", type_=Integer)).order_by(t.c.y), {"q": 9}).all())
    print(conn.execute(t.update().values(y=bindparam("newy")).where(t.c.x == bindparam("oldx")), [{"oldx": 1, "newy": 5}, {"oldx": 2, "newy": 6}]).rowcount)
    conn.commit()
    print(conn.execute(select(func.sum(t.c.y))).scalar())
    print(conn.exec_driver_sql("select count(*) from some_table").scalar())
    print(conn.execute(text("select '\\:not a param' as c")).scalar())
with engine.connect() as conn:
    conn.execute(text("DROP TABLE some_table"))
    conn.commit()
