# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    fullname = Column(String(50))
    nickname = Column(String(50))
    def __repr__(self):
        return "<User(name='%s', fullname='%s', nickname='%s')>" % (self.name, self.fullname, self.nickname)
class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    email_address = Column(String(60), nullable=False)
    user_id = Column(Integer, ForeignKey("users.id"))
    user = relationship("User", back_populates="addresses")
    def __repr__(self):
        return "<Address(email_address='%s')>" % self.email_address
User.addresses = relationship("Address", order_by=Address.id, back_populates="user")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
Session_ = sessionmaker(bind=engine)
session = Session_()
ed_user = User(name="ed", fullname="Ed Jones", nickname="edsnickname")
session.add(ed_user)
our_user = session.query(User).filter_by(name="ed").first()
print(our_user, ed_user is our_user)
session.add_all([User(name="wendy", fullname="Wendy Williams", nickname="windy"), User(name="mary", fullname="Mary Contrary", nickname="mary"), User(name="fred", fullname="Fred Flintstone", nickname="freddy")])
ed_user.nickname = "eddie"
print(session.dirty)
print(session.new)
session.commit()
print(ed_user.id)
ed_user.name = "Edwardo"
fake_user = User(name="fakeuser", fullname="Invalid", nickname="12345")
session.add(fake_user)
print(session.query(User).filter(User.name.in_(["Edwardo", "fakeuser"])).all())
session.rollback()
print(ed_user.name, fake_user in session)
for instance in session.query(User).order_by(User.id):
    print(instance.name, instance.fullname)
for name, fullname in session.query(User.name, User.fullname):
    print(name, fullname)
for row in session.query(User, User.name).all():
    print(row.User, row.name)
for row in session.query(User.name.label("name_label")).all():
    print(row.name_label)
user_alias = aliased(User, name="user_alias")
for row in session.query(user_alias, user_alias.name).all():
    print(row.user_alias)
for u in session.query(User).order_by(User.id)[1:3]:
    print(u)
for (name,) in session.query(User.name).filter_by(fullname="Ed Jones"):
    print(name)
q = session.query(User).filter(User.name.like("%ed")).order_by(User.id)
print(q.all(), q.first(), q.count())
for user in session.query(User).filter(text("id<224")).order_by(text("id")).all():
    print(user.name)
print(session.query(User).filter(text("id<:value and name=:name")).params(value=224, name="fred").order_by(User.id).one())
print(session.query(User).from_statement(text("SELECT * FROM users where name=:name")).params(name="ed").all())
stmt = text("SELECT name, id, fullname, nickname FROM users where name=:name").columns(User.name, User.id, User.fullname, User.nickname)
print(session.query(User).from_statement(stmt).params(name="ed").all())
print(session.query(func.count(User.name), User.name).group_by(User.name).order_by(User.name).all())
jack = User(name="jack", fullname="Jack Bean", nickname="gjffdd")
jack.addresses = [Address(email_address="jack@google.com"), Address(email_address="j25@yahoo.com")]
print(jack.addresses[1], jack.addresses[1].user)
session.add(jack)
session.commit()
jack = session.query(User).filter_by(name="jack").one()
print(jack.addresses)
for u, a in session.query(User, Address).filter(User.id == Address.user_id).filter(Address.email_address == "jack@google.com").all():
    print(u, a)
print(session.query(User).join(User.addresses).filter(Address.email_address == "jack@google.com").all())
adalias1 = aliased(Address)
adalias2 = aliased(Address)
for username, email1, email2 in session.query(User.name, adalias1.email_address, adalias2.email_address).join(User.addresses.of_type(adalias1)).join(User.addresses.of_type(adalias2)).filter(adalias1.email_address == "jack@google.com").filter(adalias2.email_address == "j25@yahoo.com"):
    print(username, email1, email2)
stmt = session.query(Address.user_id, func.count("*").label("address_count")).group_by(Address.user_id).subquery()
for u, count in session.query(User, stmt.c.address_count).outerjoin(stmt, User.id == stmt.c.user_id).order_by(User.id):
    print(u, count)
stmt = session.query(Address).filter(Address.email_address != "j25@yahoo.com").subquery()
addr_alias = aliased(Address, stmt)
for user, address in session.query(User, addr_alias).join(addr_alias, User.addresses):
    print(user, address)
stmt = exists().where(Address.user_id == User.id)
for (name,) in session.query(User.name).filter(stmt):
    print(name)
print(session.query(Address).filter(~Address.user.has(User.name == "jack")).all())
print(session.query(User).options(selectinload(User.addresses)).filter_by(name="jack").one().addresses)
print(session.query(User).options(joinedload(User.addresses)).filter_by(name="jack").one())
print(session.query(Address).join(Address.user).filter(User.name == "jack").options(contains_eager(Address.user)).all())
session.delete(jack)
print(session.query(User).filter_by(name="jack").count())
print(session.query(Address).filter(Address.email_address.in_(["jack@google.com", "j25@yahoo.com"])).count())
print(session.query(User.id).filter(User.name == "ed").scalar(), session.query(literal(True)).filter(session.query(User).filter(User.name == "ed").exists()).scalar())
print(session.query(User).filter(User.name == "wendy").update({"nickname": "w"}, synchronize_session="fetch"), session.query(User).filter(User.name == "fred").delete())
print(session.query(User.name).order_by(User.name.desc()).limit(2).offset(1).all())
session.commit()
