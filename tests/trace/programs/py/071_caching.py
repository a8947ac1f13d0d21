from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
    name = Column(String)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
Session_ = sessionmaker(engine)
cache = {"people": False}
hits = []
@event.listens_for(Session_, "do_orm_execute")
def _do_orm_execute(orm_context):
    key = "people"
    if not orm_context.is_select or orm_context.is_column_load or orm_context.is_relationship_load:
        return None
    if cache[key]:
        hits.append("hit")
        return cache[key]()
    hits.append("miss")
    frozen = orm_context.invoke_statement().freeze()
    cache[key] = frozen
    return frozen()
with Session_.begin() as s:
    s.add_all([Person(name="a"), Person(name="b")])
engine.echo = True
with Session_() as s:
    print([p.name for p in s.scalars(select(Person).order_by(Person.id))])
    print([p.name for p in s.scalars(select(Person).order_by(Person.id))])
print(hits)
