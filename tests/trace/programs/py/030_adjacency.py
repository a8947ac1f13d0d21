from typing import Optional, List
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.orm import attribute_keyed_dict
class Base(DeclarativeBase):
    pass
class TreeNode(Base):
    __tablename__ = "tree"
    id = mapped_column(Integer, primary_key=True)
    parent_id = mapped_column(ForeignKey("tree.id"))
    name = mapped_column(String, nullable=False)
    children = relationship("TreeNode", cascade="all, delete-orphan", back_populates="parent", collection_class=attribute_keyed_dict("name"))
    parent = relationship("TreeNode", back_populates="children", remote_side=id)
    def __init__(self, name, parent=None):
        self.name = name
        self.parent = parent
    def __repr__(self):
        return "TreeNode(name=%r, id=%r, parent_id=%r)" % (self.name, self.id, self.parent_id)
engine = create_engine(DBURL, echo=True)
Base.metadata.create_all(engine)
def dump(node, indent):
    print(("   " * indent if False else ""), indent, node)
    for c in node.children.values():
        dump(c, indent + 1)
with Session(engine) as session:
    node = TreeNode("rootnode")
    TreeNode("node1", parent=node)
    TreeNode("node3", parent=node)
    node2 = TreeNode("node2")
    TreeNode("subnode1", parent=node2)
    node.children["node2"] = node2
    TreeNode("subnode2", parent=node.children["node2"])
    dump(node, 0)
    session.add(node)
    session.commit()
    dump(node, 0)
    session.delete(node.children["node1"])
    session.commit()
    dump(node, 0)
    session.expunge_all()
    node = session.scalars(select(TreeNode).options(selectinload(TreeNode.children, recursion_depth=4)).filter(TreeNode.name == "rootnode")).one()
    dump(node, 0)
    session.delete(node)
    session.commit()
