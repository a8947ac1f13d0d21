from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Thing(Base):
    __tablename__ = "thing"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    slug = Column(String)
    @validates("name")
    def check(self, key, value):
        if value == "":
            raise ValueError("name must not be empty")
        return value
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
log = []
def note(what):
    log.append(what)
@event.listens_for(Thing, "before_insert")
def bi(mapper, connection, target):
    note("before_insert " + target.name)
    target.slug = target.name + "-slug"
@event.listens_for(Thing, "after_update")
def au(mapper, connection, target):
    note("after_update " + target.name)
@event.listens_for(Thing, "before_delete")
def bd(mapper, connection, target):
    note("before_delete " + target.name)
@event.listens_for(Thing, "load")
def ld(target, context):
    note("load " + target.name)
@event.listens_for(Thing, "refresh")
def rf(target, context, attrs):
    note("refresh")
@event.listens_for(Thing, "init")
def it(target, args, kwargs):
    note("init")
@event.listens_for(Thing.name, "set")
def st(target, value, oldvalue, initiator):
    note("set " + value)
Session_ = sessionmaker(engine)
@event.listens_for(Session_, "after_begin")
def ab(session, transaction, connection):
    note("after_begin")
@event.listens_for(Session_, "before_commit")
def bc(session):
    note("before_commit")
@event.listens_for(Session_, "after_commit")
def ac(session):
    note("after_commit")
@event.listens_for(Session_, "after_rollback")
def ar(session):
    note("after_rollback")
@event.listens_for(Session_, "before_flush")
def bf(session, ctx, instances):
    note("before_flush %d %d %d" % (len(session.new), len(session.dirty), len(session.deleted)))
@event.listens_for(Session_, "after_flush")
def af(session, ctx):
    note("after_flush")
@event.listens_for(Session_, "pending_to_persistent")
def pp(session, obj):
    note("pending_to_persistent")
@event.listens_for(Session_, "transient_to_pending")
def tp(session, obj):
    note("transient_to_pending")
@event.listens_for(engine, "before_cursor_execute")
def bce(conn, cursor, statement, parameters, context, executemany):
    note("SQL " + statement)
s = Session_()
t = Thing(name="one")
s.add(t)
s.commit()
t.name = "two"
s.commit()
s.rollback()
s.expunge_all()
t = s.get(Thing, 1)
s.delete(t)
s.flush()
s.rollback()
try:
    Thing(name="")
except ValueError as e:
    print(err(e))
for l in log:
    print(l)
