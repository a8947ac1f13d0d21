# db: sqlite postgresql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL, echo=True)
class Base(DeclarativeBase):
    pass
class Enrollment(Base):
    __tablename__ = "enrollment"
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    grade: Mapped[Optional[int]]
    student: Mapped["Student"] = relationship(back_populates="enrollments")
    course: Mapped["Course"] = relationship(back_populates="enrollments")
class Student(Base):
    __tablename__ = "student"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    enrollments: Mapped[List["Enrollment"]] = relationship(back_populates="student", cascade="all, delete-orphan", passive_deletes=True)
    courses: Mapped[List["Course"]] = relationship(secondary="enrollment", viewonly=True, order_by="Course.title")
class Course(Base):
    __tablename__ = "course"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(30))
    enrollments: Mapped[List["Enrollment"]] = relationship(back_populates="course")
Base.metadata.create_all(engine)
with Session(engine) as s:
    m, p = Course(title="Math"), Course(title="Physics")
    ann = Student(name="ann")
    ann.enrollments = [Enrollment(course=m, grade=5), Enrollment(course=p)]
    bob = Student(name="bob", enrollments=[Enrollment(course=p, grade=3)])
    s.add_all([ann, bob])
    s.commit()
    print([c.title for c in ann.courses])
    print(s.execute(select(Student.name, Course.title, Enrollment.grade).join(Student.enrollments).join(Enrollment.course).order_by(Student.name, Course.title)).all())
    print(s.execute(select(Course.title, func.avg(Enrollment.grade)).join(Course.enrollments).group_by(Course.title).order_by(Course.title)).all())
    print(s.scalars(select(Student.name).where(Student.courses.any(Course.title == "Math"))).all())
    print(s.scalars(select(Student.name).where(~Student.enrollments.any(Enrollment.grade == None)).order_by(Student.name)).all())
    e = s.get(Enrollment, (1, 2)) if False else s.get(Enrollment, {"student_id": ann.id, "course_id": p.id})
    e.grade = 4
    s.flush()
    print(s.scalar(select(func.sum(Enrollment.grade))))
    del ann.enrollments[0]
    s.commit()
    print(s.query(Enrollment).count())
    s.delete(bob)
    s.commit()
    print(s.query(Student).count())
    print(s.scalars(select(Course).options(selectinload(Course.enrollments).joinedload(Enrollment.student)).order_by(Course.id)).all()[1].enrollments[0].student.name if engine.dialect.name == "postgresql" else "")
