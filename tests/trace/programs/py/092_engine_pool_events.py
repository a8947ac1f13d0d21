from sqlalchemy import *
from sqlalchemy.pool import *
from sqlalchemy.exc import *
engine = create_engine(DBURL, poolclass=QueuePool, pool_size=2, max_overflow=1, pool_timeout=1)
log = []
@event.listens_for(engine, "connect")
def on_connect(dbapi_connection, record):
    log.append("connect")
@event.listens_for(engine, "checkout")
def on_checkout(dbapi_connection, record, proxy):
    log.append("checkout")
@event.listens_for(engine, "checkin")
def on_checkin(dbapi_connection, record):
    log.append("checkin")
@event.listens_for(engine, "begin")
def on_begin(conn):
    log.append("begin")
@event.listens_for(engine, "after_cursor_execute")
def on_after(conn, cursor, statement, parameters, context, executemany):
    log.append("after " + statement)
with engine.connect() as c:
    print(c.scalar(text("select 41 + 1")))
print(engine.pool.checkedin(), engine.pool.checkedout(), engine.pool.size())
a, b, c = engine.connect(), engine.connect(), engine.connect()
print(engine.pool.checkedout(), engine.pool.overflow())
try:
    engine.connect()
except TimeoutError as e:
    print("no connection is free")
for x in [a, b, c]:
    x.close()
print(engine.pool.checkedin())
engine.dispose()
print(engine.pool.checkedin())
for l in log:
    print(l)
print(engine.url, engine.name, engine.driver, engine.dialect.name)
u = make_url("postgresql+psycopg2://me:s3cret@db.example.com:5433/shop?sslmode=require")
print(u, u.username, u.host, u.port, u.database, u.drivername, u.query["sslmode"], u.get_backend_name(), u.render_as_string(hide_password=False))
print(u.set(database="other", password="x").render_as_string(hide_password=False))
print(URL.create("mysql+pymysql", username="a b", password="p@ss/word", host="h", database="d").render_as_string(hide_password=False))
