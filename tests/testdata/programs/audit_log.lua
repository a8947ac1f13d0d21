-- Histories written to a table in before_flush and after_insert.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
Base = declarative_base()
AuditLog = class("AuditLog", Base, {
  __tablename__ = "audit_log",
  id = Column(Integer, {primary_key = true}),
  table_name = Column(String),
  action = Column(String),
  detail = Column(JSON),
})
Customer = class("Customer", Base, {
  __tablename__ = "customer",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  city = Column(String),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
changes = function(obj)
  local state, out, hist
  state = inspect(obj)
  out = {}
  for attr in state.attrs do
    hist = attr.history
    if hist:has_changes() and (attr.key ~= "id") then
      out[attr.key] = {py_when(hist.deleted, function() return hist.deleted[1] end, function() return nil end), py_when(hist.added, function() return hist.added[1] end, function() return nil end)}
    end
  end
  return out
end
audit = function(session, flush_context, instances)
  for obj in session.dirty do
    if isinstance(obj, Customer) and session:is_modified(obj) then
      session:add(AuditLog{table_name = obj.__tablename__, action = "update", detail = changes(obj)})
    end
  end
  for obj in session.deleted do
    if isinstance(obj, Customer) then
      session:add(AuditLog{table_name = obj.__tablename__, action = "delete", detail = {name = obj.name}})
    end
  end
end
event.listen(Session, "before_flush", audit)
after_insert = function(mapper, connection, target)
  connection:execute(AuditLog.__table__:insert():values{table_name = mapper.local_table.name, action = "insert", detail = {name = target.name}})
end
event.listen(Customer, "after_insert", after_insert)
engine.echo = true
session = Session(engine)
c1 = Customer{name = "Ann", city = "Rome"}
session:add(c1)
session:commit()
c1.city = "Oslo"
session:commit()
c1.name = "Anna"
c1.city = "Bonn"
session:commit()
session:delete(c1)
session:commit()
for log in session:query(AuditLog):order_by(AuditLog.id) do
  print(log.action, log.table_name, log.detail)
end
