from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.ext.horizontal_shard import ShardedSession
from sqlalchemy import inspect
e1 = create_engine("sqlite://")
e2 = create_engine("sqlite://")
Base = declarative_base()
class Place(Base):
    __tablename__ = "place"
    id = Column(Integer, primary_key=True)
    continent = Column(String)
    city = Column(String)
    reports = relationship("Report", back_populates="place", order_by="Report.id")
    def __repr__(self):
        return f"Place({self.city})"
class Report(Base):
    __tablename__ = "report"
    id = Column(Integer, primary_key=True)
    place_id = Column(ForeignKey("place.id"))
    temp = Column(Integer)
    place = relationship(Place, back_populates="reports")
def shard_chooser(mapper, instance, clause=None):
    if isinstance(instance, Place):
        return "asia" if instance.continent == "Asia" else "other"
    return shard_chooser(mapper, instance.place)
def identity_chooser(mapper, primary_key, **kw):
    return ["asia", "other"]
def execute_chooser(context):
    return ["asia", "other"]
Session_ = sessionmaker(class_=ShardedSession, shards={"asia": e1, "other": e2})
Session_.configure(shard_chooser=shard_chooser, identity_chooser=identity_chooser, execute_chooser=execute_chooser)
for e in (e1, e2):
    Base.metadata.create_all(e)
tokyo = Place(id=1, continent="Asia", city="Tokyo", reports=[Report(id=1, temp=80)])
oslo = Place(id=2, continent="Europe", city="Oslo", reports=[Report(id=2, temp=20)])
with Session_() as s:
    s.add_all([tokyo, oslo])
    s.commit()
e1.echo = True
e2.echo = True
with Session_() as s:
    everything = s.scalars(select(Place)).all()
    print(everything)
    t = s.get(Place, 1)
    print(t.city, [r.temp for r in t.reports])
    print(sorted([p.city for p in s.scalars(select(Place).where(Place.id > 0))]))
    t.city = "Edo"
    s.commit()
