-- Users with their addresses, a one-to-many relationship, and a session.
Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "users",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(50)),
  addresses = relationship("Address", {back_populates = "user", order_by = "Address.id"}),
  __repr__ = function(self) return string.format("<User(%s)>", self.name) end,
})
Address = class("Address", Base, {
  __tablename__ = "addresses",
  id = Column(Integer, {primary_key = true}),
  email = Column(String(50), {nullable = false}),
  user_id = Column(Integer, ForeignKey("users.id")),
  user = relationship("User", {back_populates = "addresses"}),
  __repr__ = function(self) return string.format("<Address(%s)>", self.email) end,
})
Base.metadata:create_all(engine)
session = Session(engine)
session:add_all{
  User{name = "ed", addresses = {Address{email = "ed@example.com"}, Address{email = "ed@example.org"}}},
  User{name = "wendy", addresses = {Address{email = "wendy@example.com"}}},
  User{name = "mary"},
  User{name = "fred", addresses = {Address{email = "fred@example.com"}, Address{email = "fred@example.net"}}},
}
session:commit()
session:close()
session = Session(engine)
engine.echo = true
