-- The order in which parts of a schema come into their parents.
local m = MetaData()
local a = Table("a", m, Column("id", Integer, {primary_key=true}))
event.listen(SchemaItem, "before_parent_attach", function(obj, parent) print("before", tostring(type(obj))) end)
event.listen(Table, "after_parent_attach", function(tb, md) print("table in", tb.name, tostring(md), tb.c:keys()) end)
event.listen(Column, "before_parent_attach", function(col, tb) print("col before", col.name, tb.name) end)
event.listen(Column, "after_parent_attach", function(col, tb) print("col after", col.name, tb.name) end)
for _, cls in ipairs{ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint, CheckConstraint, Index, ForeignKey, Sequence} do
  event.listen(cls, "before_parent_attach", function(x, p) print("B", cls.__name__, p.name or "nn") end)
  event.listen(cls, "after_parent_attach", function(x, p) print("A", cls.__name__, p.name or "nn") end)
end
t1 = Table("t1", m, Column("id", Integer, Sequence("foo_id"), {primary_key=true}), Column("bar", String, ForeignKey("t2.id"), {index=true}), Column("bat", Integer, {unique=true}))
t2 = Table("t2", m, Column("id", Integer, {primary_key=true}), Column("bar", Integer), Column("bat", Integer), CheckConstraint("bar>5"), UniqueConstraint("bar", "bat"), Index(nil, "bar", "bat"))
c = Column("late", Integer)
event.listen(c, "after_parent_attach", function(col, t) print("instance", col.name, t.name) end)
t2:append_column(c)
Index("late_ix", t2.c.late)
