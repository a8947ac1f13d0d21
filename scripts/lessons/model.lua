-- The class User of lesson 8, its table empty, and a session.
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
engine.echo = true
session = Session(engine)
