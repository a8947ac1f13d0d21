from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://", echo=True)
db_session = scoped_session(sessionmaker(autoflush=False, bind=engine))
Base = declarative_base()
Base.query = db_session.query_property()
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), unique=True)
    def __init__(self, name=None):
        self.name = name
    def __repr__(self):
        return "<User %r>" % self.name
Base.metadata.create_all(bind=engine)
u = User("admin")
db_session.add(u)
db_session.commit()
print(User.query.all(), User.query.filter(User.name == "admin").first(), User.query.filter_by(name="x").first(), User.query.count(), User.query.get(1))
print(db_session() is db_session(), db_session.registry.has(), db_session.is_active, u in db_session)
print(db_session.query(User).order_by(User.name.desc()).all(), db_session.execute(select(User.name)).scalars().all(), db_session.scalar(select(func.count(User.id))))
db_session.remove()
print(db_session.registry.has(), User.query.first())
db_session.remove()
