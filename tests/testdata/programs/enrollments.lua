-- Students and courses with a grade between them, echoed.
-- db: sqlite postgresql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine(DBURL, {echo = true})
Base = class("Base", DeclarativeBase, {})
Enrollment = class("Enrollment", Base, {
  __tablename__ = "enrollment",
  student_id = mapped_column(Integer, ForeignKey("student.id", {ondelete = "CASCADE"}), {primary_key = true}),
  course_id = mapped_column(Integer, ForeignKey("course.id"), {primary_key = true}),
  grade = mapped_column(Integer),
  student = relationship("Student", {back_populates = "enrollments", uselist = false}),
  course = relationship("Course", {back_populates = "enrollments", uselist = false}),
})
Student = class("Student", Base, {
  __tablename__ = "student",
  id = mapped_column(Integer, {primary_key = true}),
  name = mapped_column(String(30), {nullable = false}),
  enrollments = relationship("Enrollment", {back_populates = "student", cascade = "all, delete-orphan", passive_deletes = true}),
  courses = relationship("Course", {secondary = "enrollment", viewonly = true, order_by = "Course.title"}),
})
Course = class("Course", Base, {
  __tablename__ = "course",
  id = mapped_column(Integer, {primary_key = true}),
  title = mapped_column(String(30), {nullable = false}),
  enrollments = relationship("Enrollment", {back_populates = "course"}),
})
Base.metadata:create_all(engine)
with(Session(engine), function(s)
  m, p = Course{title = "Math"}, Course{title = "Physics"}
  ann = Student{name = "ann"}
  ann.enrollments = {Enrollment{course = m, grade = 5}, Enrollment{course = p}}
  bob = Student{name = "bob", enrollments = {Enrollment{course = p, grade = 3}}}
  s:add_all({ann, bob})
  s:commit()
  print((function() local out_ = {} for c in ann.courses do  out_[#out_ + 1] = c.title end return out_ end)())
  print(s:execute(select(Student.name, Course.title, Enrollment.grade):join(Student.enrollments):join(Enrollment.course):order_by(Student.name, Course.title)):all())
  print(s:execute(select(Course.title, func.avg(Enrollment.grade)):join(Course.enrollments):group_by(Course.title):order_by(Course.title)):all())
  print(s:scalars(select(Student.name):where(Student.courses:any(Course.title == "Math"))):all())
  print(s:scalars(select(Student.name):where(not_(Student.enrollments:any(Enrollment.grade == nil))):order_by(Student.name)):all())
  e = s:get(Enrollment, {student_id = ann.id, course_id = p.id})
  e.grade = 4
  s:flush()
  print(s:scalar(select(func.sum(Enrollment.grade))))
  ann.enrollments:pop(1)
  s:commit()
  print(s:query(Enrollment):count())
  s:delete(bob)
  s:commit()
  print(s:query(Student):count())
  print(py_when(engine.dialect.name == "postgresql", function() return s:scalars(select(Course):options(selectinload(Course.enrollments):joinedload(Enrollment.student)):order_by(Course.id)):all()[2].enrollments[1].student.name end, function() return "" end))
end)
