-- Checks on the data of two tables.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine(DBURL)
m = MetaData()
cust = Table("cust", m, Column("id", Integer, {primary_key = true}), Column("email", String(50)), Column("age", Integer), Column("country", String(2)))
ordr = Table("ordr", m, Column("id", Integer, {primary_key = true}), Column("cust_id", Integer), Column("total", Float))
m:create_all(engine)
with(engine:begin(), function(c)
  c:execute(cust:insert(), {{email = "a@x", age = 20, country = "DE"}, {email = "a@x", age = nil, country = "de"}, {email = nil, age = -3, country = "FR"}, {email = "bad", age = 200, country = nil}})
  c:execute(ordr:insert(), {{cust_id = 1, total = 10.5}, {cust_id = 99, total = 3}, {cust_id = 2, total = nil}})
end)
checks = {{"null emails", select(func.count()):select_from(cust):where(cust.c.email:is_(nil))}, {"dup emails", select(func.count()):select_from(select(cust.c.email):group_by(cust.c.email):having(func.count() > 1, cust.c.email:is_not(nil)):subquery())}, {"bad ages", select(func.count(cust.c.id)):where(or_(cust.c.age < 0, cust.c.age > 150))}, {"orphans", select(func.count(ordr.c.id)):where(not_(exists():where(cust.c.id == ordr.c.cust_id)))}, {"no at", select(func.count()):where(cust.c.email:not_like("%@%"))}, {"bad country", select(func.count()):select_from(cust):where(or_(cust.c.country == nil, func.upper(cust.c.country) ~= cust.c.country))}}
with(engine:connect(), function(c)
  for name, q in checks do
    print(string.format("%-12s %d", tostring(name), c:execute(q):scalar_one()))
  end
  prof = {}
  for col in cust.c do
    total, nn, dist = unpack(c:execute(select(func.count(), func.count(col), func.count(distinct(col)))):one())
    print(col.name, tostring(col.type), total, nn, dist)
  end
  print(py_when(engine.dialect.name == "sqlite", function() return c:execute(select(cust.c.country, func.count():label("n"), func.coalesce(func.avg(cust.c.age), 0) > 0):group_by(cust.c.country):order_by(func.count():desc(), cust.c.country:is_(nil), cust.c.country)):all() end, function() return "" end))
  print(c:execute(select(func.sum(ordr.c.total), func.max(ordr.c.total), func.count(ordr.c.total))):one())
  lo = ordr:outerjoin(cust, cust.c.id == ordr.c.cust_id)
  print(c:execute(select(ordr.c.id, cust.c.email):select_from(lo):order_by(ordr.c.id)):all())
  print(c:execute(select(cust.c.id):except_(select(ordr.c.cust_id)):order_by("id")):scalars():all())
  print(c:execute(select(cust.c.id, ordr.c.id:label("oid")):join(ordr, cust.c.id == ordr.c.cust_id, {full = false}):order_by(ordr.c.id)):mappings():all())
end)
