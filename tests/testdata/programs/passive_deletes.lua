-- ON DELETE CASCADE, delete-orphan, and keys set to NULL.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
Base = declarative_base()
Parent = class("Parent", Base, {
  __tablename__ = "parent",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(10)),
  loose = relationship("Loose", {back_populates = "parent"}),
  owned = relationship("Owned", {back_populates = "parent", cascade = "all, delete-orphan", passive_deletes = true}),
})
Loose = class("Loose", Base, {
  __tablename__ = "loose",
  id = Column(Integer, {primary_key = true}),
  parent_id = Column(ForeignKey("parent.id")),
  parent = relationship(Parent, {back_populates = "loose"}),
})
Owned = class("Owned", Base, {
  __tablename__ = "owned",
  id = Column(Integer, {primary_key = true}),
  parent_id = Column(ForeignKey("parent.id", {ondelete = "CASCADE"}), {nullable = false}),
  parent = relationship(Parent, {back_populates = "owned"}),
})
engine = create_engine(DBURL)
if engine.dialect.name == "sqlite" then
  fks_on = function(dbapi_connection, record)
    local cursor
    cursor = dbapi_connection:cursor()
    cursor:execute("PRAGMA foreign_keys=ON")
    cursor:close()
  end
  event.listen(engine, "connect", fks_on)
end
Base.metadata:create_all(engine)
engine.echo = true
s = Session(engine)
p = Parent{name = "p", loose = {Loose(), Loose()}, owned = {Owned(), Owned()}}
s:add(p)
s:commit()
s:delete(p)
s:commit()
print(s:scalars(select(Loose.parent_id)):all(), s:scalar(select(func.count(Owned.id))))
q = Parent{name = "q", owned = {Owned()}}
s:add(q)
s:commit()
q.owned[1].parent = nil
local ok_1, err_1 = pcall(function()
  s:commit()
end)
if not ok_1 then
  do
    local e = err_1
  print("refused")
  s:rollback()
  end
end
q.loose:append(s:scalars(select(Loose):order_by(Loose.id)):first())
s:commit()
print((function() local out_ = {} for l in q.loose do  out_[#out_ + 1] = l.id end return out_ end)(), q.loose[1].parent.name)
o = py_when(#q.owned > 0, function() return q.owned[1] end, function() return Owned{parent = q} end)
q2 = Parent{name = "q2"}
o.parent = q2
s:add(q2)
s:commit()
print(#q.owned, #q2.owned)
s:execute(delete(Parent):where(Parent.id == q2.id))
s:commit()
print(s:scalar(select(func.count(Owned.id))))
