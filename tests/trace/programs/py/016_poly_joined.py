# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Employee(Base):
    __tablename__ = "employee"
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    type = Column(String(20))
    company_id = Column(ForeignKey("company.id"))
    company = relationship("Company", back_populates="employees")
    __mapper_args__ = {"polymorphic_identity": "employee", "polymorphic_on": "type"}
    def __repr__(self):
        return f"{self.__class__.__name__}({self.name!r})"
class Engineer(Employee):
    __tablename__ = "engineer"
    id = Column(ForeignKey("employee.id"), primary_key=True)
    language = Column(String(30))
    __mapper_args__ = {"polymorphic_identity": "engineer"}
class Manager(Employee):
    __tablename__ = "manager"
    id = Column(ForeignKey("employee.id"), primary_key=True)
    budget = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "manager"}
class Company(Base):
    __tablename__ = "company"
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    employees = relationship("Employee", back_populates="company", order_by="Employee.id")
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
with Session(engine) as session:
    session.add(Company(name="ACME", employees=[Engineer(name="Ed", language="lua"), Manager(name="Mo", budget=100), Employee(name="Em"), Engineer(name="Flo", language="go")]))
    session.commit()
with Session(engine) as session:
    print(session.scalars(select(Employee).order_by(Employee.id)).all())
    print(session.scalars(select(Engineer).where(Engineer.language == "lua")).all())
    ep = with_polymorphic(Employee, [Engineer, Manager])
    for e in session.scalars(select(ep).where(or_(ep.Engineer.language == "go", ep.Manager.budget > 50)).order_by(ep.id)):
        print(e, e.company.name)
    c = session.scalars(select(Company).options(selectinload(Company.employees.of_type(Engineer)))).first()
    print([e.name for e in c.employees])
    print(session.execute(select(Company.name).join(Company.employees.of_type(Engineer)).where(Engineer.language == "go")).all())
with Session(engine) as session:
    es = session.scalars(select(Employee).options(selectin_polymorphic(Employee, [Engineer, Manager])).order_by(Employee.id)).all()
    for e in es:
        if isinstance(e, Engineer):
            print(e.name, e.language)
        elif isinstance(e, Manager):
            print(e.name, e.budget)
        else:
            print(e.name)
    m = session.scalars(select(Manager)).one()
    m.budget = m.budget + 1
    m.name = "Moe"
    session.commit()
    session.delete(m)
    session.commit()
    print(session.scalar(select(func.count()).select_from(Employee)))
