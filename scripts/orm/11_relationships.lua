-- Part 11 of the curriculum: relationships, and what their loading costs.

Base = declarative_base()
User = class("User", Base, {
  __tablename__ = "user",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  addresses = relationship("Address", {back_populates = "user", order_by = "Address.id", cascade = "all, delete-orphan"}),
  __repr__ = function(self) return "<User " .. self.name .. ">" end,
})
Address = class("Address", Base, {
  __tablename__ = "address",
  id = Column(Integer, {primary_key = true}),
  email = Column(String, {nullable = false}),
  user_id = Column(Integer, ForeignKey("user.id")),
  user = relationship("User", {back_populates = "addresses"}),
  __repr__ = function(self) return "<Address " .. self.email .. ">" end,
})
engine = create_engine("sqlite://")
Base.metadata:create_all(engine)
session = Session(engine)

print("--- both sides are one thing")

jack = User{name = "jack"}
print(jack.addresses)
jack.addresses = {Address{email = "jack@google.com"}, Address{email = "j25@yahoo.com"}}
print(jack.addresses[2].user)

print("--- the flush puts rows in order, and fills in foreign keys")

engine.echo = true
session:add(jack)
session:commit()
engine.echo = false
session:add(User{name = "wendy", addresses = {Address{email = "wendy@aol.com"}}})
session:commit()

print("--- lazy loading: one SELECT for each user")

engine.echo = true
session:expunge_all()
for user in session:scalars(select(User):order_by(User.name)) do print(user, user.addresses) end

print("--- selectinload: two SELECTs whatever the number")

session:expunge_all()
for user in session:scalars(select(User):options(selectinload(User.addresses)):order_by(User.id)) do print(user, user.addresses) end

print("--- joinedload: one")

session:expunge_all()
for address in session:scalars(select(Address):options(joinedload(Address.user)):order_by(Address.id)) do print(address, address.user) end
engine.echo = false

print("--- asking along a relationship")

print(select(User.name, Address.email):join(User.addresses))
print(session:query(User):join(User.addresses):filter(Address.email == "j25@yahoo.com"):all())
print(session:query(User):filter(User.addresses:any(Address.email:like("wendy%"))):all())
print(session:query(Address):filter(Address.user:has{name = "jack"}):order_by(Address.id):all())
jack = session:query(User):filter_by{name = "jack"}:one()
print(session:query(Address):filter(Address.user == jack):count())

print("--- cascades: an address without a user is deleted, a user takes theirs along")

engine.echo = true
jack.addresses:remove(jack.addresses[2])
session:flush()
session:delete(jack)
session:flush()
engine.echo = false
print(session:query(Address):all())
session:commit()

print("--- many to many")

post_keywords = Table("post_keywords", Base.metadata,
  Column("post_id", nil, ForeignKey("post.id"), {primary_key = true}),
  Column("keyword_id", nil, ForeignKey("keyword.id"), {primary_key = true}))
Post = class("Post", Base, {
  __tablename__ = "post",
  id = Column(Integer, {primary_key = true}),
  headline = Column(String),
  keywords = relationship("Keyword", {secondary = post_keywords, back_populates = "posts"}),
})
Keyword = class("Keyword", Base, {
  __tablename__ = "keyword",
  id = Column(Integer, {primary_key = true}),
  word = Column(String, {unique = true}),
  posts = relationship("Post", {secondary = post_keywords, back_populates = "keywords"}),
})
Base.metadata:create_all(engine)
post = Post{headline = "Wendy's post"}
post.keywords:append(Keyword{word = "wendy"})
post.keywords:append(Keyword{word = "firstpost"})
session:add(post)
session:commit()
print(session:query(Post.headline):filter(Post.keywords:any{word = "firstpost"}):all())
print(#session:query(Keyword):filter_by{word = "wendy"}:one().posts)
session:close()
