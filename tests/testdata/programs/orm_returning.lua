-- INSERT, UPDATE and DELETE of classes with RETURNING.
-- db: sqlite postgresql
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
Task = class("Task", Base, {
  __tablename__ = "task",
  id = Column(Integer, {primary_key = true}),
  title = Column(String(20), {nullable = false}),
  done = Column(Boolean, {default = false, nullable = false}),
  rank = Column(Integer, {server_default = "1"}),
  __repr__ = function(self)
    return string.format("Task(%s, %s, %s)", tostring(self.title), tostring(self.done), tostring(self.rank))
  end,
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
s = Session(engine)
tasks = s:scalars(insert(Task):returning(Task, {sort_by_parameter_order = true}), {{title = "a"}, {title = "b"}, {title = "c", done = true}}):all()
print(tasks)
print(s:execute(insert(Task):values{title = "d"}:returning(Task.id, Task.rank)):one())
print(s:scalars(update(Task):where(Task.done == false):values{rank = Task.rank + 1}:returning(Task.title)):all())
print(tasks)
print(s:scalars(delete(Task):where(Task.done):returning(Task.id)):all())
s:commit()
print(s:scalars(select(Task):order_by(Task.id)):all())
s:execute(update(Task):where(Task.title:in_({"a", "b"})):values{done = true}:execution_options{synchronize_session = "evaluate"})
print((function() local out_ = {} for t in s:scalars(select(Task):order_by(Task.id)) do  out_[#out_ + 1] = t.done end return out_ end)())
s:execute(update(Task), {{id = 1, rank = 10}, {id = 2, rank = 20, done = false}})
print(s:execute(select(Task.id, Task.rank, Task.done):order_by(Task.id)):all())
print(s:query(Task):filter(Task.rank > 5):update({[Task.rank] = 0}))
print(s:query(Task):filter(Task.rank == 0):delete{synchronize_session = "fetch"})
s:rollback()
print(s:query(Task):count())
