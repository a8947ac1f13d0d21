from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import InvalidRequestError
Base = declarative_base()
class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    blob = deferred(Column(Text))
    bs = relationship("B", order_by="B.id", back_populates="a")
class B(Base):
    __tablename__ = "b"
    id = Column(Integer, primary_key=True)
    a_id = Column(ForeignKey("a.id"))
    name = Column(String)
    a = relationship("A", back_populates="bs")
    cs = relationship("C", order_by="C.id")
class C(Base):
    __tablename__ = "c"
    id = Column(Integer, primary_key=True)
    b_id = Column(ForeignKey("b.id"))
    v = Column(Integer)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
with Session(engine) as s:
    s.add_all([A(name="a1", blob="x", bs=[B(name="b1", cs=[C(v=1), C(v=2)]), B(name="b2")]), A(name="a2", blob="y", bs=[B(name="b3", cs=[C(v=3)])]), A(name="a3")])
    s.commit()
engine.echo = True
def show(q):
    with Session(engine) as s:
        for a in s.scalars(q).unique():
            print(a.name, [[b.name, [c.v for c in b.cs]] for b in a.bs])
base = select(A).order_by(A.id)
show(base)
show(base.options(joinedload(A.bs).joinedload(B.cs)))
show(base.options(selectinload(A.bs).selectinload(B.cs)))
show(base.options(subqueryload(A.bs).subqueryload(B.cs)))
show(base.options(joinedload(A.bs, innerjoin=True).selectinload(B.cs)))
show(base.options(selectinload(A.bs).joinedload(B.cs)).limit(2))
show(base.options(joinedload(A.bs), defaultload(A.bs).joinedload(B.cs)).limit(1))
show(base.join(A.bs).options(contains_eager(A.bs), selectinload(A.bs, B.cs)).where(B.name != "b1"))
show(base.options(immediateload(A.bs), lazyload("*")))
with Session(engine) as s:
    a = s.scalars(select(A).options(undefer(A.blob), load_only(A.name)).limit(1)).one()
    print(a.blob)
    a2 = s.scalars(select(A).options(raiseload(A.bs)).where(A.id == 2)).one()
    try:
        a2.bs
    except InvalidRequestError as e:
        print(err(e))
    print(s.scalars(select(A).options(defer(A.name)).where(A.id == 3)).one().name)
    b = s.scalars(select(B).options(joinedload(B.a).load_only(A.id)).where(B.id == 3)).one()
    print(b.a.id, b.a.name)
    print(s.execute(select(Bundle("ab", A.name, B.name)).join(A.bs).order_by(B.id)).all())
    for row in s.execute(select(A, B).join(B.a).order_by(B.id)):
        print(row.A.name, row.B.name)
    print(s.scalars(select(B).where(with_parent(s.get(A, 1), A.bs))).all()[0].name)
