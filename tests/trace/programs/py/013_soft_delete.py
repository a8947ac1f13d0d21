from sqlalchemy import *
from sqlalchemy.orm import *
import datetime
Base = declarative_base()
class SoftDeleteMixin:
    deleted = Column(Boolean, default=False, nullable=False)
    def soft_delete(self):
        self.deleted = True
class Account(SoftDeleteMixin, Base):
    __tablename__ = "account"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    items = relationship("Item", back_populates="account")
class Item(SoftDeleteMixin, Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    account_id = Column(ForeignKey("account.id"))
    account = relationship("Account", back_populates="items")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
Session_ = sessionmaker(bind=engine)
@event.listens_for(Session_, "do_orm_execute")
def _add_filtering_criteria(execute_state):
    if execute_state.is_select and not execute_state.is_column_load and not execute_state.is_relationship_load:
        execute_state.statement = execute_state.statement.options(
            with_loader_criteria(SoftDeleteMixin, lambda cls: cls.deleted == false(), include_aliases=True))
session = Session_()
session.add_all([Account(name="one", items=[Item(name="a"), Item(name="b", deleted=True)]), Account(name="two", deleted=True, items=[Item(name="c")])])
session.commit()
engine.echo = True
for a in session.scalars(select(Account).order_by(Account.id)):
    print(a.name, [i.name for i in a.items])
session.expire_all()
print([a.name for a in session.scalars(select(Account).options(joinedload(Account.items)).order_by(Account.id)).unique()])
print(session.execute(select(Account.name, Item.name).join(Account.items).order_by(Item.id)).all())
print(session.scalars(select(Account.name).order_by(Account.id)).all())
a = session.get(Account, 1)
a.soft_delete()
session.commit()
print(session.scalars(select(func.count(Account.id))).one())
