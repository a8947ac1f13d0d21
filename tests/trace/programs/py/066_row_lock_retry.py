from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
Base = declarative_base()
class Job(Base):
    __tablename__ = "job"
    id = Column(Integer, primary_key=True)
    state = Column(Enum("new", "running", "done", name="job_state"), default="new", nullable=False)
    tries = Column(Integer, default=0, nullable=False)
    payload = Column(JSON)
    log = relationship("JobLog", back_populates="job", cascade="all", order_by="JobLog.id")
class JobLog(Base):
    __tablename__ = "job_log"
    id = Column(Integer, primary_key=True)
    job_id = Column(ForeignKey("job.id", ondelete="CASCADE"), nullable=False)
    line = Column(String, nullable=False)
    job = relationship(Job, back_populates="log")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
Session_ = sessionmaker(engine, expire_on_commit=False)
with Session_.begin() as s:
    s.add_all([Job(payload={"n": i}) for i in range(3)])
engine.echo = True
def claim():
    with Session_.begin() as s:
        job = s.scalars(select(Job).where(Job.state == "new").order_by(Job.id).limit(1).with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        job.state = "running"
        job.tries += 1
        return job.id
def finish(job_id, ok):
    with Session_() as s:
        job = s.get(Job, job_id)
        job.log.append(JobLog(line="ok" if ok else "failed"))
        job.state = "done" if ok else "new"
        s.commit()
        return job.state
while True:
    jid = claim()
    if jid is None:
        break
    st = finish(jid, True)
    print(jid, st)
with Session_() as s:
    print(s.execute(select(Job.state, func.count()).group_by(Job.state)).all())
    print(s.execute(select(Job.id, JobLog.line).join(Job.log).order_by(Job.id)).all())
    j = s.get(Job, 1, options=[joinedload(Job.log)])
    print(j.payload, [l.line for l in j.log])
    s.delete(j)
    s.commit()
    print(s.scalar(select(func.count(JobLog.id))))
