e = create_engine("sqlite://")
c = e:connect()
function res(n) local s = {} for i = 1, n do s[i] = {a = i, b = "b" .. tostring(i)} end 
  return c:execute(text("select 1 as a, 'x' as b union all select 2, 'y' union all select 3, 'z' union all select 3, 'z' limit " .. tostring(n))) end
print(res(4):all()) print(res(4):unique():all()) print(res(4):scalars():all()) print(res(4):scalars("b"):all()) print(res(4):scalars(2):unique():all())
print(res(4):columns("b"):all(), res(4):columns("b", "a"):all()) print(res(4):columns(2):scalars():all()) print(res(4):mappings():all())
print(res(4):mappings():unique():fetchmany(2))
for p in res(4):partitions(3) do print(p) end
for p in res(4):scalars():partitions(3) do print(p) end
for p in res(4):mappings():partitions(3) do print(p) end
for p in res(4):yield_per(2):partitions() do print(p) end
for p in res(4):unique():partitions(2) do print(p) end
r = res(4) print(r:fetchmany(2), r:fetchmany(5), r:fetchmany(1), r:fetchone(), r:all())
r = res(4) print(r:first()) err(function() r:first() end) err(function() r:all() end)
r = res(1) print(r:one()) err(function() r:one() end)
err(function() return res(2):one() end) err(function() return res(0):one() end) err(function() return res(2):one_or_none() end) print(res(0):one_or_none(), res(0):first(), res(0):scalar(), res(0):all())
err(function() return res(2):scalar_one() end) err(function() return res(0):scalar_one() end) err(function() return res(2):scalar_one_or_none() end) print(res(1):scalar_one(), res(0):scalar_one_or_none(), res(2):scalar())
err(function() return res(2):scalars():one() end) err(function() return res(0):scalars():one() end) err(function() return res(2):scalars():one_or_none() end)
err(function() return res(2):mappings():one() end) print(res(1):mappings():one(), res(1):scalars():one(), res(2):scalars():first())
err(function() return res(4):columns("q") end) err(function() return res(4):columns(5) end) err(function() return res(4):scalars("q") end) err(function() return res(4):scalars(9) end)
f = res(3):freeze() print(f():all(), f():scalars():all(), f():mappings():first())
r = res(2):merge(res(1), res(3)) print(r:keys(), r:all())
r = res(3):unique(function(row) return row.a == 1 end) print(r:all())
r = res(3):scalars():unique(function(x) return x == 2 end) print(r:all())
err(function() return res(3):scalars():fetchone() end)
r = res(3) for a, b in r do print(a, b) end print(r:all())
print(res(2):tuples():all())
r = res(2) m = r:mappings() print(m:keys(), m:fetchone(), m:fetchone(), m:fetchone())
m = res(2):mappings():first() print(m:keys(), m:values(), m:items(), m.a, m["b"], m:get("zz"), m:get("zz", 5), #m)
for k in m do print(k) end
with(res(2), function(r) print(r:fetchone()) end)
r = res(2) with(r, function() end) err(function() r:fetchone() end)
r = res(4) s = r:scalars() print(r:fetchone(), s:fetchmany(1), r:fetchone(), s:all())

