-- Association proxies over an association object.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
function py_isin(x, xs) for y in xs do if rawequal(x, y) or x == y then return true end end return false end
function py_slice(xs, a, b) local r = {} for i = a + 1, b do if xs[i] == nil then break end r[#r + 1] = xs[i] end return r end
engine = create_engine("sqlite://")
Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "user",
  id = Column(Integer, {primary_key = true}),
  name = Column(String(64)),
  user_keywords = relationship("UserKeyword", {back_populates = "user", cascade = "all, delete-orphan", order_by = "UserKeyword.id"}),
  keywords = association_proxy("user_keywords", "keyword", {creator = function(k) return UserKeyword{keyword = k} end}),
  labels = association_proxy("user_keywords", "special_key"),
  __init__ = function(self, name)
    self.name = name
  end,
})
UserKeyword = class("UserKeyword", Base, {
  __tablename__ = "user_keyword",
  id = Column(Integer, {primary_key = true}),
  user_id = Column(ForeignKey("user.id")),
  keyword_id = Column(ForeignKey("keyword.id")),
  special_key = Column(String(50)),
  user = relationship(User, {back_populates = "user_keywords"}),
  keyword = relationship("Keyword", {lazy = "joined"}),
  word = association_proxy("keyword", "keyword"),
})
Keyword = class("Keyword", Base, {
  __tablename__ = "keyword",
  id = Column(Integer, {primary_key = true}),
  keyword = Column("keyword", String(64)),
  __init__ = function(self, keyword)
    self.keyword = keyword
  end,
  __repr__ = function(self)
    return string.format("Keyword(%s)", tostring(repr(self.keyword)))
  end,
})
Base.metadata:create_all(engine)
s = Session(engine)
user = User("log")
for kw in {Keyword("new_from_blammo"), Keyword("its_big")} do
  user.keywords:append(kw)
end
print(user.keywords, #user.keywords, user.keywords[1])
UserKeyword{keyword = Keyword("its_wood"), user = user, special_key = "my special key"}
s:add(user)
s:commit()
print(user.keywords, user.labels, (function() local out_ = {} for uk in user.user_keywords do  out_[#out_ + 1] = uk.word end return out_ end)())
print(s:scalars(select(User):where(User.keywords:any(Keyword.keyword == "its_big"))):one().name)
print(s:query(User):filter(User.labels:contains("my special key")):count(), s:query(User):filter(User.labels == "zip"):count())
print(select(User):where(User.keywords:contains(user.keywords[1])))
user.keywords:remove(user.keywords[1])
s:commit()
print(user.keywords, s:query(UserKeyword):count())
user.keywords = {Keyword("q")}
s:commit()
print(user.keywords, s:query(UserKeyword):count())
print(py_isin(user.keywords[1], user.keywords), (function() local out_ = {} for k in user.keywords do  out_[#out_ + 1] = k.keyword end return out_ end)())
user.keywords:extend({Keyword("r"), Keyword("s")})
print(py_slice(user.keywords, 1, 3), user.keywords:pop(1))
user.keywords:clear()
print(user.keywords)
s:rollback()
