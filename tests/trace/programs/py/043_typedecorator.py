# db: sqlite postgresql
import json
from sqlalchemy import *
from sqlalchemy.types import TypeDecorator, UserDefinedType
class CSV(TypeDecorator):
    impl = String
    cache_ok = True
    def process_bind_param(self, value, dialect):
        if value is not None:
            return ",".join(value)
        return None
    def process_result_value(self, value, dialect):
        if value is not None:
            return value.split(",")
        return None
class Upper(TypeDecorator):
    impl = String(20)
    cache_ok = True
    def bind_expression(self, bindvalue):
        return func.upper(bindvalue)
    def column_expression(self, col):
        return func.lower(col)
class Cents(TypeDecorator):
    impl = Integer
    cache_ok = True
    def process_bind_param(self, value, dialect):
        return None if value is None else value * 100
    def process_result_value(self, value, dialect):
        return None if value is None else value / 100
    def coerce_compared_value(self, op, value):
        return self
class Point(UserDefinedType):
    cache_ok = True
    def get_col_spec(self, **kw):
        return "VARCHAR(20)"
    def bind_processor(self, dialect):
        def process(value):
            return "%d:%d" % (value[0], value[1])
        return process
    def result_processor(self, dialect, coltype):
        def process(value):
            return [x for x in value.split(":")]
        return process
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("tags", CSV), Column("name", Upper), Column("price", Cents), Column("p", Point))
engine = create_engine(DBURL, echo=True)
m.create_all(engine)
with engine.begin() as c:
    c.execute(t.insert(), [{"tags": ["a", "b"], "name": "ed", "price": 5, "p": [1, 2]}, {"tags": ["c"], "name": "Jo", "price": 7, "p": [3, 4]}])
    for r in c.execute(select(t).order_by(t.c.id)):
        print(r)
    print(c.execute(select(t.c.id).where(t.c.name == "ed")).all())
    print(c.execute(select(t.c.id).where(t.c.price > 6)).all())
    print(c.execute(select(t.c.tags).where(t.c.tags == ["a", "b"])).scalar())
    print(c.execute(t.update().values(price=t.c.price + 1).where(t.c.id == 1)).rowcount)
    print(c.execute(select(t.c.price).order_by(t.c.id)).scalars().all())
print(select(t.c.name).where(t.c.name.in_(["a", "b"])))
