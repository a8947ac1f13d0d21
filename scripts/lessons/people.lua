-- The tables of lesson 3 with the rows of lesson 4.
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
conn:execute(insert(users), {
  {id = 1, name = "jack", fullname = "Jack Jones"},
  {id = 2, name = "wendy", fullname = "Wendy Williams"},
  {id = 3, name = "ed", fullname = "Ed Smith"},
  {id = 4, name = "mary", fullname = null},
})
conn:execute(insert(addresses), {
  {user_id = 1, email_address = "jack@yahoo.com"},
  {user_id = 1, email_address = "jack@msn.com"},
  {user_id = 2, email_address = "www@www.org"},
  {user_id = 2, email_address = "wendy@aol.com"},
  {user_id = 3, email_address = "ed@example.com"},
})
conn:commit()
