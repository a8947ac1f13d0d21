-- Part 4 of the curriculum: insert().

metadata = MetaData()
users = Table("users", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(50)),
  Column("fullname", String(50)),
  Column("level", Integer, {default = 1}))
addresses = Table("addresses", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("user_id", nil, ForeignKey("users.id")),
  Column("email_address", String(50), {nullable = false}))
engine = create_engine("sqlite://")
metadata:create_all(engine)

print("--- a statement is a value")

-- Without values() it names every column.
print(users:insert())

-- values() says which columns, and their values, which become parameters.
ins = users:insert():values{name = "jack", fullname = "Jack Jones"}
print(ins)
print(ins:compile().params)

-- The parameters look different in each database; the values are never part
-- of the SQL.
print(ins:compile{dialect = sqlite.dialect()})
print(ins:compile{dialect = postgresql.dialect()})
print(ins:compile{dialect = mysql.dialect()})

print("--- execute")

engine.echo = true
conn = engine:connect()
result = conn:execute(ins)

-- The database made the primary key, the library fetched it. `level` was
-- filled by the column's default.
print(result.inserted_primary_key)

-- An insert without values() takes them from execute().
conn:execute(users:insert(), {id = 2, name = "wendy", fullname = "Wendy Williams"})

print("--- executemany")

conn:execute(addresses:insert(), {
  {user_id = 1, email_address = "jack@yahoo.com"},
  {user_id = 1, email_address = "jack@msn.com"},
  {user_id = 2, email_address = "www@www.org"},
  {user_id = 2, email_address = "wendy@aol.com"},
})
conn:commit()

print("--- several rows in one statement, and rows from a select")

engine.echo = false
print(insert(users):values{{name = "ed"}, {name = "mary"}})
loud = insert(users):from_select({"name", "fullname"},
  select(func.upper(users.c.name), users.c.fullname):where(users.c.id == 1))
print(loud)
print(conn:execute(loud).rowcount)

print("--- update and delete read the same way")

print(update(users):where(users.c.name == "jack"):values{fullname = "Jack Brown"})
print(delete(addresses):where(addresses.c.email_address:endswith("@msn.com")))
print(conn:execute(update(users):values{level = users.c.level + 1}).rowcount)
for row in conn:execute(select(users.c.name, users.c.level):order_by(users.c.id)) do print(row) end
conn:rollback()

print("--- a misspelt column is found before the database sees it")

local ok, problem = pcall(function() conn:execute(insert(users):values{nmae = "jim"}) end)
print(problem)
conn:close()
