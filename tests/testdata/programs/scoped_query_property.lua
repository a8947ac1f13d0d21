-- A scoped session and query_property, as Flask programs have them.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
engine = create_engine("sqlite://", {echo = true})
db_session = scoped_session(sessionmaker{autoflush = false, bind = engine})
Base = declarative_base()
Base.query = db_session:query_property()
User = class("User", Base, {
  __tablename__ = "users",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(50), {unique = true}),
  __init__ = function(self, name)
    self.name = name
  end,
  __repr__ = function(self)
    return string.format("<User %s>", repr(self.name))
  end,
})
Base.metadata:create_all{bind = engine}
u = User("admin")
db_session:add(u)
db_session:commit()
print(User.query:all(), User.query:filter(User.name == "admin"):first(), User.query:filter_by{name = "x"}:first(), User.query:count(), User.query:get(1))
print(rawequal(db_session(), db_session()), db_session.registry:has(), db_session.is_active, db_session:contains(u))
print(db_session:query(User):order_by(User.name:desc()):all(), db_session:execute(select(User.name)):scalars():all(), db_session:scalar(select(func.count(User.id))))
db_session:remove()
print(db_session.registry:has(), User.query:first())
db_session:remove()
