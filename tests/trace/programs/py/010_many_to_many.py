# db: sqlite mysql
from sqlalchemy import *
from sqlalchemy.orm import *
engine = create_engine(DBURL)
Base = declarative_base()
post_tags = Table("post_tags", Base.metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True))
class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    title = Column(String(100), nullable=False)
    body = Column(Text)
    tags = relationship("Tag", secondary=post_tags, back_populates="posts", order_by="Tag.name")
    def __repr__(self):
        return f"<Post {self.title}>"
class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    name = Column(String(30), unique=True)
    posts = relationship("Post", secondary=post_tags, back_populates="tags", order_by="Post.id")
    def __repr__(self):
        return f"<Tag {self.name}>"
Base.metadata.create_all(engine)
engine.echo = True
session = Session(engine)
python = Tag(name="python")
lua = Tag(name="lua")
sql = Tag(name="sql")
p1 = Post(title="Intro", body="hello", tags=[python, sql])
p2 = Post(title="Shells", tags=[lua, sql])
p3 = Post(title="Empty")
session.add_all([p1, p2, p3])
session.commit()
print([p.title for p in sql.posts])
for post in session.scalars(select(Post).options(selectinload(Post.tags)).order_by(Post.id)):
    print(post.title, [t.name for t in post.tags])
print(session.query(Post).filter(Post.tags.any(name="lua")).all())
print(session.query(Post).filter(~Post.tags.any()).all())
print(session.query(Post).filter(Post.tags.contains(sql)).order_by(Post.id).all())
q = session.query(Tag.name, func.count(Post.id).label("n")).join(Tag.posts).group_by(Tag.name).order_by(desc("n"), Tag.name)
for name, n in q:
    print(name, n)
p1.tags.remove(python)
p1.tags.append(lua)
session.flush()
print(p1.tags)
session.delete(sql)
session.commit()
print(p1.tags, p2.tags)
print(session.execute(select(func.count()).select_from(post_tags)).scalar())
session.close()
