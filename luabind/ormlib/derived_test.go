package ormlib_test

import "testing"

// Classes of scripts that derive from the library's.
func TestDerivedClasses(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"Session", `S = class("S", Session, {names = function(self) return self:scalars(select(User.name)):all() end}) s = S(engine) print(s:names(), isinstance(s, S), isinstance(s, Session), s.__class__ == S, isinstance(session, S))`, "{'ed'}\ttrue\ttrue\ttrue\tfalse"},
		{"a method that calls its base's", `S = class("S", Session, {add = function(self, o) print("add") Session.add(self, o) end}) s = S(engine) s:add(User{name = "x"}) print(#s.new)`, "add\n1"},
		{"__init__", `S = class("S", Session, {__init__ = function(self, bind, tenant) self.tenant = tenant Session.__init__(self, bind) self.n = 1 end}) s = S(engine, "t1") s.n = s.n + 1 print(s.tenant, s.n, s:scalar(select(func.count(User.id))), object_session(s:get(User, 1)) == s)`, "t1\t2\t1\ttrue"},
		{"an __init__ that does not call its base's", `S = class("S", Session, {__init__ = function(self) self.x = 1 end}) S()`, "TypeError: the __init__ of S does not call Session.__init__"},
		{"an attribute before", `S = class("S", Session, {__init__ = function(self) self:commit() end}) S()`, "'S' object has no attribute 'commit': its __init__ has not called Session.__init__ yet"},
		{"sessionmaker", `S = class("S", Session, {hi = function() return "hi" end}) M = sessionmaker{bind = engine, class_ = S} print(M():hi(), scoped_session(M)():hi()) with(M:begin(), function(s) print(s:hi()) end)`, "hi\thi\nhi"},
		{"events of a class of sessions", `S = class("S", Session, {}) event.listen(S, "after_commit", function() print("committed") end) s = S(engine) s:execute(text("select 1")) s:commit() session:commit()`, "committed"},
		{"a mixin and a property", `M = class("M", nil, {shout = property(function(self) return "!" end)}) S = class("S", {M, Session}, {}) T = class("T", S, {}) print(T(engine).shout, isinstance(T(engine), M))`, "!\ttrue"},
		{"get_bind", `other = create_engine("sqlite://") Base.metadata:create_all(other) S = class("S", Session, {get_bind = function(self, mapper, clause) if self._flushing then return engine end if mapper and mapper.class_ == Post then return other end return Session.get_bind(self, mapper, {clause = clause}) end}) s = S(engine) print(#s:query(User):all(), #s:query(Post):all())`, "1\t0"},
		{"Query", `Q = class("Q", Query, {named = function(self, n) return self:filter_by{name = n} end}) s = Session(engine, {query_cls = Q}) print(s:query(User):named("ed"):count(), Q(User, session):filter(User.id > 0):named("x"):count(), isinstance(s:query(User), Q))`, "1\t0\ttrue"},
		{"Query's own attribute", `Q = class("Q", Query, {}) q = Q(User, session) q.tag = "t" p = q:filter(User.id > 0) p.tag = p.tag .. "2" print(q.tag, p.tag)`, "t\tt2"},
		{"Bundle", `D = class("D", Bundle, {create_row_processor = function(self, query, procs, labels) return function(row) local t = {} for i, l in ipairs(labels) do t[l] = procs[i](row) end return t end end}) b = D("b", User.id, User.name) for row in session:execute(select(b)) do print(row.b.name, row.b.id) end print(b.c.name, isinstance(b, Bundle))`, "ed\t1\nUser.name\ttrue"},
		{"Bundle calls its base's", `D = class("D", Bundle, {create_row_processor = function(self, q, procs, labels) local f = Bundle.create_row_processor(self, q, procs, labels) return function(row) return #f(row) end end}) print(session:scalar(select(D("b", User.id, User.name))))`, "2"},
		{"scoped_session", `S = class("S", scoped_session, {twice = function(self) return self(), self() end}) a, b = S(sessionmaker(engine)):twice() print(a == b)`, "true"},
		{"__repr__", `S = class("S", Session, {__repr__ = function(self) return "<S>" end}) print(S(engine))`, "<S>"},
		{"sharded", `S = class("S", ShardedSession, {hi = function() return "hi" end}) s = S{shards = {a = engine}, shard_chooser = function() return "a" end, identity_chooser = function() return {"a"} end, execute_chooser = function() return {"a"} end} print(s:hi(), s:get(User, 1))`, "hi\t<User ed>"},
	} {
		t.Run(c.name, func(t *testing.T) { evaluates(t, setup, c.source, c.want) })
	}
}
