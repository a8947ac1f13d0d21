from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.ext.automap import automap_base
engine = create_engine(DBURL)
with engine.begin() as c:
    c.exec_driver_sql("create table user (id integer primary key, name varchar(30) not null)")
    c.exec_driver_sql("create table address (id integer primary key, email_address varchar(50), user_id integer references user(id))")
    c.exec_driver_sql("create table tag (id integer primary key, label text)")
    c.exec_driver_sql("create table user_tag (user_id integer references user(id), tag_id integer references tag(id), primary key (user_id, tag_id))")
Base = automap_base()
Base.prepare(autoload_with=engine)
User = Base.classes.user
Address = Base.classes.address
Tag = Base.classes.tag
print(sorted(Base.classes.keys()))
s = Session(engine)
s.add(Address(email_address="foo@bar.com", user=User(name="foo")))
s.commit()
u1 = s.query(User).first()
print(u1.name, [a.email_address for a in u1.address_collection])
u1.tag_collection.append(Tag(label="x"))
s.commit()
print([t.label for t in u1.tag_collection], u1.tag_collection[0].user_collection[0].name)
engine.echo = True
print(s.query(User).join(User.address_collection).filter(Address.email_address.like("foo%")).count())
m = MetaData()
m.reflect(engine, only=["user", "address"])
Base2 = automap_base(metadata=m)
class Person(Base2):
    __tablename__ = "user"
    fullname = Column("name", String)
    addrs = relationship("address")
Base2.prepare()
print(s.scalars(select(Person)).first().fullname, len(s.scalars(select(Person)).first().addrs))
