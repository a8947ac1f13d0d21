from sqlalchemy import *
from sqlalchemy.orm import *
mapper_registry = registry()
metadata = mapper_registry.metadata
user_table = Table("user", metadata, Column("id", Integer, primary_key=True), Column("user_name", String(50)), Column("fullname", String(50)))
address_table = Table("address", metadata, Column("id", Integer, primary_key=True), Column("user_id", Integer, ForeignKey("user.id")), Column("email_address", String(50)))
class User:
    def __init__(self, name):
        self.name = name
    def shout(self):
        return self.name.upper()
class Address:
    def __init__(self, email):
        self.email = email
    def __repr__(self):
        return "<%s>" % self.email
mapper_registry.map_imperatively(User, user_table, properties={"name": user_table.c.user_name, "addresses": relationship(Address, backref="user", order_by=address_table.c.id), "n": column_property(func.length(user_table.c.user_name))}, exclude_properties=["fullname"])
mapper_registry.map_imperatively(Address, address_table, properties={"email": address_table.c.email_address})
engine = create_engine(DBURL, echo=True)
metadata.create_all(engine)
s = Session(engine)
u = User("ed")
u.addresses = [Address("a@b"), Address("c@d")]
s.add(u)
s.commit()
print(u.shout(), u.n, u.addresses, u.addresses[0].user is u)
print(s.scalars(select(User).where(User.name == "ed").join(User.addresses).where(Address.email.like("a%"))).one().name)
print(s.query(Address).filter_by(user=u).count())
print(class_mapper(User).attrs.keys(), [c.name for c in user_table.columns])
j = join(user_table, address_table)
class UserAddress:
    pass
mapper_registry.map_imperatively(UserAddress, j, properties={"user_id": [user_table.c.id, address_table.c.user_id], "address_id": address_table.c.id})
for ua in s.query(UserAddress).order_by(UserAddress.address_id):
    print(ua.user_id, ua.address_id, ua.user_name, ua.email_address)
Base = mapper_registry.generate_base()
class Extra(Base):
    __tablename__ = "extra"
    id = Column(Integer, primary_key=True)
print(sorted(metadata.tables.keys()))
