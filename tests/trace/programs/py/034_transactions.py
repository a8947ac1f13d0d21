# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.exc import *
engine = create_engine(DBURL)
m = MetaData()
acct = Table("acct", m, Column("id", Integer, primary_key=True), Column("owner", String(20), unique=True), Column("balance", Integer, CheckConstraint("balance >= 0")))
m.create_all(engine)
engine.echo = True
with engine.begin() as conn:
    conn.execute(acct.insert(), [{"owner": "a", "balance": 100}, {"owner": "b", "balance": 0}])
def transfer(conn, src, dst, amount):
    conn.execute(acct.update().where(acct.c.owner == dst).values(balance=acct.c.balance + amount))
    conn.execute(acct.update().where(acct.c.owner == src).values(balance=acct.c.balance - amount))
try:
    with engine.begin() as conn:
        transfer(conn, "a", "b", 40)
        transfer(conn, "a", "b", 400)
except (IntegrityError, OperationalError) as e:
    print("refused")
with engine.connect() as conn:
    print(conn.execute(select(acct.c.owner, acct.c.balance).order_by(acct.c.id)).all())
    print(conn.in_transaction())
    conn.rollback()
    print(conn.in_transaction())
    with conn.begin() as trans:
        transfer(conn, "a", "b", 10)
        sp = conn.begin_nested()
        transfer(conn, "a", "b", 10)
        sp.rollback()
        with conn.begin_nested():
            transfer(conn, "b", "a", 1)
    print(conn.execute(select(acct.c.owner, acct.c.balance).order_by(acct.c.id)).all())
    try:
        conn.begin()
    except InvalidRequestError as e:
        print(err(e))
conn2 = engine.connect()
trans = conn2.begin()
conn2.execute(acct.delete().where(acct.c.owner == "b"))
trans.rollback()
print(trans.is_active)
conn2.close()
try:
    conn2.execute(text("select 1"))
except ResourceClosedError as e:
    print(err(e))
print(conn2.closed)
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c3:
    c3.execute(acct.update().values(balance=5))
    print(c3.get_execution_options())
with engine.connect() as c:
    print(c.scalar(select(func.sum(acct.c.balance))))
