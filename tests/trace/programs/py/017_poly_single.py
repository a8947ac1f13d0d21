from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)
class Vehicle(Base):
    __tablename__ = "vehicle"
    kind: Mapped[str]
    wheels: Mapped[int]
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "vehicle"}
    def describe(self):
        return f"{self.kind} with {self.wheels} wheels"
class Car(Vehicle):
    doors: Mapped[int] = mapped_column(nullable=True)
    __mapper_args__ = {"polymorphic_identity": "car"}
    def describe(self):
        return super().describe() + f" and {self.doors} doors"
class Bike(Vehicle):
    gears: Mapped[int] = mapped_column(nullable=True)
    __mapper_args__ = {"polymorphic_identity": "bike"}
engine = create_engine(DBURL, echo=True)
Base.metadata.create_all(engine)
with Session(engine) as s:
    s.add_all([Car(wheels=4, doors=5), Bike(wheels=2, gears=21), Vehicle(wheels=3), Car(wheels=4, doors=3)])
    s.commit()
    for v in s.scalars(select(Vehicle).order_by(Vehicle.id)):
        print(v.describe())
    print(s.scalar(select(func.count()).select_from(Car)))
    print(s.scalars(select(Car.doors).order_by(Car.doors)).all())
    print(s.query(Vehicle).filter(Vehicle.kind.in_(["car", "bike"])).count())
    s.execute(update(Car).where(Car.doors < 5).values(doors=Car.doors + 1))
    s.execute(delete(Bike))
    s.commit()
    print(s.scalars(select(Car.doors).order_by(Car.doors)).all())
    b = s.get(Bike, 2)
    print(b)
    c = s.get(Vehicle, 1)
    print(type(c).__name__, c.doors, isinstance(c, Car))
