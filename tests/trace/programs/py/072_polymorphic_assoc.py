from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Comment(Base):
    __tablename__ = "comment"
    id = Column(Integer, primary_key=True)
    body = Column(String)
    target_type = Column(String(20))
    target_id = Column(Integer)
class HasComments:
    @declared_attr
    def comments(cls):
        return relationship(Comment, primaryjoin=lambda: and_(foreign(Comment.target_id) == cls.id, Comment.target_type == cls.__name__.lower()), viewonly=False, overlaps="comments", order_by=Comment.id)
class Photo(HasComments, Base):
    __tablename__ = "photo"
    id = Column(Integer, primary_key=True)
    url = Column(String)
class Video(HasComments, Base):
    __tablename__ = "video"
    id = Column(Integer, primary_key=True)
    title = Column(String)
@event.listens_for(Photo.comments, "append")
def setp(target, value, initiator):
    value.target_type = "photo"
@event.listens_for(Video.comments, "append")
def setv(target, value, initiator):
    value.target_type = "video"
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
p = Photo(url="u")
v = Video(title="t")
p.comments.append(Comment(body="nice"))
v.comments.append(Comment(body="boring"))
v.comments.append(Comment(body="long"))
s.add_all([p, v])
s.commit()
print([c.body for c in p.comments], [c.body for c in v.comments])
print(s.scalars(select(Video).where(Video.comments.any(body="long"))).one().title)
print(s.execute(select(Photo.url, func.count(Comment.id)).outerjoin(Photo.comments).group_by(Photo.url)).all())
