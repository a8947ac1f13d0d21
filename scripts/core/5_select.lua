-- Part 5 of the curriculum: select(), the SQL expression language.

metadata = MetaData()
users = Table("users", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(50)),
  Column("fullname", String(50)))
addresses = Table("addresses", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("user_id", nil, ForeignKey("users.id")),
  Column("email_address", String(50), {nullable = false}))
engine = create_engine("sqlite://")
metadata:create_all(engine)
conn = engine:connect()
conn:execute(insert(users), {
  {id = 1, name = "jack", fullname = "Jack Jones"},
  {id = 2, name = "wendy", fullname = "Wendy Williams"},
  {id = 3, name = "ed", fullname = null},
})
conn:execute(insert(addresses), {
  {user_id = 1, email_address = "jack@yahoo.com"},
  {user_id = 1, email_address = "jack@msn.com"},
  {user_id = 2, email_address = "www@www.org"},
  {user_id = 2, email_address = "wendy@aol.com"},
})
conn:commit()

-- show prints a statement and its rows.
function show(stmt)
  print(stmt)
  for row in conn:execute(stmt) do print("", row) end
end

print("--- all columns, some columns")

show(select(users))
show(select(users.c.name, users.c.fullname))

-- Rows by column, too.
for row in conn:execute(select(users)) do
  print("name:", row[users.c.name], "fullname:", row[users.c.fullname])
end

print("--- where")

-- A comparison of a column is not true or false, it is SQL. The value becomes
-- a parameter.
expression = users.c.name == "jack"
print(expression)
print(expression:compile().params)
print(users.c.fullname == nil)
print(users.c.id > 5)
print("Jack" ~= users.c.name)

show(select(users):where(users.c.id == 2))

print("--- two tables")

-- Without a criterion between them every user meets every address.
print(#conn:execute(select(users, addresses)):all())
show(select(users.c.name, addresses.c.email_address):where(users.c.id == addresses.c.user_id))

print("--- and, or, not, like, in, between")

s = select((users.c.fullname .. ", " .. addresses.c.email_address):label("title"))
  :where(and_(
    users.c.id == addresses.c.user_id,
    users.c.name:between("m", "z"),
    or_(addresses.c.email_address:like("%@aol.com"),
        addresses.c.email_address:like("%@msn.com"))))
show(s)
print(not_(users.c.id > 5))
print(users.c.name:in_{"ed", "wendy"})
print(users.c.id:in_(select(addresses.c.user_id)))
-- where() called twice joins its criteria with AND.
show(select(users.c.name):where(users.c.id < 3):where(users.c.name:startswith("w")))

print("--- operators follow the type")

print(users.c.id + addresses.c.id)
print(users.c.name + users.c.fullname)
print(users.c.id:op("&")(7))
print(-users.c.id * 2)
print((users.c.id + 1) * 2)

print("--- order, limit, distinct")

show(select(users.c.name):order_by(users.c.name:desc()):limit(2))
show(select(users.c.name):order_by(users.c.id):limit(1):offset(1))
show(select(addresses.c.user_id):distinct():order_by(addresses.c.user_id))

print("--- joins")

-- The foreign key says how the tables belong together.
print(users:join(addresses))
show(select(users.c.name, addresses.c.email_address):join(addresses, users.c.id == addresses.c.user_id):order_by(addresses.c.id))
show(select(users.c.name, addresses.c.email_address):outerjoin(addresses):where(addresses.c.id == nil))

-- The same table twice needs a name for each.
a1, a2 = addresses:alias(), addresses:alias()
show(select(users.c.name)
  :where(users.c.id == a1.c.user_id)
  :where(users.c.id == a2.c.user_id)
  :where(a1.c.email_address == "jack@msn.com")
  :where(a2.c.email_address == "jack@yahoo.com"))

print("--- functions and aggregates")

show(select(func.count()):select_from(users))
show(select(func.max(users.c.name):label("last"), func.lower("ABC")))
per_user = select(users.c.name, func.count(addresses.c.id):label("addresses"))
  :outerjoin(addresses):group_by(users.c.name):order_by(users.c.name)
show(per_user)
show(per_user:having(func.count(addresses.c.id) > 1))

print("--- subqueries")

counts = select(addresses.c.user_id, func.count():label("n")):group_by(addresses.c.user_id):subquery("counts")
show(select(users.c.name, counts.c.n):join(counts, users.c.id == counts.c.user_id):order_by(users.c.id))

-- A select of one value stands where a value stands. It is correlated with
-- the users of the select around it.
last = select(func.max(addresses.c.email_address)):where(addresses.c.user_id == users.c.id):scalar_subquery()
show(select(users.c.name, last:label("last")):order_by(users.c.id))
show(select(users.c.name):where(exists():where(addresses.c.user_id == users.c.id)))

print("--- text inside")

show(select(users.c.name):where(text("users.name LIKE :p")):order_by(text("users.id")):params{p = "%e%"})
conn:close()
