# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(60))
    year = Column(Integer)
    genre = Column(String(20))
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
s = Session(engine)
s.add_all([Book(title="Book %02d" % i, year=1990 + i % 7, genre="sf" if i % 3 == 0 else "crime") for i in range(1, 21)])
s.commit()
engine.echo = True
def paginate(stmt, page, per_page):
    total = s.scalar(select(func.count()).select_from(stmt.order_by(None).subquery()))
    items = s.scalars(stmt.limit(per_page).offset((page - 1) * per_page)).all()
    return {"total": total, "titles": [b.title for b in items]}
def search(genre=None, since=None, word=None, order="title"):
    stmt = select(Book)
    if genre is not None:
        stmt = stmt.where(Book.genre == genre)
    if since is not None:
        stmt = stmt.where(Book.year >= since)
    if word is not None:
        stmt = stmt.where(Book.title.ilike("%" + word + "%"))
    return stmt.order_by(getattr(Book, order), Book.id)
print(paginate(search(), 1, 3))
print(paginate(search(genre="sf"), 2, 4))
print(paginate(search(since=1995, word="0"), 1, 5))
print(paginate(search(order="year"), 7, 3))
conds = [Book.year > 1991, Book.genre.in_(["sf", "crime"])]
print(s.scalar(select(func.count(Book.id)).where(and_(*conds))))
print(s.scalar(select(func.count(Book.id)).where(or_(false(), *conds))))
print(s.scalars(select(Book.title).where(tuple_(Book.year, Book.id) > tuple_(1995, 10)).order_by(Book.year, Book.id).limit(2)).all())
after = s.scalars(select(Book).where(Book.id > 5).order_by(Book.id).limit(3)).all()
print([b.id for b in after])
print(s.execute(select(Book.genre, func.min(Book.year), func.count()).group_by(Book.genre).having(func.count() > 6).order_by(Book.genre)).all())
print(s.execute(select(Book.year.label("y"), func.count().label("n")).group_by("y").order_by(desc("n"), "y").limit(2)).mappings().all())
for size, group in [[8, s.scalars(select(Book.id).order_by(Book.id)).partitions(8)]]:
    for g in group:
        print(g)
print(s.query(Book).order_by(Book.id.desc())[0:2][0].title, s.query(Book).count(), s.query(Book.genre).distinct().order_by(Book.genre).all())
