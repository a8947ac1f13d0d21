# db: sqlite mysql
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine(DBURL, echo=True)
m = MetaData()
parts = Table("parts", m, Column("part", String(20), primary_key=True), Column("sub_part", String(20), primary_key=True), Column("quantity", Integer))
m.create_all(engine)
with engine.begin() as c:
    c.execute(parts.insert(), [dict(part="car", sub_part="wheel", quantity=4), dict(part="car", sub_part="engine", quantity=1), dict(part="wheel", sub_part="bolt", quantity=5), dict(part="engine", sub_part="bolt", quantity=20), dict(part="engine", sub_part="piston", quantity=6)])
included = select(parts.c.sub_part, parts.c.part, parts.c.quantity).where(parts.c.part == "car").cte(recursive=True)
incl_alias = included.alias()
parts_alias = parts.alias()
included = included.union_all(select(parts_alias.c.sub_part, parts_alias.c.part, parts_alias.c.quantity * incl_alias.c.quantity).where(parts_alias.c.part == incl_alias.c.sub_part))
stmt = select(included.c.sub_part, func.sum(included.c.quantity).label("total_quantity")).group_by(included.c.sub_part).order_by(included.c.sub_part)
print(stmt)
with engine.connect() as c:
    for r in c.execute(stmt):
        print(r.sub_part, int(r.total_quantity))
    n = select(literal(1).label("n")).cte("nums", recursive=True)
    n = n.union_all(select(n.c.n + 1).where(n.c.n < 5))
    print(c.execute(select(n.c.n)).scalars().all())
    path = select(parts.c.sub_part.label("name"), cast(parts.c.part + "/" + parts.c.sub_part, String(200)).label("path"), literal(0).label("lvl")).where(parts.c.part == "car").cte("path", recursive=True)
    path = path.union_all(select(parts.c.sub_part, path.c.path + "/" + parts.c.sub_part, path.c.lvl + 1).join(path, parts.c.part == path.c.name))
    for r in c.execute(select(path.c.lvl, path.c.path).order_by(path.c.path)):
        print(f"{r.lvl} {r.path}")
