from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy import inspect
Base = declarative_base()
class AuditLog(Base):
    __tablename__ = "audit_log"
    id = Column(Integer, primary_key=True)
    table_name = Column(String)
    action = Column(String)
    detail = Column(JSON)
class Customer(Base):
    __tablename__ = "customer"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    city = Column(String)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
def changes(obj):
    state = inspect(obj)
    out = {}
    for attr in state.attrs:
        hist = attr.history
        if hist.has_changes() and attr.key != "id":
            out[attr.key] = [hist.deleted[0] if hist.deleted else None, hist.added[0] if hist.added else None]
    return out
@event.listens_for(Session, "before_flush")
def audit(session, flush_context, instances):
    for obj in session.dirty:
        if isinstance(obj, Customer) and session.is_modified(obj):
            session.add(AuditLog(table_name=obj.__tablename__, action="update", detail=changes(obj)))
    for obj in session.deleted:
        if isinstance(obj, Customer):
            session.add(AuditLog(table_name=obj.__tablename__, action="delete", detail={"name": obj.name}))
@event.listens_for(Customer, "after_insert")
def after_insert(mapper, connection, target):
    connection.execute(AuditLog.__table__.insert().values(table_name=mapper.local_table.name, action="insert", detail={"name": target.name}))
engine.echo = True
session = Session(engine)
c1 = Customer(name="Ann", city="Rome")
session.add(c1)
session.commit()
c1.city = "Oslo"
session.commit()
c1.name = "Anna"
c1.city = "Bonn"
session.commit()
session.delete(c1)
session.commit()
for log in session.query(AuditLog).order_by(AuditLog.id):
    print(log.action, log.table_name, log.detail)
