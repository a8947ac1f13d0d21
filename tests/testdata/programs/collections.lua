-- Ordering_list, sets, keyed dictionaries, proxies.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
Playlist = class("Playlist", Base, {
  __tablename__ = "playlist",
  id = Column(Integer, {primary_key = true}),
  entries = relationship("Entry", {order_by = "Entry.position", collection_class = ordering_list("position", {count_from = 1}), cascade = "all, delete-orphan", backref = "playlist"}),
  songs = association_proxy("entries", "title"),
  labels = relationship("Label", {collection_class = set, cascade = "all, delete-orphan"}),
  notes = relationship("Note", {collection_class = attribute_keyed_dict("lang"), cascade = "all, delete-orphan"}),
})
Entry = class("Entry", Base, {
  __tablename__ = "entry",
  id = Column(Integer, {primary_key = true}),
  playlist_id = Column(ForeignKey("playlist.id")),
  position = Column(Integer),
  title = Column(String),
  __init__ = function(self, title)
    self.title = title
  end,
  __repr__ = function(self)
    return string.format("%s:%s", tostring(self.position), tostring(self.title))
  end,
})
Label = class("Label", Base, {
  __tablename__ = "label",
  id = Column(Integer, {primary_key = true}),
  playlist_id = Column(ForeignKey("playlist.id")),
  name = Column(String),
})
Note = class("Note", Base, {
  __tablename__ = "note",
  id = Column(Integer, {primary_key = true}),
  playlist_id = Column(ForeignKey("playlist.id")),
  lang = Column(String),
  body = Column(String),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
s = Session(engine)
p = Playlist()
p.songs:append("one")
p.songs:extend({"two", "three"})
p.entries:insert(2, Entry("intro"))
print(p.entries, p.songs)
s:add(p)
s:commit()
e = p.entries:pop(1)
print(p.entries)
p.entries:append(Entry("last"))
p.entries:reorder()
s:commit()
print((function() local out_ = {} for x in p.songs do  out_[#out_ + 1] = x end return out_ end)())
p.songs:remove("two")
s:commit()
print(p.entries)
a = Label{name = "a"}
p.labels:add(a)
p.labels:add(a)
p.labels:add(Label{name = "b"})
print(#p.labels)
p.labels:discard(a)
p.notes["en"] = Note{lang = "en", body = "hello"}
p.notes["de"] = Note{lang = "de", body = "hallo"}
s:commit()
print(#p.labels, sorted(p.notes:keys()), p.notes["de"].body)
p.notes["en"] = nil
p.notes["de"] = Note{lang = "de", body = "servus"}
s:commit()
print((function() local out_ = {} for n in p.notes:values() do  out_[#out_ + 1] = n.body end return out_ end)())
s:delete(p)
s:commit()
print(s:scalar(select(func.count(Entry.id))), s:scalar(select(func.count(Note.id))))
