-- Authors, posts and tags, echoed.
-- db: sqlite mysql
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
engine = create_engine(DBURL, {echo = true})
Base = declarative_base()
post_tags = Table("post_tags", Base.metadata, Column("post_id", ForeignKey("posts.id"), {primary_key = true}), Column("tag_id", ForeignKey("tags.id"), {primary_key = true}))
Author = class("Author", Base, {
  __tablename__ = "authors",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(40), {nullable = false}),
  posts = relationship("Post", {back_populates = "author", cascade = "all, delete-orphan", order_by = "Post.id"}),
  __repr__ = function(self)
    return "Author(" .. repr(self.name) .. ")"
  end,
})
Post = class("Post", Base, {
  __tablename__ = "posts",
  id = Column(Integer, {primary_key = true}),
  title = Column(String(100), {nullable = false}),
  body = Column(Text),
  author_id = Column(Integer, ForeignKey("authors.id"), {nullable = false}),
  author = relationship("Author", {back_populates = "posts"}),
  tags = relationship("Tag", {secondary = post_tags, back_populates = "posts", order_by = "Tag.name"}),
  __repr__ = function(self)
    return "Post(" .. repr(self.title) .. ")"
  end,
})
Tag = class("Tag", Base, {
  __tablename__ = "tags",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(20), {unique = true}),
  posts = relationship("Post", {secondary = post_tags, back_populates = "tags", order_by = "Post.id"}),
  __repr__ = function(self)
    return "Tag(" .. repr(self.name) .. ")"
  end,
})
Base.metadata:create_all(engine)
session = Session(engine)
py, db = Tag{name = "python"}, Tag{name = "db"}
ann = Author{name = "ann", posts = {Post{title = "One", body = "first", tags = {py}}, Post{title = "Two", tags = {py, db}}}}
session:add(ann)
print(py_when(#session.new == 1, function() return session.new end, function() return #session.new end))
session:commit()
print(ann.posts, ann.posts[2].tags)
for title, n in session:execute(select(Post.title, func.count(Tag.id)):join(Post.tags):group_by(Post.id, Post.title):order_by(Post.id)) do
  print(title, n)
end
print(session:scalars(select(Post):where(Post.tags:any(Tag.name == "db"))):all())
print(session:scalars(select(Post):where(Post.author:has{name = "ann"}):order_by(Post.id)):all())
p = session:get(Post, 2)
p.tags:remove(py)
session:commit()
print(py.posts)
print(session:query(Tag):filter(not_(Tag.posts:any())):count())
ann.posts:remove(p)
session:commit()
print(session:query(Post):all())
session:delete(ann)
session:commit()
print(session:query(Post):count(), session:query(Tag):order_by(Tag.name):all())
session:close()
