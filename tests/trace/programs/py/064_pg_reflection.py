# db: postgresql
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import *
engine = create_engine(DBURL)
with engine.begin() as c:
    c.exec_driver_sql("create schema app")
    c.exec_driver_sql("create type mood as enum ('sad', 'ok')")
    c.exec_driver_sql("create table app.parent (id serial primary key, code varchar(10) not null unique, m mood default 'ok', tags text[], doc jsonb, at timestamptz default now(), price numeric(8,2) check (price > 0))")
    c.exec_driver_sql("comment on table app.parent is 'the parents'")
    c.exec_driver_sql("comment on column app.parent.code is 'short'")
    c.exec_driver_sql("create table app.child (pid int references app.parent(id) on delete cascade, n int, primary key (pid, n))")
    c.exec_driver_sql("create index child_n on app.child (n desc) where n > 5")
    c.exec_driver_sql("create view app.v as select id, code from app.parent")
    c.exec_driver_sql("create sequence app.seq")
i = inspect(engine)
print([s for s in i.get_schema_names() if s in ["app", "public"]])
print(i.get_table_names(schema="app"), i.get_view_names(schema="app"), i.get_sequence_names(schema="app"))
for c in i.get_columns("parent", schema="app"):
    print(c["name"], c["type"], c["nullable"], c["default"], c["autoincrement"], c["comment"])
print(i.get_pk_constraint("child", schema="app"))
for fk in i.get_foreign_keys("child", schema="app"):
    print(fk["name"], fk["constrained_columns"], fk["referred_schema"], fk["referred_table"], fk["options"])
print([ix["name"] for ix in i.get_indexes("child", schema="app")], [ix["dialect_options"] for ix in i.get_indexes("child", schema="app")])
print(i.get_unique_constraints("parent", schema="app"))
print(i.get_check_constraints("parent", schema="app"))
print(i.get_table_comment("parent", schema="app"))
print(i.get_enums())
print(i.get_view_definition("v", schema="app"))
m = MetaData(schema="app")
m.reflect(engine, views=True)
print(sorted(m.tables.keys()))
p = m.tables["app.parent"]
print(repr(p.c.m.type), repr(p.c.tags.type), repr(p.c.at.type), p.c.code.comment, p.comment)
print(select(p.c.code).join(m.tables["app.child"]))
from sqlalchemy.schema import CreateTable
print(CreateTable(p).compile(engine))
