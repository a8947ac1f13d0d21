from sqlalchemy import *
engine = create_engine(DBURL, echo="debug")
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("v", String(10)), Column("x", Float))
m.create_all(engine)
with engine.connect() as c:
    c.execute(t.insert(), [{"v": str(i), "x": i / 4} for i in range(15)])
    c.execute(t.insert().values(v="yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"))
    c.execute(text("select :a, :b"), {"a": 1, "b": "two"}).all()
    c.execute(select(t.c.id).limit(2)).all()
    sp = c.begin_nested()
    c.execute(t.delete())
    sp.rollback()
    c.exec_driver_sql("select ?", (5,)).all()
    c.execute(t.insert().returning(t.c.id), [{"v": "a"}, {"v": "b"}]).all()
    c.commit()
e2 = create_engine(DBURL, echo=True, hide_parameters=True)
with e2.connect() as c:
    c.execute(text("select :a"), {"a": "secret"})
    try:
        c.execute(text("select :a from nope"), {"a": "secret"})
    except Exception as e:
        print(err(e))
e3 = create_engine(DBURL, logging_name="named", echo=True) if False else create_engine(DBURL)
with e3.connect() as c:
    print(c.scalar(text("select 1")))
    e3.echo = True
    print(c.scalar(text("select 2")))
with e3.connect() as c:
    c.execute(select(literal(1)))
    c.execute(select(literal(2)))
    c.execute(select(literal(1)).execution_options(compiled_cache=None))
