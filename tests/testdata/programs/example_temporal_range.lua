-- SQLAlchemy's example temporal_range.py.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
HasTemporal = class("HasTemporal", nil, {
  timestamp = Column(DateTime, {default = function() return datetime.now() end, nullable = false}),
})
temporal_range = function(range_lower, range_upper)
  return with_loader_criteria(HasTemporal, function(cls) return cls.timestamp:between(range_lower, range_upper) end, {include_aliases = true})
end
Base = declarative_base()
Parent = class("Parent", {HasTemporal, Base}, {
  __tablename__ = "parent",
  id = Column(Integer, {primary_key = true}),
  children = relationship("Child"),
})
Child = class("Child", {HasTemporal, Base}, {
  __tablename__ = "child",
  id = Column(Integer, {primary_key = true}),
  parent_id = Column(Integer, ForeignKey("parent.id"), {nullable = false}),
})
engine = create_engine(DBURL, {echo = true})
Base.metadata:create_all(engine)
Session = sessionmaker{bind = engine}
sess = Session()
c1, c2, c3, c4, c5 = Child{timestamp = datetime(2009, 10, 15, 12, 0, 0)}, Child{timestamp = datetime(2009, 10, 17, 12, 0, 0)}, Child{timestamp = datetime(2009, 10, 20, 12, 0, 0)}, Child{timestamp = datetime(2009, 10, 12, 12, 0, 0)}, Child{timestamp = datetime(2009, 10, 17, 12, 0, 0)}
p1 = Parent{timestamp = datetime(2009, 10, 15, 12, 0, 0), children = {c1, c2, c3}}
p2 = Parent{timestamp = datetime(2009, 10, 17, 12, 0, 0), children = {c4, c5}}
sess:add_all({p1, p2})
sess:commit()
parents = sess:query(Parent):populate_existing():options(temporal_range(datetime(2009, 10, 16, 12, 0, 0), datetime(2009, 10, 18, 12, 0, 0))):all()
print(parents[1])
print(parents[1].children)
sess:expire_all()
parents = sess:query(Parent):options(temporal_range(datetime(2009, 10, 16, 12, 0, 0), datetime(2009, 10, 18, 12, 0, 0))):options(selectinload(Parent.children)):all()
print(parents[1])
print(parents[1].children)
sess:expire_all()
print("------------------")
parents = sess:execute(select(Parent):execution_options{populate_existing = true}:options(temporal_range(datetime(2009, 10, 15, 11, 0, 0), datetime(2009, 10, 18, 12, 0, 0))):join(Parent.children):filter(Child.id == 2)):scalars():all()
print(parents[1])
print("-------------------")
print(parents[1].children)
