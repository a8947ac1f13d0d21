-- Products and movements: decimals, dates, JSON, sums.
-- db: sqlite postgresql
DBURL = arg[1] or "sqlite://"
engine = create_engine(DBURL)
Base = class("Base", DeclarativeBase, {})
Product = class("Product", Base, {
  __tablename__ = "product",
  id = mapped_column(Integer, {primary_key = true}),
  sku = mapped_column(String(20), {unique = true, nullable = false}),
  price = mapped_column(Numeric(10, 2), {nullable = false}),
  added = mapped_column(Date, {nullable = false}),
  tags = Column(JSON),
  movements = relationship("Movement", {back_populates = "product", lazy = "selectin"}),
})
Movement = class("Movement", Base, {
  __tablename__ = "movement",
  id = mapped_column(Integer, {primary_key = true}),
  product_id = mapped_column(Integer, ForeignKey("product.id"), {nullable = false}),
  qty = mapped_column(Integer, {nullable = false}),
  at = mapped_column(DateTime, {nullable = false}),
  product = relationship("Product", {back_populates = "movements", uselist = false}),
})
Base.metadata:create_all(engine)
with(Session(engine), function(session)
  with(session:begin(), function()
    do
    local n_1 = 1 - 1
    for sku, price in {{"A-1", "9.99"}, {"B-2", "20.00"}, {"C-3", "0.50"}} do
      n_1 = n_1 + 1
      local i = n_1
      p = Product{sku = sku, price = decimal(price), added = date(2024, i, 10), tags = {color = "red", n = i}}
      for q in {5 * i, -i} do
        p.movements:append(Movement{qty = q, at = datetime(2024, i, 11, 12, 30, q + 5)})
      end
      session:add(p)
    end
    end
  end)
end)
with(Session(engine), function(session)
  stock = func.coalesce(func.sum(Movement.qty), 0):label("stock")
  for row in session:execute(select(Product.sku, Product.price, stock, (Product.price * stock):label("value")):outerjoin(Product.movements):group_by(Product.id, Product.sku, Product.price):order_by(stock:desc())) do
    print(row)
    print(row.sku, row.price, row.stock, row.value)
  end
  p = session:scalars(select(Product):filter_by{sku = "B-2"}):one()
  print(p.price, repr(p.price), p.added, repr(p.added), p.tags, p.tags["color"], (function() local out_ = {} for m in p.movements do  out_[#out_ + 1] = m.at end return out_ end)())
  p.price = p.price * 2
  p.added = p.added + interval{days = 30}
  session:commit()
  print(p.price, p.added, p.added.year, p.added:isoformat(), p.added:strftime("%d/%m/%Y"), p.added:weekday())
  print(session:scalar(select(func.max(Product.price))), session:scalar(select(func.avg(Movement.qty))))
  print(session:execute(select(Product.tags["color"]:as_string(), Product.tags["n"]:as_integer()):order_by(Product.id)):all())
  print(session:execute(select(extract("year", Product.added), func.count()):group_by(extract("year", Product.added))):all())
  print(session:execute(select(Movement.at):order_by(Movement.at:desc()):limit(1)):scalar())
end)
