from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    price = Column(Integer)
    total = Column(Integer)
class Counter(Base):
    __tablename__ = "counter"
    name = Column(String, primary_key=True)
    n = Column(Integer, default=0)
@event.listens_for(Item, "before_insert")
@event.listens_for(Item, "before_update")
def compute(mapper, connection, target):
    target.total = (target.price or 0) * 2
@event.listens_for(Item, "after_insert")
def count_up(mapper, connection, target):
    c = Counter.__table__
    connection.execute(c.update().where(c.c.name == "item").values(n=c.c.n + 1))
@event.listens_for(Item.price, "set", retval=True)
def positive(target, value, oldvalue, initiator):
    if value < 0:
        raise ValueError("price must not be negative")
    return value
@event.listens_for(Item, "expire")
def expired(target, attrs):
    print("expired", attrs)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
s = Session(engine)
s.add(Counter(name="item"))
s.commit()
engine.echo = True
i = Item(name="a", price=5)
other = Item(name="b")
s.add_all([i, other])
s.commit()
print(i.total, s.get(Counter, "item").n)
i.price = 7
s.commit()
print(i.total)
try:
    i.price = -1
except ValueError as e:
    print(err(e))
statements = []
@event.listens_for(engine, "before_cursor_execute", retval=True)
def comment(conn, cursor, statement, parameters, context, executemany):
    statements.append(statement)
    return statement + " -- app", parameters
print(s.scalar(select(func.count()).select_from(Item)))
print(len(statements))
@event.listens_for(engine, "handle_error")
def on_error(ctx):
    print("error in", ctx.statement)
try:
    s.execute(text("select * from nowhere"))
except Exception as e:
    print(err(e))
s.rollback()
@event.listens_for(engine, "commit")
def on_commit(conn):
    print("commit!")
@event.listens_for(engine, "rollback")
def on_rollback(conn):
    print("rollback!")
with engine.begin() as c:
    c.execute(text("delete from item"))
with engine.connect() as c:
    c.execute(text("select 1"))
