engine = create_engine("sqlite://")
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key=true}), Column("x", String(20)))
m:create_all(engine)
function L(n) return function(...) print(n, select("#", ...)) end end
for n in {"begin","commit","rollback","savepoint","rollback_savepoint","release_savepoint","engine_connect","before_execute","after_execute","before_cursor_execute","after_cursor_execute","set_connection_execution_options"} do
 local name = n
 event.listen(engine, name, function(a) print(name) end)
end
c = engine:connect()
c:execute(text("select 1"))
c:execute(t:insert(), {{x="1"},{x="2"}})
s = c:begin_nested()
c:execute(t:insert():values{x="3"})
s:rollback()
s = c:begin_nested()
s:commit()
c:commit()
c:execute(select(t)):all()
c:rollback()
c = c:execution_options{foo="bar"}
c:close()
