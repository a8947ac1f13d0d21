-- What the events of an engine, a table and a MetaData tell.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_replace(s, a, b) return (string.gsub(s, (string.gsub(a, '%p', '%%%0')), b)) end
engine = create_engine("sqlite://")
log = {}
bce = function(conn, cursor, statement, parameters, context, executemany)
  print("bce", py_replace(statement, "\n", " "), parameters, executemany)
end
event.listen(engine, "before_cursor_execute", bce)
ace = function(conn, cursor, statement, parameters, context, executemany)
  print("ace", executemany)
end
event.listen(engine, "after_cursor_execute", ace)
beg = function(conn)
  print("begin")
end
event.listen(engine, "begin", beg)
com = function(conn)
  print("commit")
end
event.listen(engine, "commit", com)
rb = function(conn)
  print("rollback")
end
event.listen(engine, "rollback", rb)
connect = function(dbapi, rec)
  print("connect")
end
event.listen(engine, "connect", connect)
co = function(dbapi, rec, proxy)
  print("checkout")
end
event.listen(engine, "checkout", co)
ci = function(dbapi, rec)
  print("checkin")
end
event.listen(engine, "checkin", ci)
sp = function(conn, name)
  print("savepoint", name)
end
event.listen(engine, "savepoint", sp)
he = function(ctx)
  print("error", ctx.original_exception.__class__.__name__, ctx.statement, ctx.is_disconnect)
end
event.listen(engine, "handle_error", he)
be = function(conn, clauseelement, multiparams, params, execution_options)
  print("before_execute", "", multiparams, params)
end
event.listen(engine, "before_execute", be)
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key = true}), Column("a", Integer))
bc = function(target, connection, kw)
  kw = kw or {}
  print("before_create", target.name)
end
event.listen(t, "before_create", bc)
ac = function(target, connection, kw)
  kw = kw or {}
  print("after_create", #kw["tables"])
end
event.listen(m, "after_create", ac)
event.listen(t, "after_create", DDL("insert into t (a) values (99)"))
cr = function(inspector, table, column_info)
  print("reflect", column_info["name"])
end
event.listen(t, "column_reflect", cr)
m:create_all(engine)
with(engine:connect(), function(conn)
  conn:execute(t:insert(), {{a = 1}, {a = 2}})
  with(conn:begin_nested(), function()
    conn:execute(t:update():values{a = 5})
  end)
  conn:commit()
  local ok_1, err_1 = pcall(function()
    conn:execute(text("select nope"))
  end)
  if not ok_1 then
    if err_1:is(OperationalError) then
    print("caught")
    else
      error(err_1, 0)
    end
  end
end)
print(event.contains(engine, "begin", beg))
