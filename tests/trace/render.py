"""The program of a test: which operations are needed, what is written where, in Lua."""
import re

import spell
import values
from functions import Translator
from nodes import Check, Dict, Echo, Func, List, Node, Raised, Text, Untraceable, collect
from record import Leave, METHOD_OPS, OPS, RawParts

LIST = """LIST = function(x) local t = {} for e in x do t[#t + 1] = e end return t end
"""
TRY = """TRY = function(f)
  local ok, e = pcall(f)
  if ok then print("!no error") return end
  local c, m
  if type(e) ~= "string" then pcall(function() c, m = e.class, e.message end) end
  if c ~= nil then print("!" .. tostring(c) .. "|" .. tostring(m))
  elseif tostring(e):find("@user", 1, true) then print("!user")
  else print("!lua " .. tostring(e)) end
end
"""
CLEAR = "CLEAR = function(t) for k in pairs(t) do t[k] = nil end end\n"
ENGINE = 'engine = create_engine("sqlite://", {echo = true})\n'
ATTACHED = """engine = create_engine("sqlite://")
with(engine:connect(), function(c) c:exec_driver_sql("ATTACH DATABASE ':memory:' AS test_schema") end)
engine.echo = true
"""
PYTHON_ERRORS = {"AttributeError", "TypeError", "KeyError", "ValueError", "AssertionError", "IndexError", "NotImplementedError",
                 "RuntimeError", "NameError", "LookupError", "OverflowError", "RecursionError"}


