-- Reflection asks for all that there is before a listener hears of a column.
e = create_engine("sqlite://")
Table("refl", MetaData(), Column("id", Integer, {primary_key=true}), Column("q", String, {unique=true}), Column("z", Integer, CheckConstraint("z > 5"), {index=true})):create(e)
e.echo=true
r2 = Table("refl", MetaData(), {autoload_with=e, listeners={{"column_reflect", function(insp, tb, info) print("tell") info.type = String() end}}})
print(r2.c.id.type)
m = MetaData()
event.listen(m, "column_reflect", function(insp, tb, info) print("tell", info.name) if info.name == "q" then info.type = Integer() end end)
m:reflect(e)
print(m.tables.refl.c.q.type)
