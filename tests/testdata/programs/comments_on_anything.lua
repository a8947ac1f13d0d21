-- A relationship in a mixin with a primaryjoin of its own.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
Comment = class("Comment", Base, {
  __tablename__ = "comment",
  id = Column(Integer, {primary_key = true}),
  body = Column(String),
  target_type = Column(String(20)),
  target_id = Column(Integer),
})
HasComments = class("HasComments", nil, {
  comments = declared_attr(function(cls)
    return relationship(Comment, {primaryjoin = function() return and_(foreign(Comment.target_id) == cls.id, Comment.target_type == cls.__name__:lower()) end, viewonly = false, overlaps = "comments", order_by = Comment.id})
  end),
})
Photo = class("Photo", {HasComments, Base}, {
  __tablename__ = "photo",
  id = Column(Integer, {primary_key = true}),
  url = Column(String),
})
Video = class("Video", {HasComments, Base}, {
  __tablename__ = "video",
  id = Column(Integer, {primary_key = true}),
  title = Column(String),
})
setp = function(target, value, initiator)
  value.target_type = "photo"
end
event.listen(Photo.comments, "append", setp)
setv = function(target, value, initiator)
  value.target_type = "video"
end
event.listen(Video.comments, "append", setv)
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
s = Session(engine)
p = Photo{url = "u"}
v = Video{title = "t"}
p.comments:append(Comment{body = "nice"})
v.comments:append(Comment{body = "boring"})
v.comments:append(Comment{body = "long"})
s:add_all({p, v})
s:commit()
print((function() local out_ = {} for c in p.comments do  out_[#out_ + 1] = c.body end return out_ end)(), (function() local out_ = {} for c in v.comments do  out_[#out_ + 1] = c.body end return out_ end)())
print(s:scalars(select(Video):where(Video.comments:any{body = "long"})):one().title)
print(s:execute(select(Photo.url, func.count(Comment.id)):outerjoin(Photo.comments):group_by(Photo.url)):all())
