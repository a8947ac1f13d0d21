-- SQLAlchemy's example proxied_association.py.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = class("Base", DeclarativeBase, {})
Order = class("Order", Base, {
  __tablename__ = "order",
  order_id = mapped_column(Integer, {primary_key = true}),
  customer_name = mapped_column(String(30), {nullable = false}),
  order_date = mapped_column(DateTime, {default = datetime.now(), nullable = false}),
  order_items = relationship("OrderItem", {cascade = "all, delete-orphan", backref = "order"}),
  items = association_proxy("order_items", "item"),
  __init__ = function(self, customer_name)
    self.customer_name = customer_name
  end,
})
Item = class("Item", Base, {
  __tablename__ = "item",
  item_id = mapped_column(Integer, {primary_key = true}),
  description = mapped_column(String(30), {nullable = false}),
  price = mapped_column(Float, {nullable = false}),
  __init__ = function(self, description, price)
    self.description = description
    self.price = price
  end,
  __repr__ = function(self)
    return ("Item(" .. "!r" .. ", " .. "!r" .. ")")
  end,
})
OrderItem = class("OrderItem", Base, {
  __tablename__ = "orderitem",
  order_id = mapped_column(Integer, ForeignKey("order.order_id"), {primary_key = true}),
  item_id = mapped_column(Integer, ForeignKey("item.item_id"), {primary_key = true}),
  price = mapped_column(Float, {nullable = false}),
  item = relationship("Item", {lazy = "joined", uselist = false}),
  __init__ = function(self, item, price)
    self.item = item
    self.price = price or item.price
  end,
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
with(Session(engine), function(session)
  tshirt, mug, hat, crowbar = Item("SA T-Shirt", 10.99), Item("SA Mug", 6.5), Item("SA Hat", 8.99), Item("MySQL Crowbar", 16.99)
  session:add_all({tshirt, mug, hat, crowbar})
  session:commit()
  order = Order("john smith")
  order.items:append(mug)
  order.items:append(hat)
  order.order_items:append(OrderItem(crowbar, 10.99))
  session:add(order)
  session:commit()
  order = session:scalars(select(Order):filter_by{customer_name = "john smith"}):one()
  print((function() local out_ = {} for assoc in order.order_items do  out_[#out_ + 1] = {assoc.item.description, assoc.price, assoc.item.price} end return out_ end)())
  print((function() local out_ = {} for item in order.items do  out_[#out_ + 1] = {item.description, item.price} end return out_ end)())
  orders_stmt = select(Order):join(OrderItem):join(Item):filter(Item.description == "MySQL Crowbar"):filter(Item.price > OrderItem.price)
  print((function() local out_ = {} for o in session:scalars(orders_stmt) do  out_[#out_ + 1] = o.customer_name end return out_ end)())
end)
