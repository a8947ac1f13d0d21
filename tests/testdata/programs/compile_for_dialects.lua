-- One statement for three dialects, with and without literals.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
m = MetaData()
t = Table("t", m, Column("id", Integer, {primary_key = true}), Column("s", String), Column("d", Date), Column("dt", DateTime), Column("n", Numeric(10, 2)), Column("b", Boolean), Column("f", Float), Column("bin", LargeBinary), Column("j", JSON), Column("u", Uuid), Column("arr", postgresql.ARRAY(Integer)), Column("e", Enum("a", "b", {name = "en"})), Column("iv", Interval))
q = select(t.c.id):where(t.c.s == "it's", t.c.d == date(2024, 1, 2), t.c.dt > datetime(2024, 1, 2, 3, 4, 5), t.c.n == decimal("1.50"), t.c.b == true, t.c.f < 1.5, t.c.id:in_({1, 2, 3}), t.c.s:in_({"a", "b"}), t.c.e == "a", t.c.s:like("%x%")):limit(5):offset(2)
for d in {null, sqlite.dialect(), postgresql.dialect(), mysql.dialect()} do
  print(q:compile{dialect = d})
  print(q:compile{dialect = d, compile_kwargs = {literal_binds = true}})
  print(q:compile{dialect = d, compile_kwargs = {render_postcompile = true}})
  c = q:compile{dialect = d}
  print(c.params, py_when((not rawequal(d, nil)) and (d.name == "sqlite"), function() return c.positiontup end, function() return "" end))
end
print(t:insert():values{s = "x", n = 5}:compile().params, t:insert():compile{column_keys = {"s", "b"}}, t:update():values{s = "y"}:where(t.c.id == 7):compile{dialect = mysql.dialect()}.params)
print(select(t.c.arr[1], t.c.arr:any(5), t.c.arr:contains({1, 2}), t.c.arr:overlap({3})):compile{dialect = postgresql.dialect()})
print(select(t.c.j["a"]):compile{dialect = postgresql.dialect()}, select(cast(t.c.j, postgresql.JSONB)["k"].astext):compile{dialect = postgresql.dialect()})
print(select(func.array_agg(postgresql.aggregate_order_by(t.c.s, t.c.id:desc()))):compile{dialect = postgresql.dialect()})
print(select(t.c.s:distinct()):compile{dialect = postgresql.dialect()}, select(t.c.s):distinct(t.c.s):order_by(t.c.s, t.c.id):compile{dialect = postgresql.dialect()})
print(select(t.c.s:ilike("x"), t.c.s:regexp_match("x", "i"), t.c.s:match("q")):compile{dialect = postgresql.dialect()})
print(select(t.c.s:ilike("x"), t.c.s:regexp_match("x"), t.c.s:match("q"), t.c.s:concat("z"), func.group_concat(t.c.s), t.c.id:op("div")(2)):compile{dialect = mysql.dialect()})
print(select(t.c.id):with_for_update{skip_locked = true}:compile{dialect = mysql.dialect()}, select(t.c.id):with_hint(t, "USE INDEX (x)", "mysql"):compile{dialect = mysql.dialect()}, select(t.c.id):prefix_with("SQL_NO_CACHE", {dialect = "mysql"}):compile{dialect = mysql.dialect()})
print(postgresql.array({1, 2}), postgresql.array({1, 2}) + postgresql.array({3}), func.unnest(postgresql.array({1, 2})), select(func.generate_series(1, 5):alias("g")):compile{dialect = postgresql.dialect()})
print(t:insert():values{s = "x"}:returning(t.c.id):compile{dialect = postgresql.dialect()}, t:delete():returning(t):compile{dialect = sqlite.dialect()})
print(postgresql.insert(t):values{s = "x"}:on_conflict_do_update{constraint = "uq", set_ = {s = "y"}, where = t.c.id > 3})
print(cast(t.c.s, Integer):compile{dialect = mysql.dialect()}, cast(t.c.id, String):compile{dialect = mysql.dialect()}, cast(t.c.id, Numeric):compile{dialect = mysql.dialect()}, cast(t.c.id, Float):compile{dialect = sqlite.dialect()})
print(extract("epoch", t.c.dt):compile{dialect = sqlite.dialect()}, extract("dow", t.c.dt):compile{dialect = postgresql.dialect()}, (t.c.dt - t.c.dt).type, t.c.dt + interval{days = 1}, (t.c.d - t.c.d).type)
