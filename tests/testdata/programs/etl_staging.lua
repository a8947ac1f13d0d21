-- From a staging table to a clean one, with rejects.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
engine = create_engine(DBURL)
m = MetaData()
staging = Table("staging", m, Column("id", Integer, {primary_key = true}), Column("raw_name", String(50)), Column("raw_amount", String(20)), Column("loaded", Boolean, {default = false}))
clean = Table("clean", m, Column("id", Integer, {primary_key = true}), Column("name", String(50), {nullable = false}), Column("amount", Numeric(10, 2)))
rejects = Table("rejects", m, Column("id", Integer, {primary_key = true}), Column("staging_id", ForeignKey("staging.id")), Column("reason", String(100)))
m:create_all(engine)
rows = {{"  Ann ", "10.50"}, {"bob", "x"}, {"", "5"}, {"Carl", "7.25"}, {"carl", "1.00"}}
with(engine:begin(), function(conn)
  r = conn:execute(insert(staging), (function() local out_ = {} for n, a in rows do  out_[#out_ + 1] = {raw_name = n, raw_amount = a} end return out_ end)())
  print(r.rowcount)
end)
parse = function(row)
  if rawequal(func.length(row.raw_name), nil) then
    return nil
  end
  if row.raw_amount == "x" then
    return "bad amount"
  end
  if row.raw_name == "" then
    return "no name"
  end
  return nil
end
with(engine:begin(), function(conn)
  for row in conn:execute(select(staging):where(staging.c.loaded == false):order_by(staging.c.id)):all() do
    reason = parse(row)
    if not rawequal(reason, nil) then
      conn:execute(rejects:insert():values{staging_id = row.id, reason = reason})
    else
      conn:execute(clean:insert():values{name = func.trim(row.raw_name), amount = decimal(row.raw_amount)})
    end
    conn:execute(staging:update():where(staging.c.id == row.id):values{loaded = true})
  end
end)
with(engine:connect(), function(conn)
  print(conn:execute(select(clean.c.name, clean.c.amount):order_by(clean.c.id)):all())
  print(conn:execute(select(rejects.c.reason, staging.c.raw_name, staging.c.raw_amount):join(staging):order_by(rejects.c.id)):all())
  print(conn:execute(select(func.lower(clean.c.name):label("n"), func.sum(clean.c.amount):label("s")):group_by(text("n")):order_by(text("n"))):all())
  print(conn:execute(select(func.count()):where(staging.c.loaded)):scalar(), conn:execute(select(func.count()):where(not_(staging.c.loaded))):scalar())
  print(conn:execute(select(staging.c.loaded):distinct()):all())
end)
with(engine:begin(), function(conn)
  print(conn:execute(clean:insert():from_select({"name", "amount"}, select(staging.c.raw_name, literal(0)):where(staging.c.raw_amount == "x"))).rowcount)
  print(conn:execute(delete(clean):where(clean.c.amount == 0)).rowcount)
  print(conn:execute(update(clean):values{amount = case({clean.c.amount > 5, clean.c.amount * 2}, {else_ = clean.c.amount})}).rowcount)
end)
