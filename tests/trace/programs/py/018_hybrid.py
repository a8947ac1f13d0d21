# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.ext.hybrid import hybrid_property, hybrid_method
Base = declarative_base()
class Interval_(Base):
    __tablename__ = "interval"
    id = Column(Integer, primary_key=True)
    start = Column(Integer, nullable=False)
    end_ = Column("end", Integer, nullable=False)
    @hybrid_property
    def length(self):
        return self.end_ - self.start
    @length.setter
    def length(self, value):
        self.end_ = self.start + value
    @length.update_expression
    def length(cls, value):
        return [(cls.end_, cls.start + value)]
    @hybrid_method
    def contains(self, point):
        return and_(self.start <= point, point < self.end_)
    @hybrid_property
    def radius(self):
        return abs(self.length) / 2 if False else self.length / 2
    @radius.expression
    def radius(cls):
        return func.abs(cls.length) / 2
class Account(Base):
    __tablename__ = "account"
    id = Column(Integer, primary_key=True)
    owner = Column(String(20))
    entries = relationship("Entry", back_populates="account")
    @hybrid_property
    def balance(self):
        return sum([e.amount for e in self.entries])
    @balance.expression
    def balance(cls):
        return select(func.coalesce(func.sum(Entry.amount), 0)).where(Entry.account_id == cls.id).correlate_except(Entry).scalar_subquery().label("balance")
class Entry(Base):
    __tablename__ = "entry"
    id = Column(Integer, primary_key=True)
    account_id = Column(ForeignKey("account.id"))
    amount = Column(Integer)
    account = relationship("Account", back_populates="entries")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
i1 = Interval_(start=5, end_=10)
i2 = Interval_(start=1, end_=30)
s.add_all([i1, i2])
print(i1.length)
i1.length = 12
print(i1.end_)
s.commit()
print(s.scalars(select(Interval_.id).where(Interval_.length > 12)).all())
print(s.execute(select(Interval_.length, Interval_.radius).order_by(Interval_.id)).all())
print(s.scalars(select(Interval_.id).where(Interval_.contains(20))).all())
s.execute(update(Interval_).values({Interval_.length: 3}))
print(s.execute(select(Interval_.start, Interval_.end_).order_by(Interval_.id)).all())
s.add_all([Account(owner="a", entries=[Entry(amount=5), Entry(amount=-2)]), Account(owner="b")])
s.commit()
print([a.balance for a in s.scalars(select(Account).order_by(Account.id))])
print(s.execute(select(Account.owner, Account.balance).order_by(Account.balance.desc())).all())
print(s.scalars(select(Account.owner).where(Account.balance > 1)).all())
print(Account.balance)
print(Interval_.length > 5)
s.commit()
