# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class P(Base):
    __tablename__ = "p"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    qty = Column(Integer, default=1)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
s.bulk_save_objects([P(name="a"), P(name="b", qty=5)])
s.bulk_insert_mappings(P, [{"name": "c"}, {"name": "d", "qty": 2}])
s.execute(insert(P), [{"name": "e"}, {"name": "f"}])
s.commit()
objs = s.scalars(insert(P).returning(P), [{"name": "g"}, {"name": "h"}]).all() if engine.dialect.name != "mysqlx" else []
print([o.name for o in objs], [o.qty for o in objs])
s.bulk_update_mappings(P, [{"id": 1, "qty": 10}, {"id": 2, "qty": 20}])
s.execute(update(P), [{"id": 3, "qty": 30}, {"id": 4, "qty": 40}])
print(s.execute(update(P).where(P.qty > 15).values(name=P.name + "!")).rowcount)
print(s.execute(select(P.id, P.name, P.qty).order_by(P.id)).all())
o = s.get(P, 1)
s.execute(update(P).where(P.id == 1).values(qty=99))
print(o.qty)
s.execute(update(P).where(P.id == 1).values(qty=P.qty + 1), execution_options={"synchronize_session": "fetch"})
print(o.qty)
s.execute(delete(P).where(P.qty < 5), execution_options={"synchronize_session": False})
print(s.scalar(select(func.count(P.id))))
s.execute(insert(P).values([{"name": "x", "qty": 1}, {"name": "y", "qty": 2}]))
s.query(P).filter(P.name.in_(["x", "y"])).delete(synchronize_session="evaluate")
print(s.query(P).count())
s.execute(insert(P).from_select(["name", "qty"], select(P.name, P.qty * 2).where(P.id == 1)))
s.commit()
print(s.execute(select(P.name, P.qty).order_by(P.id.desc()).limit(1)).one())
