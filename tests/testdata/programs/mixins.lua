-- Declared_attr, an abstract base, columns of mixins.
-- db: sqlite postgresql
DBURL = arg[1] or "sqlite://"
Base = class("Base", DeclarativeBase, {
  __abstract__ = true,
  __tablename__ = declared_attr.directive(function(cls)
    return cls.__name__:lower()
  end),
  id = mapped_column(Integer, {primary_key = true}),
  to_dict = function(self)
    return (function() local out_ = {} for c in self.__table__.columns do  out_[c.name] = getattr(self, c.name) end return out_ end)()
  end,
})
TimestampMixin = class("TimestampMixin", nil, {
  created_at = Column(String(20), {default = "now", nullable = false}),
  updated_at = Column(String(20), {default = "now", onupdate = "later"}),
})
OwnedMixin = class("OwnedMixin", nil, {
  owner_id = declared_attr(function(cls)
    return Column(Integer, ForeignKey("owner.id"))
  end),
  owner = declared_attr(function(cls)
    return relationship("Owner", {backref = cls.__tablename__ .. "_items"})
  end),
})
Owner = class("Owner", {TimestampMixin, Base}, {
  name = mapped_column(String(30), {nullable = false}),
})
Task = class("Task", {TimestampMixin, OwnedMixin, Base}, {
  title = mapped_column(String(30), {nullable = false}),
  __table_args__ = {UniqueConstraint("title", {name = "uq_task_title"}), {comment = "tasks"}},
})
Note = class("Note", {OwnedMixin, Base}, {
  body = mapped_column(Text),
})
engine = create_engine(DBURL, {echo = true})
Base.metadata:create_all(engine)
s = Session(engine)
o = Owner{name = "ann"}
s:add_all({o, Task{title = "write", owner = o}, Note{body = "hi", owner = o}})
s:commit()
print(o:to_dict())
print((function() local out_ = {} for t in o.task_items do  out_[#out_ + 1] = t.title end return out_ end)(), (function() local out_ = {} for n in o.note_items do  out_[#out_ + 1] = n.body end return out_ end)())
o.name = "anna"
s:commit()
print(o.updated_at, o.created_at)
print(Task.__table__.c:keys(), Task.__tablename__, (function() local out_ = {} for c in Task.__table__.constraints do  if isinstance(c, UniqueConstraint) then out_[#out_ + 1] = c.name end end return out_ end)())
