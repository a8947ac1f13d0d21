from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://", echo=True, hide_parameters=True, logging_name="myeng", execution_options={"foo": "bar"})
with engine.connect() as c:
    print(c.execute(text("select :x"), {"x": 5}).scalar(), c.get_execution_options(), engine.get_execution_options())
    try:
        c.execute(text("select nope where 1 = :v"), {"v": 1})
    except OperationalError as e:
        print(str(e))
e2 = create_engine("sqlite://", isolation_level="AUTOCOMMIT")
with e2.connect() as c:
    c.execute(text("create table t (a integer)"))
    c.execute(text("insert into t values (1)"))
    c.rollback()
    print(c.execute(text("select count(*) from t")).scalar())
e3 = engine.execution_options(isolation_level="SERIALIZABLE")
print(e3, e3.get_execution_options(), e3.pool is engine.pool)
with e3.connect() as c:
    print(c.get_isolation_level())
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
    c.execute(text("create table q (a integer)"))
    c.exec_driver_sql("insert into q values (?)", (3,))
    c.exec_driver_sql("insert into q values (?)", [(4,), (5,)])
    print(c.exec_driver_sql("select * from q").all())
raw = engine.raw_connection()
cur = raw.cursor()
cur.execute("select 1, 2")
print(cur.fetchall())
raw.close()
print(engine.pool.status() if False else engine.has_table("q") if hasattr(engine, "has_table") else inspect(engine).has_table("q"))
with engine.begin() as c:
    t = c.get_transaction()
    print(t.is_active, t.is_valid)
    n = c.begin_nested()
    print(n.is_active)
    n.commit()
    print(n.is_active)
print(t.is_active)
try:
    with engine.begin() as c:
        c.execute(text("insert into q values (9)"))
        1 / 0 if False else c.execute(text("oops"))
except OperationalError:
    print("rolled back")
print(engine.connect().scalar(text("select count(*) from q")))
engine.echo = False
with engine.connect() as c:
    c.execute(text("select 'silent'"))
engine.echo = "debug"
with engine.connect() as c:
    print(c.execute(text("select 1 as a, 'x' as b")).all())
engine.dispose()
