-- The first walk: from a URL to rows, with the SQL echoed.
--
--     go run ./cmd/alchemysh scripts/first.lua
--
-- Everything that is not a comment is what you would type into Python's
-- SQLAlchemy, spelt in Lua: a colon calls a method, {k = v} are keyword
-- arguments.

engine = create_engine("sqlite://", {echo = true})
metadata = MetaData()

users = Table("users", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(50)),
  Column("fullname", String(50)))

addresses = Table("addresses", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("user_id", nil, ForeignKey("users.id")),
  Column("email_address", String(50), {nullable = false}))

metadata:create_all(engine)

with(engine:begin(), function(conn)
  conn:execute(insert(users), {
    {name = "jack", fullname = "Jack Jones"},
    {name = "wendy", fullname = "Wendy Williams"},
  })
  conn:execute(insert(addresses), {
    {user_id = 1, email_address = "jack@msn.com"},
    {user_id = 1, email_address = "jack@aol.com"},
    {user_id = 2, email_address = "wendy@aol.com"},
  })
end)

conn = engine:connect()
stmt = select(users.c.fullname, addresses.c.email_address)
  :join(addresses)
  :where(addresses.c.email_address:like("%@aol.com"))
  :order_by(users.c.name)
for fullname, email in conn:execute(stmt) do
  print(fullname .. " <" .. email .. ">")
end
conn:close()
