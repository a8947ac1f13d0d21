# db: sqlite mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL, echo=True)
Base = declarative_base()
post_tags = Table("post_tags", Base.metadata, Column("post_id", ForeignKey("posts.id"), primary_key=True), Column("tag_id", ForeignKey("tags.id"), primary_key=True))
class Author(Base):
    __tablename__ = "authors"
    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False)
    posts = relationship("Post", back_populates="author", cascade="all, delete-orphan", order_by="Post.id")
    def __repr__(self):
        return f"Author({self.name!r})"
class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    title = Column(String(100), nullable=False)
    body = Column(Text)
    author_id = Column(Integer, ForeignKey("authors.id"), nullable=False)
    author = relationship("Author", back_populates="posts")
    tags = relationship("Tag", secondary=post_tags, back_populates="posts", order_by="Tag.name")
    def __repr__(self):
        return f"Post({self.title!r})"
class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)
    posts = relationship("Post", secondary=post_tags, back_populates="tags", order_by="Post.id")
    def __repr__(self):
        return f"Tag({self.name!r})"
Base.metadata.create_all(engine)
session = Session(engine)
py, db = Tag(name="python"), Tag(name="db")
ann = Author(name="ann", posts=[Post(title="One", body="first", tags=[py]), Post(title="Two", tags=[py, db])])
session.add(ann)
print(session.new if len(session.new) == 1 else len(session.new))
session.commit()
print(ann.posts, ann.posts[1].tags)
for title, n in session.execute(select(Post.title, func.count(Tag.id)).join(Post.tags).group_by(Post.id, Post.title).order_by(Post.id)):
    print(title, n)
print(session.scalars(select(Post).where(Post.tags.any(Tag.name == "db"))).all())
print(session.scalars(select(Post).where(Post.author.has(name="ann")).order_by(Post.id)).all())
p = session.get(Post, 2)
p.tags.remove(py)
session.commit()
print(py.posts)
print(session.query(Tag).filter(~Tag.posts.any()).count())
ann.posts.remove(p)
session.commit()
print(session.query(Post).all())
session.delete(ann)
session.commit()
print(session.query(Post).count(), session.query(Tag).order_by(Tag.name).all())
session.close()
