-- A join of a joined subclass to a table that is there already makes its own alias.
-- db: sqlite
Base = declarative_base()
Person = class("Person", Base, {__tablename__="person", id=Column(Integer,{primary_key=true}), type=Column(String), name=Column(String),
  __mapper_args__={polymorphic_on="type", polymorphic_identity="person"}})
Engineer = class("Engineer", Person, {__tablename__="engineer", id=Column(Integer,ForeignKey("person.id"),{primary_key=true}), lang=Column(String), 
 manager_id=Column(Integer, ForeignKey("manager.id")),
 manager=relationship("Manager", {foreign_keys="Engineer.manager_id", back_populates="engineers"}),
 __mapper_args__={polymorphic_identity="engineer"}})
Manager = class("Manager", Person, {__tablename__="manager", id=Column(Integer,ForeignKey("person.id"),{primary_key=true}), title=Column(String), 
 engineers=relationship("Engineer", {foreign_keys="Engineer.manager_id", back_populates="manager"}),
 __mapper_args__={polymorphic_identity="manager"}})
engine = create_engine("sqlite://", {echo=true})
Base.metadata:create_all(engine)
s = Session(engine)
m = Manager{name="m", title="t"}
s:add_all{m, Engineer{name="e1", lang="l", manager=m}, Engineer{name="e2", lang="x", manager=m}}
s:commit()
print(select(Engineer):join(Engineer.manager))
print(pcall(function() for e in s:scalars(select(Engineer):join(Engineer.manager):where(Manager.title == "t"):order_by(Engineer.name)) do print(e.name) end end))
print(select(Manager):join(Manager.engineers):where(Engineer.lang == "x"))
print(s:query(Manager):join(Manager.engineers):filter(Engineer.lang == "x"))
print(select(Manager):outerjoin(Manager.engineers):where(Engineer.lang == "x", Engineer.name=="e2"):order_by(Engineer.name, Manager.title))
print(select(Manager):join(Engineer, Manager.id == Engineer.manager_id))
print(select(Manager, Engineer.name):join(Manager.engineers))
print(select(Manager, Engineer):join(Manager.engineers))
print(select(Manager):join(Manager.engineers:of_type(aliased(Engineer))))
print(select(Manager):join(Manager.engineers:of_type(aliased(Engineer,{flat=true}))))
print(select(Manager):join(Person, Manager.id == Person.id))
print(select(Person):join(Manager, Manager.id == Person.id):where(Manager.name=="a"))
print(select(Person):join(Manager, true_()))
