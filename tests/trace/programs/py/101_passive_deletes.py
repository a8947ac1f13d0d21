# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Parent(Base):
    __tablename__ = "parent"
    id = Column(Integer, primary_key=True)
    name = Column(String(10))
    loose = relationship("Loose", back_populates="parent")
    owned = relationship("Owned", back_populates="parent", cascade="all, delete-orphan", passive_deletes=True)
class Loose(Base):
    __tablename__ = "loose"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("parent.id"))
    parent = relationship(Parent, back_populates="loose")
class Owned(Base):
    __tablename__ = "owned"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("parent.id", ondelete="CASCADE"), nullable=False)
    parent = relationship(Parent, back_populates="owned")
engine = create_engine(DBURL)
if engine.dialect.name == "sqlite":
    @event.listens_for(engine, "connect")
    def fks_on(dbapi_connection, record):
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
p = Parent(name="p", loose=[Loose(), Loose()], owned=[Owned(), Owned()])
s.add(p)
s.commit()
s.delete(p)
s.commit()
print(s.scalars(select(Loose.parent_id)).all(), s.scalar(select(func.count(Owned.id))))
q = Parent(name="q", owned=[Owned()])
s.add(q)
s.commit()
q.owned[0].parent = None
try:
    s.commit()
except Exception as e:
    print("refused")
    s.rollback()
q.loose.append(s.scalars(select(Loose).order_by(Loose.id)).first())
s.commit()
print([l.id for l in q.loose], q.loose[0].parent.name)
o = q.owned[0] if len(q.owned) > 0 else Owned(parent=q)
q2 = Parent(name="q2")
o.parent = q2
s.add(q2)
s.commit()
print(len(q.owned), len(q2.owned))
s.execute(delete(Parent).where(Parent.id == q2.id))
s.commit()
print(s.scalar(select(func.count(Owned.id))))
