-- The tables of lesson 3, empty.
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
