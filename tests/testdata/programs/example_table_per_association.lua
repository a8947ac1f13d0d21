-- SQLAlchemy's example table_per_association.py.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = class("Base", DeclarativeBase, {
  __tablename__ = declared_attr(function(cls)
    return cls.__name__:lower()
  end),
  id = mapped_column(Integer, {primary_key = true}),
})
Address = class("Address", Base, {
  street = mapped_column(String, {nullable = false}),
  city = mapped_column(String, {nullable = false}),
  zip = mapped_column(String, {nullable = false}),
  __repr__ = function(self)
    return string.format("%s(street=%s, city=%s, zip=%s)", tostring(self.__class__.__name__), repr(self.street), repr(self.city), repr(self.zip))
  end,
})
HasAddresses = class("HasAddresses", nil, {
  addresses = declared_attr(function(cls)
    local address_association
    address_association = Table(string.format("%s_addresses", tostring(cls.__tablename__)), cls.metadata, Column("address_id", ForeignKey("address.id"), {primary_key = true}), Column(string.format("%s_id", tostring(cls.__tablename__)), ForeignKey(string.format("%s.id", tostring(cls.__tablename__))), {primary_key = true}))
    return relationship(Address, {secondary = address_association})
  end),
})
Customer = class("Customer", {HasAddresses, Base}, {
  name = mapped_column(String, {nullable = false}),
})
Supplier = class("Supplier", {HasAddresses, Base}, {
  company_name = mapped_column(String, {nullable = false}),
})
engine = create_engine(DBURL, {echo = true})
Base.metadata:create_all(engine)
session = Session(engine)
session:add_all({Customer{name = "customer 1", addresses = {Address{street = "123 anywhere street", city = "New York", zip = "10110"}, Address{street = "40 main street", city = "San Francisco", zip = "95732"}}}, Supplier{company_name = "Ace Hammers", addresses = {Address{street = "2569 west elm", city = "Detroit", zip = "56785"}}}})
session:commit()
for customer in session:query(Customer) do
  for address in customer.addresses do
    print(address)
  end
end
