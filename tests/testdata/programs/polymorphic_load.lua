-- Columns of subclasses come by a second SELECT, whatever brought the object.
-- db: sqlite
Base = declarative_base()
Company = class("Company", Base, {__tablename__="company", id=Column(Integer,{primary_key=true}), name=Column(String), employees=relationship("Employee",{back_populates="company", order_by="Employee.id"})})
Employee = class("Employee", Base, {__tablename__="employee", id=Column(Integer,{primary_key=true}), type=Column(String), name=Column(String), company_id=Column(Integer,ForeignKey("company.id")), company=relationship("Company",{back_populates="employees"}),
  __mapper_args__={polymorphic_on="type", polymorphic_identity="employee"}})
Engineer = class("Engineer", Employee, {__tablename__="engineer", id=Column(Integer,ForeignKey("employee.id"),{primary_key=true}), lang=Column(String), 
 __mapper_args__={polymorphic_identity="engineer", polymorphic_load="selectin"}})
Manager = class("Manager", Employee, {__tablename__="manager", id=Column(Integer,ForeignKey("employee.id"),{primary_key=true}), title=Column(String), 
 __mapper_args__={polymorphic_identity="manager", polymorphic_load="selectin"}})
engine = create_engine("sqlite://")
Base.metadata:create_all(engine)
s = Session(engine)
s:add_all{Company{name="c1", employees={Manager{name="m", title="t"}, Engineer{name="e", lang="l"}, Employee{name="x"}}}, Company{name="c2", employees={Engineer{name="f", lang="k"}}}}
s:commit()
engine.echo = true
local function show(cs) for c in cs do for e in c.employees do print(c.name, e.name, e.type == "engineer" and e.lang or e.type == "manager" and e.title or "") end end end
print("joined"); show(s:scalars(select(Company):options(joinedload(Company.employees))):unique():all())
s:expunge_all()
print("selectin"); show(s:scalars(select(Company):options(selectinload(Company.employees))):all())
s:expunge_all()
print("subquery"); show(s:scalars(select(Company):options(subqueryload(Company.employees))):all())
s:expunge_all()
print("lazy"); show(s:scalars(select(Company)):all())
s:expunge_all()
print("contains"); show(s:scalars(select(Company):join(Company.employees):options(contains_eager(Company.employees)):order_by(Employee.id)):unique():all())
s:expunge_all()
print("get"); print(s:get(Employee, 1).title)
s:expunge_all()
print("col"); for c, e in s:execute(select(Company.name, Employee):join(Company.employees):order_by(Employee.id)) do print(c, e.name, e.type == "engineer" and e.lang or "") end
s:expunge_all()
print("opt"); for e in s:scalars(select(Employee):options(selectin_polymorphic(Employee, {Manager}))) do print(e.name, e.type == "engineer" and e.lang or "") end
s:expunge_all()
print("opt2"); show(s:scalars(select(Company):options(joinedload(Company.employees):selectin_polymorphic({Engineer, Manager}))):unique():all())
s:expunge_all()
print("opt3"); show(s:scalars(select(Company):options(selectinload(Company.employees):selectin_polymorphic({Engineer, Manager}))):all())
s:expunge_all()
print("opt4"); show(s:scalars(select(Company):options(selectinload(Company.employees), selectin_polymorphic(Employee,{Engineer}))):all())
s:expunge_all()
