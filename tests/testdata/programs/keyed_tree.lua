-- An adjacency list with attribute_keyed_dict and recursion_depth.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = class("Base", DeclarativeBase, {})
do
  local id = mapped_column(Integer, {primary_key = true})
  TreeNode = class("TreeNode", Base, {
    __tablename__ = "tree",
    id = id,
    parent_id = mapped_column(ForeignKey("tree.id")),
    name = mapped_column(String, {nullable = false}),
    children = relationship("TreeNode", {cascade = "all, delete-orphan", back_populates = "parent", collection_class = attribute_keyed_dict("name")}),
    parent = relationship("TreeNode", {back_populates = "children", remote_side = id}),
    __init__ = function(self, name, parent)
      self.name = name
      self.parent = parent
    end,
    __repr__ = function(self)
      return string.format("TreeNode(name=%s, id=%s, parent_id=%s)", repr(self.name), repr(self.id), repr(self.parent_id))
    end,
  })
end
engine = create_engine(DBURL, {echo = true})
Base.metadata:create_all(engine)
dump = function(node, indent)
  print("", indent, node)
  for c in node.children:values() do
    dump(c, indent + 1)
  end
end
with(Session(engine), function(session)
  node = TreeNode("rootnode")
  TreeNode("node1", node)
  TreeNode("node3", node)
  node2 = TreeNode("node2")
  TreeNode("subnode1", node2)
  node.children["node2"] = node2
  TreeNode("subnode2", node.children["node2"])
  dump(node, 0)
  session:add(node)
  session:commit()
  dump(node, 0)
  session:delete(node.children["node1"])
  session:commit()
  dump(node, 0)
  session:expunge_all()
  node = session:scalars(select(TreeNode):options(selectinload(TreeNode.children, {recursion_depth = 4})):filter(TreeNode.name == "rootnode")):one()
  dump(node, 0)
  session:delete(node)
  session:commit()
end)
