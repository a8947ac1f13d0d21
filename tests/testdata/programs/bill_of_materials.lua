-- Parts of parts: recursive CTEs, echoed.
-- db: sqlite mysql
DBURL = arg[1] or "sqlite://"
engine = create_engine(DBURL, {echo = true})
m = MetaData()
parts = Table("parts", m, Column("part", String(20), {primary_key = true}), Column("sub_part", String(20), {primary_key = true}), Column("quantity", Integer))
m:create_all(engine)
with(engine:begin(), function(c)
  c:execute(parts:insert(), {{part = "car", sub_part = "wheel", quantity = 4}, {part = "car", sub_part = "engine", quantity = 1}, {part = "wheel", sub_part = "bolt", quantity = 5}, {part = "engine", sub_part = "bolt", quantity = 20}, {part = "engine", sub_part = "piston", quantity = 6}})
end)
included = select(parts.c.sub_part, parts.c.part, parts.c.quantity):where(parts.c.part == "car"):cte{recursive = true}
incl_alias = included:alias()
parts_alias = parts:alias()
included = included:union_all(select(parts_alias.c.sub_part, parts_alias.c.part, parts_alias.c.quantity * incl_alias.c.quantity):where(parts_alias.c.part == incl_alias.c.sub_part))
stmt = select(included.c.sub_part, func.sum(included.c.quantity):label("total_quantity")):group_by(included.c.sub_part):order_by(included.c.sub_part)
print(stmt)
with(engine:connect(), function(c)
  for r in c:execute(stmt) do
    print(r.sub_part, tonumber(r.total_quantity))
  end
  n = select(literal(1):label("n")):cte("nums", {recursive = true})
  n = n:union_all(select(n.c.n + 1):where(n.c.n < 5))
  print(c:execute(select(n.c.n)):scalars():all())
  path = select(parts.c.sub_part:label("name"), cast((parts.c.part .. "/") .. parts.c.sub_part, String(200)):label("path"), literal(0):label("lvl")):where(parts.c.part == "car"):cte("path", {recursive = true})
  path = path:union_all(select(parts.c.sub_part, (path.c.path .. "/") .. parts.c.sub_part, path.c.lvl + 1):join(path, parts.c.part == path.c.name))
  for r in c:execute(select(path.c.lvl, path.c.path):order_by(path.c.path)) do
    print(tostring(r.lvl) .. " " .. tostring(r.path))
  end
end)
