from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.orm.exc import StaleDataError
Base = declarative_base()
class Doc(Base):
    __tablename__ = "doc"
    id = Column(Integer, primary_key=True)
    version = Column(Integer, nullable=False)
    title = Column(String)
    __mapper_args__ = {"version_id_col": version}
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s1 = Session(engine)
d = Doc(title="one")
s1.add(d)
s1.commit()
print(d.version)
d.title = "two"
s1.commit()
print(d.version)
with engine.begin() as c:
    c.execute(update(Doc.__table__).values(version=7))
d2 = s1.get(Doc, 1)
print(d2.version)
d2.title = "three"
s1.flush()
s1.execute(text("update doc set version = 100"))
d2.title = "four"
try:
    s1.flush()
except StaleDataError as e:
    print(err(e))
s1.rollback()
s1.delete(d2)
s1.commit()
