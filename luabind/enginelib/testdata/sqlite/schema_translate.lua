local engine = create_engine("sqlite://", {echo = true})
local conn = engine:connect()
conn:exec_driver_sql("ATTACH DATABASE ':memory:' AS other")
local m = MetaData()
local a = Table("a", m, Column("x", Integer))
local b = Table("b", m, Column("x", Integer), {schema = "bar"})
-- null is the name of tables without a schema; what becomes null goes to the default schema
conn = conn:execution_options{schema_translate_map = {[null] = "other", bar = null}}
a:create(conn)
b:create(conn)
conn:execute(a:insert(), {x = 1})
conn:execute(b:insert(), {{x = 2}, {x = 3}})
print(conn:execute(select(a.c.x, b.c.x)):all())
