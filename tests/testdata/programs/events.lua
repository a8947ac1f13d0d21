-- Mapper, attribute, session and engine events in their order.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
function table_append(t, x) t[#t + 1] = x end
Base = declarative_base()
Thing = class("Thing", Base, {
  __tablename__ = "thing",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  slug = Column(String),
  check = validates("name", function(self, key, value)
    if value == "" then
      error(ValueError("name must not be empty"))
    end
    return value
  end),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
log = {}
note = function(what)
  table_append(log, what)
end
bi = function(mapper, connection, target)
  note("before_insert " .. target.name)
  target.slug = target.name .. "-slug"
end
event.listen(Thing, "before_insert", bi)
au = function(mapper, connection, target)
  note("after_update " .. target.name)
end
event.listen(Thing, "after_update", au)
bd = function(mapper, connection, target)
  note("before_delete " .. target.name)
end
event.listen(Thing, "before_delete", bd)
ld = function(target, context)
  note("load " .. target.name)
end
event.listen(Thing, "load", ld)
rf = function(target, context, attrs)
  note("refresh")
end
event.listen(Thing, "refresh", rf)
it = function(target, args, kwargs)
  note("init")
end
event.listen(Thing, "init", it)
st = function(target, value, oldvalue, initiator)
  note("set " .. value)
end
event.listen(Thing.name, "set", st)
Session_ = sessionmaker(engine)
ab = function(session, transaction, connection)
  note("after_begin")
end
event.listen(Session_, "after_begin", ab)
bc = function(session)
  note("before_commit")
end
event.listen(Session_, "before_commit", bc)
ac = function(session)
  note("after_commit")
end
event.listen(Session_, "after_commit", ac)
ar = function(session)
  note("after_rollback")
end
event.listen(Session_, "after_rollback", ar)
bf = function(session, ctx, instances)
  note(string.format("before_flush %d %d %d", #session.new, #session.dirty, #session.deleted))
end
event.listen(Session_, "before_flush", bf)
af = function(session, ctx)
  note("after_flush")
end
event.listen(Session_, "after_flush", af)
pp = function(session, obj)
  note("pending_to_persistent")
end
event.listen(Session_, "pending_to_persistent", pp)
tp = function(session, obj)
  note("transient_to_pending")
end
event.listen(Session_, "transient_to_pending", tp)
bce = function(conn, cursor, statement, parameters, context, executemany)
  note("SQL " .. statement)
end
event.listen(engine, "before_cursor_execute", bce)
s = Session_()
t = Thing{name = "one"}
s:add(t)
s:commit()
t.name = "two"
s:commit()
s:rollback()
s:expunge_all()
t = s:get(Thing, 1)
s:delete(t)
s:flush()
s:rollback()
local ok_1, err_1 = pcall(function()
  Thing{name = ""}
end)
if not ok_1 then
  if err_1:is(ValueError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
for l in log do
  print(l)
end
