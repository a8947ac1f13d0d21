# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
import datetime
from decimal import Decimal
engine = create_engine(DBURL)
class Base(DeclarativeBase):
    pass
class Product(Base):
    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(20), unique=True)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    added: Mapped[datetime.date] = mapped_column(Date)
    tags: Mapped[dict] = mapped_column(JSON, default=dict) if False else Column(JSON)
    movements: Mapped[List["Movement"]] = relationship(back_populates="product", lazy="selectin")
class Movement(Base):
    __tablename__ = "movement"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    qty: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(DateTime)
    product: Mapped["Product"] = relationship(back_populates="movements")
Base.metadata.create_all(engine)
with Session(engine) as session, session.begin():
    for i, (sku, price) in enumerate([("A-1", "9.99"), ("B-2", "20.00"), ("C-3", "0.50")], start=1):
        p = Product(sku=sku, price=Decimal(price), added=datetime.date(2024, i, 10), tags={"color": "red", "n": i})
        for q in (5 * i, -i):
            p.movements.append(Movement(qty=q, at=datetime.datetime(2024, i, 11, 12, 30, q + 5)))
        session.add(p)
with Session(engine) as session:
    stock = func.coalesce(func.sum(Movement.qty), 0).label("stock")
    for row in session.execute(select(Product.sku, Product.price, stock, (Product.price * stock).label("value")).outerjoin(Product.movements).group_by(Product.id, Product.sku, Product.price).order_by(stock.desc())):
        print(row)
        print(row.sku, row.price, row.stock, row.value)
    p = session.scalars(select(Product).filter_by(sku="B-2")).one()
    print(p.price, repr(p.price), p.added, repr(p.added), p.tags, p.tags["color"], [m.at for m in p.movements])
    p.price = p.price * 2
    p.added = p.added + datetime.timedelta(days=30)
    session.commit()
    print(p.price, p.added, p.added.year, p.added.isoformat(), p.added.strftime("%d/%m/%Y"), p.added.weekday())
    print(session.scalar(select(func.max(Product.price))), session.scalar(select(func.avg(Movement.qty))))
    print(session.execute(select(Product.tags["color"].as_string(), Product.tags["n"].as_integer()).order_by(Product.id)).all())
    print(session.execute(select(extract("year", Product.added), func.count()).group_by(extract("year", Product.added))).all())
    print(session.execute(select(Movement.at).order_by(Movement.at.desc()).limit(1)).scalar())
