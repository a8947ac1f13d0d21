-- Part 10 of the curriculum: asking for objects.

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
session = Session(engine)
session:add_all{
  User{name = "ed", fullname = "Ed Jones"},
  User{name = "wendy", fullname = "Wendy Weathersmith"},
  User{name = "mary", fullname = "Mary Contrary"},
  User{name = "fred", fullname = "Fred Flinstone"},
}
session:commit()

print("--- a class in the place of a table")

print(session:query(User))
print(User.name == "ed")

print("--- entities, columns, both")

for user in session:query(User):order_by(User.id) do print(user.name, user.fullname) end
for name, fullname in session:query(User.name, User.fullname):order_by(User.id) do print(name, fullname) end
for row in session:query(User, User.name):order_by(User.id):limit(2) do print(row.User, row.name) end
print(session:query(User.name:label("called")):order_by(User.name):all())

print("--- filter")

print(session:query(User.name):filter_by{fullname = "Ed Jones"}:all())
print(session:query(User):filter(User.name == "ed"):filter(User.fullname == "Ed Jones"):one())
print(session:query(User):filter(or_(User.name == "ed", User.name == "wendy")):order_by(User.id):all())
print(session:query(User):filter(User.name:like("%ed")):count())
print(session:query(User):filter(not_(User.name:in_{"ed", "wendy", "jack"})):order_by(User.id):all())
print(session:query(User):filter(User.fullname ~= nil):count())
print(session:query(User):filter(text("id < :id")):params{id = 3}:order_by(text("id")):all())

print("--- how many rows there must be")

query = session:query(User):filter(User.name:like("%ed")):order_by(User.id)
print(query:all())
print(query:first())
print(query:slice(1, 2):all())
print(session:query(User.id):filter(User.name == "ed"):scalar())
print(session:query(User):filter(User.name == "nobody"):one_or_none())
for _, q in ipairs{query, query:filter(User.id == 99)} do
  local ok, problem = pcall(function() return q:one() end)
  print(problem.class, problem.message)
end
print(session:get(User, 3))

print("--- the same class twice, and the same in 2.0's spelling")

ualias = aliased(User)
for row in session:query(User.name, ualias.name):join(ualias, User.id < ualias.id):order_by(User.id, ualias.id):limit(3) do print(row) end
print(select(User):where(User.name:startswith("w")))
print(session:scalars(select(User):where(User.name:startswith("w"))):all())
print(session:execute(select(User.name, func.length(User.fullname):label("n")):order_by(desc("n"))):first())

print("--- group")

print(session:query(func.count(User.name), func.substr(User.name, 1, 1)):group_by(func.substr(User.name, 1, 1)):order_by(func.substr(User.name, 1, 1)):all())
session:close()
