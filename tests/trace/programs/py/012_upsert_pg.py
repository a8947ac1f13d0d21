# db: postgresql
from sqlalchemy import create_engine, MetaData, Table, Column, Integer, String, select, func, DateTime, text, UniqueConstraint, Boolean
from sqlalchemy.dialects.postgresql import insert, JSONB, ARRAY
engine = create_engine(DBURL)
metadata = MetaData()
users = Table("users", metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(100), nullable=False),
    Column("tags", ARRAY(String)),
    Column("data", JSONB),
    Column("active", Boolean, server_default=text("true")),
    UniqueConstraint("email", name="uq_users_email"))
metadata.create_all(engine)
engine.echo = True
with engine.begin() as conn:
    stmt = insert(users).values(email="a@x", tags=["a", "b"], data={"k": [1, 2]})
    stmt = stmt.on_conflict_do_update(constraint="uq_users_email", set_={"tags": stmt.excluded.tags, "data": users.c.data.op("||")(stmt.excluded.data)})
    conn.execute(stmt)
    print(conn.execute(stmt.returning(users)).all())
    conn.execute(insert(users).on_conflict_do_nothing(index_elements=["email"]), [{"email": "a@x"}, {"email": "b@x"}])
    print(conn.execute(select(users.c.email, users.c.tags, users.c.data["k"][0].astext).order_by(users.c.email)).all())
    print(conn.execute(select(users.c.email).where(users.c.tags.contains(["a"]))).scalars().all())
    print(conn.execute(select(users.c.email).where(users.c.tags.any("b"))).scalars().all())
    print(conn.execute(select(users.c.email).where(users.c.data.has_key("k"))).scalars().all())
    print(conn.execute(select(func.unnest(users.c.tags).label("t")).order_by("t")).all())
    print(conn.execute(select(func.jsonb_array_elements(users.c.data["k"]).label("e"))).all())
    print(conn.execute(select(func.array_agg(users.c.email))).scalar())
    print(conn.execute(select(users.c.active, users.c.id)).mappings().all())
