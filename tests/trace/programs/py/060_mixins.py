# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
from typing import Optional
class Base(DeclarativeBase):
    __abstract__ = True
    @declared_attr.directive
    def __tablename__(cls):
        return cls.__name__.lower()
    id: Mapped[int] = mapped_column(primary_key=True)
    def to_dict(self):
        return {c.name: getattr(self, c.name) for c in self.__table__.columns}
class TimestampMixin:
    created_at = Column(String(20), default="now", nullable=False)
    updated_at = Column(String(20), default="now", onupdate="later")
class OwnedMixin:
    @declared_attr
    def owner_id(cls):
        return Column(Integer, ForeignKey("owner.id"))
    @declared_attr
    def owner(cls):
        return relationship("Owner", backref=cls.__tablename__ + "_items")
class Owner(TimestampMixin, Base):
    name: Mapped[str] = mapped_column(String(30))
class Task(TimestampMixin, OwnedMixin, Base):
    title: Mapped[str] = mapped_column(String(30))
    __table_args__ = (UniqueConstraint("title", name="uq_task_title"), {"comment": "tasks"})
class Note(OwnedMixin, Base):
    body: Mapped[Optional[str]] = mapped_column(Text)
engine = create_engine(DBURL, echo=True)
Base.metadata.create_all(engine)
s = Session(engine)
o = Owner(name="ann")
s.add_all([o, Task(title="write", owner=o), Note(body="hi", owner=o)])
s.commit()
print(o.to_dict())
print([t.title for t in o.task_items], [n.body for n in o.note_items])
o.name = "anna"
s.commit()
print(o.updated_at, o.created_at)
print(Task.__table__.c.keys(), Task.__tablename__, [c.name for c in Task.__table__.constraints if isinstance(c, UniqueConstraint)])
