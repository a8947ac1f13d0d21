-- Inspect(), reflect(), a table that is not there.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
engine = create_engine(DBURL)
m = MetaData()
Table("author", m, Column("id", Integer, {primary_key = true}), Column("name", String(50), {nullable = false}), Column("born", Date), UniqueConstraint("name", {name = "uq_author_name"}))
Table("book", m, Column("id", Integer, {primary_key = true}), Column("title", String(100), {nullable = false, index = true}), Column("price", Numeric(10, 2), {server_default = "0"}), Column("author_id", Integer, ForeignKey("author.id", {name = "fk_book_author", ondelete = "CASCADE"})), CheckConstraint("price >= 0", {name = "ck_price"}))
m:create_all(engine)
insp = inspect(engine)
print(insp:get_table_names())
for t in insp:get_table_names() do
  for c in insp:get_columns(t) do
    print(t, c["name"], c["type"], c["nullable"])
  end
  print(insp:get_pk_constraint(t)["constrained_columns"])
  for fk in insp:get_foreign_keys(t) do
    print(fk["name"], fk["constrained_columns"], fk["referred_table"], fk["referred_columns"], fk["options"])
  end
  for ix in insp:get_indexes(t) do
    print(ix["name"], ix["column_names"], ix["unique"])
  end
  for u in insp:get_unique_constraints(t) do
    print(u["name"], u["column_names"])
  end
end
print(insp:has_table("book"), insp:has_table("nope"))
m2 = MetaData()
m2:reflect{bind = engine}
for t in m2.sorted_tables do
  print(t.name, (function() local out_ = {} for c in t.columns do  out_[#out_ + 1] = c.name end return out_ end)())
  print((function() local out_ = {} for f in t.foreign_keys do  out_[#out_ + 1] = tostring(f.parent.name) .. "->" .. tostring(f.target_fullname) end return out_ end)())
end
book = m2.tables["book"]
print(repr(book.c.title.type), book.c.title.nullable, book.primary_key.columns:keys())
author = m2.tables["author"]
with(engine:begin(), function(conn)
  conn:execute(author:insert():values{name = "Le Guin"})
  conn:execute(book:insert():values{title = "Rocannon", author_id = 1})
  print(conn:execute(select(book.c.title, author.c.name, book.c.price):join_from(book, author)):all())
end)
print(select(author):join(book))
local ok_1, err_1 = pcall(function()
  Table("missing", m2, {autoload_with = engine})
end)
if not ok_1 then
  if err_1:is(NoSuchTableError) then
    local e = err_1
  print(py_err(e))
  else
    error(err_1, 0)
  end
end
m2:drop_all(engine)
print(inspect(engine):get_table_names())
