from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://")
log = []
@event.listens_for(engine, "before_cursor_execute")
def bce(conn, cursor, statement, parameters, context, executemany):
    print("bce", statement.replace("\n", " "), parameters, executemany)
@event.listens_for(engine, "after_cursor_execute")
def ace(conn, cursor, statement, parameters, context, executemany):
    print("ace", executemany)
@event.listens_for(engine, "begin")
def beg(conn):
    print("begin")
@event.listens_for(engine, "commit")
def com(conn):
    print("commit")
@event.listens_for(engine, "rollback")
def rb(conn):
    print("rollback")
@event.listens_for(engine, "connect")
def connect(dbapi, rec):
    print("connect")
@event.listens_for(engine, "checkout")
def co(dbapi, rec, proxy):
    print("checkout")
@event.listens_for(engine, "checkin")
def ci(dbapi, rec):
    print("checkin")
@event.listens_for(engine, "savepoint")
def sp(conn, name):
    print("savepoint", name)
@event.listens_for(engine, "handle_error")
def he(ctx):
    print("error", type(ctx.original_exception).__name__, ctx.statement, ctx.is_disconnect)
@event.listens_for(engine, "before_execute")
def be(conn, clauseelement, multiparams, params, execution_options):
    print("before_execute", str(clauseelement).split("\n")[0] if False else "", multiparams, params)
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("a", Integer))
@event.listens_for(t, "before_create")
def bc(target, connection, **kw):
    print("before_create", target.name)
@event.listens_for(m, "after_create")
def ac(target, connection, **kw):
    print("after_create", len(kw["tables"]))
event.listen(t, "after_create", DDL("insert into t (a) values (99)"))
@event.listens_for(t, "column_reflect")
def cr(inspector, table, column_info):
    print("reflect", column_info["name"])
m.create_all(engine)
with engine.connect() as conn:
    conn.execute(t.insert(), [{"a": 1}, {"a": 2}])
    with conn.begin_nested():
        conn.execute(t.update().values(a=5))
    conn.commit()
    try:
        conn.execute(text("select nope"))
    except OperationalError:
        print("caught")
print(event.contains(engine, "begin", beg))
