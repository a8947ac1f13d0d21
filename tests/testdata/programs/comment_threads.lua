-- Threads kept by path, a dynamic relationship.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_when(c, f, g) if c then return f() end return g() end
Base = declarative_base()
do
  local id = Column(Integer, {primary_key = true})
  Comment = class("Comment", Base, {
    __tablename__ = "comment",
    id = id,
    text = Column(String(140)),
    author = Column(String(32)),
    parent_id = Column(Integer, ForeignKey("comment.id")),
    path = Column(String),
    replies = relationship("Comment", {backref = backref("parent", {remote_side = {id}}), lazy = "dynamic"}),
    save = function(self, session)
      local prefix
      session:add(self)
      session:flush()
      prefix = py_when(not rawequal(self.parent, nil), function() return self.parent.path .. "." end, function() return "" end)
      self.path = prefix .. (string.format("%06d", self.id))
      session:flush()
    end,
    level = function(self)
      return math.floor(#self.path / 7)
    end,
  })
end
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
s = Session(engine)
c1 = Comment{text = "hello1", author = "alice"}
c2 = Comment{text = "hello2", author = "bob"}
c11 = Comment{text = "reply11", author = "bob", parent = c1}
c12 = Comment{text = "reply12", author = "susan", parent = c1}
c111 = Comment{text = "reply111", author = "susan", parent = c11}
for c in {c1, c2, c11, c12, c111} do
  c:save(s)
end
s:commit()
for c in s:query(Comment):order_by(Comment.path) do
  print(c:level(), c.author, c.text, c.path)
end
print((function() local out_ = {} for r in c1.replies:order_by(Comment.id:desc()) do  out_[#out_ + 1] = r.text end return out_ end)())
print(c1.replies:filter(Comment.author == "bob"):count(), c1.replies:filter_by{author = "susan"}:first().text)
c1.replies:append(Comment{text = "late", author = "zed", path = "x"})
s:commit()
print(c1.replies:count())
