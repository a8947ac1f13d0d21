# db: sqlite postgresql mysql
from datetime import datetime
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
tagging = Table("tagging", Base.metadata, Column("post_id", ForeignKey("post.id", ondelete="CASCADE"), primary_key=True), Column("tag_id", ForeignKey("tag.id"), primary_key=True))
class User(Base):
    __tablename__ = "user_account"
    id = Column(Integer, primary_key=True)
    username = Column(String(30), unique=True, nullable=False)
    posts = relationship("Post", back_populates="author", lazy="dynamic", order_by="Post.id")
    comments = relationship("Comment", back_populates="author")
class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    title = Column(String(80), nullable=False)
    slug = Column(String(80), unique=True)
    published = Column(DateTime)
    author_id = Column(ForeignKey("user_account.id"), nullable=False, index=True)
    author = relationship(User, back_populates="posts")
    tags = relationship("Tag", secondary=tagging, lazy="selectin", order_by="Tag.id")
    comments = relationship("Comment", back_populates="post", cascade="all, delete-orphan", order_by="Comment.id")
class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True)
class Comment(Base):
    __tablename__ = "comment"
    id = Column(Integer, primary_key=True)
    body = Column(Text, nullable=False)
    post_id = Column(ForeignKey("post.id"), nullable=False)
    author_id = Column(ForeignKey("user_account.id"))
    post = relationship(Post, back_populates="comments")
    author = relationship(User, back_populates="comments")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
Session_ = sessionmaker(engine)
with Session_.begin() as s:
    ann, bob = User(username="ann"), User(username="bob")
    lua, sql = Tag(name="lua"), Tag(name="sql")
    s.add_all([ann, bob, lua, sql])
    s.flush()
    for i in range(1, 4):
        p = Post(title="Post %d" % i, slug="post-%d" % i, author=ann if i < 3 else bob, published=datetime(2024, i, 1))
        p.tags.append(lua)
        if i % 2 == 1:
            p.tags.append(sql)
        p.comments.append(Comment(body="first!", author=bob))
        s.add(p)
        s.flush()
with Session_() as s:
    page = select(Post).join(Post.author).where(Post.published > datetime(2024, 1, 15)).order_by(Post.published.desc()).limit(10).offset(0)
    for p in s.scalars(page.options(joinedload(Post.author), selectinload(Post.comments).joinedload(Comment.author))):
        print(p.title, p.author.username, [t.name for t in p.tags], [[c.author.username, c.body] for c in p.comments])
    ann = s.scalars(select(User).filter_by(username="ann")).one()
    print(ann.posts.count(), [p.slug for p in ann.posts.filter(Post.title.like("%2"))], ann.posts.order_by(None).order_by(Post.id.desc()).first().title)
    print(s.execute(select(Tag.name, func.count(tagging.c.post_id)).outerjoin(tagging).group_by(Tag.name).order_by(Tag.name)).all())
    print(s.execute(select(User.username, func.count(Post.id.distinct()), func.count(Comment.id.distinct())).outerjoin(Post, Post.author_id == User.id).outerjoin(Comment, Comment.author_id == User.id).group_by(User.username).order_by(User.username)).all())
    prev = select(Post.title).where(Post.published < datetime(2024, 2, 1)).order_by(Post.published.desc()).limit(1).scalar_subquery()
    print(s.execute(select(Post.title, prev.label("prev")).where(Post.slug == "post-2")).one())
    p = s.scalars(select(Post).where(Post.slug == "post-1")).one()
    p.comments[0].body = "edited"
    p.tags = [t for t in p.tags if t.name != "sql"]
    s.commit()
    s.delete(p)
    s.commit()
    print(s.scalar(select(func.count()).select_from(Comment)), s.scalar(select(func.count()).select_from(tagging)))
