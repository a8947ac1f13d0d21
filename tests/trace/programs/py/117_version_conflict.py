from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://", echo=True)
Base = declarative_base()
class Doc(Base):
    __tablename__ = "doc"
    id = Column(Integer, primary_key=True)
    title = Column(String(50))
    version_id = Column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": version_id}
Base.metadata.create_all(engine)
s1, s2 = Session(engine), Session(engine)
d = Doc(title="draft")
s1.add(d)
s1.commit()
print(d.version_id)
d.title = "second"
s1.commit()
print(d.version_id)
other = s2.get(Doc, 1)
s2.commit()
other.title
with s2.no_autoflush:
    pass
s2.connection().exec_driver_sql("update doc set version_id = 7 where id = 1")
other.title = "conflict"
try:
    s2.flush()
except StaleDataError if False else Exception as e:
    print(type(e).__name__, e)
s2.rollback()
print(other.title, other.version_id)
s2.delete(other)
s2.commit()
