-- SQLAlchemy's example discriminator_on_association.py.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = class("Base", DeclarativeBase, {
  __tablename__ = declared_attr(function(cls)
    return cls.__name__:lower()
  end),
  id = mapped_column(Integer, {primary_key = true}),
})
do
  local discriminator = mapped_column(String, {nullable = false})
  AddressAssociation = class("AddressAssociation", Base, {
    __tablename__ = "address_association",
    discriminator = discriminator,
    addresses = relationship("Address", {back_populates = "association"}),
    __mapper_args__ = {polymorphic_on = discriminator},
  })
end
Address = class("Address", Base, {
  association_id = mapped_column(Integer, ForeignKey("address_association.id"), {nullable = false}),
  street = mapped_column(String, {nullable = false}),
  city = mapped_column(String, {nullable = false}),
  zip = mapped_column(String, {nullable = false}),
  association = relationship("AddressAssociation", {back_populates = "addresses", uselist = false}),
  parent = association_proxy("association", "parent"),
  __repr__ = function(self)
    return string.format("%s(street=%s, city=%s, zip=%s)", tostring(self.__class__.__name__), repr(self.street), repr(self.city), repr(self.zip))
  end,
})
HasAddresses = class("HasAddresses", nil, {
  address_association_id = declared_attr(function(cls)
    return mapped_column(Integer, ForeignKey("address_association.id"), {nullable = false})
  end),
  address_association = declared_attr(function(cls)
    local name, discriminator, assoc_cls
    name = cls.__name__
    discriminator = name:lower()
    assoc_cls = class(tostring(name) .. "AddressAssociation", AddressAssociation, {__tablename__ = nil, __mapper_args__ = {polymorphic_identity = discriminator}})
    cls.addresses = association_proxy("address_association", "addresses", {creator = function(addresses) return assoc_cls{addresses = addresses} end})
    return relationship(assoc_cls, {backref = backref("parent", {uselist = false})})
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
    print(address.parent)
  end
end
