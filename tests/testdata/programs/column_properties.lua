-- Column_property, composite, synonym, deferred, query_expression.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
Post = class("Post", Base, {
  __tablename__ = "post",
  id = Column(Integer, {primary_key = true}),
  author_id = Column(ForeignKey("author.id")),
  title = Column(String),
})
Point = class("Point", nil, {
  __init__ = function(self, x, y)
    self.x = x
    self.y = y
  end,
  __composite_values__ = function(self)
    return {self.x, self.y}
  end,
  __eq__ = function(self, other)
    return isinstance(other, Point) and (other.x == self.x) and (other.y == self.y)
  end,
  __repr__ = function(self)
    return string.format("Point(%s, %s)", tostring(self.x), tostring(self.y))
  end,
})
do
  local id = Column(Integer, {primary_key = true})
  local first = Column(String(20))
  local last = Column(String(20))
  local x1 = Column(Integer)
  local y1 = Column(Integer)
  Author = class("Author", Base, {
    __tablename__ = "author",
    id = id,
    first = first,
    last = last,
    full = column_property((first .. " ") .. last),
    n_posts = column_property(select(func.count(Post.id)):where(Post.author_id == id):correlate_except(Post):scalar_subquery()),
    x1 = x1,
    y1 = y1,
    pos = composite(Point, x1, y1),
    nick = synonym("first"),
    bio = deferred(Column(Text), {group = "big"}),
    photo = deferred(Column(LargeBinary), {group = "big"}),
    extra = query_expression(),
    posts = relationship(Post, {order_by = Post.title}),
  })
end
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
s = Session(engine)
s:add_all({Author{first = "Jane", last = "Doe", pos = Point(1, 2), bio = "long", posts = {Post{title = "b"}, Post{title = "a"}}}, Author{nick = "Jo", last = "Bloggs", pos = Point(3, 4)}})
s:commit()
for a in s:scalars(select(Author):order_by(Author.full)) do
  print(a.full, a.n_posts, a.pos, a.nick)
end
print(s:scalars(select(Author.last):where(Author.pos == Point(3, 4))):all())
print(s:scalars(select(Author.id):where(Author.nick == "Jane")):all())
j = s:scalars(select(Author):where(Author.full == "Jane Doe")):one()
print(j.bio, (function() local out_ = {} for p in j.posts do  out_[#out_ + 1] = p.title end return out_ end)())
j.pos = Point(5, 6)
s:commit()
print(j.x1, j.y1)
print(s:scalars(select(Author):options(with_expression(Author.extra, Author.x1 + Author.y1)):order_by(Author.id)):first().extra)
print(s:scalars(select(Author):options(with_expression(Author.extra, Author.x1 + Author.y1)):order_by(Author.id):execution_options{populate_existing = true}):first().extra)
print(s:execute(select(Author.n_posts, Author.full):order_by(Author.n_posts:desc())):all())
print(s:scalars(select(Author):options(undefer_group("big")):where(Author.id == 2)):one().bio)
print(s:execute(select(Author.pos):order_by(Author.id)):all())
