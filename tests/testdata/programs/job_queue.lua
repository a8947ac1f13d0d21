-- FOR UPDATE SKIP LOCKED, states, logs.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
Base = declarative_base()
Job = class("Job", Base, {
  __tablename__ = "job",
  id = Column(Integer, {primary_key = true}),
  state = Column(Enum("new", "running", "done", {name = "job_state"}), {default = "new", nullable = false}),
  tries = Column(Integer, {default = 0, nullable = false}),
  payload = Column(JSON),
  log = relationship("JobLog", {back_populates = "job", cascade = "all", order_by = "JobLog.id"}),
})
JobLog = class("JobLog", Base, {
  __tablename__ = "job_log",
  id = Column(Integer, {primary_key = true}),
  job_id = Column(ForeignKey("job.id", {ondelete = "CASCADE"}), {nullable = false}),
  line = Column(String, {nullable = false}),
  job = relationship(Job, {back_populates = "log"}),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
Session_ = sessionmaker(engine, {expire_on_commit = false})
with(Session_:begin(), function(s)
  s:add_all((function() local out_ = {} for i = 0, 2 do  out_[#out_ + 1] = Job{payload = {n = i}} end return out_ end)())
end)
engine.echo = true
claim = function()
  local job
  return with(Session_:begin(), function(s)
    job = s:scalars(select(Job):where(Job.state == "new"):order_by(Job.id):limit(1):with_for_update{skip_locked = true}):first()
    if rawequal(job, nil) then
      return nil
    end
    job.state = "running"
    job.tries = job.tries + 1
    return job.id
  end)
end
finish = function(job_id, ok)
  local job
  return with(Session_(), function(s)
    job = s:get(Job, job_id)
    job.log:append(JobLog{line = py_when(ok, function() return "ok" end, function() return "failed" end)})
    job.state = py_when(ok, function() return "done" end, function() return "new" end)
    s:commit()
    return job.state
  end)
end
while true do
  jid = claim()
  if rawequal(jid, nil) then
    do break end
  end
  st = finish(jid, true)
  print(jid, st)
end
with(Session_(), function(s)
  print(s:execute(select(Job.state, func.count()):group_by(Job.state)):all())
  print(s:execute(select(Job.id, JobLog.line):join(Job.log):order_by(Job.id)):all())
  j = s:get(Job, 1, {options = {joinedload(Job.log)}})
  print(j.payload, (function() local out_ = {} for l in j.log do  out_[#out_ + 1] = l.line end return out_ end)())
  s:delete(j)
  s:commit()
  print(s:scalar(select(func.count(JobLog.id))))
end)
