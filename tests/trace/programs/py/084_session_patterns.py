from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy import inspect
from sqlalchemy.exc import *
Base = declarative_base()
class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)
    qty = Column(Integer, server_default="5")
    note = Column(String, onupdate="touched")
    def __repr__(self):
        return "Item(%r, %r)" % (self.name, self.qty)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
Session_ = sessionmaker(engine)
with Session_() as s, s.begin():
    i = Item(name="a")
    s.add(i)
    s.flush()
    print(i.qty)
with Session_() as s:
    s.add(Item(name="b", qty=1))
    s.rollback()
    print(s.scalars(select(Item)).all())
s = Session_(autoflush=False)
x = Item(name="c")
s.add(x)
print(s.scalars(select(Item.name)).all())
s.flush()
print(s.scalars(select(Item.name)).all(), inspect(x).key)
s.commit()
x.qty = x.qty + 10
x.name = "cc"
print(inspect(x).modified, [a.key for a in inspect(x).attrs if a.history.has_changes()])
s.commit()
print(x.note, x.qty)
x.qty = Item.qty * 2
s.flush()
print(x.qty)
sp = s.begin_nested()
x.name = "inner"
s.flush()
sp.rollback()
print(x.name)
s.commit()
y = s.get(Item, 1)
s.execute(update(Item).where(Item.id == 1).values(qty=77))
print(y.qty)
s.execute(text("update item set qty = 78 where id = 1"))
print(y.qty)
s.refresh(y, ["qty"])
print(y.qty)
s.expire(y)
print(s.scalars(select(Item).where(Item.id == 1)).one() is y)
print(s.scalars(select(Item).order_by(Item.id).execution_options(populate_existing=True)).all())
print(s.identity_map.keys() if False else len(s.identity_map), s.in_transaction(), s.get_bind().dialect.name)
s.expunge_all()
print(len(s.identity_map))
d = s.merge(Item(id=1, name="merged"))
print(s.dirty)
s.commit()
s.close()
z = Item(name="zz", id=50)
with Session_() as s2:
    z = s2.merge(z, load=True)
    s2.commit()
    print(object_session(z) is s2)
print(object_session(z))
with Session_(expire_on_commit=False) as s3:
    q = s3.get(Item, 50)
    q.qty = 3
    s3.commit()
print(q.qty)
with Session_() as s4:
    s4.add(q)
    q.qty = 4
    s4.commit()
    s4.delete(q)
    s4.commit()
    print(inspect(q).detached, inspect(q).was_deleted)
with engine.connect() as conn:
    outer = conn.begin()
    s5 = Session(bind=conn, join_transaction_mode="create_savepoint")
    s5.add(Item(name="tmp"))
    s5.commit()
    s5.close()
    outer.rollback()
    print(conn.scalar(select(func.count()).select_from(Item)))
