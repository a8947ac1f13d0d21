from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import IntegrityError, NoResultFound
Base = declarative_base()
class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    name = Column(String, unique=True, nullable=False)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
def get_or_create(session, name):
    obj = session.query(Tag).filter_by(name=name).one_or_none()
    if obj is not None:
        return obj
    try:
        with session.begin_nested():
            obj = Tag(name=name)
            session.add(obj)
            session.flush()
        return obj
    except IntegrityError as e:
        return session.query(Tag).filter_by(name=name).one()
engine.echo = True
s = Session(engine)
a = get_or_create(s, "x")
b = get_or_create(s, "x")
print(a is b, a.id)
for n in ["y", "x", "z"]:
    get_or_create(s, n)
s.commit()
for n in ["q", "x", "r"]:
    try:
        with s.begin_nested():
            s.add(Tag(name=n))
    except IntegrityError as e:
        print("skipped", n)
s.commit()
print(s.scalars(select(Tag.name).order_by(Tag.name)).all())
