-- INSERT … ON CONFLICT on SQLite: update, nothing, excluded, RETURNING.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
engine = create_engine(DBURL, {echo = true})
metadata = MetaData()
inventory = Table("inventory", metadata, Column("sku", String(20), {primary_key = true}), Column("qty", Integer, {nullable = false, server_default = "0"}), Column("note", String))
metadata:create_all(engine)
with(engine:begin(), function(conn)
  stmt = sqlite.insert(inventory):values{sku = "A1", qty = 5}
  stmt = stmt:on_conflict_do_update{index_elements = {inventory.c.sku}, set_ = {qty = inventory.c.qty + stmt.excluded.qty}}
  conn:execute(stmt)
  conn:execute(stmt)
  r = conn:execute(stmt:returning(inventory.c.sku, inventory.c.qty))
  print(r:all())
  s2 = sqlite.insert(inventory):on_conflict_do_nothing()
  r = conn:execute(s2, {{sku = "A1", qty = 100}, {sku = "B2", qty = 7}, {sku = "C3", qty = 1}})
  print(r.rowcount)
  s3 = sqlite.insert(inventory):values({{sku = "A1", qty = 1, note = "x"}, {sku = "D4", qty = 2, note = null}})
  s3 = s3:on_conflict_do_update{index_elements = {"sku"}, set_ = {note = s3.excluded.note}, where = inventory.c.qty > 3}
  conn:execute(s3)
  print(s3)
end)
with(engine:connect(), function(conn)
  for row in conn:execute(select(inventory):order_by(inventory.c.sku)) do
    print(row)
  end
  print(conn:scalar(select(func.sum(inventory.c.qty))))
end)
