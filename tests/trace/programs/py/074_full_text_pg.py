# db: postgresql
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import TSVECTOR, JSONB, ARRAY, INT4RANGE, Range, ExcludeConstraint, HSTORE, INET, CIDR, ENUM, array, array_agg, insert
m = MetaData()
doc = Table("doc", m, Column("id", Integer, primary_key=True), Column("title", String(50)), Column("body", Text), Column("span", INT4RANGE), Column("tags", ARRAY(String)), Column("attrs", JSONB),
    Column("tsv", TSVECTOR, Computed("to_tsvector('english', title || ' ' || body)", persisted=True)))
Index("ix_doc_tsv", doc.c.tsv, postgresql_using="gin")
Index("ix_doc_attrs", doc.c.attrs, postgresql_using="gin", postgresql_ops={"attrs": "jsonb_path_ops"})
Index("ix_doc_lower", func.lower(doc.c.title), unique=True, postgresql_where=doc.c.id > 0)
engine = create_engine(DBURL)
engine.connect().close()
engine.echo = True
m.create_all(engine)
with engine.begin() as c:
    c.execute(doc.insert(), [
        {"title": "Cats", "body": "cats are running", "span": Range(1, 5), "tags": ["a", "b"], "attrs": {"n": 1, "x": {"y": [1, 2]}}},
        {"title": "Dogs", "body": "dogs sleep", "span": Range(4, None), "tags": ["b"], "attrs": {"n": 2}}])
    print(c.execute(select(doc.c.title).where(doc.c.tsv.match("run"))).all())
    print(c.execute(select(doc.c.title).where(func.to_tsvector("english", doc.c.body).bool_op("@@")(func.plainto_tsquery("english", "dog")))).all())
    print(c.execute(select(doc.c.title).where(doc.c.span.contains(4)).order_by(doc.c.id)).scalars().all())
    print(c.execute(select(doc.c.title).where(doc.c.span.overlaps(Range(5, 6)))).scalars().all())
    print(c.execute(select(doc.c.span).order_by(doc.c.id)).scalars().all())
    print(c.execute(select(doc.c.title).where(doc.c.tags.overlap(["a", "z"]))).scalars().all())
    print(c.execute(select(doc.c.tags[1], func.array_length(doc.c.tags, 1)).order_by(doc.c.id)).all())
    print(c.execute(select(doc.c.title).where(doc.c.attrs.contains({"n": 2}))).scalars().all())
    print(c.execute(select(doc.c.attrs[("x", "y", 1)].as_integer(), doc.c.attrs["n"].astext.cast(Integer)).order_by(doc.c.id)).all())
    print(c.execute(select(doc.c.attrs.path_exists("$.x.y"))).all() if hasattr(doc.c.attrs, "path_exists") else None)
    print(c.execute(doc.update().where(doc.c.title == "Dogs").values(attrs=doc.c.attrs.concat({"z": True}), tags=func.array_append(doc.c.tags, "q")).returning(doc.c.attrs, doc.c.tags)).one())
    print(c.execute(select(array([1, 2]) + array([3]))).scalar())
    print(c.execute(select(array_agg(doc.c.title))).scalar())
    print(c.execute(select(func.count()).select_from(doc).where(doc.c.title.ilike("c%") | doc.c.title.icontains("OG"))).scalar())
