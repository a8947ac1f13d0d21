-- One session over two databases.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
e1 = create_engine("sqlite://")
e2 = create_engine("sqlite://")
Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "user",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
})
Log = class("Log", Base, {
  __tablename__ = "log",
  id = Column(Integer, {primary_key = true}),
  line = Column(String),
})
Session_ = sessionmaker{binds = {[User] = e1, [Log] = e2}}
User.__table__:create(e1)
Log.__table__:create(e2)
e1.echo = true
e2.echo = true
with(Session_(), function(s)
  s:add_all({User{name = "a"}, Log{line = "created a"}})
  s:commit()
  print(s:scalars(select(User.name)):all(), s:scalars(select(Log.line)):all())
  print(rawequal(s:get_bind(User), e1), rawequal(s:get_bind(Log), e2))
  local ok_1, err_1 = pcall(function()
    s:execute(text("select 1"))
  end)
  if not ok_1 then
    if err_1:is(UnboundExecutionError) then
      local e = err_1
    print(py_err(e))
    else
      error(err_1, 0)
    end
  end
  print(s:execute(text("select 1"), {bind_arguments = {mapper = User}}):scalar())
end)
print(inspect(e1):get_table_names(), inspect(e2):get_table_names())
