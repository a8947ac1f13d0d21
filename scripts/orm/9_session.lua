-- Part 9 of the curriculum: the Session, and the SQL of each moment.

Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "user",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  fullname = Column(String),
  __repr__ = function(self) return "<User " .. self.name .. ">" end,
})
engine = create_engine("sqlite://")
Base.metadata:create_all(engine)
engine.echo = true
session = Session(engine)

print("--- add: pending, nothing is sent")

ed = User{name = "ed", fullname = "Edward Jones"}
session:add(ed)
print(session.new)

print("--- a query flushes first")

our_user = session:query(User):filter_by{name = "ed"}:first()
print(our_user)
print(ed.id)

print("--- the identity map: one row is one object")

print(ed == our_user)

print("--- more objects, and a change")

session:add_all{
  User{name = "wendy", fullname = "Wendy Weathersmith"},
  User{name = "mary", fullname = "Mary Contrary"},
}
ed.fullname = "Ed Jones"
print(session.dirty)
print(#session.new)

print("--- commit flushes and ends the transaction")

session:commit()

print("--- after commit an object is read anew when it is touched")

print(ed.fullname)

print("--- rollback takes back what was not committed, in the objects too")

ed.name = "Edwardo"
fake = User{name = "fakeuser", fullname = "Invalid"}
session:add(fake)
print(session:query(User):filter(User.name:in_{"Edwardo", "fakeuser"}):order_by(User.id):all())
session:rollback()
print(ed.name)
print(session:contains(fake))

print("--- delete")

mary = session:scalars(select(User):where(User.name == "mary")):one()
session:delete(mary)
print(session.deleted)
session:flush()
print(session:query(User):count())
session:commit()

print("--- states")

u = User{name = "new"}
print(inspect(u).transient, inspect(u).pending, inspect(u).persistent)
session:add(u)
print(inspect(u).transient, inspect(u).pending, inspect(u).persistent)
session:flush()
print(inspect(u).transient, inspect(u).pending, inspect(u).persistent)
session:rollback()
print(inspect(u).transient, inspect(u).pending, inspect(u).persistent)
session:close()

print("--- sessionmaker, and a session as a block")

engine.echo = false
Session_ = sessionmaker{bind = engine}
with(Session_:begin(), function(session)
  session:add(User{name = "fred"})
end)
with(Session_(), function(session)
  print(session:scalars(select(User.name):order_by(User.name)):all())
end)
