-- Types of one's own: money, upper-case strings.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine("sqlite://", {echo = true})
UpperString = class("UpperString", TypeDecorator, {
  impl = String,
  cache_ok = true,
  process_bind_param = function(self, value, dialect)
    return py_when(not rawequal(value, nil), function() return value:upper() end, function() return nil end)
  end,
  process_result_value = function(self, value, dialect)
    return py_when(not rawequal(value, nil), function() return ("<" .. value) .. ">" end, function() return nil end)
  end,
})
Money = class("Money", TypeDecorator, {
  impl = Integer,
  cache_ok = true,
  process_bind_param = function(self, value, dialect)
    if rawequal(value, nil) then
      return nil
    end
    return tonumber(value * 100)
  end,
  process_result_value = function(self, value, dialect)
    if rawequal(value, nil) then
      return nil
    end
    return value / 100
  end,
  coerce_compared_value = function(self, op, value)
    return self
  end,
  process_literal_param = function(self, value, dialect)
    return string.format("%d", value * 100)
  end,
})
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key = true}), Column("name", UpperString(20)), Column("price", Money))
m:create_all(engine)
print(repr(t.c.name.type), t.c.name.type, t.c.price.type, repr(t.c.price.type))
with(engine:begin(), function(conn)
  conn:execute(t:insert(), {{name = "ann", price = 12.5}, {name = null, price = null}})
  print(conn:execute(select(t):order_by(t.c.id)):all())
  print(conn:execute(select(t.c.id):where(t.c.name == "Ann")):all())
  print(conn:execute(select(t.c.id):where(t.c.price > 10)):all())
  print(conn:execute(select(t.c.price + 1, func.max(t.c.price), type_coerce(t.c.id, Money), cast(t.c.price, Integer)):where(t.c.id == 1)):all())
  print(conn:execute(select(literal("abc", UpperString()))):scalar())
end)
print(select(t.c.id):where(t.c.price == 3):compile(engine, {compile_kwargs = {literal_binds = true}}))
print("")
