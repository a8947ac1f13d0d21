# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.ext.mutable import MutableDict, MutableList
Base = declarative_base()
class Doc(Base):
    __tablename__ = "doc"
    id = Column(Integer, primary_key=True)
    data = Column(JSON)
    meta = Column(MutableDict.as_mutable(JSON))
    tags = Column(MutableList.as_mutable(JSON))
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
d = Doc(data={"name": "x", "n": 5, "ok": True, "list": [1, 2, {"a": "b"}], "nothing": None}, meta={"a": 1}, tags=["p"])
s.add_all([d, Doc(data=None, meta={}, tags=[])])
s.commit()
print(d.data["list"][2]["a"], d.data["n"], d.meta["a"])
d.meta["b"] = 2
d.tags.append("q")
s.commit()
print(d.meta, d.tags)
print(s.scalars(select(Doc.id).where(Doc.data["name"].as_string() == "x")).all())
print(s.scalars(select(Doc.id).where(Doc.data["n"].as_integer() > 4)).all())
print(s.execute(select(Doc.data["list"][0].as_integer(), Doc.data[("list", 2, "a")].as_string())).first())
print(s.scalars(select(Doc.data["ok"].as_boolean()).where(Doc.id == 1)).all())
print(s.scalars(select(Doc.id).where(Doc.data.is_(None))).all())
print(s.scalars(select(Doc.id).where(Doc.data == JSON.NULL)).all())
d.data = {"name": "y"}
s.commit()
print(d.data)
s.execute(update(Doc).where(Doc.id == 2).values(data=null()))
print(s.scalars(select(Doc.id).where(Doc.data.is_(None))).all())
s.commit()
