from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy import inspect
Base = declarative_base()
class Content(Base):
    __tablename__ = "content"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    title = Column(String)
    owner_id = Column(ForeignKey("owner.id"))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "content", "with_polymorphic": "*"}
    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, self.title)
class Article(Content):
    __tablename__ = "article"
    id = Column(ForeignKey("content.id"), primary_key=True)
    body = Column(Text)
    __mapper_args__ = {"polymorphic_identity": "article", "polymorphic_load": "inline"}
class Review(Article):
    stars = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "review"}
class Clip(Content):
    __tablename__ = "clip"
    id = Column(ForeignKey("content.id"), primary_key=True)
    seconds = Column(Integer)
    tags = relationship("ClipTag", backref="clip")
    __mapper_args__ = {"polymorphic_identity": "clip"}
class ClipTag(Base):
    __tablename__ = "clip_tag"
    id = Column(Integer, primary_key=True)
    clip_id = Column(ForeignKey("clip.id"))
    label = Column(String)
class Owner(Base):
    __tablename__ = "owner"
    id = Column(Integer, primary_key=True)
    contents = relationship(Content, backref="owner", order_by=Content.id)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
s.add(Owner(contents=[Article(title="a", body="b"), Review(title="r", body="bb", stars=4), Clip(title="c", seconds=10, tags=[ClipTag(label="x")]), Content(title="plain")]))
s.commit()
s.expunge_all()
print(s.scalars(select(Content).order_by(Content.id)).all())
print(s.scalars(select(Article).order_by(Article.id)).all())
print(s.scalars(select(Content).where(Clip.seconds > 5)).all())
o = s.scalars(select(Owner).options(selectinload(Owner.contents))).one()
print(o.contents)
print(s.scalars(select(Owner).join(Owner.contents.of_type(Clip)).join(Clip.tags).where(ClipTag.label == "x")).one().id)
r = s.scalars(select(Review)).one()
r.stars = 5
r.title = "rr"
s.commit()
print(s.execute(select(Review.title, Review.stars, Review.body)).all())
print(s.query(Content).with_entities(Content.kind, func.count()).group_by(Content.kind).order_by(Content.kind).all())
s.execute(update(Article).where(Article.id == 1).values(body="new"))
s.delete(r)
s.commit()
print(s.scalar(select(func.count(Content.id))))
print(inspect(Content).polymorphic_map.keys() if False else sorted(inspect(Content).polymorphic_map.keys()))
print([m.class_.__name__ for m in inspect(Content).self_and_descendants])
