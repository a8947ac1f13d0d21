p = QueuePool(function() return sqlite3.connect(":memory:") end, {max_overflow=1, pool_size=2, timeout=0})
print(p:status()) 
c1 = p:connect() c2 = p:connect() c3 = p:connect() print(p:status(), p:size(), p:checkedin(), p:checkedout(), p:overflow())
err(function() p:connect() end)
c1:close() print(p:status()) c2:close() c3:close() print(p:status())
function ev(n) return function() print("ev " .. n) end end
event.listen(p, "connect", ev("connect")) event.listen(p, "checkout", ev("checkout")) event.listen(p, "checkin", ev("checkin"))
c = p:connect() cu = c:cursor() cu:execute("select 5") print(cu:fetchall()) print(c.is_valid) c:close()
p:dispose() print(p:status())
p2 = p:recreate() print(p2:status()) c = p2:connect() c:close()
q = QueuePool(function() return sqlite3.connect(":memory:") end)
e = create_engine("sqlite://", {pool = q}) with(e:connect(), function(c) print(c:execute(text("select 1")):scalar()) end) print(q:status())
e = create_engine("sqlite://", {poolclass = QueuePool, pool_size=1}) print(e.pool:status())
s = StaticPool(function() return sqlite3.connect(":memory:") end) a = s:connect() b = s:connect() print(a.dbapi_connection == b.dbapi_connection)
n = NullPool(function() print("open") return sqlite3.connect(":memory:") end) n:connect():close() n:connect():close()

e = create_engine("sqlite://", {creator = function() print("creator") return sqlite3.connect(":memory:") end}) with(e:connect(), function(c) print(c:scalar(text("select 3"))) end)
f = create_engine("sqlite:///" .. DIR .. "/p1.db") r = f:raw_connection() r.info["x"] = 5 r:close() r = f:raw_connection() print(r.info["x"]) r:invalidate() err(function() r:cursor() end)  r:close()
r = f:raw_connection() r:detach() print(f.pool:status()) r:close() print(f.pool:status())
with(f:connect(), function(c) c.info["y"] = 1 end) with(f:connect(), function(c) print(c.info["y"]) end)
f:dispose() print(f.pool:status())
for u in {"sqlite://","sqlite:////tmp/x.db","sqlite:////tmp/x.db?timeout=5&check_same_thread=true","postgresql://u:p@h:5/d?sslmode=require","postgresql://u:p@/d?host=a&host=b:4","postgresql://u:p@/d?host=a,b&port=1,2","postgresql://","postgresql://u@h/d?host=x:99"} do
 d = make_url(u):get_dialect() print(u, create_engine(u).dialect:create_connect_args(make_url(u))) end
for u in {"postgresql://u:p@/d?host=a:1&host=b:4&port=7","postgresql://u:p@/d?host=a,b&port=1,2,3","postgresql://u:p@/d?host=a:xyz&host=b:4","postgresql://u:p@/d?port=1,2","sqlite://u@h/x"} do err(function() return create_engine("postgresql://").dialect:create_connect_args(make_url(u)) end) end
err(function() create_engine("sqlite://u@h/x") end)
err(function() create_engine("sqlite://", {isolation_level="foo"}):connect() end)
err(function() create_engine("sqlite://", {nope=1}) end)
err(function() create_engine("sqlite://", {pool_reset_on_return="x"}) end)
