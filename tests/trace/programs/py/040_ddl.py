# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.schema import CreateTable, CreateIndex, DropTable
convention = {"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}
m = MetaData(naming_convention=convention)
dept = Table("dept", m, Column("id", Integer, primary_key=True), Column("code", String(8), unique=True, nullable=False), Column("title", String(40), comment="shown to people"), comment="departments")
emp = Table("emp", m,
    Column("dept_id", Integer, ForeignKey("dept.id", ondelete="CASCADE"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("name", String(40), index=True, nullable=False),
    Column("grade", SmallInteger, server_default=text("1")),
    Column("salary", Numeric(10, 2)),
    Column("rate", Float),
    Column("hired", Date),
    Column("photo", LargeBinary),
    Column("active", Boolean, nullable=False, default=True),
    Column("kind", Enum("full", "part", name="kind")),
    Column("created", DateTime, server_default=func.now()),
    Column("total", Numeric(12, 2), Computed("salary * 12")),
    CheckConstraint("salary > 0", name="positive"),
    UniqueConstraint("dept_id", "name"),
    Index("ix_emp_grade_salary", "grade", "salary"))
note = Table("note", m, Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True), Column("dept_id", Integer), Column("emp_no", Integer), Column("body", Text),
    ForeignKeyConstraint(["dept_id", "emp_no"], ["emp.dept_id", "emp.no"], name="fk_note_emp", onupdate="CASCADE"))
engine = create_engine(DBURL)
print(CreateTable(emp).compile(engine))
for ix in sorted(emp.indexes, key=lambda i: i.name):
    print(CreateIndex(ix))
print([t.name for t in m.sorted_tables])
engine.echo = True
m.create_all(engine)
m.create_all(engine, checkfirst=True)
engine.echo = False
with engine.begin() as c:
    c.execute(dept.insert().values(code="A"))
    c.execute(emp.insert().values(dept_id=1, no=1, name="x", salary=10))
    print(c.execute(select(emp.c.grade, emp.c.active, emp.c.total)).one())
Index("ix_later", note.c.body if False else note.c.emp_no).create(engine)
print([i["name"] for i in inspect(engine).get_indexes("note")][-1])
engine.echo = True
note.drop(engine)
m.drop_all(engine)
