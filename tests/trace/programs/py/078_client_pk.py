# db: sqlite postgresql mysql
import uuid
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Counter:
    n = 0
counter = Counter()
def next_key():
    counter.n = counter.n + 1
    return "key-%d" % counter.n
class Thing(Base):
    __tablename__ = "thing"
    id = Column(String(36), primary_key=True, default=next_key)
    name = Column(String(20))
    parts = relationship("Part", back_populates="thing", order_by="Part.id")
class Part(Base):
    __tablename__ = "part"
    id = Column(Uuid, primary_key=True)
    thing_id = Column(ForeignKey("thing.id"))
    label = Column(String(10), server_default="none")
    thing = relationship(Thing, back_populates="parts")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
s.add_all([Thing(name="a"), Thing(name="b"), Thing(name="c")])
s.flush()
s.add(Thing(name="d", parts=[Part(id=uuid.UUID("00000000-0000-0000-0000-000000000005")), Part(id=uuid.UUID("00000000-0000-0000-0000-000000000006"), label="x")]))
s.commit()
t = s.scalars(select(Thing).where(Thing.name == "d")).one()
print(t.id, [p.label for p in t.parts])
print(s.get(Part, uuid.UUID("00000000-0000-0000-0000-000000000006")).thing.name)
with engine.begin() as c:
    c.execute(insert(Thing.__table__), [{"name": "e"}, {"name": "f"}])
    r = c.execute(insert(Thing.__table__).values(name="g"))
    print(r.inserted_primary_key)
print(s.scalars(select(Thing.id).order_by(Thing.name)).all())
