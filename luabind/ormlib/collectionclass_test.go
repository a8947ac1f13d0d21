package ormlib_test

import "testing"

const parents = `
engine = create_engine("sqlite://")
session = Session(engine)
Base = declarative_base()
function parent(kind)
  Parent = class("Parent", Base, {__tablename__ = "parent", id = Column(Integer, {primary_key = true}),
    children = relationship("Child", {collection_class = kind, order_by = "Child.id"})})
  Child = class("Child", Base, {__tablename__ = "child", id = Column(Integer, {primary_key = true}), name = Column(String),
    parent_id = Column(ForeignKey("parent.id")),
    __repr__ = function(self) return self.name end})
  Base.metadata:create_all(engine)
  return Parent()
end
function loaded() session:add(p) session:commit() other = Session(engine) local q = other:get(Parent, 1) local _ = q.children return q end
a, b = "a", "b"
ListLike = class("ListLike", nil, {
  __init__ = function(self) self.data = {} end,
  append = function(self, item) table.insert(self.data, item) end,
  remove = function(self, item) for i, x in ipairs(self.data) do if rawequal(x, item) then table.remove(self.data, i) end end end,
  names = function(self) local t = {} for i, x in ipairs(self.data) do t[i] = x.name end return table.concat(t, ",") end,
})
`

// Collections of a script's own classes.
func TestCollectionClasses(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"derived from list", `L = class("L", list, {names = function(self) local t = {} for x in self do table.insert(t, x.name) end return table.concat(t, ",") end}) p = parent(L) p.children = {Child{name = a}, Child{name = b}} p.children:append(Child{name = "c"}) print(p.children:names(), loaded().children:names(), isinstance(p.children, L), isinstance(p.children, list), #p.children)`, "a,b,c\ta,b,c\ttrue\ttrue\t3"},
		{"a method that calls its base's", `L = class("L", list, {append = function(self, x) x.name = x.name .. "!" list.append(self, x) end}) p = parent(L) p.children:append(Child{name = a}) print(p.children, loaded().children)`, "{a!}\t{a!}"},
		{"derived from set", `S = class("S", set, {size = function(self) return #self end}) p = parent(S) c = Child{name = a} p.children:add(c) p.children:add(c) print(p.children:size(), loaded().children:size())`, "1\t1"},
		{"derived from KeyFuncDict", `D = class("D", KeyFuncDict, {__init__ = function(self) KeyFuncDict.__init__(self, function(c) return c.name end) end, first = function(self) return self["a"] end}) p = parent(D) p.children:set(Child{name = a}) p.children["b"] = Child{name = b} print(p.children:first(), loaded().children:keys())`, "a\t{'a', 'b'}"},
		{"a class of its own", `p = parent(ListLike) p.children:append(Child{name = a}) c = Child{name = b} p.children:append(c) print(p.children:names(), #p.children) p.children:remove(c) print(p.children:names(), loaded().children:names())`, "a,b\t2\na\ta"},
		{"decorators", `B = class("B", nil, {__init__ = function(self) self.data = {} end, put = collection.appender(function(self, x) table.insert(self.data, x) end), take = collection.remover(function(self, x) for i, y in ipairs(self.data) do if rawequal(x, y) then table.remove(self.data, i) end end end), push = collection.adds(1)(function(self, x) table.insert(self.data, 1, x) return "pushed" end), pop = collection.removes_return()(function(self) return table.remove(self.data) end)}) p = parent(B) p.children:put(Child{name = a}) print(p.children:push(Child{name = b}), #p.children, p.children:pop(), #p.children, loaded().children.data)`, "pushed\t2\ta\t1\t{b}"},
		{"no remover", `parent(class("B", nil, {append = function() end})) configure_mappers()`, "Type B must elect a remover method to be a collection class"},
		{"assigned", `p = parent(ListLike) x, y = Child{name = a}, Child{name = b} p.children = {x} old = p.children p.children = {y, x} print(p.children:names())`, "b,a"},
	} {
		t.Run(c.name, func(t *testing.T) { evaluates(t, parents, c.source, c.want) })
	}
}
