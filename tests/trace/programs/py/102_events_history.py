from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy import inspect
from sqlalchemy.orm import attributes
from sqlalchemy.orm.attributes import flag_modified, get_history, set_committed_value
Base = declarative_base()
class Doc(Base):
    __tablename__ = "doc"
    id = Column(Integer, primary_key=True)
    title = Column(String)
    data = Column(JSON)
    parts = relationship("Part", back_populates="doc", cascade="all, delete-orphan")
class Part(Base):
    __tablename__ = "part"
    id = Column(Integer, primary_key=True)
    doc_id = Column(ForeignKey("doc.id"))
    name = Column(String)
    doc = relationship(Doc, back_populates="parts")
    def __repr__(self):
        return "Part(%s)" % self.name
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
seen = []
@event.listens_for(Doc.parts, "append")
def appended(target, value, initiator):
    seen.append("append " + value.name)
@event.listens_for(Doc.parts, "remove")
def removed(target, value, initiator):
    seen.append("remove " + value.name)
@event.listens_for(Part.doc, "set")
def setdoc(target, value, oldvalue, initiator):
    seen.append("set doc of " + target.name)
@event.listens_for(Session, "persistent_to_deleted")
def ptd(session, obj):
    seen.append("deleted " + type(obj).__name__)
@event.listens_for(Session, "loaded_as_persistent")
def lap(session, obj):
    seen.append("loaded " + type(obj).__name__)
@event.listens_for(Session, "after_bulk_update")
def abu(ctx):
    seen.append("bulk update %d" % ctx.result.rowcount)
engine.echo = True
s = Session(engine)
d = Doc(title="t", data={"k": [1]})
a, b = Part(name="a"), Part(name="b")
d.parts.append(a)
b.doc = d
s.add(d)
s.commit()
d.title = "u"
print(get_history(d, "title"), inspect(d).attrs.title.load_history())
d.parts.remove(a)
print(get_history(d, "parts"))
s.commit()
d.data["k"] = [1, 2]
print(s.is_modified(d))
flag_modified(d, "data")
print(s.is_modified(d))
s.commit()
print(d.data)
set_committed_value(d, "title", "pretend")
print(d.title, s.dirty)
s.execute(update(Doc).values(title="all"))
print(d.title)
s.expunge_all()
d = s.get(Doc, 1)
print(inspect(d).attrs.title.value, inspect(d).attrs.title.loaded_value)
d.parts = []
s.commit()
for x in seen:
    print(x)
