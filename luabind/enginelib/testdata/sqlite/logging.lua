e = create_engine("sqlite://", {echo=true})
c = e:connect()
c:execute(text("select 1"))
c2 = c:execution_options{logging_token="tok"}
c2:execute(text("select 2"))
c2:commit()
c:close()
e2 = e:execution_options{logging_token="t2"}
c = e2:connect() c:execute(text("select 3")) c:close()
e3 = create_engine("sqlite://", {echo=true, hide_parameters=true})
c = e3:connect()
c:execute(text("select :x"), {x=5})
c:exec_driver_sql("create table t (a integer primary key, b varchar(500))")
c:exec_driver_sql("insert into t (a, b) values (?, ?)", {{1,"a"},{2,"b"}})
err(function() c:exec_driver_sql("insert into t (a, b) values (?, ?)", {1, "q"}) end)
err(function() c:exec_driver_sql("insert into t (a, b) values (?, ?)", {{1, "q"},{2,"z"}}) end)
err(function() c:execute(text("select foo")) end)
c:close()
e4 = create_engine("sqlite://", {echo=true})
c = e4:connect()
c:exec_driver_sql("create table t (a integer, b varchar(500))")
long = ""
for i = 1, 60 do long = long .. "0123456789" end
c:exec_driver_sql("insert into t (a, b) values (?, ?)", {1, long})
rows = {} for i = 1, 50 do rows[i] = {i, "v" .. tostring(i)} end
c:exec_driver_sql("insert into t (a, b) values (?, ?)", rows)
rows = {} for i = 1, 9 do rows[i] = {i, long} end
c:exec_driver_sql("insert into t (a, b) values (?, ?)", rows)
m = MetaData() t = Table("t", m, Column("a", Integer), Column("b", String(500)))
rows = {} for i = 1, 30 do rows[i] = {a = i, b = "x"} end
c:execute(t:insert(), rows)
c:execute(t:select():where(t.c.a:in_{1,2,3}))
ids = {} for i = 1, 40 do ids[i] = i end
c:execute(t:select():where(t.c.a:in_(ids)))
err(function() c:exec_driver_sql("insert into q (a, b) values (?, ?)", rows[1] and {1, long}) end)
rows2 = {} for i = 1, 20 do rows2[i] = {i, "v"} end
err(function() c:exec_driver_sql("insert into q (a, b) values (?, ?)", rows2) end)
e4.echo = false
c:execute(text("select 5"))
e4.echo = true
c:execute(text("select 6"))
c:close()
print(e4.echo)
e4.echo = "debug" print(e4.echo)
c = e4:connect() c:execute(text("select 7 as x")):all() c:close()
e5 = create_engine("sqlite://", {echo="debug"}) print(e5.echo)
e6 = create_engine("sqlite:///" .. DIR .. "/l1.db", {echo_pool=true})
c = e6:connect() c:execute(text("select 1")) c:close()
e7 = create_engine("sqlite:///" .. DIR .. "/l1.db", {echo_pool="debug", pool_logging_name="x"})
c = e7:connect() c:execute(text("select 1")) c:invalidate() c:close() 
c = e7:connect() c:close()
c = e7:raw_connection() c:close()
e7:dispose()
