-- Version_id_col and StaleDataError.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
Base = declarative_base()
do
  local version = Column(Integer, {nullable = false})
  Doc = class("Doc", Base, {
    __tablename__ = "doc",
    id = Column(Integer, {primary_key = true}),
    version = version,
    title = Column(String),
    __mapper_args__ = {version_id_col = version},
  })
end
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
s1 = Session(engine)
d = Doc{title = "one"}
s1:add(d)
s1:commit()
print(d.version)
d.title = "two"
s1:commit()
print(d.version)
with(engine:begin(), function(c)
  c:execute(update(Doc.__table__):values{version = 7})
end)
d2 = s1:get(Doc, 1)
print(d2.version)
d2.title = "three"
s1:flush()
s1:execute(text("update doc set version = 100"))
d2.title = "four"
local ok_1, err_1 = pcall(function()
  s1:flush()
end)
if not ok_1 then
  if err_1:is(StaleDataError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
s1:rollback()
s1:delete(d2)
s1:commit()
