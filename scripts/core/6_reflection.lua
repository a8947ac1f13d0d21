-- Part 6 of the curriculum: a database that is there already.
--
-- Reflection builds Tables from what the database says about itself.

engine = create_engine("sqlite://")
with(engine:begin(), function(conn)
  conn:execute(text([[
    CREATE TABLE artist (
      artist_id INTEGER PRIMARY KEY,
      name VARCHAR(120) NOT NULL UNIQUE)]]))
  conn:execute(text([[
    CREATE TABLE album (
      album_id INTEGER PRIMARY KEY,
      title VARCHAR(160) NOT NULL,
      artist_id INTEGER NOT NULL REFERENCES artist (artist_id),
      price NUMERIC(6, 2) DEFAULT 9.99)]]))
  conn:execute(text("CREATE INDEX ix_album_title ON album (title)"))
  conn:execute(text("INSERT INTO artist (name) VALUES ('Accept'), ('AC/DC')"))
  conn:execute(text("INSERT INTO album (title, artist_id) VALUES ('Balls to the Wall', 1), ('Let There Be Rock', 2)"))
end)

print("--- one table; those it refers to come with it")

metadata = MetaData()
album = Table("album", metadata, {autoload_with = engine})
print(album.c:keys())
for column in album.c do print(column.name, column.type, column.nullable, column.primary_key) end
for t in metadata.sorted_tables do print(t.name) end

print("--- a reflected table is a table")

artist = metadata.tables["artist"]
stmt = select(artist.c.name, album.c.title):join_from(artist, album):order_by(artist.c.name)
print(stmt)
with(engine:connect(), function(conn)
  for row in conn:execute(stmt) do print(row) end
end)

print("--- all at once")

everything = MetaData()
everything:reflect(engine)
for t in everything.sorted_tables do print(t.name) end

print("--- the inspector answers single questions")

inspector = inspect(engine)
print(inspector:get_table_names())
for c in inspector:get_columns("album") do print(c.name, c.type, c.nullable, c.default) end
print(inspector:get_pk_constraint("album").constrained_columns)
for fk in inspector:get_foreign_keys("album") do
  print(fk.constrained_columns, fk.referred_table, fk.referred_columns)
end
for index in inspector:get_indexes("album") do print(index.name, index.column_names, index.unique) end
for unique in inspector:get_unique_constraints("artist") do print(unique.column_names) end
print(inspector:has_table("artist"), inspector:has_table("painter"))

print("--- a table that is not there")

local ok, problem = pcall(function() Table("painter", MetaData(), {autoload_with = engine}) end)
print(problem.class, problem.message)
