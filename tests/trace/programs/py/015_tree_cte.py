# db: sqlite postgresql mysql
from sqlalchemy import *
from sqlalchemy.orm import *
Base = declarative_base()
class Category(Base):
    __tablename__ = "category"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)
    parent_id = Column(Integer, ForeignKey("category.id"))
    children = relationship("Category", backref=backref("parent", remote_side=[id]), order_by="Category.id", cascade="all")
    def __repr__(self):
        return "Category(%r)" % self.name
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
session = Session(engine)
root = Category(name="root", children=[Category(name="books", children=[Category(name="sf"), Category(name="crime")]), Category(name="music")])
session.add(root)
session.commit()
def show(node, depth):
    print("  " * depth + node.name if False else node.name, depth)
    for c in node.children:
        show(c, depth + 1)
show(root, 0)
top = select(Category.id, Category.name, literal(0).label("level")).where(Category.parent_id == None).cte("tree", recursive=True)
c = aliased(Category, name="c")
tree = top.union_all(select(c.id, c.name, top.c.level + 1).where(c.parent_id == top.c.id))
for row in session.execute(select(tree).order_by(tree.c.level, tree.c.id)):
    print(row.level, row.name)
parent = aliased(Category)
print(session.query(Category.name, parent.name).join(parent, Category.parent_id == parent.id).order_by(Category.id).all())
print(session.query(Category).join(Category.parent.of_type(parent)).filter(parent.name == "books").order_by(Category.id).all())
print(session.query(Category).options(joinedload(Category.children).joinedload(Category.children)).filter(Category.parent_id.is_(None)).all())
sf = session.query(Category).filter_by(name="sf").one()
print(sf.parent.parent.name)
session.delete(root.children[0])
session.commit()
print(session.query(func.count(Category.id)).scalar())
