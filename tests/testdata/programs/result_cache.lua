-- Results frozen in do_orm_execute.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function table_append(t, x) t[#t + 1] = x end
Base = declarative_base()
Person = class("Person", Base, {
  __tablename__ = "person",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
Session_ = sessionmaker(engine)
cache = {people = false}
hits = {}
_do_orm_execute = function(orm_context)
  local key, frozen
  key = "people"
  if (not orm_context.is_select) or orm_context.is_column_load or orm_context.is_relationship_load then
    return nil
  end
  if cache[key] then
    table_append(hits, "hit")
    return cache[key]()
  end
  table_append(hits, "miss")
  frozen = orm_context:invoke_statement():freeze()
  cache[key] = frozen
  return frozen()
end
event.listen(Session_, "do_orm_execute", _do_orm_execute)
with(Session_:begin(), function(s)
  s:add_all({Person{name = "a"}, Person{name = "b"}})
end)
engine.echo = true
with(Session_(), function(s)
  print((function() local out_ = {} for p in s:scalars(select(Person):order_by(Person.id)) do  out_[#out_ + 1] = p.name end return out_ end)())
  print((function() local out_ = {} for p in s:scalars(select(Person):order_by(Person.id)) do  out_[#out_ + 1] = p.name end return out_ end)())
end)
print(hits)
