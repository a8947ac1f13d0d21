from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy import inspect
from sqlalchemy.orm.exc import *
from sqlalchemy.exc import *
Base = declarative_base()
class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    age = Column(Integer, default=18)
    posts = relationship("Post", back_populates="user", cascade="all, delete-orphan")
    def __repr__(self):
        return f"<User {self.name}>"
class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    title = Column(String)
    user_id = Column(ForeignKey("user.id"))
    user = relationship("User", back_populates="posts")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
def state(o):
    i = inspect(o)
    return [i.transient, i.pending, i.persistent, i.deleted, i.detached]
u = User(name="ann")
print(state(u), u.id, u.age)
s.add(u)
print(state(u), s.new)
s.flush()
print(state(u), u.id, u.age)
u.name = "anna"
print(s.dirty, s.is_modified(u), inspect(u).attrs.name.history)
s.rollback()
print(state(u), u.name)
s.add(u)
s.commit()
print(inspect(u).expired_attributes if False else inspect(u).identity)
s.delete(u)
s.flush()
print(state(u))
s.commit()
print(state(u))
make_transient(u)
u.id = None
s.add(u)
s.commit()
s.expunge(u)
print(state(u), u in s)
u.name = "merged"
u2 = s.merge(u)
print(u2 is u, u2 in s, u2.name)
s.commit()
m2 = s.merge(User(id=77, name="new one", posts=[Post(title="p")]))
s.commit()
print(m2.id, [p.title for p in m2.posts])
s.expire(m2, ["name"])
print(m2.name)
s.refresh(m2)
m2.posts.clear() if False else m2.posts.remove(m2.posts[0])
s.commit()
print(s.scalar(select(func.count(Post.id))))
try:
    s.add(User())
    s.commit()
except IntegrityError as e:
    print(err(e))
    try:
        s.execute(select(User))
    except PendingRollbackError as e2:
        print(err(e2))
    s.rollback()
with s.no_autoflush:
    s.add(User(name="z"))
    print(s.query(User).count())
print(s.query(User).count())
s.close()
d = Session(engine).get(User, 77)
x = User(id=500, name="q")
try:
    s.delete(x)
except InvalidRequestError as e:
    print("not persisted")
s2 = Session(engine)
o = s2.get(User, 77)
s2.close()
try:
    o.posts
except DetachedInstanceError as e:
    print(type(o).__name__, "detached")
try:
    s2.get_one(User, 12345)
except NoResultFound as e:
    print(err(e))
