from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://", echo=True)
class Base(DeclarativeBase):
    pass
class A(Base):
    __tablename__ = "a"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    big: Mapped[Optional[str]] = mapped_column(Text, deferred=True)
    more: Mapped[Optional[str]] = mapped_column(Text, deferred=True, deferred_group="g")
    note: Mapped[Optional[str]] = mapped_column(Text, deferred=True, deferred_group="g")
    expr: Mapped[Optional[int]] = query_expression()
    bs: Mapped[List["B"]] = relationship(back_populates="a", order_by="B.id")
class B(Base):
    __tablename__ = "b"
    id: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("a.id"))
    data: Mapped[str]
    a: Mapped["A"] = relationship(back_populates="bs")
    cs: Mapped[List["C"]] = relationship(back_populates="b")
class C(Base):
    __tablename__ = "c"
    id: Mapped[int] = mapped_column(primary_key=True)
    b_id: Mapped[int] = mapped_column(ForeignKey("b.id"))
    b: Mapped["B"] = relationship(back_populates="cs")
Base.metadata.create_all(engine)
s = Session(engine)
s.add_all([A(name="a1", big="xxxxx", more="m", note="n", bs=[B(data="b1", cs=[C(), C()]), B(data="b2")]), A(name="a2")])
s.commit()
s.expunge_all()
print([a.name for a in s.scalars(select(A).order_by(A.id))])
a = s.scalars(select(A).where(A.id == 1)).one()
print(a.big)
print(a.more, a.note)
s.expunge_all()
a = s.scalars(select(A).options(undefer(A.big), undefer_group("g"), load_only(A.name) if False else defer(A.name)).where(A.id == 1)).one()
print(a.big, a.more, a.name)
s.expunge_all()
a = s.scalars(select(A).options(with_expression(A.expr, func.length(A.name) + 1)).where(A.id == 1)).one()
print(a.expr)
s.expunge_all()
a = s.scalars(select(A).options(load_only(A.name, raiseload=True)).where(A.id == 1)).one()
try:
    print(a.big)
except InvalidRequestError as e:
    print(err(e))
s.expunge_all()
for a in s.scalars(select(A).options(joinedload(A.bs).joinedload(B.cs)).order_by(A.id)).unique():
    print(a.name, len(a.bs))
s.expunge_all()
for a in s.scalars(select(A).options(selectinload(A.bs).options(joinedload(B.cs), load_only(B.data))).order_by(A.id)):
    print(a.name, [len(b.cs) for b in a.bs])
s.expunge_all()
for a in s.scalars(select(A).join(A.bs).options(contains_eager(A.bs)).where(B.data == "b2").execution_options(populate_existing=True)).unique():
    print(a.name, [b.data for b in a.bs])
s.expunge_all()
for a in s.scalars(select(A).options(subqueryload(A.bs)).where(A.name.like("a%")).order_by(A.id)):
    print(a.name, len(a.bs))
s.expunge_all()
a = s.scalars(select(A).options(raiseload("*")).where(A.id == 1)).one()
try:
    a.bs
except InvalidRequestError as e:
    print(err(e))
s.expunge_all()
b = s.scalars(select(B).options(joinedload(B.a, innerjoin=True)).where(B.id == 1)).one()
print(b.a.name)
s.expunge_all()
b = s.scalars(select(B).options(immediateload(B.a), noload(B.cs)).where(B.id == 1)).one()
print(b.a.name, b.cs)
s.expunge_all()
a = s.scalars(select(A).options(selectinload(A.bs.and_(B.data == "b1"))).where(A.id == 1)).one()
print([b.data for b in a.bs])

try:
    s.scalars(select(A).options(joinedload(A.bs))).all()
except InvalidRequestError as e:
    print(err(e))
print(s.execute(select(A, B).join(A.bs).order_by(B.id)).all()[0].A.name, s.execute(select(Bundle("bd", A.id, B.data)).join(A.bs).order_by(B.id)).first().bd.data)
print(s.get(A, 1, options=[joinedload(A.bs)]).name, s.get(B, 2, populate_existing=True, with_for_update=True).data)
