from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite:///:memory:", echo=True)
metadata_obj = MetaData()
user_table = Table("user_account", metadata_obj, Column("id", Integer, primary_key=True), Column("name", String(30)), Column("fullname", String))
address_table = Table("address", metadata_obj, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("user_account.id"), nullable=False), Column("email_address", String, nullable=False))
metadata_obj.create_all(engine)
stmt = insert(user_table).values(name="spongebob", fullname="Spongebob Squarepants")
print(stmt)
compiled = stmt.compile()
print(compiled.params)
with engine.connect() as conn:
    result = conn.execute(stmt)
    conn.commit()
print(result.inserted_primary_key)
with engine.connect() as conn:
    result = conn.execute(insert(user_table), [{"name": "sandy", "fullname": "Sandy Cheeks"}, {"name": "patrick", "fullname": "Patrick Star"}])
    conn.commit()
scalar_subq = select(user_table.c.id).where(user_table.c.name == bindparam("username")).scalar_subquery()
with engine.connect() as conn:
    result = conn.execute(insert(address_table).values(user_id=scalar_subq), [{"username": "spongebob", "email_address": "spongebob@sqlalchemy.org"}, {"username": "sandy", "email_address": "sandy@sqlalchemy.org"}])
    conn.commit()
print(insert(user_table).values().compile(engine))
print(insert(address_table).returning(address_table.c.id, address_table.c.email_address))
select_stmt = select(user_table.c.id, user_table.c.name + "@aol.com")
insert_stmt = insert(address_table).from_select(["user_id", "email_address"], select_stmt)
print(insert_stmt)
print(insert_stmt.returning(address_table.c.id, address_table.c.email_address))
with engine.connect() as conn:
    for row in conn.execute(select(("Username: " + user_table.c.name).label("username")).order_by(user_table.c.name)):
        print(f"{row.username}")
stmt = select(text("'some phrase'"), user_table.c.name).order_by(user_table.c.name)
with engine.connect() as conn:
    print(conn.execute(stmt).all())
stmt = select(literal_column("'some phrase'").label("p"), user_table.c.name).order_by(user_table.c.name)
with engine.connect() as conn:
    for row in conn.execute(stmt):
        print(f"{row.p}, {row.name}")
print(update(user_table).where(user_table.c.name == "patrick").values(fullname="Patrick the Star"))
stmt = update(user_table).where(user_table.c.name == bindparam("oldname")).values(name=bindparam("newname"))
with engine.begin() as conn:
    conn.execute(stmt, [{"oldname": "jack", "newname": "ed"}, {"oldname": "wendy", "newname": "mary"}])
print(update(user_table).where(user_table.c.id == address_table.c.user_id).where(address_table.c.email_address == "patrick@aol.com").values(fullname="Pat"))
from sqlalchemy.dialects import mysql, postgresql, sqlite
print(update(user_table).where(user_table.c.id == address_table.c.user_id).values({user_table.c.fullname: "Pat", address_table.c.email_address: "pat@aol.com"}).compile(dialect=mysql.dialect()))
print(update(user_table).ordered_values((user_table.c.name, "x"), (user_table.c.fullname, user_table.c.name + "y")))
print(delete(user_table).where(user_table.c.id == address_table.c.user_id).where(address_table.c.email_address == "p").compile(dialect=mysql.dialect()))
with engine.begin() as conn:
    result = conn.execute(update(user_table).values(fullname="Patrick McStar").where(user_table.c.name == "patrick"))
    print(result.rowcount)
    print(conn.execute(update(user_table).where(user_table.c.name == "patrick").values(fullname="P").returning(user_table.c.id, user_table.c.name)).all())
stmt = select(func.json_each('["one", "two", "three"]').table_valued("value").c.value)
onetwothree = func.json_each('["one", "two", "three"]').table_valued("value")
stmt = select(onetwothree).where(onetwothree.c.value.in_(["two", "three"]))
with engine.connect() as conn:
    print(conn.execute(stmt).all())
print(select(func.json_array_elements('["one", "two"]').column_valued("x")))
print(select(func.json_extract('{"a": 1}', "$.a", type_=JSON)), func.upper("lowercase"), func.now().type, func.max(user_table.c.id).type)
