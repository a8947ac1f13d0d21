from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.orm.collections import attribute_keyed_dict
from sqlalchemy.ext.associationproxy import association_proxy
Base = declarative_base()
class AnimalFact(Base):
    __tablename__ = "animal_fact"
    animal_id = Column(ForeignKey("animal.id"), primary_key=True)
    key = Column(Unicode(64), primary_key=True)
    value = Column(UnicodeText)
class Animal(Base):
    __tablename__ = "animal"
    id = Column(Integer, primary_key=True)
    name = Column(Unicode(100))
    facts = relationship("AnimalFact", collection_class=attribute_keyed_dict("key"), cascade="all, delete-orphan")
    info = association_proxy("facts", "value", creator=lambda key, value: AnimalFact(key=key, value=value))
    def __repr__(self):
        return "Animal(%r)" % self.name
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
session = Session(bind=engine)
stoat = Animal(name="stoat")
stoat.info["color"] = "reddish"
stoat.info["cuteness"] = "somewhat"
print(stoat.facts["color"].value)
session.add(stoat)
session.commit()
critter = session.query(Animal).filter(Animal.name == "stoat").one()
print(critter.info["color"])
print(critter.info["cuteness"])
critter.info["cuteness"] = "very"
session.commit()
marten = Animal(name="marten")
marten.info["color"] = "brown"
marten.info["cuteness"] = "somewhat"
session.add(marten)
shrew = Animal(name="shrew")
shrew.info["cuteness"] = "somewhat"
shrew.info["poisonous-part"] = "saliva"
session.add(shrew)
session.commit()
print(session.query(Animal).filter(Animal.facts.any(and_(AnimalFact.key == "color", AnimalFact.value == "reddish"))).all())
print(session.query(Animal).filter(~Animal.facts.any(key="color")).all())
print(session.query(Animal).filter(Animal.info == "somewhat").order_by(Animal.id).all())
print(session.query(Animal).filter(Animal.info.contains("brown")).all())
del shrew.info["cuteness"]
session.commit()
print(len(shrew.info), "poisonous-part" in shrew.info.keys())
