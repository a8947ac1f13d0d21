-- The methods of Query in the style of 1.4, echoed.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine("sqlite://", {echo = true})
Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "users",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  age = Column(Integer),
  __repr__ = function(self)
    return string.format("<User(%s, %s)>", repr(self.name), repr(self.age))
  end,
})
Base.metadata:create_all(engine)
Session = sessionmaker{bind = engine}
session = Session()
session:add_all({User{name = "ed", age = 30}, User{name = "wendy", age = 25}, User{name = "mary", age = 41}, User{name = "fred", age = 30}})
session:commit()
q = session:query(User)
print(q)
print(q:count(), q:first(), q:get(3), q:filter(User.age > 28):order_by(User.name):all())
print(q:filter(User.name:like("%ed")):order_by(User.id):slice(0, 1):all(), q:order_by(User.id):slice(1, 3):all(), q:order_by(User.id):offset(2):first())
print(q:filter_by{name = "ed"}:one(), q:filter_by{name = "nobody"}:one_or_none(), q:filter_by{name = "nobody"}:first())
print(q:with_entities(User.name):order_by(User.name):all(), q:with_entities(func.max(User.age)):scalar())
print(session:query(User.name, User.age):filter(User.age:between(25, 35)):order_by(desc(User.age), User.name):all())
print(session:query(User.age, func.count("*"):label("n")):group_by(User.age):having(func.count("*") > 1):all())
print(session:query(User):filter(User.name:in_({"ed", "mary"})):update({age = User.age + 1}, {synchronize_session = "evaluate"}))
print(session:query(User):filter(User.name == "ed"):one().age)
print(session:query(User):filter(User.age > 40):delete{synchronize_session = "fetch"})
session:rollback()
print(session:query(exists():where(User.name == "ed")):scalar(), session:query(session:query(User):filter(User.age > 99):exists()):scalar())
print(session:query(User):order_by(User.age:desc(), User.name):limit(2):all())
print(session:query(User):distinct():count(), session:query(User.age):distinct():order_by(User.age):all())
print((function() local out_ = {} for row_ in session:query(User.name):order_by(User.id) do local n = row_[1] out_[#out_ + 1] = n end return out_ end)())
sq = session:query(func.max(User.age):label("m")):subquery()
print(session:query(User):filter(User.age == sq.c.m):all())
print(session:query(User):join(sq, User.age == sq.c.m):all())
a1, a2 = aliased(User), aliased(User, {name = "second"})
print(session:query(a1.name, a2.name):filter(a1.age == a2.age, a1.id < a2.id):all())
print(session:query(User):from_statement(text("select * from users where name = :n")):params{n = "ed"}:all())
print(session:query(User):filter(text("age < :a")):params{a = 29}:all())
print(session:query(User):union(session:query(User):filter(User.id == 1)):order_by(User.id):all())
print(session:query(func.sum(User.age), func.avg(User.age), func.min(User.name)):one())
print(session:query(User):filter(or_(User.name == "ed", User.age < 26)):order_by(User.name):all())
print(session:query(User):populate_existing():filter(User.id == 1):all(), session:query(User):enable_eagerloads(false).statement)
print(session:query(User):slice(1, 2):all(), session:query(User.id):yield_per(2):all())
local ok_1, err_1 = pcall(function()
  session:query(User):one()
end)
if not ok_1 then
  if err_1:is(MultipleResultsFound) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
local ok_2, err_2 = pcall(function()
  session:query(User):filter_by{id = 99}:one()
end)
if not ok_2 then
  if err_2:is(NoResultFound) then
    local e = err_2
  print(py_err(e))
  else
    error(err_2, 0)
  end
end
print(session:query(literal(true), null(), case({User.age > 30, "old"}, {else_ = "young"})):order_by(User.id):all())
print(q.whereclause, q:filter(User.id == 1).whereclause, rawequal(q.session, session))