class Program:
    def __init__(self, rec, reserved):
        self.rec = rec
        self.lines = []
        self.expect = []
        self.names = set(reserved)
        self.live = []
        self.texts = {}
        self.need_list = self.need_try = False
        self.stop = self.bad = None
        self.badwhy = ""
        self.late = False

    # ---------------------------------------------------------------- which
    def resolve(self, x):
        """Functions are spelt now, when all objects are known."""
        if isinstance(x, Func):
            if x.lua is None:
                x.lua = Translator(x.fn, self.rec.spell).run()
                x.free = [p for p in x.lua if not isinstance(p, str)]
                for p in x.free:
                    self.resolve(p)
        elif isinstance(x, List):
            for y in x.items:
                self.resolve(y)
        elif isinstance(x, Dict):
            for k, v in x.items:
                self.resolve(k)
                try:
                    self.resolve(v)
                except Untraceable:
                    if not isinstance(v, Func) or k in ("__init__", "__eq__", "__composite_values__"):
                        raise
                    v.lua, v.free = [], []
        elif isinstance(x, (list, tuple)):
            for y in x:
                self.resolve(y)
        elif isinstance(x, dict):
            for y in x.values():
                self.resolve(y)

    def mark(self, n):
        n.uses += 1
        if n.scope is self.rec.modules and n not in self.live:
            self.live.append(n)
        if n.always and n.visited:
            # what is written in place uses its parts each time
            for r in n.refs():
                self.mark(r)
            return
        self.visit(n)

    def visit(self, n):
        if n.visited:
            return
        n.visited = True
        if n.taint:
            raise Untraceable(n.taint)
        for part in (n.args, n.kw, n.name, n.base):
            self.resolve(part)
        for r in n.refs():
            self.mark(r)

    def roots(self, events):
        """Marks what is needed; False when something that is needed cannot be written."""
        for e in events:
            try:
                if isinstance(e, Node):
                    if e.kind == "block":
                        self.visit(e)
                        e.uses += 1
                        if not self.roots(e.body):
                            return False
                    elif not (e.droppable and e.error is None and not e.__dict__.get("thrown")) and not self.passive(e):
                        self.visit(e)
                elif isinstance(e, Check):
                    for p in e.parts:
                        if isinstance(p, Node):
                            self.mark(p)
            except Untraceable as why:
                self.bad = e
                self.badwhy = str(why)
                return False
        return True

    def constructed(self, events):
        """A new object that takes an object which is needed may change it: by a backref."""
        new = []

        def walk(evs):
            for e in evs:
                if e is self.bad:
                    return False
                if isinstance(e, Node):
                    if e.kind == "new" and e.droppable and e.args or e.kw:
                        new.append(e)
                    if e.kind == "block" and walk(e.body) is False:
                        return False
        walk(events)
        changed = True
        while changed:
            changed = False
            for e in new:
                if e.visited:
                    continue
                refs = []
                collect(e.args, refs)
                collect(e.kw, refs)
                if any(r.uses and hasattr(r.value, "_sa_instance_state") for r in refs):
                    try:
                        self.visit(e)
                        e.kept = changed = True
                    except Untraceable:
                        pass

    def passive(self, e):
        return e.kind == "setattr" and e.droppable and e.base.uses == 0

    def reset(self, n, seen):
        if id(n) in seen:
            return
        seen.add(id(n))
        n.uses, n.var, n.inline, n.visited = 0, "engine" if n.kind == "engine" else None, False, False
        n.kept = False
        for part in (n.args, n.kw, n.name, n.base):
            self.unresolve(part)
        for r in n.refs():
            self.reset(r, seen)
        if n.body:
            self.reset_events(n.body, seen)

    def unresolve(self, x):
        if isinstance(x, Func):
            x.lua, x.free = None, []
        elif isinstance(x, List):
            for y in x.items:
                self.unresolve(y)
        elif isinstance(x, Dict):
            for k, v in x.items:
                self.unresolve(v)
        elif isinstance(x, (list, tuple)):
            for y in x:
                self.unresolve(y)
        elif isinstance(x, dict):
            for y in x.values():
                self.unresolve(y)

    def reset_events(self, events, seen):
        for e in events:
            if isinstance(e, Node):
                self.reset(e, seen)
            elif isinstance(e, Check):
                for p in e.parts:
                    if isinstance(p, Node):
                        self.reset(p, seen)

    def build(self, cls_events, test_events, cut):
        rec = self.rec
        seen = set()
        for ev in (cls_events, test_events, rec.modules.events):
            self.reset_events(ev, seen)
        if self.roots(cls_events):
            self.roots(test_events)
        self.constructed(cls_events + test_events)
        # module level: what is used, and what changes what is used
        changed = True
        mods = [e for e in rec.modules.events if isinstance(e, Node)]
        while changed:
            changed = False
            for e in mods:
                if e.uses or e in self.live or e.taint or e.error is not None:
                    continue
                if e.droppable or e.kind in ("block",) or e.check is not None:
                    continue
                refs = e.refs()
                if e.kind in ("method", "call", "setattr", "setindex", "class") and e.kind != "class":
                    if any(r.uses and r.scope is rec.modules for r in refs) and all(r.uses for r in refs if r.kind in ("class",)):
                        if not e.void and e.pure:
                            continue
                        if True:
                            if e.kind == "method" and not e.void or e.kind == "call" and e.name not in ("Table", "Index") and not e.void:
                                continue
                            if e.kind == "call" and e.name == "Table":
                                continue
                            self.live.append(e)
                            self.visit(e)
                            changed = True
        events = sorted(self.live, key=lambda n: n.seq)
        self.decide(events + cls_events + test_events)
        self.emit(events, "", False)
        self.emit(cls_events, "", True)
        self.emit(test_events, "", True)

    # ---------------------------------------------------------------- how
    def decide(self, events):
        """Which nodes are written where they are used."""
        flat = []

        def walk(evs):
            for e in evs:
                if isinstance(e, Node):
                    flat.append(e)
                    if e.kind == "block":
                        walk(e.body)
                elif isinstance(e, Check):
                    flat.append(e)
        walk(events)
        for e in flat:
            # what is written several times needs its base in a variable
            if isinstance(e, Node) and e.light and e.pure and e.uses > 1:
                b = e.base
                while isinstance(b, Node):
                    b.uses += 1
                    if not (b.light and b.pure):
                        break
                    b = b.base
        for i, e in enumerate(flat):
            if not isinstance(e, Node) or e.kind in ("block", "class", "derived", "param", "shared"):
                continue
            if e.error is not None or e.__dict__.get("thrown") or e.void or e.__dict__.get("never"):
                continue
            if e.light and e.pure:
                e.inline = True
            elif e.pure and e.uses <= 1:
                e.inline = True
            elif e.uses == 1 and not e.entity and i + 1 < len(flat) and isinstance(flat[i + 1], Node) and \
                    flat[i + 1].base is e and e.check is None and not isinstance(e.value, (list, tuple, dict, set)) \
                    and flat[i + 1].kind in ("method", "block"):
                e.inline = True

    def var(self, n):
        if n.var is None:
            hint = n.hint or default_hint(n)
            if type(n.value).__name__ == "Table" and isinstance(n.value.name, str):
                hint = n.value.name
            hint = re.sub(r"[^A-Za-z0-9_]", "_", hint)
            if hint in spell.RESERVED or hint in self.names or hint.startswith("_"):
                hint = hint.lstrip("_") or "x"
                k = 1
                while "%s_%d" % (hint, k) in self.names:
                    k += 1
                hint = "%s_%d" % (hint, k)
            self.names.add(hint)
            n.var = hint
        return n.var

    def ref(self, n, tight=False):
        if n.kind == "derived":
            return self.ref(n.base, True) + n.name
        if n.inline or n.always:
            s = self.expr(n)
            if tight and (n.kind in ("binop", "unary", "length", "raw")):
                return "(%s)" % s
            return s
        if n.taint:
            raise Untraceable(n.taint)
        if n.var is None and n.kind != "param" and not self.late:
            raise Untraceable("used before it is made: %s" % (n.name or n.kind))
        return self.var(n)

    def text(self, x, tight=False):
        if isinstance(x, Text):
            return x.s
        if isinstance(x, str):
            return x
        if isinstance(x, Node):
            return self.ref(x, tight)
        if isinstance(x, RawParts):
            return "".join(self.text(p) for p in x.items)
        if isinstance(x, List):
            return "{%s}" % ", ".join(self.text(p) for p in x.items)
        if isinstance(x, Dict):
            return "{%s}" % ", ".join("%s = %s" % (self.key(k), self.text(v)) for k, v in x.items)
        if isinstance(x, Func):
            if x.lua is None:
                raise Untraceable("a function that has no spelling")
            late, self.late = self.late, True   # its names are looked up when it is called
            try:
                return "".join(p if isinstance(p, str) else self.text(p, True) for p in x.lua)
            finally:
                self.late = late
        raise Untraceable("spelling %r" % type(x))

    def key(self, k):
        if isinstance(k, str):
            return spell.lua_key(k)
        return "[%s]" % self.text(k)

    def arguments(self, n):
        a = [self.text(x) for x in n.args]
        if n.kw:
            kw = "{%s}" % ", ".join("%s = %s" % (spell.lua_key(k), self.text(v)) for k, v in n.kw.items())
            if not a:
                return kw
            a.append(kw)
        if len(a) == 1 and isinstance(n.args[0] if n.args else None, (Dict,)) and a[0].startswith("{") and len(a[0]) > 2 \
                and n.kind in ("method",) and n.name in ("values", "filter_by"):
            return a[0]
        return "(%s)" % ", ".join(a)

    def expr(self, n):
        k = n.kind
        if k in ("call", "new"):
            if n.name == "LIST":
                self.need_list = True
            base = self.text(n.base, True)
            return base + self.arguments(n)
        if k == "method":
            return "%s:%s%s" % (self.text(n.base, True), n.name, self.arguments(n))
        if k == "dot":
            return "%s.%s%s" % (self.text(n.base, True), n.name, self.arguments(n))
        if k == "attr":
            return spell.lua_attr(self.text(n.base, True), n.name)
        if k == "index":
            s = self.text(n.name)
            m = re.match(r'^"([A-Za-z_][A-Za-z0-9_]*)"$', s)
            return "%s[%s]" % (self.text(n.base, True), s)
        if k == "shared":
            return self.text(n.args[0])
        if k == "length":
            return "#" + self.text(n.base, True)
        if k == "slice":
            s = "%s:slice(%s, %s)" % (self.text(n.base, True), self.text(n.args[0]), self.text(n.args[1]))
            return s + ":all()" + ("[1]" if n.name == "one" else "")
        if k == "binop":
            l, r = (self.text(a, True) for a in n.args)
            if n.name in METHOD_OPS:
                if isinstance(n.args[0], Text):
                    l = "literal(%s)" % l
                return "%s:%s(%s)" % (l, METHOD_OPS[n.name], r)
            if n.name in "&|":
                return "%s(%s, %s)" % ("and_" if n.name == "&" else "or_", l, r)
            return "%s %s %s" % (l, OPS[n.name], r)
        if k == "unary":
            s = self.text(n.args[0], True)
            return "-" + s if n.name == "-" else "not_(%s)" % s
        if k == "class":
            bases, body = n.args
            b = "nil" if not bases.items else self.text(bases.items[0]) if len(bases.items) == 1 else self.text(bases)
            if not body.items:
                return "class(%s%s)" % (spell.lua_str(n.name), "" if b == "nil" else ", %s, {}" % b)
            return "class(%s, %s, {\n%s})" % (spell.lua_str(n.name), b, "".join(
                "  %s = %s,\n" % (self.key(k), self.text(v)) for k, v in body.items if not (isinstance(v, Func) and not v.lua)))
        raise Untraceable("node %s" % k)

    def statement(self, n, fails):
        """The line of an operation; in a function that fails, its value is thrown away."""
        k = n.kind
        if k == "setattr":
            return "%s = %s" % (spell.lua_attr(self.text(n.base, True), n.name), self.text(n.args[0]))
        if k == "setindex":
            return "%s[%s] = %s" % (self.text(n.base, True), self.text(n.name), self.text(n.args[0]))
        e = self.expr(n)
        if fails:
            if k in ("call", "new", "method", "dot", "class") or k == "slice" and n.name == "all":
                return e
            return "local _ = " + e
        if n.check is not None:
            return "print(repr(%s))" % e
        if n.void:
            if k in ("call", "new", "method", "dot"):
                return e
            return "local _ = " + e
        if n.uses == 0 and type(n.value).__name__ in ("CursorResult", "Mapper", "RootTransaction") and k in ("call", "method"):
            return e
        v = self.var(n)
        n.var = v
        return "%s = %s" % (v, e)

    def failure(self, exc):
        if id(exc) in self.rec.user_raised or type(exc).__module__ not in ("builtins",) and not type(exc).__module__.startswith("sqlalchemy"):
            return "!user"
        return "!%s|%s" % (type(exc).__name__, normal_message(exc))

    def emit(self, events, indent, written):
        pending = None
        for e in events:
            if isinstance(e, Echo):
                self.expect.append(values.echo(e.text))
                continue
            if pending is not None:
                self.expect.append(pending)
                pending = None
            if e is self.bad:
                self.stop = self.badwhy
            if self.stop:
                return
            try:
                if isinstance(e, Check):
                    line = "".join(self.text(p, True) if i and str(getattr(e.parts[i - 1], "s", "")).endswith("#") else self.text(p)
                                   for i, p in enumerate(e.parts))
                    self.lines.append(indent + line)
                    self.expect.append(e.expect)
                elif isinstance(e, Raised):
                    self.lines.append(indent + 'do error("@user") end')
                elif isinstance(e, Node):
                    pending = self.operation(e, indent)
            except (Untraceable, spell.Unsupported) as why:
                self.stop = str(why)
                return
        if pending is not None:
            self.expect.append(pending)

    def operation(self, n, indent):
        if n.kind == "param":
            return
        if n.kind == "block":
            return self.block(n, indent)
        thrown = n.__dict__.get("thrown")
        if n.inline or n.droppable and n.uses == 0 and n.error is None and not thrown and not n.kept:
            return
        if self.passive(n):
            return
        if n.error is not None:
            self.lines.append("%sTRY(function() %s end)" % (indent, self.statement(n, True)))
            return self.failure(n.error)
        self.lines.append(indent + self.statement(n, thrown))
        return n.check if not thrown else None

    def block(self, n, indent):
        outer = indent
        if n.error is not None:
            self.lines.append(indent + "TRY(function()")
            indent += "  "
        p = ""
        cm = self.text(n.base)
        if n.param is not None:
            v = self.var(n.param)
            p = "_" + v
        self.lines.append("%swith(%s, function(%s)" % (indent, cm, p))
        if p:
            self.lines.append("%s  %s = %s" % (indent, v, p))
        self.emit(n.body, indent + "  ", True)
        if not n.done and n.error is None and not n.__dict__.get("thrown") and not self.stop:
            self.stop = "cut within a block"
        if self.stop:
            self.lines.append('%s  CUT()' % indent)
        self.lines.append(indent + "end)")
        if n.error is not None:
            self.lines.append(outer + "end)")
            return None if self.stop else self.failure(n.error)


def default_hint(n):
    v = n.value
    t = type(v).__name__
    if t in ("Session", "Connection", "Table", "Engine", "MetaData"):
        if t == "Table":
            return v.name
        return {"Session": "sess", "Connection": "conn"}.get(t, t.lower())
    if n.kind == "class":
        return n.name
    if hasattr(v, "_sa_instance_state"):
        return t[0].lower() + t[1:]
    if n.kind in ("attr",):
        return n.name
    return {"list": "rows"}.get(t, "v")


def normal_message(exc):
    return values.echo("[] " + values.message(exc))[3:]
