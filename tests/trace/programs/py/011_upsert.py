# db: sqlite
from sqlalchemy import create_engine, MetaData, Table, Column, Integer, String, select, func, insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
engine = create_engine(DBURL, echo=True)
metadata = MetaData()
inventory = Table("inventory", metadata,
    Column("sku", String(20), primary_key=True),
    Column("qty", Integer, nullable=False, server_default="0"),
    Column("note", String))
metadata.create_all(engine)
with engine.begin() as conn:
    stmt = sqlite_insert(inventory).values(sku="A1", qty=5)
    stmt = stmt.on_conflict_do_update(index_elements=[inventory.c.sku], set_=dict(qty=inventory.c.qty + stmt.excluded.qty))
    conn.execute(stmt)
    conn.execute(stmt)
    r = conn.execute(stmt.returning(inventory.c.sku, inventory.c.qty))
    print(r.all())
    s2 = sqlite_insert(inventory).on_conflict_do_nothing()
    r = conn.execute(s2, [{"sku": "A1", "qty": 100}, {"sku": "B2", "qty": 7}, {"sku": "C3", "qty": 1}])
    print(r.rowcount)
    s3 = sqlite_insert(inventory).values([{"sku": "A1", "qty": 1, "note": "x"}, {"sku": "D4", "qty": 2, "note": None}])
    s3 = s3.on_conflict_do_update(index_elements=["sku"], set_={"note": s3.excluded.note}, where=inventory.c.qty > 3)
    conn.execute(s3)
    print(s3)
with engine.connect() as conn:
    for row in conn.execute(select(inventory).order_by(inventory.c.sku)):
        print(row)
    print(conn.scalar(select(func.sum(inventory.c.qty))))
