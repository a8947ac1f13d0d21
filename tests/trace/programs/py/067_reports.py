# db: sqlite postgresql mysql
import datetime
from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    pass
class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)
    city: Mapped[str] = mapped_column(String(30), index=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")
class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    price: Mapped[int]
class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    placed: Mapped[datetime.date]
    customer: Mapped["Customer"] = relationship(back_populates="orders")
    lines: Mapped[list["Line"]] = relationship(back_populates="order", cascade="all, delete-orphan")
class Line(Base):
    __tablename__ = "lines"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    qty: Mapped[int] = mapped_column(default=1)
    order: Mapped["Order"] = relationship(back_populates="lines")
    product: Mapped["Product"] = relationship(lazy="joined", innerjoin=True)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
with Session(engine) as s, s.begin():
    mug, tee = Product(name="mug", price=5), Product(name="tee", price=20)
    ann, bob = Customer(name="ann", city="Rome"), Customer(name="bob", city="Oslo")
    s.add_all([Customer(name="cyd", city="Rome"),
        Order(customer=ann, placed=datetime.date(2024, 1, 5), lines=[Line(product=mug, qty=2), Line(product=tee)]),
        Order(customer=ann, placed=datetime.date(2024, 2, 1), lines=[Line(product=tee, qty=3)]),
        Order(customer=bob, placed=datetime.date(2024, 2, 9), lines=[Line(product=mug)])])
engine.echo = True
s = Session(engine)
revenue = func.sum(Line.qty * Product.price)
q = select(Customer.name, revenue.label("revenue")).join(Customer.orders).join(Order.lines).join(Line.product).group_by(Customer.name).order_by(revenue.desc())
for name, rev in s.execute(q):
    print(name, rev)
print(s.execute(select(Customer.city, func.count(distinct(Order.id))).outerjoin(Customer.orders).group_by(Customer.city).order_by(Customer.city)).all())
per = select(Order.customer_id, func.count().label("n"), func.max(Order.placed).label("last")).group_by(Order.customer_id).subquery("per")
print(s.execute(select(Customer.name, func.coalesce(per.c.n, 0), per.c.last).outerjoin(per, per.c.customer_id == Customer.id).order_by(Customer.name)).all())
print(s.scalars(select(Customer.name).where(~Customer.orders.any())).all())
print(s.scalars(select(Customer.name).where(Customer.orders.any(Order.lines.any(Line.product.has(Product.name == "mug")))).order_by(Customer.name)).all())
big = select(Line.order_id).group_by(Line.order_id).having(func.sum(Line.qty) >= 3)
print(s.scalars(select(Order.id).where(Order.id.in_(big)).order_by(Order.id)).all())
for o in s.scalars(select(Order).options(selectinload(Order.lines), joinedload(Order.customer)).order_by(Order.placed.desc())):
    print(o.placed, o.customer.name, [[l.product.name, l.qty] for l in o.lines])
u = union_all(select(literal("customer").label("kind"), Customer.name), select(literal("product"), Product.name)).subquery()
print(s.execute(select(u).order_by(u.c.kind, u.c.name)).all())
print(s.execute(select(extract("month", Order.placed).label("m"), func.count()).group_by("m").order_by("m")).all())
print(s.execute(select(Order.id, case((Order.placed < datetime.date(2024, 2, 1), "old"), else_="new")).order_by(Order.id)).all())
latest = select(Order).where(Order.customer_id == Customer.id).order_by(Order.placed.desc()).limit(1).correlate(Customer)
print(s.execute(select(Customer.name, latest.with_only_columns(Order.placed).scalar_subquery()).order_by(Customer.id)).all())
o = s.get(Order, 1)
o.lines.pop()
s.flush()
print(s.scalar(select(func.count()).select_from(Line)))
s.delete(o)
s.commit()
print(s.execute(select(func.count(Order.id), func.min(Order.placed))).one())
