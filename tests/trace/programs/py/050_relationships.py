from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
friendship = Table("friendship", Base.metadata, Column("a_id", ForeignKey("person.id"), primary_key=True), Column("b_id", ForeignKey("person.id"), primary_key=True))
class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    passport = relationship("Passport", uselist=False, back_populates="person", cascade="all, delete-orphan")
    friends = relationship("Person", secondary=friendship, primaryjoin=id == friendship.c.a_id, secondaryjoin=id == friendship.c.b_id, backref="friended_by", order_by=id)
    home_id = Column(ForeignKey("address.id"))
    work_id = Column(ForeignKey("address.id"))
    home = relationship("Address", foreign_keys=[home_id])
    work = relationship("Address", foreign_keys=[work_id])
class Passport(Base):
    __tablename__ = "passport"
    id = Column(Integer, primary_key=True)
    number = Column(String)
    person_id = Column(ForeignKey("person.id"), unique=True)
    person = relationship("Person", back_populates="passport")
class Address(Base):
    __tablename__ = "address"
    id = Column(Integer, primary_key=True)
    city = Column(String)
    boston_people = relationship("Person", primaryjoin="and_(Address.id == foreign(Person.home_id), Address.city == 'Boston')", viewonly=True)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
boston = Address(city="Boston")
rome = Address(city="Rome")
a = Person(name="a", passport=Passport(number="P1"), home=boston, work=rome)
b = Person(name="b", home=rome, work=rome)
c = Person(name="c", home=boston)
a.friends = [b, c]
b.friends.append(a)
s.add_all([a, b, c])
s.commit()
print([f.name for f in a.friends], [f.name for f in a.friended_by], a.home.city, a.work.city, a.passport.number)
print([p.name for p in boston.boston_people], rome.boston_people)
a.passport = Passport(number="P2")
s.commit()
print(s.scalars(select(Passport.number)).all(), a.passport.person is a)
a.passport = None
s.commit()
print(s.scalar(select(func.count()).select_from(Passport)))
print(s.scalars(select(Person.name).where(Person.home.has(city="Boston")).order_by(Person.id)).all())
print(s.scalars(select(Person.name).where(Person.friends.any(Person.name == "b") if False else Person.friends.any())).all())
work = aliased(Address)
print(s.execute(select(Person.name, Address.city, work.city).join(Person.home).outerjoin(Person.work.of_type(work)).order_by(Person.id)).all())
print(s.scalars(select(Person.name).where(Person.work == rome)).all(), s.scalars(select(Person.name).where(Person.work == None)).all(), s.scalars(select(Person.name).where(Person.work != rome)).all())
a.friends.remove(b)
s.commit()
s.delete(c)
s.commit()
print(s.execute(select(friendship)).all())
print(Person.friends.property.direction.name, Person.passport.property.uselist, Person.home.property.mapper.class_.__name__)
print(sorted(Person.__mapper__.relationships.keys()), Person.__mapper__.columns.keys())
