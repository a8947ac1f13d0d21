-- SQLAlchemy's example single.py.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = class("Base", DeclarativeBase, {})
Company = class("Company", Base, {
  __tablename__ = "company",
  id = mapped_column(Integer, {primary_key = true}),
  name = mapped_column(String(50), {nullable = false}),
  employees = relationship("Person", {back_populates = "company", cascade = "all, delete-orphan"}),
  __repr__ = function(self)
    return "Company " .. tostring(self.name)
  end,
})
Person = class("Person", Base, {
  __tablename__ = "person",
  id = mapped_column(Integer, {primary_key = true}),
  company_id = mapped_column(Integer, ForeignKey("company.id"), {nullable = false}),
  name = mapped_column(String(50), {nullable = false}),
  type = mapped_column(String(50), {nullable = false}),
  company = relationship("Company", {back_populates = "employees", uselist = false}),
  __mapper_args__ = {polymorphic_identity = "person", polymorphic_on = "type"},
  __repr__ = function(self)
    return "Ordinary person " .. tostring(self.name)
  end,
})
Engineer = class("Engineer", Person, {
  status = declared_attr(function(cls)
    return Person.__table__.c:get("status", mapped_column(String(30)))
  end),
  engineer_name = mapped_column(String(50), {nullable = true}),
  primary_language = mapped_column(String(50), {nullable = true}),
  __mapper_args__ = {polymorphic_identity = "engineer"},
  __repr__ = function(self)
    return "Engineer " .. tostring(self.name) .. ", status " .. tostring(self.status) .. ", engineer_name " .. tostring(self.engineer_name) .. ", primary_language " .. tostring(self.primary_language)
  end,
})
Manager = class("Manager", Person, {
  manager_name = mapped_column(String(50), {nullable = true}),
  status = declared_attr(function(cls)
    return Person.__table__.c:get("status", mapped_column(String(30)))
  end),
  __mapper_args__ = {polymorphic_identity = "manager"},
  __repr__ = function(self)
    return "Manager " .. tostring(self.name) .. ", status " .. tostring(self.status) .. ", manager_name " .. tostring(self.manager_name)
  end,
})
engine = create_engine(DBURL, {echo = true})
Base.metadata:create_all(engine)
with(Session(engine), function(session)
  c = Company{name = "company1", employees = {Manager{name = "mr krabs", status = "AAB", manager_name = "manager1"}, Engineer{name = "spongebob", status = "BBA", engineer_name = "engineer1", primary_language = "java"}, Person{name = "joesmith"}, Engineer{name = "patrick", status = "CGG", engineer_name = "engineer2", primary_language = "python"}, Manager{name = "jsmith", status = "ABA", manager_name = "manager2"}}}
  session:add(c)
  session:commit()
  for e in c.employees do
    print(e)
  end
  spongebob = session:scalars(select(Person):filter_by{name = "spongebob"}):one()
  spongebob2 = session:scalars(select(Engineer):filter_by{name = "spongebob"}):one()
  assert(rawequal(spongebob, spongebob2))
  spongebob2.engineer_name = "hes spongebob!"
  session:commit()
  eng_manager = with_polymorphic(Person, {Engineer, Manager})
  print(session:scalars(select(eng_manager):filter(or_(eng_manager.Engineer.engineer_name == "engineer1", eng_manager.Manager.manager_name == "manager2"))):all())
  print(session:scalars(select(Company):join(Company.employees:of_type(eng_manager)):filter(or_(eng_manager.Engineer.engineer_name == "engineer1", eng_manager.Manager.manager_name == "manager2"))):all())
end)
