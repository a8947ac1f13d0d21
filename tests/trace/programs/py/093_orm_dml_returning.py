# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Task(Base):
    __tablename__ = "task"
    id = Column(Integer, primary_key=True)
    title = Column(String(20), nullable=False)
    done = Column(Boolean, default=False, nullable=False)
    rank = Column(Integer, server_default="1")
    def __repr__(self):
        return "Task(%s, %s, %s)" % (self.title, self.done, self.rank)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
tasks = s.scalars(insert(Task).returning(Task, sort_by_parameter_order=True), [{"title": "a"}, {"title": "b"}, {"title": "c", "done": True}]).all()
print(tasks)
print(s.execute(insert(Task).values(title="d").returning(Task.id, Task.rank)).one())
print(s.scalars(update(Task).where(Task.done == False).values(rank=Task.rank + 1).returning(Task.title)).all())
print(tasks)
print(s.scalars(delete(Task).where(Task.done).returning(Task.id)).all())
s.commit()
print(s.scalars(select(Task).order_by(Task.id)).all())
s.execute(update(Task).where(Task.title.in_(["a", "b"])).values(done=True).execution_options(synchronize_session="evaluate"))
print([t.done for t in s.scalars(select(Task).order_by(Task.id))])
s.execute(update(Task), [{"id": 1, "rank": 10}, {"id": 2, "rank": 20, "done": False}])
print(s.execute(select(Task.id, Task.rank, Task.done).order_by(Task.id)).all())
print(s.query(Task).filter(Task.rank > 5).update({Task.rank: 0}))
print(s.query(Task).filter(Task.rank == 0).delete(synchronize_session="fetch"))
s.rollback()
print(s.query(Task).count())
