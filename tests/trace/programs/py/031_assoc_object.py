from datetime import datetime
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.ext.associationproxy import association_proxy
Base = declarative_base()
class Order(Base):
    __tablename__ = "order"
    order_id = Column(Integer, primary_key=True)
    customer_name = Column(String(30), nullable=False)
    order_date = Column(DateTime, nullable=False, default=datetime(2024, 1, 2, 3, 4, 5))
    order_items = relationship("OrderItem", cascade="all, delete-orphan", backref="order")
    items = association_proxy("order_items", "item")
    def __init__(self, customer_name):
        self.customer_name = customer_name
class Item(Base):
    __tablename__ = "item"
    item_id = Column(Integer, primary_key=True)
    description = Column(String(30), nullable=False)
    price = Column(Float, nullable=False)
    def __init__(self, description, price):
        self.description = description
        self.price = price
    def __repr__(self):
        return "Item(%r, %r)" % (self.description, self.price)
class OrderItem(Base):
    __tablename__ = "orderitem"
    order_id = Column(Integer, ForeignKey("order.order_id"), primary_key=True)
    item_id = Column(Integer, ForeignKey("item.item_id"), primary_key=True)
    price = Column(Float, nullable=False)
    item = relationship(Item, lazy="joined")
    def __init__(self, item, price=None):
        self.item = item
        self.price = price or item.price
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
session = Session(engine)
tshirt, mug, hat, crowbar = Item("SA T-Shirt", 10.99), Item("SA Mug", 6.50), Item("SA Hat", 8.99), Item("MySQL Crowbar", 16.99)
session.add_all([tshirt, mug, hat, crowbar])
session.commit()
engine.echo = True
order = Order("john smith")
order.order_items.append(OrderItem(mug))
order.order_items.append(OrderItem(crowbar, 10.99))
order.items.append(hat)
session.add(order)
session.commit()
order = session.scalars(select(Order).filter_by(customer_name="john smith")).one()
print([f"{oi.item.description} {oi.price}" for oi in order.order_items])
print(order.items)
orders = session.scalars(select(Order).join(Order.order_items).join(OrderItem.item).where(Item.description == "MySQL Crowbar")).all()
print([o.customer_name for o in orders])
q = session.query(Order).filter(Order.items.contains(hat))
print(q.count())
print(session.query(Order).filter(Order.items.any(Item.price > 100)).all())
order.items.remove(mug)
session.commit()
print(session.scalar(select(func.count()).select_from(OrderItem)))
