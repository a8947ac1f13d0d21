-- Posts and tags: any(), contains(), counting, removing.
-- db: sqlite mysql
DBURL = arg[1] or "sqlite://"
engine = create_engine(DBURL)
Base = declarative_base()
post_tags = Table("post_tags", Base.metadata, Column("post_id", ForeignKey("posts.id"), {primary_key = true}), Column("tag_id", ForeignKey("tags.id"), {primary_key = true}))
Post = class("Post", Base, {
  __tablename__ = "posts",
  id = Column(Integer, {primary_key = true}),
  title = Column(String(100), {nullable = false}),
  body = Column(Text),
  tags = relationship("Tag", {secondary = post_tags, back_populates = "posts", order_by = "Tag.name"}),
  __repr__ = function(self)
    return "<Post " .. tostring(self.title) .. ">"
  end,
})
Tag = class("Tag", Base, {
  __tablename__ = "tags",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(30), {unique = true}),
  posts = relationship("Post", {secondary = post_tags, back_populates = "tags", order_by = "Post.id"}),
  __repr__ = function(self)
    return "<Tag " .. tostring(self.name) .. ">"
  end,
})
Base.metadata:create_all(engine)
engine.echo = true
session = Session(engine)
python = Tag{name = "python"}
lua = Tag{name = "lua"}
sql = Tag{name = "sql"}
p1 = Post{title = "Intro", body = "hello", tags = {python, sql}}
p2 = Post{title = "Shells", tags = {lua, sql}}
p3 = Post{title = "Empty"}
session:add_all({p1, p2, p3})
session:commit()
print((function() local out_ = {} for p in sql.posts do  out_[#out_ + 1] = p.title end return out_ end)())
for post in session:scalars(select(Post):options(selectinload(Post.tags)):order_by(Post.id)) do
  print(post.title, (function() local out_ = {} for t in post.tags do  out_[#out_ + 1] = t.name end return out_ end)())
end
print(session:query(Post):filter(Post.tags:any{name = "lua"}):all())
print(session:query(Post):filter(not_(Post.tags:any())):all())
print(session:query(Post):filter(Post.tags:contains(sql)):order_by(Post.id):all())
q = session:query(Tag.name, func.count(Post.id):label("n")):join(Tag.posts):group_by(Tag.name):order_by(desc("n"), Tag.name)
for name, n in q do
  print(name, n)
end
p1.tags:remove(python)
p1.tags:append(lua)
session:flush()
print(p1.tags)
session:delete(sql)
session:commit()
print(p1.tags, p2.tags)
print(session:execute(select(func.count()):select_from(post_tags)):scalar())
session:close()
