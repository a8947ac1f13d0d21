# db: mysql
from sqlalchemy import *
from sqlalchemy.dialects.mysql import insert, INTEGER, VARCHAR, ENUM, LONGTEXT, TINYINT, JSON as MJSON, SET
m = MetaData()
t = Table("t", m, Column("id", INTEGER(unsigned=True), primary_key=True), Column("code", VARCHAR(10, charset="utf8mb4"), unique=True), Column("n", Integer, server_default="0"), Column("kind", ENUM("a", "b")), Column("flag", TINYINT(1)), Column("body", LONGTEXT),
    Column("updated", TIMESTAMP, server_default=text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")), mysql_engine="InnoDB", mysql_charset="utf8mb4", mysql_comment="x")
engine = create_engine(DBURL)
engine.connect().close()
engine.echo = True
m.create_all(engine)
with engine.begin() as c:
    ins = insert(t).values(code="x", n=1, kind="a", flag=1)
    up = ins.on_duplicate_key_update(n=t.c.n + ins.inserted.n, kind="b")
    r = c.execute(up)
    print(r.lastrowid, r.rowcount)
    r = c.execute(up)
    print(r.rowcount)
    c.execute(insert(t).prefix_with("IGNORE"), [{"code": "x"}, {"code": "y"}])
    print(c.execute(select(t.c.code, t.c.n, t.c.kind, t.c.flag).order_by(t.c.id)).all())
    print(c.execute(select(func.group_concat(t.c.code.op("ORDER BY")(t.c.code)))).scalar())
    print(c.execute(select(t.c.code).where(t.c.code.regexp_match("^x"))).all())
    print(c.execute(select(func.concat(t.c.code, "-", t.c.n)).order_by(t.c.id)).scalars().all())
    print(c.execute(update(t).where(t.c.code == "x").values(n=5).with_dialect_options(mysql_limit=1) if False else update(t).where(t.c.code == "x").values(n=5)).rowcount)
    print(c.execute(update(t).where(t.c.code == "x").values(n=5)).rowcount)
    print(c.execute(delete(t).where(t.c.n > 4)).rowcount)
    print(c.execute(select(t.c.code).limit(10).offset(1)).all())
engine.echo = False
i = inspect(engine)
for c in i.get_columns("t"):
    print(c["name"], repr(c["type"]), c["nullable"], c["default"])
print(i.get_indexes("t"), i.get_table_options("t")["mysql_engine"])
from sqlalchemy.schema import CreateTable
print(CreateTable(t).compile(engine))
print(CreateTable(Table("t", MetaData(), autoload_with=engine)).compile(engine))
