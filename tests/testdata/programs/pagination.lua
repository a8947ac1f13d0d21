-- Search conditions put together, pages, counts.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
Base = declarative_base()
Book = class("Book", Base, {
  __tablename__ = "book",
  id = Column(Integer, {primary_key = true}),
  title = Column(String(60)),
  year = Column(Integer),
  genre = Column(String(20)),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
s = Session(engine)
s:add_all((function() local out_ = {} for i = 1, 20 do  out_[#out_ + 1] = Book{title = string.format("Book %02d", i), year = 1990 + (i % 7), genre = py_when((i % 3) == 0, function() return "sf" end, function() return "crime" end)} end return out_ end)())
s:commit()
engine.echo = true
paginate = function(stmt, page, per_page)
  local total, items
  total = s:scalar(select(func.count()):select_from(stmt:order_by(nil):subquery()))
  items = s:scalars(stmt:limit(per_page):offset((page - 1) * per_page)):all()
  return {total = total, titles = (function() local out_ = {} for b in items do  out_[#out_ + 1] = b.title end return out_ end)()}
end
search = function(genre, since, word, order)
  if order == nil then order = "title" end
  local stmt
  stmt = select(Book)
  if not rawequal(genre, nil) then
    stmt = stmt:where(Book.genre == genre)
  end
  if not rawequal(since, nil) then
    stmt = stmt:where(Book.year >= since)
  end
  if not rawequal(word, nil) then
    stmt = stmt:where(Book.title:ilike(("%" .. word) .. "%"))
  end
  return stmt:order_by(getattr(Book, order), Book.id)
end
print(paginate(search(), 1, 3))
print(paginate(search("sf"), 2, 4))
print(paginate(search(nil, 1995, "0"), 1, 5))
print(paginate(search(nil, nil, nil, "year"), 7, 3))
conds = {Book.year > 1991, Book.genre:in_({"sf", "crime"})}
print(s:scalar(select(func.count(Book.id)):where(and_(unpack(conds)))))
print(s:scalar(select(func.count(Book.id)):where(or_(false_(), unpack(conds)))))
print(py_when(engine.dialect.name ~= "x", function() return s:scalars(select(Book.title):where(tuple_(Book.year, Book.id) > tuple_(1995, 10)):order_by(Book.year, Book.id):limit(2)):all() end, function() return nil end))
after = s:scalars(select(Book):where(Book.id > 5):order_by(Book.id):limit(3)):all()
print((function() local out_ = {} for b in after do  out_[#out_ + 1] = b.id end return out_ end)())
print(s:execute(select(Book.genre, func.min(Book.year), func.count()):group_by(Book.genre):having(func.count() > 6):order_by(Book.genre)):all())
print(s:execute(select(Book.year:label("y"), func.count():label("n")):group_by("y"):order_by(desc("n"), "y"):limit(2)):mappings():all())
for size, group in {{8, s:scalars(select(Book.id):order_by(Book.id)):partitions(8)}} do
  for g in group do
    print(g)
  end
end
print(s:query(Book):order_by(Book.id:desc()):slice(0, 2):all()[1].title, s:query(Book):count(), s:query(Book.genre):distinct():order_by(Book.genre):all())
