e = create_engine("sqlite://", {echo=true})
m = MetaData()
n = 0
t = Table("t", m, Column("id", Integer, {primary_key=true, autoincrement=true}),
 Column("a", Integer, {default=function() n = n + 1 return n end}),
 Column("b", Integer, {default=function(ctx) return ctx:get_current_parameters()["a"] * 10 end}),
 Column("c", String(10), {default=select(func.max(5)):scalar_subquery()}),
 Column("d", Integer, {default=func.length("abcdef"), onupdate=func.length("xy")}),
 Column("e", Integer, {default=42, onupdate=43}),
 Column("f", String(10), {server_default=text("'sdef'")}),
 Column("g", Boolean, {default=true}),
 Column("h", String(10), {default=literal_column("'lit'"), onupdate=literal_column("'lup'")}))
m:create_all(e)
c = e:connect()
r = c:execute(t:insert()) print(r:last_inserted_params(), r.inserted_primary_key, r:prefetch_cols() and #r:prefetch_cols())
c:execute(t:insert(), {{e=1},{e=2}})
c:execute(t:insert():values({{e=3,a=1},{e=4,a=2}}))
c:execute(t:insert():values{a=null, b=1})
c:execute(t:insert(), {a=7})
print(c:execute(select(t)):all())
c:execute(t:update():where(t.c.id == 1):values{a=9})
c:execute(t:update():where(t.c.id == bindparam("i")), {{i=2, a=5},{i=3, a=6}})
print(c:execute(select(t)):all())
r = c:execute(t:insert():returning(t.c.id, t.c.f, t.c.c)) print(r:all())
s = Sequence("sq") err(function() c:execute(s) end)
t5 = Table("t5", MetaData(), Column("id", Integer, Sequence("ss"), {primary_key=true}), Column("x", Integer))
t5:create(c)
print(c:execute(t5:insert():values{x=1}).inserted_primary_key)
