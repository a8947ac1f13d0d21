from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
e1 = create_engine("sqlite://")
e2 = create_engine("sqlite://")
Base = declarative_base()
class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String)
class Log(Base):
    __tablename__ = "log"
    id = Column(Integer, primary_key=True)
    line = Column(String)
Session_ = sessionmaker(binds={User: e1, Log: e2})
User.__table__.create(e1)
Log.__table__.create(e2)
e1.echo = True
e2.echo = True
with Session_() as s:
    s.add_all([User(name="a"), Log(line="created a")])
    s.commit()
    print(s.scalars(select(User.name)).all(), s.scalars(select(Log.line)).all())
    print(s.get_bind(User) is e1, s.get_bind(Log) is e2)
    try:
        s.execute(text("select 1"))
    except UnboundExecutionError as e:
        print(err(e))
    print(s.execute(text("select 1"), bind_arguments={"mapper": User}).scalar())
print(inspect(e1).get_table_names(), inspect(e2).get_table_names())
