-- The pool's events and limits, URLs.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function table_append(t, x) t[#t + 1] = x end
engine = create_engine(DBURL, {poolclass = QueuePool, pool_size = 2, max_overflow = 1, pool_timeout = 1})
log = {}
on_connect = function(dbapi_connection, record)
  table_append(log, "connect")
end
event.listen(engine, "connect", on_connect)
on_checkout = function(dbapi_connection, record, proxy)
  table_append(log, "checkout")
end
event.listen(engine, "checkout", on_checkout)
on_checkin = function(dbapi_connection, record)
  table_append(log, "checkin")
end
event.listen(engine, "checkin", on_checkin)
on_begin = function(conn)
  table_append(log, "begin")
end
event.listen(engine, "begin", on_begin)
on_after = function(conn, cursor, statement, parameters, context, executemany)
  table_append(log, "after " .. statement)
end
event.listen(engine, "after_cursor_execute", on_after)
with(engine:connect(), function(c)
  print(c:scalar(text("select 41 + 1")))
end)
print(engine.pool:checkedin(), engine.pool:checkedout(), engine.pool:size())
a, b, c = engine:connect(), engine:connect(), engine:connect()
print(engine.pool:checkedout(), engine.pool:overflow())
local ok_1, err_1 = pcall(function()
  engine:connect()
end)
if not ok_1 then
  if err_1:is(TimeoutError) then
    local e = err_1
  print("no connection is free")
  else
    error(err_1, 0)
  end
end
for x in {a, b, c} do
  x:close()
end
print(engine.pool:checkedin())
engine:dispose()
print(engine.pool:checkedin())
for l in log do
  print(l)
end
print(engine.url, engine.name, engine.driver, engine.dialect.name)
u = make_url("postgresql+psycopg2://me:s3cret@db.example.com:5433/shop?sslmode=require")
print(u, u.username, u.host, u.port, u.database, u.drivername, u.query["sslmode"], u:get_backend_name(), u:render_as_string{hide_password = false})
print(u:set{database = "other", password = "x"}:render_as_string{hide_password = false})
print(URL:create("mysql+pymysql", {username = "a b", password = "p@ss/word", host = "h", database = "d"}):render_as_string{hide_password = false})
