import datetime, decimal
from sqlalchemy import *
from sqlalchemy.dialects import postgresql, mysql, sqlite
t = table("t", column("i", Integer), column("s", String), column("d", Date), column("dt", DateTime), column("n", Numeric), column("b", Boolean), column("f", Float))
q = select(t).where(t.c.i == 5, t.c.s == "it's", t.c.d == datetime.date(2024, 1, 2), t.c.dt == datetime.datetime(2024, 1, 2, 3, 4, 5), t.c.n == decimal.Decimal("1.50"), t.c.b == True, t.c.f > 1.5, t.c.i.in_([1, 2]), t.c.s.in_([]), t.c.s.is_(None)).limit(3)
for d in (None, sqlite.dialect(), postgresql.dialect(), mysql.dialect()):
    print(q.compile(dialect=d, compile_kwargs={"literal_binds": True}))
print(q.compile(compile_kwargs={"render_postcompile": True}))
print(q.compile().params)
print(insert(t).values(i=1, s="x").compile(compile_kwargs={"literal_binds": True}))
print(update(t).values(s=None).where(t.c.i == bindparam("x", 7)).compile(compile_kwargs={"literal_binds": True}))
print(select(literal("a%b").op("LIKE")(t.c.s)).compile(dialect=mysql.dialect(), compile_kwargs={"literal_binds": True}))
try:
    print(select(t.c.i == bindparam("nope")).compile(compile_kwargs={"literal_binds": True}))
except Exception as e:
    print(err(e))
print(text("select * from t where i = :i and s = :s").bindparams(i=5, s="q").compile(compile_kwargs={"literal_binds": True}))
