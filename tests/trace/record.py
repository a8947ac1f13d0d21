"""The recorder: does what the test says, and takes it down as operations with values."""
import builtins
import contextlib
import enum
import logging
import sys
import types
from collections import Counter

import rewrite
import spell
import values
from functions import Translator, lua_expression
from nodes import Check, Dict, Echo, Func, List, Node, Raised, Text, Untraceable, collect

DECLARED_ATTR = [None]
MISSING = object()
PLAIN = (list, tuple, dict, set, frozenset)
NULL_RESULT = {"get", "first", "scalar", "one_or_none", "scalar_one_or_none", "fetchone", "get_default", "pop", "object_session",
               "in_nested_transaction", "get_nested_transaction", "get_transaction", "next"}
UNDERSCORED = {"_mapping", "_fields", "_asdict", "_tuple", "_t", "__table__", "__mapper__", "__class__"}
OPS = {"==": "==", "!=": "~=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "+": "+", "-": "-", "*": "*", "/": "/", "%": "%"}
READING = {"_compile_state", "_compile_context", "_generate_cache_key", "_prefer_eager_defaults", "_no_criterion_assertion",
           "__clause_element__", "_get_options", "_all_selected_columns", "_is_modified", "_has_events", "_is_orphan",
           "_mappers_from_spec", "_getter", "_adapt_to_context", "_optimized_get_statement", "_get_sentinel_column_for_table",
           "_create_result_map", "_compare_type_affinity", "_with_polymorphic_args", "_annotate", "_deannotate", "_get_pending_mutation"}
METHOD_OPS = {"//": "floordiv", "<<": "bitwise_lshift", ">>": "bitwise_rshift"}
INDEX_ARG = {"insert": 0, "pop": 0}
PYOPS = {}


def _pyops():
    import operator as o
    PYOPS.update({"+": o.add, "-": o.sub, "*": o.mul, "/": o.truediv, "%": o.mod, "//": o.floordiv, "&": o.and_, "|": o.or_, "^": o.xor,
                  "<<": o.lshift, ">>": o.rshift, "**": o.pow, "==": o.eq, "!=": o.ne, "<": o.lt, "<=": o.le, ">": o.gt, ">=": o.ge})
    IPY.update({"+": o.iadd, "-": o.isub, "|": o.ior, "&": o.iand, "^": o.ixor, "*": o.imul, "/": o.itruediv, "%": o.imod})


IPY = {}


class Scope:
    def __init__(self, name):
        self.name = name
        self.events = []
        self.known = {}
        self.cut = self.at = None


class Recorder:
    def __init__(self):
        self.on = False
        self.depth = 0
        self.modules = Scope("module")
        self.cls = Scope("class")
        self.test = Scope("test")
        self.scope = self.modules
        self.blocks = []          # open with-blocks of the current scope
        self.reasons = Counter()
        self.pending = []         # class bodies
        self.special = {}
        self.extra = {}           # id -> spelling of further public objects
        self.keep = []
        self.user_raised = {}
        self.mocks = {}
        self.mock_ok = False
        self.test_shared = {}
        self.ready = False
        self.cutwhy = None
        self.echo_handler = EchoHandler(self)

    # ------------------------------------------------------------ set up
    def start(self):
        """After SQLAlchemy is imported."""
        if self.ready:
            return
        _pyops()
        import support
        support.fill(self)
        log = logging.getLogger("sqlalchemy.engine.Engine")
        log.setLevel(logging.INFO)
        log.propagate = False
        log.addHandler(self.echo_handler)
        self.ready = True

    @contextlib.contextmanager
    def module(self, name):
        saved = self.scope, self.on, self.depth, self.blocks
        try:
            self.start()
            self.scope, self.on, self.depth, self.blocks = self.modules, True, 0, []
            yield
        finally:
            self.scope, self.on, self.depth, self.blocks = saved

    def begin_class(self):
        self.cls = Scope("class")
        self.test = Scope("test")

    def begin_test(self):
        self.test_shared, self.mocks = {}, {}
        self.test = Scope("test")
        self.blocks = []

    def use(self, scope):
        self.scope = scope
        self.on = scope.cut is None and self.cls.cut is None

    # ------------------------------------------------------------ the record
    @property
    def events(self):
        return self.blocks[-1].body if self.blocks else self.scope.events

    def cut(self, why):
        if not self.on:
            return
        if self.scope is self.modules:
            return
        self.scope.cut = why
        self.scope.at = where_now()
        self.on = False

    def node_of(self, v):
        for s in (self.test, self.cls, self.modules):
            e = s.known.get(id(v))
            if e is not None:
                return e[1]
        return None

    def register(self, v, node):
        node.value = v
        self.scope.known[id(v)] = (v, node)

    def elements(self, v, node, depth=0):
        """Objects within a plain container or a row are reached through it."""
        if depth > 3:
            return
        t = type(v)
        if t in (list, tuple) or t.__name__ == "Row":
            for i, x in enumerate(v):
                if values.is_scalar(x) or self.node_of(x) is not None:
                    continue
                if isinstance(x, type) or isinstance(x, types.FunctionType):
                    continue
                d = Node("derived", node, "[%d]" % (i + 1), pure=True, droppable=True, light=True)
                if type(x) not in PLAIN:
                    self.register(x, d)
                else:
                    self.keep.append(x)
                self.elements(x, d, depth + 1)
        elif t is dict or t.__name__ == "immutabledict":
            for k, x in v.items():
                if isinstance(k, str) and not values.is_scalar(x) and self.node_of(x) is None:
                    d = Node("derived", node, "[%s]" % spell.lua_str(k), pure=True, droppable=True, light=True)
                    if type(x) not in PLAIN:
                        self.register(x, d)
                    self.elements(x, d, depth + 1)

    # ------------------------------------------------------------ spelling
    def spell(self, v, null="nil"):
        if v is None:
            return Text(null)
        s = self.scalar(v)
        if s is not None:
            return Text(s)
        t = type(v)
        n = self.node_of(v)
        if t is tuple and n is not None and n.value is v and n.name == "backref":
            return n
        if t in (list, tuple):
            return List([self.spell(x, "null") for x in v])
        if t in (set, frozenset):
            try:
                v = sorted(v)
            except Exception:
                v = list(v)
            return List([self.spell(x, "null") for x in v])
        if t is dict or t.__name__ == "OrderedDict":
            return Dict([(k if isinstance(k, str) else self.spell(k, "null"), self.spell(x, "null")) for k, x in v.items()])
        n = self.node_of(v)
        if n is not None:
            if n.taint:
                raise Untraceable(n.taint)
            return n
        c = self.canon(v)
        if c is not None:
            return Text(c)
        if isinstance(v, enum.Enum):
            raise Untraceable("an enum value")
        if isinstance(v, types.FunctionType):
            self.share_cells(v)
            if any(type(c).__name__ in ("Mock", "MagicMock") for c in cells(v)):
                try:
                    Translator(v, self.spell).run()   # finds its mocks
                except Exception:
                    pass
            return Func(v)
        if t.__name__ in ("Mock", "MagicMock") and self.mock_ok:
            import support
            return support.spell_mock(self, v)
        if isinstance(v, (types.MethodType, types.BuiltinMethodType)) and getattr(v, "__self__", None) is not None:
            if isinstance(v, types.MethodType) and v.__func__.__code__.co_filename in rewrite.files:
                raise Untraceable("a method of the test")
            n = self.node_of(v.__self__)
            if n is not None and not isinstance(v.__self__, PLAIN):
                return Text2("function(...) return ", n, ":%s(...) end" % v.__name__)
        s = self.synthesize(v)
        if s is not None:
            return s
        name = type(v).__name__
        if isinstance(v, type):
            name = "class " + v.__name__
        raise Untraceable("unknown " + name)

    def share_cells(self, fn, depth=0):
        """Plain lists and dicts that a callback reaches become Lua tables which it shares with the program."""
        if fn.__code__.co_filename not in rewrite.files or depth > 3:
            return
        for c in fn.__closure__ or ():
            try:
                x = c.cell_contents
            except ValueError:
                continue
            if type(x) in (list, dict) and self.shared(x) is None and self.on:
                try:
                    n = Node("shared", args=[self.spell(x)], droppable=True)
                except Untraceable:
                    continue
                n.void = False
                n.value = x
                n.hint = fn.__code__.co_freevars[list(fn.__closure__).index(c)]
                self.place(n)
                self.test_shared[id(x)] = (x, n)
            elif isinstance(x, types.FunctionType):
                self.share_cells(x, depth + 1)

    def shared(self, x):
        e = self.test_shared.get(id(x))
        return e[1] if e is not None and e[0] is x else None

    def check_shared(self, n, x):
        try:
            text = values.lrepr(x)
            if "0x" not in text:
                self.events.append(Check([Text("print(repr("), n, Text("))")], text))
        except values.NoForm:
            if type(x) is list:
                self.events.append(Check([Text("print(#"), n, Text(")")], str(len(x))))

    def change_shared(self, obj, name, args):
        n = self.shared(obj)
        if n is None or self.quiet():
            return
        try:
            if name == "append":
                self.place(Node("call", Text("table.insert"), args=[n, self.spell(args[0], "null")]))
            elif name == "clear":
                self.place(Node("call", Text("CLEAR"), args=[n]))
            else:
                self.cut("%s of a shared list" % name)
        except Untraceable as e:
            self.cut(str(e))

    def scalar(self, v):
        try:
            if isinstance(v, str) and type(v) is not str and not isinstance(v, enum.Enum):
                if type(v).__name__ == "quoted_name" and v.quote is not None:
                    return "quoted_name(%s, %s)" % (spell.lua_str(str(v)), str(v.quote).lower())
                return spell.lua_str(str(v))
            return spell.lua_scalar(v)
        except spell.Unsupported as e:
            raise Untraceable(str(e))

    def canon(self, v):
        e = self.extra.get(id(v))
        if e is not None and e[0] is v:
            return e[1]
        return spell.canon(v)

    def synthesize(self, v):
        import sqlalchemy as sa
        from sqlalchemy import types as st
        t = type(v)
        if t is sa.MetaData and not v.tables:
            n = Node("call", Text("MetaData"))
            n.void, n.entity = False, True
            self.place(n)
            self.register(v, n)
            return n
        if isinstance(v, type) and v.__module__ == "sqlalchemy.testing.pickleable":
            n = Node("class", name=v.__name__, args=[List([]), Dict([])], hint=v.__name__, droppable=True, entity=True)
            n.void = False
            self.place(n)
            self.register(v, n)
            return n
        if isinstance(v, st.TypeEngine) and self.canon(t) and not isinstance(v, (st.Enum, st.ARRAY)) \
                and t.__module__ == "sqlalchemy.sql.sqltypes":
            args = [x for x in [getattr(v, "length", None)] if x is not None]
            return Text("%s(%s)" % (self.canon(t), ", ".join(map(str, args))))
        return None

    def place(self, n):
        n.scope = self.scope
        self.events.append(n)

    # ------------------------------------------------------------ operations
    def perform(self, node, run, result_name=None):
        """Places the node, runs it with the recorder off, takes down what came out."""
        self.place(node)
        where = self.events
        self.depth += 1
        try:
            v = run()
        except Exception as e:
            self.depth -= 1
            node.error = e
            if node.taint and not self.is_pure_error(e):
                del where[where.index(node):]
                self.cut(node.taint)
            raise
        except BaseException:
            self.depth -= 1
            self.cut("left by another way")
            raise
        self.depth -= 1
        self.result(node, v, where)
        if self.on and node in where and where[-1] is not node and any(isinstance(x, Echo) for x in where[where.index(node):]):
            node.pure = node.droppable = False
        return v

    def is_pure_error(self, e):
        return False

    def result(self, node, v, where):
        import support
        if not self.on:
            return
        if v is NotImplemented:
            return
        if values.is_scalar(v):
            if v is None and (node.novalue or node.kind in ("setattr", "setindex") or node.kind in ("method", "call") and node.name not in NULL_RESULT):
                if node.taint:
                    del where[where.index(node):]
                    self.cut(node.taint)
                return
            if node.taint:
                # nothing else may have come of it, unless it echoed
                self.drop_tainted(node, where)
                return
            if node.kind in ("setattr", "setindex"):
                return
            try:
                node.check = values.lrepr(v)
                node.void = False
            except values.NoForm:
                pass
            return
        node.void = False
        kind = support.classify(v)
        node.pure, node.droppable, node.light = kind["pure"], kind["droppable"], node.kind in ("attr", "index") and kind["light"]
        if node.kind == "new":
            node.droppable = True
        node.entity = kind["entity"]
        if node.taint and not node.pure and not node.kind == "attr":
            self.drop_tainted(node, where)
            return
        if node.taint:
            where.remove(node)
        old = self.node_of(v)
        if node.name in support.PURE_TUPLES:
            node.pure = node.droppable = True
            self.register(v, node)
            return
        if type(v) in PLAIN or type(v).__name__ == "Row" or type(v).__name__ == "RowMapping":
            if not node.taint:
                self.elements(v, node)
                self.keep.append(v)
                if type(v) not in PLAIN:
                    self.register(v, node)
                self.check_container(node, v, where)
            return
        if old is not None and old is not node:
            if node.taint and not old.taint:
                return
            if old.taint:
                self.register(v, node)
            elif node.kind in ("method", "call", "attr") and node.entity and not isinstance(v, type):
                where.append(Check([Text("print(rawequal("), node, Text(", "), old, Text("))")], "true"))
            elif node.pure:
                node.droppable = True
            node.value = v
            return
        self.register(v, node)
        if type(v).__name__ in ("TableClause", "Table") and node.kind == "call" and not node.taint:
            # a column that was put into a table is spelt as the table's
            for col in v.c:
                n = self.node_of(col)
                if n is not None and not n.taint and n.kind == "call" and n in node.args:
                    c = Node("attr", node, "c", pure=True, light=True, droppable=True, always=True)
                    d = Node("attr", c, col.key, pure=True, light=True, droppable=True, always=True)
                    c.void = d.void = False
                    self.register(col, d)

    def drop_tainted(self, node, where):
        i = where.index(node)
        if any(isinstance(x, Echo) for x in where[i + 1:]) or node.kind not in ("attr", "binop", "unary", "length", "index"):
            del where[i:]
            self.cut(node.taint)
        else:
            del where[i]

    def check_container(self, node, v, where):
        t = type(v)
        if t in (set, frozenset):
            where.append(Check([Text("print(#"), node, Text(")")], str(len(v))))
            return
        try:
            text = values.lrepr(v)
            if "0x" in text or len(text) > 3000:
                return
            node.uses_check = True
            where.append(Check([Text("print(repr("), node, Text("))")], text))
            return
        except Exception:
            pass
        if t is list:
            where.append(Check([Text("print(#"), node, Text(")")], str(len(v))))
            for i, x in enumerate(v[:12]):
                self.check_element(node, "[%d]" % (i + 1), x, where)
        elif t is tuple or t.__name__ == "Row":
            self.check_element(node, "", v, where)

    def check_element(self, node, path, x, where):
        if values.is_scalar(x):
            try:
                where.append(Check([Text("print(repr("), node, Text(path + "))")], values.lrepr(x)))
            except Exception:
                pass
        elif isinstance(x, tuple) or type(x).__name__ == "Row":
            try:
                where.append(Check([Text("print(repr("), node, Text(path + "))")], values.lrepr(x)))
            except Exception:
                for i, y in enumerate(x):
                    self.check_element(node, path + "[%d]" % (i + 1), y, where)
        else:
            n = self.node_of(x)
            if n is not None and not n.taint and not (n.kind == "derived" and n.base is node) and n is not node \
                    and hasattr(x, "_sa_instance_state"):
                where.append(Check([Text("print(rawequal("), node, Text(path + ", "), n, Text("))")], "true"))

    def spell_call(self, node, args, kw):
        try:
            self.mock_ok = node.name == "listen"
            node.args = [self.spell(a) for a in args]
            node.kw = {k: self.spell(v) for k, v in kw.items()}
            if node.name in ("relationship", "backref", "dynamic_loader"):
                # strings are expressions, in Lua
                for k, v in kw.items():
                    if k in ("primaryjoin", "secondaryjoin", "order_by", "foreign_keys", "remote_side", "secondary", "argument") and isinstance(v, str):
                        node.kw[k] = Text(spell.lua_str(lua_expression(v)))
                if node.name != "backref" and args and isinstance(args[0], str):
                    node.args[0] = Text(spell.lua_str(lua_expression(args[0])))
        except Untraceable as e:
            node.taint = str(e)
            node.args, node.kw = [], {}

    def op_call(self, fn, text, args, kw):
        node = Node("call", text if not isinstance(text, str) else Text(text))
        node.name = text if isinstance(text, str) else None
        if isinstance(fn, type) and hasattr(fn, "__mapper__") or isinstance(text, Node):
            node.kind = "new" if isinstance(fn, type) else "call"
        named = kw
        if node.kind == "new" and kw and isinstance(fn.__init__, types.FunctionType) and self.transformed(fn.__init__):
            # a constructor of the test's own takes its arguments by position in Lua
            args2 = positions(fn.__init__, args, kw)
            if args2 is not None:
                self.spell_call(node, args2, {})
                return self.perform(node, lambda: fn(*args, **kw))
        if node.kind == "new" and kw and any(k.__module__ == "sqlalchemy.testing.entities" for k in fn.__mro__):
            # BasicEntity takes any name; a mapped class of alchemysh its attributes only
            named = {k: v for k, v in kw.items() if hasattr(fn, k)}
        self.spell_call(node, args, named)
        return self.perform(node, lambda: fn(*args, **kw))

    def op_method(self, obj, base, name, fn, args, kw):
        kind = "dot" if self.is_namespace(obj) else "method"
        node = Node(kind, base, name)
        sargs = args
        if name in INDEX_ARG and args and isinstance(args[INDEX_ARG[name]], int) and isinstance(obj, list):
            i = args[0]
            sargs = ((i if i >= 0 else len(obj) + i) + 1,) + tuple(args[1:])
        elif name in ("scalars", "columns", "scalar_one") and type(obj).__module__ == "sqlalchemy.engine.cursor" or \
                name in ("columns", "scalars") and "Result" in type(obj).__name__:
            sargs = tuple(a + 1 if isinstance(a, int) and a >= 0 else a for a in args)
            if any(isinstance(a, int) and a < 0 for a in args):
                node.taint = "negative position"
        if base is not None and isinstance(base, Node) and base.taint:
            node.taint = base.taint
        elif not node.taint:
            self.spell_call(node, sargs, kw)
        if name == "__contains__":
            node.name = "contains"
        elif name.startswith("_") and name not in UNDERSCORED:
            node.taint = "private method %s" % name
            if name in READING:
                return self.unrecorded(fn, args, kw)
        if name in spell.RESERVED:
            node.taint = "method named %s" % name
        return self.perform(node, lambda: fn(*args, **kw))

    def unrecorded(self, fn, args, kw):
        """Only reads: what it gives is unknown, and nothing else comes of it."""
        n = len(self.events)
        self.depth += 1
        try:
            return fn(*args, **kw)
        finally:
            self.depth -= 1
            if len(self.events) > n:
                self.cut("echo in %s" % getattr(fn, "__name__", "?"))

    def is_namespace(self, v):
        return isinstance(v, types.ModuleType) or type(v).__name__ == "_FunctionGenerator"

    def transformed(self, fn):
        code = getattr(fn, "__code__", None)
        if isinstance(code, types.CodeType):
            return code.co_filename in rewrite.files or code.co_filename == "<string>" and \
                getattr(fn, "__module__", "") in rewrite.modules
        if isinstance(fn, types.MethodType):
            return self.transformed(fn.__func__)
        return False

    def call(self, fn, args, kw):
        if isinstance(fn, types.MethodType) and not isinstance(fn.__self__, type):
            if not self.transformed(fn):
                return self.method(fn.__self__, fn.__name__, fn, args, kw)
        if isinstance(fn, types.BuiltinMethodType) and fn.__self__ is not None and not isinstance(fn.__self__, types.ModuleType):
            return self.method(fn.__self__, fn.__name__, fn, args, kw)
        if self.transformed(fn):
            return fn(*args, **kw)
        node = self.node_of(fn)
        if isinstance(fn, type) and fn.__module__ in rewrite.modules or isinstance(fn, type) and node is not None:
            if node is None:
                return fn(*args, **kw)
            if issubclass(fn, BaseException) or not self.interesting(fn):
                return fn(*args, **kw)
            if not hasattr(fn, "_sa_class_manager") and not hasattr(fn, "__composite_values__") and self.transformed(fn.__init__):
                try:
                    if node.taint:
                        raise Untraceable
                    [self.spell(a) for a in args], [self.spell(a) for a in kw.values()]
                except Untraceable:
                    return fn(*args, **kw)
            if node.taint:
                t = Node("call", Text("?"), taint=node.taint)
                return self.perform(t, lambda: fn(*args, **kw))
            return self.op_call(fn, node, args, kw)
        if node is not None:
            # a sessionmaker, a function object ...
            if node.taint:
                t = Node("call", Text("?"), taint=node.taint)
                return self.perform(t, lambda: fn(*args, **kw))
            return self.op_call(fn, node, args, kw)
        c = self.canon(fn)
        if c is not None:
            import support
            if isinstance(fn, type) and issubclass(fn, BaseException):
                return fn(*args, **kw)
            f, a, k = support.adapt(self, fn, c, args, kw)
            if c == "select" and a and isinstance(a[0], (int, float)) and not isinstance(a[0], bool):
                a = (list(a),)   # select(1) is Lua's own
            n = Node("call", Text(f), name=f.rsplit(".")[-1])
            self.spell_call(n, a, k)
            if c in support.NEVER_PURE:
                n.never = True
            return self.perform(n, lambda: fn(*args, **kw))
        if isinstance(fn, types.MethodType) and isinstance(fn.__self__, type):
            base = self.node_of(fn.__self__) or (self.canon(fn.__self__) and Text(self.canon(fn.__self__)))
            if base is not None:
                return self.op_method(fn.__self__, base, fn.__name__, fn, args, kw)
        return self.foreign(fn, args, kw)

    def interesting(self, cls):
        return True

    def foreign(self, fn, args, kw):
        import support
        mod = getattr(fn, "__module__", None) or type(fn).__module__ or ""
        if not isinstance(mod, str):
            mod = ""
        if not mod.startswith("sqlalchemy") or mod.startswith("sqlalchemy.testing"):
            return fn(*args, **kw)
        name = getattr(fn, "__qualname__", getattr(fn, "__name__", type(fn).__name__))
        if "type_api" in mod or isinstance(fn, type) and issubclass(fn, support.type_engine()):
            pass
        if support.harmless(name) or not any(self.mentions(a) for a in list(args) + list(kw.values())):
            self.depth += 1
            try:
                return fn(*args, **kw)
            finally:
                self.depth -= 1
        n = Node("call", Text("?"), taint="no public name: %s" % name)
        return self.perform(n, lambda: fn(*args, **kw))

    def python_object(self, obj):
        """An object of the tests that SQLAlchemy knows nothing of."""
        t = type(obj)
        return t.__module__ in rewrite.modules and not hasattr(t, "_sa_class_manager") and not hasattr(t, "__composite_values__") \
            and t.__mro__[-2].__module__ in rewrite.modules | {"builtins"} or isinstance(obj, tuple) and type(obj).__name__ != "Row"

    def mentions(self, a):
        if type(a) in (list, tuple, set):
            return any(self.mentions(x) for x in a)
        return not values.is_scalar(a) and self.node_of(a) is not None

    def method(self, obj, name, fn, args, kw):
        if self.transformed(fn):
            return fn(*args, **kw)
        t = type(obj)
        if t in PLAIN or values.is_scalar(obj):
            if t in (list, dict) and self.test_shared and name in ("append", "clear", "extend", "insert", "pop", "remove", "update"):
                self.change_shared(obj, name, args)
            return fn(*args, **kw)
        if type(obj).__name__ == "Row" and name in ("index", "count"):
            return fn(*args, **kw)
        base = self.node_of(obj)
        if base is not None and base.taint == "private attribute _compiled_cache":
            return fn(*args, **kw)
        if base is None:
            c = self.canon(obj)
            if c is None:
                if isinstance(obj, types.ModuleType):
                    return self.call(fn, args, kw)
                if self.special_method(obj, name):
                    return self.special_method(obj, name)(fn, args, kw)
                mod = type(obj).__module__
                if not mod.startswith("sqlalchemy") or mod.startswith("sqlalchemy.testing"):
                    return fn(*args, **kw)
                return self.foreign(fn, args, kw)
            base = Text(c)
        if isinstance(obj, type):
            # a class attribute that is a function: User.addresses is an attribute, Table.foo a class method
            if isinstance(fn, type) or not isinstance(fn, (types.MethodType, types.BuiltinMethodType)):
                return self.call(fn, args, kw)
        if isinstance(fn, type):
            return self.call(fn, args, kw)
        import support
        h = support.METHODS.get(name)
        if h is not None:
            r = h(self, obj, base, name, fn, args, kw)
            if r is not support.GO_ON:
                return r
        return self.op_method(obj, base, name, fn, args, kw)

    def special_method(self, obj, name):
        return None

    # ------------------------------------------------------------ what rewritten code calls
    def quiet(self):
        return not self.on or self.depth

    def f(self, fn, /, *args, **kw):
        if not self.on or self.depth:
            return fn(*args, **kw)
        try:
            h = self.special.get(fn)
        except TypeError:
            h = None
        if h is not None:
            return h(fn, args, kw)
        return self.call(fn, args, kw)

    def m(self, obj, name, /, *args, **kw):
        if not self.on or self.depth:
            return getattr(obj, name)(*args, **kw)
        self.depth += 1
        try:
            fn = getattr(obj, name)
        finally:
            self.depth -= 1
        if isinstance(obj, types.ModuleType) and self.canon(obj) is None:
            return self.f(fn, *args, **kw)
        try:
            h = self.special.get(fn)
        except TypeError:
            h = None
        if h is not None:
            return h(fn, args, kw)
        if isinstance(fn, types.MethodType) and fn.__self__ is obj:
            h = self.special.get(fn.__func__)
            if h is not None:
                return h(fn, args, kw)
        if isinstance(fn, (types.MethodType, types.BuiltinMethodType)) and getattr(fn, "__self__", None) is obj \
                and fn.__name__ == name:
            return self.method(obj, name, fn, args, kw)
        if isinstance(fn, types.FunctionType) or isinstance(fn, type):
            return self.call(fn, args, kw)
        # a callable value: self.mapper, func.lower, a hybrid method, a mapped attribute
        if self.node_of(fn) is not None and not (self.node_of(fn).kind == "derived"):
            return self.call(fn, args, kw)
        if isinstance(fn, types.MethodType):
            return self.call(fn, args, kw)
        base = self.node_of(obj)
        if base is None and self.canon(obj):
            base = Text(self.canon(obj))
        if base is None:
            return self.call(fn, args, kw)
        return self.method(obj, name, fn, args, kw)

    def a(self, obj, name):
        if not self.on or self.depth:
            return getattr(obj, name)
        if values.is_scalar(obj) or type(obj) in PLAIN or isinstance(obj, types.ModuleType):
            return getattr(obj, name)
        if obj is DECLARED_ATTR[0]:
            return getattr(obj, name)   # .directive and .cascading stand in decorators
        base = self.node_of(obj)
        if base is not None and (self.python_object(obj) or isinstance(obj, Dialect()) and name != "name"):
            return getattr(obj, name)
        if base is None:
            c = self.canon(obj)
            if c is None:
                return getattr(obj, name)
            base = Text(c)
        if type(obj).__name__ == "adict":
            return getattr(obj, name)
        if name in spell.RESERVED:
            pass
        if isinstance(obj, type) or callable(getattr(type(obj), name, None)):
            # methods are recorded when they are called
            d = lookup(obj, name)
            if isinstance(d, (types.FunctionType, staticmethod, classmethod, types.BuiltinFunctionType, types.MethodDescriptorType)) \
                    or isinstance(d, type) or hasattr(d, "__call__") and type(d).__name__ == "method_descriptor":
                return getattr(obj, name)
        node = Node("attr", base, name)
        if name in support_unstable():
            node.taint = "unstable"
        if isinstance(base, Node) and base.taint:
            node.taint = base.taint
        if name.startswith("_") and name not in UNDERSCORED:
            node.taint = "private attribute %s" % name
        if isinstance(getattr(type(obj), name, None), property) and self.transformed(getattr(type(obj), name).fget):
            return getattr(obj, name)
        v = self.perform(node, lambda: getattr(obj, name))
        if self.on and (isinstance(v, (types.MethodType, types.FunctionType, types.BuiltinMethodType))):
            if node in self.events:
                self.events.remove(node)
            self.scope.known.pop(id(v), None)
        return v

    def gi(self, obj, key):
        if not self.on or self.depth or type(obj) in PLAIN or isinstance(obj, (str, bytes)):
            return obj[key]
        base = self.node_of(obj)
        if base is None and self.canon(obj):
            base = Text(self.canon(obj))
        if base is None or isinstance(obj, type) and type(obj).__name__ not in ("DeclarativeMeta",):
            return obj[key]
        return self.getitem(obj, base, key)

    def getitem(self, obj, base, key):
        import support
        if support.is_query(obj):
            if isinstance(key, slice):
                if (key.start or 0) >= 0 and (key.stop or 0) >= 0 and key.step is None:
                    n = Node("slice", base, "all", args=[Text(str(key.start or 0)), Text("nil" if key.stop is None else str(key.stop))])
                    return self.perform(n, lambda: obj[key])
            elif isinstance(key, int) and key >= 0:
                n = Node("slice", base, "one", args=[Text(str(key)), Text(str(key + 1))])
                return self.perform(n, lambda: obj[key])
            n = Node("index", base, taint="subscript of a query")
            return self.perform(n, lambda: obj[key])
        t = type(obj)
        if isinstance(obj, list) or t.__name__ in ("Row", "ReadOnlyColumnCollection", "ColumnCollection", "DedupeColumnCollection",
                                                   "WriteableColumnCollection", "OrderingList", "_AssociationList"):
            if isinstance(key, slice):
                if isinstance(obj, list):
                    return list(self.it(obj))[key]
                return obj[key]
            if isinstance(key, int):
                key2 = (key if key >= 0 else len(obj) + key) + 1
            elif isinstance(key, tuple) and all(isinstance(k, int) for k in key):
                key2 = tuple(k + 1 for k in key)
            else:
                key2 = key
        elif isinstance(key, slice):
            if isinstance(key.start, int) and isinstance(key.stop, int) and key.step is None:
                n = Node("method", base, "slice", args=[self.spell(key.start), self.spell(key.stop)])
            else:
                n = Node("index", base, taint="slice")
            return self.perform(n, lambda: obj[key])
        else:
            key2 = key
        n = Node("index", base)
        try:
            n.name = self.spell(key2)
        except Untraceable as e:
            n.taint = str(e)
        if isinstance(base, Node) and base.taint:
            n.taint = base.taint
        return self.perform(n, lambda: obj[key])

    def si(self, obj, key, v):
        if self.test_shared and type(obj) in (list, dict) and self.shared(obj) is not None:
            self.change_shared(obj, "clear" if isinstance(key, slice) and v == [] and key == slice(None) else "assignment", ())
        if self.quiet() or type(obj) in PLAIN or self.node_of(obj) is None:
            obj[key] = v
            return
        if isinstance(obj, list) and isinstance(key, slice):
            self.cut("assignment to a slice")
            obj[key] = v
            return
        k = (key if key >= 0 else len(obj) + key) + 1 if isinstance(obj, list) and isinstance(key, int) else key
        n = Node("setindex", self.node_of(obj))
        try:
            n.name, n.args = self.spell(k), [self.spell(v)]
            if n.base.taint:
                raise Untraceable(n.base.taint)
        except Untraceable as e:
            n.taint = str(e)

        def run():
            obj[key] = v
        self.perform(n, run)

    def sa(self, obj, name, v):
        if self.quiet() or self.node_of(obj) is None or self.python_object(obj):
            setattr(obj, name, v)
            return
        n = Node("setattr", self.node_of(obj), name)
        try:
            n.args = [self.spell(v)]
            if n.base.taint:
                raise Untraceable(n.base.taint)
            if name.startswith("_") and name != "__table__":
                raise Untraceable("sets private attribute %s" % name)
        except Untraceable as e:
            n.taint = str(e)
        if isinstance(v, types.FunctionType) and isinstance(obj, type) and self.transformed(v):
            n.taint = None
            n.droppable = True
            try:
                n.args = [self.spell(v)]
            except Untraceable:
                setattr(obj, name, v)
                return
        self.perform(n, lambda: setattr(obj, name, v))

    def da(self, obj, name):
        if self.quiet() or self.node_of(obj) is None:
            delattr(obj, name)
            return
        n = Node("call", Text("delattr"), args=[self.node_of(obj), Text(spell.lua_str(name))])
        self.perform(n, lambda: delattr(obj, name))

    def di(self, obj, key):
        if self.test_shared and type(obj) in (list, dict) and self.shared(obj) is not None:
            self.change_shared(obj, "clear" if key == slice(None) else "del", ())
        if self.quiet() or type(obj) in PLAIN or self.node_of(obj) is None:
            del obj[key]
            return
        base = self.node_of(obj)
        if isinstance(obj, list) and isinstance(key, int):
            n = Node("method", base, "pop", args=[Text(str((key if key >= 0 else len(obj) + key) + 1))], novalue=True)
        else:
            n = Node("setindex", base, args=[Text("nil")])
            try:
                n.name = self.spell(key)
            except Untraceable as e:
                n.taint = str(e)
            if isinstance(key, slice):
                n.taint = "del of a slice"

        def run():
            del obj[key]
        self.perform(n, run)

    def operand(self, x):
        return not values.is_scalar(x) and type(x) not in PLAIN and self.node_of(x) is not None and not self.python_object(x)

    def b(self, op, l, r, native=None):
        run = native or PYOPS[op]
        if self.quiet() or not (self.operand(l) or self.operand(r)) or isinstance(l, str) and op == "%":
            return run(l, r)
        n = Node("binop", name=op)
        try:
            n.args = [self.spell(l), self.spell(r)]
        except Untraceable as e:
            n.taint = str(e)
        if op not in OPS and op not in METHOD_OPS and op not in "&|":
            n.taint = "operator %s" % op
        return self.perform(n, lambda: run(l, r))

    def c(self, op, l, r):
        if self.quiet():
            return PYOPS[op](l, r)
        import support
        if op in ("==", "!=") and not support.has_sql_operators(l) and not support.has_sql_operators(r) and (support.comparable(l) or support.comparable(r)):
            support.graph(self, l, r)
            if self.quiet():
                return PYOPS[op](l, r)
            self.depth += 1
            try:
                return PYOPS[op](l, r)
            finally:
                self.depth -= 1
        if not (support.has_sql_operators(l) or support.has_sql_operators(r)):
            return PYOPS[op](l, r)
        return self.b(op, l, r)

    def u(self, op, x):
        import operator
        run = operator.neg if op == "-" else operator.invert
        if self.quiet() or not self.operand(x):
            return run(x)
        n = Node("unary", name=op, args=[self.node_of(x)])
        if self.node_of(x).taint:
            n.taint = self.node_of(x).taint
        return self.perform(n, lambda: run(x))

    def ib(self, op, l, r):
        if op not in IPY or self.quiet() or not self.operand(l) or not isinstance(l, (list, set)):
            return IPY.get(op, PYOPS[op])(l, r)
        name = {"+": "extend", "|": "update", "-": "difference_update"}.get(op)
        n = Node("method", self.node_of(l), name)
        if name is None:
            n.taint = "operator %s=" % op
        self.spell_call(n, [list(r)], {}) if not n.taint else None
        return self.perform(n, lambda: IPY[op](l, r))

    def iat(self, obj, name, op, r):
        if self.quiet() or self.node_of(obj) is None:
            setattr(obj, name, IPY.get(op, PYOPS[op])(getattr(obj, name), r))
            return
        v = self.a(obj, name)
        if isinstance(v, (list, set)):
            v = self.ib(op, v, r)
            self.depth += 1
            try:
                setattr(obj, name, v)
            finally:
                self.depth -= 1
            return
        self.sa(obj, name, self.b(op, v, r, IPY.get(op)))

    def iit(self, obj, key, op, r):
        if self.quiet() or type(obj) in PLAIN:
            obj[key] = IPY.get(op, PYOPS[op])(obj[key], r)
            return
        self.si(obj, key, self.b(op, self.gi(obj, key), r))

    def isin(self, x, container):
        if self.quiet():
            return x in container
        import support
        base = self.node_of(container)
        if base is not None and type(container) not in PLAIN and support.is_session(container):
            n = Node("method", base, "contains")
            self.spell_call(n, [x], {})
            return self.perform(n, lambda: x in container)
        return x in container

    def same(self, l, r):
        if not self.quiet() and l is not None and r is not None:
            a, b = self.node_of(l), self.node_of(r)
            if a is not None and b is not None and a is not b and not a.taint and not b.taint \
                    and hasattr(l, "_sa_instance_state") and hasattr(r, "_sa_instance_state") and not isinstance(l, type):
                self.events.append(Check([Text("print(rawequal("), a, Text(", "), b, Text("))")], "true" if l is r else "false"))
        return l is r

    def it(self, x):
        if self.quiet() or type(x) in PLAIN or isinstance(x, (str, type)):
            return x
        base = self.node_of(x)
        if base is None or type(x).__name__ == "Row" or isinstance(x, types.GeneratorType):
            return x
        if not hasattr(x, "__iter__"):
            return x
        n = Node("call", Text("LIST"), args=[base], name="LIST")
        if base.taint:
            n.taint = base.taint
        if isinstance(x, (set, frozenset)) and len(x) > 1:
            n.taint = "elements of a set"
        if isinstance(x, dict):
            n.taint = "keys of a dict"
        out = self.perform(n, lambda: list(x))
        return out

    def nm(self, name, v):
        if not self.quiet() and not values.is_scalar(v):
            n = self.node_of(v)
            if n is not None and n.hint is None:
                n.hint = name
        return v

    def nms(self, names, v):
        if not self.quiet() and type(v) in (tuple, list) and len(v) == len(names):
            for name, x in zip(names, v):
                if name:
                    self.nm(name, x)
        elif not self.quiet() and self.node_of(v) is not None:
            return self.it(v)
        return v

    # ------------------------------------------------------------ with
    def w(self, cm):
        if self.quiet():
            return cm
        return With(self, cm)

    # ------------------------------------------------------------ classes
    def bases(self, name, kwnames, *bases):
        if self.on and not self.depth:
            self.pending.append({"name": name, "bases": bases, "kw": kwnames, "ns": None})
        return bases

    def ns(self, d):
        if self.on and not self.depth and self.pending:
            self.pending[-1]["ns"] = dict(d)

    def klass(self, decorated):
        def done(cls):
            if self.on and not self.depth and self.pending:
                p = self.pending.pop()
                if p["name"] == cls.__name__:
                    self.class_made(cls, p, decorated)
            return cls
        return done

    def klass_failed(self):
        if self.on and not self.depth and self.pending:
            p = self.pending.pop()
            e = sys.exc_info()[1]
            if getattr(e, "_sa_class_failed", None):
                return
            n = self.class_node(p, None)
            n.error = e
            if n.taint:
                self.cut(n.taint)
            self.place(n)

    def class_made(self, cls, p, decorated):
        import support
        if support.is_test_class(cls):
            return
        n = self.class_node(p, cls)
        if decorated and not n.taint and ("__mapper__" in cls.__dict__ or not isinstance(cls, type) or not hasattr(cls, "__dataclass_fields__")):
            n.taint = "class: decorated"
        if n.taint is None or "__mapper__" not in cls.__dict__:
            pass
        else:
            self.register(cls, n)
            self.cut(n.taint)
            return
        n.droppable = "__mapper__" not in cls.__dict__ and not hasattr(cls, "registry")
        n.pure = False
        n.entity = True
        self.register(cls, n)
        if not n.taint:
            self.place(n)

    def class_node(self, p, cls):
        import support
        n = Node("class", name=p["name"])
        n.void = False
        n.hint = p["name"]
        try:
            support.fill_class(self, n, p, cls)
        except Untraceable as e:
            n.taint = "class: " + str(e)
        return n


def where_now():
    f = sys._getframe(2)
    while f is not None and f.f_code.co_filename not in rewrite.files:
        f = f.f_back
    return f and "%s:%d" % (f.f_code.co_filename.split("/test/")[-1], f.f_lineno)


def Dialect():
    from sqlalchemy.engine.interfaces import Dialect
    return Dialect


def support_unstable():
    import support
    return support.UNSTABLE


def positions(init, args, kw):
    """The arguments of a call in the order of the parameters, or None where a name has no position."""
    code = init.__code__
    names = code.co_varnames[1:code.co_argcount]
    if code.co_flags & 8 or not set(kw) <= set(names[len(args):]):
        return None
    out = list(args)
    defaults = dict(zip(names[len(names) - len(init.__defaults__ or ()):], init.__defaults__ or ()))
    for n in names[len(args):]:
        if n in kw:
            out.append(kw[n])
        else:
            out.append(defaults.get(n))
    last = max([names.index(k) for k in kw], default=-1)
    return out[:max(last + 1, len(args))]


def lookup(obj, name):
    """The raw attribute of a class, or of the class of an object."""
    t = obj if isinstance(obj, type) else type(obj)
    for k in t.__mro__:
        if name in k.__dict__:
            return k.__dict__[name]
    return None


def cells(fn):
    out = []
    for c in fn.__closure__ or ():
        try:
            out.append(c.cell_contents)
        except ValueError:
            pass
    return out


def Text2(*parts):
    n = Node("raw", args=[Text(p) if isinstance(p, str) else p for p in parts])
    return RawParts(n.args)


class RawParts(List):
    """Parts in a row, without braces."""


class With:
    def __init__(self, rec, cm):
        self.rec, self.cm, self.block = rec, cm, None

    def __enter__(self):
        rec, cm = self.rec, self.cm
        base = rec.node_of(cm)
        if base is None or rec.quiet():
            return cm.__enter__()
        n = Node("block", base)
        n.body = []
        n.taint = base.taint
        if n.taint:
            rec.cut(n.taint)
            return cm.__enter__()
        rec.place(n)
        rec.blocks.append(n)   # what entering echoes belongs to the block
        rec.depth += 1
        try:
            v = cm.__enter__()
        except Exception as e:
            n.error = e
            rec.blocks.remove(n)
            raise
        finally:
            rec.depth -= 1
        self.block = n
        if v is not None and not values.is_scalar(v):
            param = Node("param", n)
            param.void = False
            param.scope = rec.scope
            n.param = param
            rec.register(v, param)
        return v

    def __exit__(self, *exc):
        rec, n = self.rec, self.block
        if n is None or n not in rec.blocks:
            rec_on, rec.on = rec.on, False if n is not None else rec.on
            try:
                return self.cm.__exit__(*exc)
            finally:
                rec.on = rec_on
        n.done = rec.on
        e = exc[1]
        if e is not None:
            if not self.hand_on(n, e):
                n.body.append(Raised())
                rec.user_raised[id(e)] = e
        marker = len(n.body)
        rec.depth += 1
        leave = Leave()
        n.body.append(leave)
        try:
            r = self.cm.__exit__(*exc)
            if e is not None and not r:
                n.error = e
        except Exception as e2:
            n.error = e2
            raise
        finally:
            rec.depth -= 1
            while rec.blocks and rec.blocks[-1] is not n:
                rec.blocks.pop()
            if rec.blocks:
                rec.blocks.pop()
        return r

    def hand_on(self, n, e):
        """The operation in which the exception rose is not caught by itself."""
        for x in reversed(n.body):
            if isinstance(x, Node) and x.error is e:
                x.error = None
                x.thrown = True
                return True
            if isinstance(x, Node) and x.kind == "block" and x.error is e:
                x.error = None
                x.thrown = True
                return True
        return False


class Leave:
    """The end of the body of a with-block: echo behind it belongs to leaving."""
    __slots__ = ()


class EchoHandler(logging.Handler):
    def __init__(self, rec):
        super().__init__()
        self.rec = rec

    def emit(self, record):
        rec = self.rec
        if not rec.on or rec.scope is rec.modules:
            return
        text = record.getMessage()
        if rec.depth == 0:
            f = sys._getframe()
            while f is not None:
                if f.f_code.co_filename.endswith(("requirements.py", "exclusions.py")):
                    return
                f = f.f_back
            rec.cut("echo outside of a recorded operation")
            return
        rec.events.append(Echo(text))
