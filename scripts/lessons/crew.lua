-- The class User with four users, and a session.
Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "users",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(50)),
  fullname = Column(String(50)),
  nickname = Column(String(50)),
  __repr__ = function(self)
    return string.format("<User(name='%s', fullname='%s')>", self.name, self.fullname)
  end,
})
Base.metadata:create_all(engine)
session = Session(engine)
session:add_all{
  User{id = 1, name = "ed", fullname = "Ed Jones", nickname = "eddie"},
  User{id = 2, name = "wendy", fullname = "Wendy Williams", nickname = "windy"},
  User{id = 3, name = "mary", fullname = "Mary Contrary", nickname = "mary"},
  User{id = 4, name = "fred", fullname = "Fred Flintstone", nickname = "freddy"},
}
session:commit()
session:close()
session = Session(engine)
engine.echo = true
