-- Naming conventions, all kinds of constraints, computed columns, indexes.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_last(xs) return xs[#xs] end
convention = {ix = "ix_%(column_0_label)s", uq = "uq_%(table_name)s_%(column_0_name)s", ck = "ck_%(table_name)s_%(constraint_name)s", fk = "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", pk = "pk_%(table_name)s"}
m = MetaData{naming_convention = convention}
dept = Table("dept", m, Column("id", Integer, {primary_key = true}), Column("code", String(8), {unique = true, nullable = false}), Column("title", String(40), {comment = "shown to people"}), {comment = "departments"})
emp = Table("emp", m, Column("dept_id", Integer, ForeignKey("dept.id", {ondelete = "CASCADE"}), {primary_key = true}), Column("no", Integer, {primary_key = true, autoincrement = false}), Column("name", String(40), {index = true, nullable = false}), Column("grade", SmallInteger, {server_default = text("1")}), Column("salary", Numeric(10, 2)), Column("rate", Float), Column("hired", Date), Column("photo", LargeBinary), Column("active", Boolean, {nullable = false, default = true}), Column("kind", Enum("full", "part", {name = "kind"})), Column("created", DateTime, {server_default = func.now()}), Column("total", Numeric(12, 2), Computed("salary * 12")), CheckConstraint("salary > 0", {name = "positive"}), UniqueConstraint("dept_id", "name"), Index("ix_emp_grade_salary", "grade", "salary"))
note = Table("note", m, Column("id", BigInteger():with_variant(Integer, "sqlite"), {primary_key = true}), Column("dept_id", Integer), Column("emp_no", Integer), Column("body", Text), ForeignKeyConstraint({"dept_id", "emp_no"}, {"emp.dept_id", "emp.no"}, {name = "fk_note_emp", onupdate = "CASCADE"}))
engine = create_engine(DBURL)
print(CreateTable(emp):compile(engine))
for ix in sorted(emp.indexes, {key = function(i) return i.name end}) do
  print(CreateIndex(ix))
end
print((function() local out_ = {} for t in m.sorted_tables do  out_[#out_ + 1] = t.name end return out_ end)())
engine.echo = true
m:create_all(engine)
m:create_all(engine, {checkfirst = true})
engine.echo = false
with(engine:begin(), function(c)
  c:execute(dept:insert():values{code = "A"})
  c:execute(emp:insert():values{dept_id = 1, no = 1, name = "x", salary = 10})
  print(c:execute(select(emp.c.grade, emp.c.active, emp.c.total)):one())
end)
Index("ix_later", note.c.emp_no):create(engine)
print(py_last((function() local out_ = {} for i in inspect(engine):get_indexes("note") do  out_[#out_ + 1] = i["name"] end return out_ end)()))
engine.echo = true
note:drop(engine)
m:drop_all(engine)
