-- Loader options, one after the other, echoed.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine("sqlite://", {echo = true})
Base = class("Base", DeclarativeBase, {})
A = class("A", Base, {
  __tablename__ = "a",
  id = mapped_column(Integer, {primary_key = true}),
  name = mapped_column(String, {nullable = false}),
  big = mapped_column(Text, {deferred = true}),
  more = mapped_column(Text, {deferred = true, deferred_group = "g"}),
  note = mapped_column(Text, {deferred = true, deferred_group = "g"}),
  expr = query_expression(),
  bs = relationship("B", {back_populates = "a", order_by = "B.id"}),
})
B = class("B", Base, {
  __tablename__ = "b",
  id = mapped_column(Integer, {primary_key = true}),
  a_id = mapped_column(Integer, ForeignKey("a.id"), {nullable = false}),
  data = mapped_column(String, {nullable = false}),
  a = relationship("A", {back_populates = "bs", uselist = false}),
  cs = relationship("C", {back_populates = "b"}),
})
C = class("C", Base, {
  __tablename__ = "c",
  id = mapped_column(Integer, {primary_key = true}),
  b_id = mapped_column(Integer, ForeignKey("b.id"), {nullable = false}),
  b = relationship("B", {back_populates = "cs", uselist = false}),
})
Base.metadata:create_all(engine)
s = Session(engine)
s:add_all({A{name = "a1", big = "xxxxx", more = "m", note = "n", bs = {B{data = "b1", cs = {C(), C()}}, B{data = "b2"}}}, A{name = "a2"}})
s:commit()
s:expunge_all()
print((function() local out_ = {} for a in s:scalars(select(A):order_by(A.id)) do  out_[#out_ + 1] = a.name end return out_ end)())
a = s:scalars(select(A):where(A.id == 1)):one()
print(a.big)
print(a.more, a.note)
s:expunge_all()
a = s:scalars(select(A):options(undefer(A.big), undefer_group("g"), defer(A.name)):where(A.id == 1)):one()
print(a.big, a.more, a.name)
s:expunge_all()
a = s:scalars(select(A):options(with_expression(A.expr, func.length(A.name) + 1)):where(A.id == 1)):one()
print(a.expr)
s:expunge_all()
a = s:scalars(select(A):options(load_only(A.name, {raiseload = true})):where(A.id == 1)):one()
local ok_1, err_1 = pcall(function()
  print(a.big)
end)
if not ok_1 then
  if err_1:is(InvalidRequestError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
s:expunge_all()
for a in s:scalars(select(A):options(joinedload(A.bs):joinedload(B.cs)):order_by(A.id)):unique() do
  print(a.name, #a.bs)
end
s:expunge_all()
for a in s:scalars(select(A):options(selectinload(A.bs):options(joinedload(B.cs), load_only(B.data))):order_by(A.id)) do
  print(a.name, (function() local out_ = {} for b in a.bs do  out_[#out_ + 1] = #b.cs end return out_ end)())
end
s:expunge_all()
for a in s:scalars(select(A):join(A.bs):options(contains_eager(A.bs)):where(B.data == "b2"):execution_options{populate_existing = true}):unique() do
  print(a.name, (function() local out_ = {} for b in a.bs do  out_[#out_ + 1] = b.data end return out_ end)())
end
s:expunge_all()
for a in s:scalars(select(A):options(subqueryload(A.bs)):where(A.name:like("a%")):order_by(A.id)) do
  print(a.name, #a.bs)
end
s:expunge_all()
a = s:scalars(select(A):options(raiseload("*")):where(A.id == 1)):one()
local ok_2, err_2 = pcall(function()
  local _ = a.bs
end)
if not ok_2 then
  if err_2:is(InvalidRequestError) then
    local e = err_2
  print(py_err(e))
  else
    error(err_2, 0)
  end
end
s:expunge_all()
b = s:scalars(select(B):options(joinedload(B.a, {innerjoin = true})):where(B.id == 1)):one()
print(b.a.name)
s:expunge_all()
b = s:scalars(select(B):options(immediateload(B.a), noload(B.cs)):where(B.id == 1)):one()
print(b.a.name, b.cs)
s:expunge_all()
a = s:scalars(select(A):options(selectinload(A.bs:and_(B.data == "b1"))):where(A.id == 1)):one()
print((function() local out_ = {} for b in a.bs do  out_[#out_ + 1] = b.data end return out_ end)())
local ok_3, err_3 = pcall(function()
  s:scalars(select(A):options(joinedload(A.bs))):all()
end)
if not ok_3 then
  if err_3:is(InvalidRequestError) then
    local e = err_3
  print(py_err(e))
  else
    error(err_3, 0)
  end
end
print(s:execute(select(A, B):join(A.bs):order_by(B.id)):all()[1].A.name, s:execute(select(Bundle("bd", A.id, B.data)):join(A.bs):order_by(B.id)):first().bd.data)
print(s:get(A, 1, {options = {joinedload(A.bs)}}).name, s:get(B, 2, {populate_existing = true, with_for_update = true}).data)
