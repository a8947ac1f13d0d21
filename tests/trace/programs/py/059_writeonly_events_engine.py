from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    pass
class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str]
    account_transactions: WriteOnlyMapped["AccountTransaction"] = relationship(cascade="all, delete-orphan", passive_deletes=True, order_by="AccountTransaction.id")
    def __repr__(self):
        return f"Account(identifier={self.identifier!r})"
class AccountTransaction(Base):
    __tablename__ = "account_transaction"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="cascade"))
    description: Mapped[str]
    amount: Mapped[int]
    def __repr__(self):
        return f"AccountTransaction(amount={self.amount}, description={self.description!r})"
engine = create_engine(DBURL)
@event.listens_for(engine, "connect")
def fk(dbapi_con, rec):
    dbapi_con.execute("pragma foreign_keys=ON") if False else dbapi_con.cursor().execute("pragma foreign_keys=ON")
Base.metadata.create_all(engine)
engine.echo = True
session = Session(engine)
new_account = Account(identifier="account_01", account_transactions=[AccountTransaction(description="initial deposit", amount=500), AccountTransaction(description="transfer", amount=1000), AccountTransaction(description="withdrawal", amount=-30)])
with session.begin():
    session.add(new_account)
existing = session.scalar(select(Account).filter_by(identifier="account_01"))
with session.begin_nested():
    existing.account_transactions.add_all([AccountTransaction(description="paycheck", amount=2000), AccountTransaction(description="rent", amount=-800)])
    session.flush()
stmt = existing.account_transactions.select().where(AccountTransaction.amount < 0).limit(10)
txs = session.scalars(stmt).all()
print(txs)
existing.account_transactions.remove(txs[1])
session.execute(existing.account_transactions.insert(), [{"description": "one", "amount": 1}, {"description": "two", "amount": 2}])
session.execute(existing.account_transactions.update().values(description=AccountTransaction.description + "!").where(AccountTransaction.amount == 1))
session.execute(existing.account_transactions.delete().where(AccountTransaction.amount == 2))
session.commit()
print(session.scalars(existing.account_transactions.select()).all())
session.delete(existing)
session.commit()
print(session.scalar(select(func.count()).select_from(AccountTransaction)))
