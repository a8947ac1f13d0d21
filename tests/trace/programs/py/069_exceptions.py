from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
from sqlalchemy.orm.exc import *
engine = create_engine(DBURL)
Base = declarative_base()
class U(Base):
    __tablename__ = "u"
    id = Column(Integer, primary_key=True)
    name = Column(String, unique=True)
    kids = relationship("K", back_populates="u")
class K(Base):
    __tablename__ = "k"
    id = Column(Integer, primary_key=True)
    u_id = Column(ForeignKey("u.id"))
    u = relationship("U", back_populates="kids")
Base.metadata.create_all(engine)
s = Session(engine)
def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(err(e))
        s.rollback()
s.add(U(name="x"))
s.commit()
def dup():
    s.add(U(name="x"))
    s.flush()
attempt(dup)
attempt(lambda: s.execute(text("select nope from u")))
attempt(lambda: s.execute(text("selec")))
attempt(lambda: s.execute(select(U).where(U.nope == 1)) if False else s.query(U).filter_by(nope=1).all())
attempt(lambda: s.query(U).join(U.name).all())
attempt(lambda: s.execute(select(U.id).join(K, U.name)).all() if False else s.execute(select(U).options(joinedload(K.u))).all())
attempt(lambda: s.scalars(select(U).where(U.id == 5)).one())
attempt(lambda: s.get(U, [1, 2]))
attempt(lambda: s.add("x"))
attempt(lambda: U(nope=1))
attempt(lambda: s.execute("select 1"))
attempt(lambda: s.execute(text("select :a"), {"b": 1}))
attempt(lambda: s.execute(insert(U).values(nope=1)))
attempt(lambda: s.execute(update(U).values(nope=1)))
attempt(lambda: create_engine("nosuch://x"))
attempt(lambda: create_engine("not a url"))
attempt(lambda: Table("t", MetaData(), Column("a", Integer), Column("a", Integer)).c.keys())
attempt(lambda: Table("u", Base.metadata, Column("z", Integer)))
attempt(lambda: select(U.__table__.c.nope))
attempt(lambda: Table("x", MetaData(), Column("y", ForeignKey("nowhere.id"))).create(engine))
attempt(lambda: select(U.__table__).join(Table("zz", MetaData(), Column("id", Integer))).compile())
attempt(lambda: str(select(Column("a")).where(Column("a").in_(5))))
attempt(lambda: s.merge(K(id=1, u=5)))
attempt(lambda: relationship("Nope") and configure_mappers())
class Bad(Base):
    __tablename__ = "bad"
    id = Column(Integer, primary_key=True)
    other = relationship("DoesNotExist")
attempt(lambda: Bad())
attempt(lambda: s.query(U).all())
