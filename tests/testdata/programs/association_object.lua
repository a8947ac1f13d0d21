-- Order lines, an association proxy to objects.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
Order = class("Order", Base, {
  __tablename__ = "order",
  order_id = Column(Integer, {primary_key = true}),
  customer_name = Column(String(30), {nullable = false}),
  order_date = Column(DateTime, {nullable = false, default = datetime(2024, 1, 2, 3, 4, 5)}),
  order_items = relationship("OrderItem", {cascade = "all, delete-orphan", backref = "order"}),
  items = association_proxy("order_items", "item"),
  __init__ = function(self, customer_name)
    self.customer_name = customer_name
  end,
})
Item = class("Item", Base, {
  __tablename__ = "item",
  item_id = Column(Integer, {primary_key = true}),
  description = Column(String(30), {nullable = false}),
  price = Column(Float, {nullable = false}),
  __init__ = function(self, description, price)
    self.description = description
    self.price = price
  end,
  __repr__ = function(self)
    return string.format("Item(%s, %s)", repr(self.description), repr(self.price))
  end,
})
OrderItem = class("OrderItem", Base, {
  __tablename__ = "orderitem",
  order_id = Column(Integer, ForeignKey("order.order_id"), {primary_key = true}),
  item_id = Column(Integer, ForeignKey("item.item_id"), {primary_key = true}),
  price = Column(Float, {nullable = false}),
  item = relationship(Item, {lazy = "joined"}),
  __init__ = function(self, item, price)
    self.item = item
    self.price = price or item.price
  end,
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
session = Session(engine)
tshirt, mug, hat, crowbar = Item("SA T-Shirt", 10.99), Item("SA Mug", 6.5), Item("SA Hat", 8.99), Item("MySQL Crowbar", 16.99)
session:add_all({tshirt, mug, hat, crowbar})
session:commit()
engine.echo = true
order = Order("john smith")
order.order_items:append(OrderItem(mug))
order.order_items:append(OrderItem(crowbar, 10.99))
order.items:append(hat)
session:add(order)
session:commit()
order = session:scalars(select(Order):filter_by{customer_name = "john smith"}):one()
print((function() local out_ = {} for oi in order.order_items do  out_[#out_ + 1] = tostring(oi.item.description) .. " " .. tostring(oi.price) end return out_ end)())
print(order.items)
orders = session:scalars(select(Order):join(Order.order_items):join(OrderItem.item):where(Item.description == "MySQL Crowbar")):all()
print((function() local out_ = {} for o in orders do  out_[#out_ + 1] = o.customer_name end return out_ end)())
q = session:query(Order):filter(Order.items:contains(hat))
print(q:count())
print(session:query(Order):filter(Order.items:any(Item.price > 100)):all())
order.items:remove(mug)
session:commit()
print(session:scalar(select(func.count()):select_from(OrderItem)))
