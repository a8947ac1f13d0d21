e = create_engine(DATABASE)
with(e:begin(), function(c) c:execute(text("drop table if exists ro")) c:execute(text("create table ro (id integer)")) end)
c = e:connect():execution_options{postgresql_readonly=true, postgresql_deferrable=true, isolation_level="SERIALIZABLE"}
print(c:scalar(text("show transaction_read_only")), c:scalar(text("show transaction_deferrable")), c:get_isolation_level())
err(function() c:execute(text("insert into ro values (1)")) end)
c:rollback()
err(function() c:execute(text("select 1")) c:execution_options{postgresql_readonly=false} end)
c:rollback()
c:execution_options{postgresql_readonly=false}
print(c:scalar(text("show transaction_read_only")), c:scalar(text("show transaction_deferrable")))
c:close()
c = e:connect() print(c:scalar(text("show transaction_read_only")), c:scalar(text("show transaction_deferrable")), c:get_isolation_level()) c:close()
e2 = e:execution_options{postgresql_readonly=true}
with(e2:connect(), function(c) print(c:scalar(text("show transaction_read_only"))) end)
with(e:connect(), function(c) print(c:scalar(text("show transaction_read_only"))) end)
e3 = create_engine(DATABASE, {execution_options={postgresql_readonly=true}})
with(e3:connect(), function(c) print(c:scalar(text("show transaction_read_only"))) end)
with(e:begin(), function(c) c:execute(text("drop table ro")) end)
