from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.pool import StaticPool
engine = create_engine(DBURL, poolclass=StaticPool)
db_session = scoped_session(sessionmaker(autocommit=False, autoflush=False, bind=engine))
Base = declarative_base()
Base.query = db_session.query_property()
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), unique=True)
    email = Column(String(120), unique=True)
    def __init__(self, name=None, email=None):
        self.name = name
        self.email = email
    def __repr__(self):
        return f"<User {self.name!r}>"
def init_db():
    Base.metadata.create_all(bind=engine)
init_db()
engine.echo = True
u = User("admin", "admin@localhost")
db_session.add(u)
db_session.commit()
print(User.query.all())
print(User.query.filter(User.name == "admin").first())
db_session.add(User("guest", "guest@localhost"))
print(User.query.count())
db_session.flush()
print(User.query.count(), db_session() is db_session(), db_session.registry.has())
db_session.remove()
print(User.query.filter_by(name="guest").one_or_none())
print(User.query.order_by(User.id.desc()).paginate if False else User.query.get(1))
db_session.remove()
