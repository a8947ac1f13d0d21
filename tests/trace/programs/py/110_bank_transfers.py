# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL, echo=True)
metadata = MetaData()
accounts = Table("accounts", metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", String(50), nullable=False, unique=True),
    Column("balance", Integer, nullable=False, default=0),
    CheckConstraint("balance >= 0", name="ck_balance_positive"))
transfers = Table("transfers", metadata,
    Column("id", Integer, primary_key=True),
    Column("src", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("dst", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("amount", Integer, nullable=False))
metadata.create_all(engine)
with engine.begin() as conn:
    conn.execute(insert(accounts), [{"owner": "alice", "balance": 100}, {"owner": "bob", "balance": 50}, {"owner": "carol", "balance": 0}])
def balance(conn, owner):
    return conn.execute(select(accounts.c.balance).where(accounts.c.owner == owner)).scalar_one()
def transfer(conn, a, b, amount):
    ids = {}
    for id_, owner in conn.execute(select(accounts.c.id, accounts.c.owner).where(accounts.c.owner.in_([a, b])).order_by(accounts.c.id)):
        ids[owner] = id_
    conn.execute(update(accounts).where(accounts.c.id == ids[a]).values(balance=accounts.c.balance - amount))
    conn.execute(update(accounts).where(accounts.c.id == ids[b]).values(balance=accounts.c.balance + amount))
    conn.execute(insert(transfers).values(src=ids[a], dst=ids[b], amount=amount))
with engine.begin() as conn:
    transfer(conn, "alice", "bob", 30)
    print(balance(conn, "alice"), balance(conn, "bob"))
with engine.connect() as conn:
    with conn.begin():
        sp = conn.begin_nested()
        print(sp.is_active, conn.in_transaction(), conn.in_nested_transaction())
        try:
            transfer(conn, "carol", "bob", 10)
        except (IntegrityError, OperationalError) as e:
            print("refused")
            sp.rollback()
        print(sp.is_active, conn.in_nested_transaction())
        with conn.begin_nested():
            transfer(conn, "bob", "carol", 5)
    print(conn.in_transaction())
    for row in conn.execute(select(accounts.c.owner, accounts.c.balance).order_by(accounts.c.owner)):
        print(row)
    conn.rollback()
    trans = conn.begin()
    conn.execute(delete(transfers))
    trans.rollback()
    print(conn.scalar(select(func.count()).select_from(transfers)))
try:
    with engine.begin() as conn:
        transfer(conn, "alice", "bob", 5)
        raise ValueError("changed my mind")
except ValueError as e:
    print(err(e))
with engine.connect() as conn:
    print(conn.execute(select(func.sum(accounts.c.balance))).scalar())
