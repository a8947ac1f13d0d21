-- Part 3 of the curriculum: tables as values.
--
-- MetaData is a collection of Tables. A Table knows its columns, their types
-- and the constraints between them, and can create itself in a database.

print("--- a table")

metadata = MetaData()
user = Table("user", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String),
  Column("fullname", String))

print(user.name)
print(repr(user.c.name))
print(user.c.name.name, user.c.name.type)
print(user.primary_key.columns:keys())
print(user.c:keys())

-- A table is the beginning of SQL: printing it, or anything made from it,
-- shows the SQL without a database.
print(select(user))
print(user.c.name == "ed")

print("--- CREATE TABLE")

-- create_all asks the database which tables it lacks, and creates these.
engine = create_engine("sqlite://", {echo = true})
metadata:create_all(engine)
engine.echo = false

print("--- types, and what each database makes of them")

fancy = Table("fancy", metadata,
  Column("key", String(50), {primary_key = true}),
  Column("timestamp", DateTime),
  Column("amount", Numeric(10, 2)),
  Column("type", Enum("a", "b", "c", {name = "fancy_type"})),
  Column("seen", Boolean, {nullable = false}),
  Column("data", LargeBinary))
print(CreateTable(fancy):compile{dialect = sqlite.dialect()})
print(CreateTable(fancy):compile{dialect = postgresql.dialect()})
print(CreateTable(fancy):compile{dialect = mysql.dialect()})
fancy:create(engine)

print("--- tables that are linked")

-- A column without a type takes that of the column it refers to.
addresses = Table("address", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("email_address", String(100), {nullable = false}),
  Column("user_id", nil, ForeignKey("user.id")))
print(CreateTable(addresses))
print(addresses.c.user_id.type)
print(addresses.c.user_id:references(user.c.id))

print("--- a foreign key of two columns")

story = Table("story", metadata,
  Column("story_id", Integer, {primary_key = true}),
  Column("version_id", Integer, {primary_key = true}),
  Column("headline", String(100), {nullable = false}),
  Column("body", Text))
published = Table("published", metadata,
  Column("pub_id", Integer, {primary_key = true}),
  Column("pub_timestamp", DateTime, {nullable = false}),
  Column("story_id", Integer, {nullable = false}),
  Column("version_id", Integer, {nullable = false}),
  ForeignKeyConstraint({"story_id", "version_id"}, {"story.story_id", "story.version_id"}))
print(CreateTable(published))

-- In the order in which they can be created:
for t in metadata.sorted_tables do print(t.name) end
metadata:create_all(engine)

print("--- what the database says it has")

print(inspect(engine):get_table_names())
for column in inspect(engine):get_columns("published") do
  print(column.name, column.type, column.nullable)
end

metadata:drop_all(engine)
print(#inspect(engine):get_table_names())
