-- An adjacency list: backref, recursive CTE, joined eager loading.
-- db: sqlite postgresql mysql
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
do
  local id = Column(Integer, {primary_key = true})
  Category = class("Category", Base, {
    __tablename__ = "category",
    id = id,
    name = Column(String(50), {nullable = false}),
    parent_id = Column(Integer, ForeignKey("category.id")),
    children = relationship("Category", {backref = backref("parent", {remote_side = {id}}), order_by = "Category.id", cascade = "all"}),
    __repr__ = function(self)
      return string.format("Category(%s)", repr(self.name))
    end,
  })
end
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
session = Session(engine)
root = Category{name = "root", children = {Category{name = "books", children = {Category{name = "sf"}, Category{name = "crime"}}}, Category{name = "music"}}}
session:add(root)
session:commit()
show = function(node, depth)
  print(node.name, depth)
  for c in node.children do
    show(c, depth + 1)
  end
end
show(root, 0)
top = select(Category.id, Category.name, literal(0):label("level")):where(Category.parent_id == nil):cte("tree", {recursive = true})
c = aliased(Category, {name = "c"})
tree = top:union_all(select(c.id, c.name, top.c.level + 1):where(c.parent_id == top.c.id))
for row in session:execute(select(tree):order_by(tree.c.level, tree.c.id)) do
  print(row.level, row.name)
end
parent = aliased(Category)
print(session:query(Category.name, parent.name):join(parent, Category.parent_id == parent.id):order_by(Category.id):all())
print(session:query(Category):join(Category.parent:of_type(parent)):filter(parent.name == "books"):order_by(Category.id):all())
print(session:query(Category):options(joinedload(Category.children):joinedload(Category.children)):filter(Category.parent_id:is_(nil)):all())
sf = session:query(Category):filter_by{name = "sf"}:one()
print(sf.parent.parent.name)
session:delete(root.children[1])
session:commit()
print(session:query(func.count(Category.id)):scalar())
