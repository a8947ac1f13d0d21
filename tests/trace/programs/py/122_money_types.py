from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
import json
engine = create_engine("sqlite://", echo=True)
class UpperString(TypeDecorator):
    impl = String
    cache_ok = True
    def process_bind_param(self, value, dialect):
        return value.upper() if value is not None else None
    def process_result_value(self, value, dialect):
        return "<" + value + ">" if value is not None else None
class Money(TypeDecorator):
    impl = Integer
    cache_ok = True
    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        return int(value * 100)
    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value / 100
    def coerce_compared_value(self, op, value):
        return self
    def process_literal_param(self, value, dialect):
        return "%d" % (value * 100)
m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("name", UpperString(20)), Column("price", Money))
m.create_all(engine)
print(repr(t.c.name.type), t.c.name.type, t.c.price.type, repr(t.c.price.type))
with engine.begin() as conn:
    conn.execute(t.insert(), [{"name": "ann", "price": 12.5}, {"name": None, "price": None}])
    print(conn.execute(select(t).order_by(t.c.id)).all())
    print(conn.execute(select(t.c.id).where(t.c.name == "Ann")).all())
    print(conn.execute(select(t.c.id).where(t.c.price > 10)).all())
    print(conn.execute(select(t.c.price + 1, func.max(t.c.price), type_coerce(t.c.id, Money), cast(t.c.price, Integer)).where(t.c.id == 1)).all())
    print(conn.execute(select(literal("abc", UpperString()))).scalar())
print(select(t.c.id).where(t.c.price == 3).compile(engine, compile_kwargs={"literal_binds": True}))
print(Money().with_variant(String(10), "mysql").compile(dialect=engine.dialect) if False else "")
