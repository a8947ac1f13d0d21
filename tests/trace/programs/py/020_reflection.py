# db: sqlite postgresql mysql
from sqlalchemy.exc import *
from sqlalchemy import *
engine = create_engine(DBURL)
m = MetaData()
Table("author", m, Column("id", Integer, primary_key=True), Column("name", String(50), nullable=False), Column("born", Date), UniqueConstraint("name", name="uq_author_name"))
Table("book", m, Column("id", Integer, primary_key=True), Column("title", String(100), nullable=False, index=True), Column("price", Numeric(10, 2), server_default="0"),
      Column("author_id", Integer, ForeignKey("author.id", name="fk_book_author", ondelete="CASCADE")), CheckConstraint("price >= 0", name="ck_price"))
m.create_all(engine)
insp = inspect(engine)
print(insp.get_table_names())
for t in insp.get_table_names():
    for c in insp.get_columns(t):
        print(t, c["name"], c["type"], c["nullable"])
    print(insp.get_pk_constraint(t)["constrained_columns"])
    for fk in insp.get_foreign_keys(t):
        print(fk["name"], fk["constrained_columns"], fk["referred_table"], fk["referred_columns"], fk["options"])
    for ix in insp.get_indexes(t):
        print(ix["name"], ix["column_names"], ix["unique"])
    for u in insp.get_unique_constraints(t):
        print(u["name"], u["column_names"])
print(insp.has_table("book"), insp.has_table("nope"))
m2 = MetaData()
m2.reflect(bind=engine)
for t in m2.sorted_tables:
    print(t.name, [c.name for c in t.columns])
    print([f"{f.parent.name}->{f.target_fullname}" for f in t.foreign_keys])
book = m2.tables["book"]
print(repr(book.c.title.type), book.c.title.nullable, book.primary_key.columns.keys())
author = m2.tables["author"]
with engine.begin() as conn:
    conn.execute(author.insert().values(name="Le Guin"))
    conn.execute(book.insert().values(title="Rocannon", author_id=1))
    print(conn.execute(select(book.c.title, author.c.name, book.c.price).join_from(book, author)).all())
print(select(author).join(book))
try:
    Table("missing", m2, autoload_with=engine)
except NoSuchTableError as e:
    print(err(e))
m2.drop_all(engine)
print(inspect(engine).get_table_names())
