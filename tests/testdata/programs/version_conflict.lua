-- Two sessions change one row that has a version number.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
engine = create_engine("sqlite://", {echo = true})
Base = declarative_base()
do
  local version_id = Column(Integer, {nullable = false})
  Doc = class("Doc", Base, {
    __tablename__ = "doc",
    id = Column(Integer, {primary_key = true}),
    title = Column(String(50)),
    version_id = version_id,
    __mapper_args__ = {version_id_col = version_id},
  })
end
Base.metadata:create_all(engine)
s1, s2 = Session(engine), Session(engine)
d = Doc{title = "draft"}
s1:add(d)
s1:commit()
print(d.version_id)
d.title = "second"
s1:commit()
print(d.version_id)
other = s2:get(Doc, 1)
s2:commit()
local _ = other.title
with(s2.no_autoflush, function()
end)
s2:connection():exec_driver_sql("update doc set version_id = 7 where id = 1")
other.title = "conflict"
local ok_1, err_1 = pcall(function()
  s2:flush()
end)
if not ok_1 then
  if err_1:is(Exception) then
    local e = err_1
  print(e.__class__.__name__, e)
  else
    error(err_1, 0)
  end
end
s2:rollback()
print(other.title, other.version_id)
s2:delete(other)
s2:commit()
