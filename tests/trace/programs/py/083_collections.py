from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm.collections import attribute_keyed_dict
Base = declarative_base()
class Playlist(Base):
    __tablename__ = "playlist"
    id = Column(Integer, primary_key=True)
    entries = relationship("Entry", order_by="Entry.position", collection_class=ordering_list("position", count_from=1), cascade="all, delete-orphan", backref="playlist")
    songs = association_proxy("entries", "title")
    labels = relationship("Label", collection_class=set, cascade="all, delete-orphan")
    notes = relationship("Note", collection_class=attribute_keyed_dict("lang"), cascade="all, delete-orphan")
class Entry(Base):
    __tablename__ = "entry"
    id = Column(Integer, primary_key=True)
    playlist_id = Column(ForeignKey("playlist.id"))
    position = Column(Integer)
    title = Column(String)
    def __init__(self, title):
        self.title = title
    def __repr__(self):
        return "%s:%s" % (self.position, self.title)
class Label(Base):
    __tablename__ = "label"
    id = Column(Integer, primary_key=True)
    playlist_id = Column(ForeignKey("playlist.id"))
    name = Column(String)
class Note(Base):
    __tablename__ = "note"
    id = Column(Integer, primary_key=True)
    playlist_id = Column(ForeignKey("playlist.id"))
    lang = Column(String)
    body = Column(String)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
s = Session(engine)
p = Playlist()
p.songs.append("one")
p.songs.extend(["two", "three"])
p.entries.insert(1, Entry("intro"))
print(p.entries, p.songs)
s.add(p)
s.commit()
e = p.entries.pop(0)
print(p.entries)
p.entries.append(Entry("last"))
p.entries.reorder()
s.commit()
print([x for x in p.songs])
p.songs.remove("two")
s.commit()
print(p.entries)
a = Label(name="a")
p.labels.add(a)
p.labels.add(a)
p.labels.add(Label(name="b"))
print(len(p.labels))
p.labels.discard(a)
p.notes["en"] = Note(lang="en", body="hello")
p.notes["de"] = Note(lang="de", body="hallo")
s.commit()
print(len(p.labels), sorted(p.notes.keys()), p.notes["de"].body)
del p.notes["en"]
p.notes["de"] = Note(lang="de", body="servus")
s.commit()
print([n.body for n in p.notes.values()])
s.delete(p)
s.commit()
print(s.scalar(select(func.count(Entry.id))), s.scalar(select(func.count(Note.id))))
