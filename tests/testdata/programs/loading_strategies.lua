-- Lazy, joined, selectin, subquery, contains_eager, raiseload, defer.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
Base = declarative_base()
A = class("A", Base, {
  __tablename__ = "a",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  blob = deferred(Column(Text)),
  bs = relationship("B", {order_by = "B.id", back_populates = "a"}),
})
B = class("B", Base, {
  __tablename__ = "b",
  id = Column(Integer, {primary_key = true}),
  a_id = Column(ForeignKey("a.id")),
  name = Column(String),
  a = relationship("A", {back_populates = "bs"}),
  cs = relationship("C", {order_by = "C.id"}),
})
C = class("C", Base, {
  __tablename__ = "c",
  id = Column(Integer, {primary_key = true}),
  b_id = Column(ForeignKey("b.id")),
  v = Column(Integer),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
with(Session(engine), function(s)
  s:add_all({A{name = "a1", blob = "x", bs = {B{name = "b1", cs = {C{v = 1}, C{v = 2}}}, B{name = "b2"}}}, A{name = "a2", blob = "y", bs = {B{name = "b3", cs = {C{v = 3}}}}}, A{name = "a3"}})
  s:commit()
end)
engine.echo = true
show = function(q)
  with(Session(engine), function(s)
    for a in s:scalars(q):unique() do
      print(a.name, (function() local out_ = {} for b in a.bs do  out_[#out_ + 1] = {b.name, (function() local out_ = {} for c in b.cs do  out_[#out_ + 1] = c.v end return out_ end)()} end return out_ end)())
    end
  end)
end
base = select(A):order_by(A.id)
show(base)
show(base:options(joinedload(A.bs):joinedload(B.cs)))
show(base:options(selectinload(A.bs):selectinload(B.cs)))
show(base:options(subqueryload(A.bs):subqueryload(B.cs)))
show(base:options(joinedload(A.bs, {innerjoin = true}):selectinload(B.cs)))
show(base:options(selectinload(A.bs):joinedload(B.cs)):limit(2))
show(base:options(joinedload(A.bs), defaultload(A.bs):joinedload(B.cs)):limit(1))
show(base:join(A.bs):options(contains_eager(A.bs), selectinload(A.bs, B.cs)):where(B.name ~= "b1"))
show(base:options(immediateload(A.bs), lazyload("*")))
with(Session(engine), function(s)
  a = s:scalars(select(A):options(undefer(A.blob), load_only(A.name)):limit(1)):one()
  print(a.blob)
  a2 = s:scalars(select(A):options(raiseload(A.bs)):where(A.id == 2)):one()
  local ok_1, err_1 = pcall(function()
    local _ = a2.bs
  end)
  if not ok_1 then
    if err_1:is(InvalidRequestError) then
      local e = err_1
    print(py_err(e))
    else
      error(err_1, 0)
    end
  end
  print(s:scalars(select(A):options(defer(A.name)):where(A.id == 3)):one().name)
  b = s:scalars(select(B):options(joinedload(B.a):load_only(A.id)):where(B.id == 3)):one()
  print(b.a.id, b.a.name)
  print(s:execute(select(Bundle("ab", A.name, B.name)):join(A.bs):order_by(B.id)):all())
  for row in s:execute(select(A, B):join(B.a):order_by(B.id)) do
    print(row.A.name, row.B.name)
  end
  print(s:scalars(select(B):where(with_parent(s:get(A, 1), A.bs))):all()[1].name)
end)
