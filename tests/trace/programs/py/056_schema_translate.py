from sqlalchemy import *
from sqlalchemy.orm import *
engine = create_engine(DBURL)
@event.listens_for(engine, "connect")
def attach(dbapi_connection, record):
    cursor = dbapi_connection.cursor()
    cursor.execute("attach ':memory:' as tenant1")
    cursor.execute("attach ':memory:' as tenant2")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
Base = declarative_base()
class Customer(Base):
    __tablename__ = "customer"
    __table_args__ = {"schema": "per_tenant"}
    id = Column(Integer, primary_key=True)
    name = Column(String)
engine.echo = True
for i, t in enumerate(["tenant1", "tenant2"]):
    e = engine.execution_options(schema_translate_map={"per_tenant": t})
    Base.metadata.create_all(e)
    with Session(e) as s:
        s.add(Customer(name="customer of " + t))
        s.commit()
for t in ["tenant1", "tenant2"]:
    with engine.connect().execution_options(schema_translate_map={"per_tenant": t}) as c:
        print(c.execute(select(Customer.id, Customer.name)).all())
s = Session(engine)
s.connection(execution_options={"schema_translate_map": {"per_tenant": "tenant2"}})
print(s.scalars(select(Customer)).one().name)
s.close()
print(inspect(engine).get_schema_names() if False else inspect(engine).get_table_names(schema="tenant1"))
