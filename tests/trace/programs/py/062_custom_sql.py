from sqlalchemy import *
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement, Executable, ClauseElement, ColumnElement
from sqlalchemy.schema import DDLElement, CreateColumn
from sqlalchemy.sql.functions import GenericFunction
class CreateView(DDLElement):
    def __init__(self, name, selectable):
        self.name = name
        self.selectable = selectable
@compiles(CreateView)
def visit_create_view(element, compiler, **kw):
    return "CREATE VIEW %s AS %s" % (element.name, compiler.sql_compiler.process(element.selectable, literal_binds=True))
class greatest(FunctionElement):
    name = "greatest"
    inherit_cache = True
    type = Numeric()
@compiles(greatest)
def default_greatest(element, compiler, **kw):
    return compiler.visit_function(element)
@compiles(greatest, "sqlite")
def sqlite_greatest(element, compiler, **kw):
    return "max(%s)" % compiler.process(element.clauses)
class utcnow(FunctionElement):
    type = DateTime()
    inherit_cache = True
@compiles(utcnow, "postgresql")
def pg_utcnow(element, compiler, **kw):
    return "TIMEZONE('utc', CURRENT_TIMESTAMP)"
@compiles(utcnow)
def def_utcnow(element, compiler, **kw):
    return "CURRENT_TIMESTAMP"
class as_utc(GenericFunction):
    type = DateTime()
    name = "as_utc"
    inherit_cache = True
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("a", Integer), Column("b", Integer))
engine = create_engine(DBURL, echo=True)
m.create_all(engine)
with engine.begin() as c:
    c.execute(t.insert(), [{"a": 1, "b": 2}, {"a": 9, "b": 3}])
    c.execute(CreateView("v", select(t.c.id, (t.c.a + t.c.b).label("s")).where(t.c.a > 0)))
    v = table("v", column("id"), column("s"))
    print(c.execute(select(v).order_by(v.c.id)).all())
    print(c.execute(select(greatest(t.c.a, t.c.b)).order_by(t.c.id)).scalars().all())
print(select(greatest(t.c.a, 5)))
print(select(utcnow()))
from sqlalchemy.dialects import postgresql
print(select(utcnow(), greatest(t.c.a, t.c.b)).compile(dialect=postgresql.dialect()))
print(select(func.as_utc(t.c.a)))
ddl = DDL("create index ix_%(table)s_b on %(table)s (b)")
t2 = Table("t2", MetaData(), Column("b", Integer))
event.listen(t2, "after_create", ddl)
event.listen(t2, "after_create", DDL("select 'pg only'").execute_if(dialect="postgresql"))
t2.create(engine)
print(inspect(engine).get_indexes("t2"))
