-- Part 8 of the curriculum: a class that is mapped to a table.
--
-- class(name, base, body) is Python's `class name(base): body`.

Base = declarative_base()

User = class("User", Base, {
  __tablename__ = "user",

  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  fullname = Column(String),

  __repr__ = function(self)
    return string.format("<User(%s, %s)>", repr(self.name), repr(self.fullname))
  end,
})

print("--- the class has made a Table and a mapper")

print(repr(User.__table__.c.name))
print(User.__mapper__)
print(User.__table__.c:keys())

print("--- an object")

-- The class has a constructor that takes its attributes. What was not given is nil.
ed_user = User{name = "ed", fullname = "Edward Jones"}
print(ed_user.name, ed_user.fullname, ed_user.id)
print(ed_user)

-- A name that the class does not have is refused.
print(pcall(function() return User{nmae = "ed"} end) == false)

print("--- the tables, with their echo")

engine = create_engine("sqlite://", {echo = true})
Base.metadata:create_all(engine)
engine.echo = false

print("--- a constructor and methods of our own")

Account = class("Account", Base, {
  __tablename__ = "account",
  id = Column(Integer, {primary_key = true}),
  owner = Column(String),
  balance = Column(Integer),

  __init__ = function(self, owner)
    self.owner = owner
    self.balance = 0
  end,
  deposit = function(self, amount)
    self.balance = self.balance + amount
    return self
  end,
})
account = Account("ed"):deposit(5):deposit(10)
print(account.owner, account.balance)

print("--- class and table apart")

-- A plain class and a table know nothing of each other until a registry maps
-- the one to the other.
point_table = Table("point", Base.metadata,
  Column("id", Integer, {primary_key = true}),
  Column("x", Integer),
  Column("y", Integer))
Point = class("Point", nil, {
  __init__ = function(self, x, y) self.x = x; self.y = y end,
})
registry():map_imperatively(Point, point_table)
Base.metadata:create_all(engine)
with(Session(engine), function(session)
  session:add(Point(3, 4))
  session:commit()
  p = session:scalars(select(Point)):one()
  print(p.id, p.x, p.y)
end)
