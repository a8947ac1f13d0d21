from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("author.id"))
    title = Column(String)
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def __composite_values__(self):
        return self.x, self.y
    def __eq__(self, other):
        return isinstance(other, Point) and other.x == self.x and other.y == self.y
    def __repr__(self):
        return "Point(%s, %s)" % (self.x, self.y)
class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    first = Column(String(20))
    last = Column(String(20))
    full = column_property(first + " " + last)
    n_posts = column_property(select(func.count(Post.id)).where(Post.author_id == id).correlate_except(Post).scalar_subquery())
    x1 = Column(Integer)
    y1 = Column(Integer)
    pos = composite(Point, x1, y1)
    nick = synonym("first")
    bio = deferred(Column(Text), group="big")
    photo = deferred(Column(LargeBinary), group="big")
    extra = query_expression()
    posts = relationship(Post, order_by=Post.title)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
s.add_all([Author(first="Jane", last="Doe", pos=Point(1, 2), bio="long", posts=[Post(title="b"), Post(title="a")]), Author(nick="Jo", last="Bloggs", pos=Point(3, 4))])
s.commit()
for a in s.scalars(select(Author).order_by(Author.full)):
    print(a.full, a.n_posts, a.pos, a.nick)
print(s.scalars(select(Author.last).where(Author.pos == Point(3, 4))).all())
print(s.scalars(select(Author.id).where(Author.nick == "Jane")).all())
j = s.scalars(select(Author).where(Author.full == "Jane Doe")).one()
print(j.bio, [p.title for p in j.posts])
j.pos = Point(5, 6)
s.commit()
print(j.x1, j.y1)
print(s.scalars(select(Author).options(with_expression(Author.extra, Author.x1 + Author.y1)).order_by(Author.id)).first().extra)
print(s.scalars(select(Author).options(with_expression(Author.extra, Author.x1 + Author.y1)).order_by(Author.id).execution_options(populate_existing=True)).first().extra)
print(s.execute(select(Author.n_posts, Author.full).order_by(Author.n_posts.desc())).all())
print(s.scalars(select(Author).options(undefer_group("big")).where(Author.id == 2)).one().bio)
print(s.execute(select(Author.pos).order_by(Author.id)).all())
