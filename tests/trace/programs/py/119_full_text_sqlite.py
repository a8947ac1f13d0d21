from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://", echo=True)
with engine.begin() as conn:
    conn.execute(text("create virtual table docs using fts5(title, body)"))
    conn.execute(text("insert into docs (title, body) values (:t, :b)"), [{"t": "SQLAlchemy", "b": "the python sql toolkit"}, {"t": "Lua", "b": "a small scripting language"}, {"t": "Go", "b": "a compiled language"}])
docs = table("docs", column("title"), column("body"), column("rank"))
with engine.connect() as conn:
    q = select(docs.c.title).where(text("docs match :q")).order_by(docs.c.rank)
    print(conn.execute(q, {"q": "language"}).scalars().all())
    print(conn.execute(select(docs.c.title, func.highlight(literal_column("docs"), 1, "<b>", "</b>").label("h")).where(docs.c.body.match("language")).order_by(docs.c.title)).all())
    print(conn.execute(select(func.snippet(text("docs"), 1, "[", "]", "...", 3)).where(docs.c.title.op("MATCH")("lua"))).scalar())
