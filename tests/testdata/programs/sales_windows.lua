-- Window functions over a table of sales.
-- db: sqlite postgresql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine(DBURL)
m = MetaData()
sales = Table("sales", m, Column("id", Integer, {primary_key = true}), Column("region", String(10)), Column("month", Integer), Column("amount", Integer))
m:create_all(engine)
with(engine:begin(), function(c)
  c:execute(sales:insert(), (function() local out_ = {} for r, mo, a in {{"n", 1, 10}, {"n", 2, 20}, {"n", 3, 15}, {"s", 1, 7}, {"s", 2, 7}, {"s", 3, 30}} do  out_[#out_ + 1] = {region = r, month = mo, amount = a} end return out_ end)())
end)
s = sales.c
with(engine:connect(), function(c)
  run = func.sum(s.amount):over{partition_by = s.region, order_by = s.month}
  print(c:execute(select(s.region, s.month, run:label("run")):order_by(s.region, s.month)):all())
  print(c:execute(select(s.region, s.month, func.rank():over{order_by = s.amount:desc()}:label("r"), func.dense_rank():over{order_by = s.amount:desc()}:label("d"), func.row_number():over{order_by = {s.amount:desc(), s.id}}:label("n")):order_by("n")):all())
  print(c:execute(select(s.month, func.lag(s.amount, 1, 0):over{partition_by = s.region, order_by = s.month}, func.lead(s.amount):over{partition_by = s.region, order_by = s.month}):where(s.region == "n"):order_by(s.month)):all())
  print(c:execute(select(s.id, func.first_value(s.amount):over{order_by = s.id, rows = {-1, 1}}, func.sum(s.amount):over{order_by = s.id, rows = {null, 0}}, func.ntile(2):over{order_by = s.id}):order_by(s.id)):all())
  sub = select(s.region, s.amount, func.row_number():over{partition_by = s.region, order_by = s.amount:desc()}:label("rn")):subquery()
  print(c:execute(select(sub.c.region, sub.c.amount):where(sub.c.rn == 1):order_by(sub.c.region)):all())
  tot = select(s.region, func.sum(s.amount):label("total")):group_by(s.region):cte("tot")
  print(c:execute(select(s.region, s.month, func.round((100 * s.amount) / tot.c.total)):join(tot, tot.c.region == s.region):order_by(s.region, s.month)):all())
  print(c:execute(select(s.region, func.sum(case({s.month == 1, s.amount}, {else_ = 0})):label("m1"), func.sum(case({s.month == 2, s.amount}, {else_ = 0})):label("m2")):group_by(s.region):order_by(s.region)):all())
  print(c:execute(select(func.count(s.region:distinct()), func.min(s.amount), func.max(s.amount), func.count())):one())
  print(py_when(engine.dialect.name ~= "mysql", function() return c:execute(select(s.region, func.count():filter(s.amount > 10)):group_by(s.region):order_by(s.region)):all() end, function() return "" end))
end)
print(func.sum(s.amount):over{partition_by = {s.region, s.month}, order_by = s.id:desc(), range_ = {-5, null}}, func.sum(s.amount):over{groups = {0, 3}})
