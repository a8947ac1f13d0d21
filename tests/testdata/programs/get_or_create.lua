-- Savepoints around an INSERT that may fail.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
Tag = class("Tag", Base, {
  __tablename__ = "tag",
  id = Column(Integer, {primary_key = true}),
  name = Column(String, {unique = true, nullable = false}),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
get_or_create = function(session, name)
  local obj
  obj = session:query(Tag):filter_by{name = name}:one_or_none()
  if not rawequal(obj, nil) then
    return obj
  end
  local ok_1, err_1 = pcall(function()
    with(session:begin_nested(), function()
      obj = Tag{name = name}
      session:add(obj)
      session:flush()
    end)
    return obj
  end)
  if not ok_1 then
    if err_1:is(IntegrityError) then
      local e = err_1
    return session:query(Tag):filter_by{name = name}:one()
    else
      error(err_1, 0)
    end
  end
  if ok_1 then return err_1 end
end
engine.echo = true
s = Session(engine)
a = get_or_create(s, "x")
b = get_or_create(s, "x")
print(rawequal(a, b), a.id)
for n in {"y", "x", "z"} do
  get_or_create(s, n)
end
s:commit()
for n in {"q", "x", "r"} do
  local ok_2, err_2 = pcall(function()
    with(s:begin_nested(), function()
      s:add(Tag{name = n})
    end)
  end)
  if not ok_2 then
    if err_2:is(IntegrityError) then
      local e = err_2
    print("skipped", n)
    else
      error(err_2, 0)
    end
  end
end
s:commit()
print(s:scalars(select(Tag.name):order_by(Tag.name)):all())
