"""What the recorder has to know of SQLAlchemy and of its testing package."""
import builtins
import types

import rewrite
import spell
import values
from nodes import Check, Dict, List, Node, Text, Untraceable

GO_ON = object()
UNSTABLE = {"hash_key", "instance", "cursor_strategy", "cursor", "dispatch", "strategy", "impl", "instrument", "class_manager", "manager", "context", "raw",
            "default_sequence_base", "version_info", "dbapi_connection", "dbapi", "connection_record", "_hash_key", "description_encoding", "server_version_info", "default_schema_name", "driver"}
PURE_TUPLES = {"backref"}
NEVER_PURE = {"Table", "MetaData", "registry", "declarative_base", "Index", "event.listen", "event.remove", "inspect"}


def type_engine():
    from sqlalchemy.types import TypeEngine
    return TypeEngine


def classify(v):
    from sqlalchemy import orm, schema, types as st
    from sqlalchemy.sql import elements, roles
    from sqlalchemy.sql.base import ColumnCollection, Executable, ExecutableOption
    from sqlalchemy.orm.interfaces import MapperProperty
    pure = droppable = light = entity = False
    if isinstance(v, schema.Table):
        light = True
        entity = True
    elif isinstance(v, (schema.MetaData, orm.registry)):
        entity = True
    elif isinstance(v, schema.SchemaItem):
        pure = True
        light = isinstance(v, schema.Column)
    elif isinstance(v, (orm.Query, elements.ClauseElement, ExecutableOption, st.TypeEngine, orm.attributes.QueryableAttribute)):
        pure = droppable = True
        light = isinstance(v, orm.attributes.QueryableAttribute)
    elif isinstance(v, MapperProperty):
        pure = droppable = True
    elif isinstance(v, ColumnCollection):
        pure = droppable = light = True
    elif isinstance(v, orm.Mapper):
        entity = True
    elif type(v).__name__ in ("dict_values", "dict_keys", "dict_items", "FacadeDict", "immutabledict", "odict_values", "odict_keys"):
        pure = droppable = True
        light = type(v).__name__ == "FacadeDict"
    elif type(v).__name__ in ("AliasedClass", "Bundle", "_OverRange", "Load", "_AttributeLoad", "_FunctionGenerator",
                              "_MemoizedSelectEntities", "with_loader_criteria", "LoaderCriteriaOption", "Comparator") \
            or isinstance(v, (Executable, roles.SQLRole)):
        pure = droppable = True
        light = type(v).__name__ == "_FunctionGenerator"
    elif isinstance(v, type):
        light = True
        entity = True
    elif hasattr(v, "_sa_instance_state"):
        entity = True
    return {"pure": pure, "droppable": droppable, "light": light, "entity": entity}


def is_query(v):
    from sqlalchemy.orm import Query
    return isinstance(v, Query)


def is_session(v):
    from sqlalchemy.orm import Session, scoped_session
    return isinstance(v, (Session, scoped_session))


def comparable(v):
    if isinstance(v, (list, tuple)):
        return any(comparable(x) for x in v)
    from sqlalchemy.testing.entities import ComparableMixin
    return isinstance(v, ComparableMixin)


def has_sql_operators(v):
    from sqlalchemy.sql.operators import Operators
    if isinstance(v, type) or values.is_scalar(v) or isinstance(v, (list, dict, set, tuple)):
        return False
    return isinstance(v, Operators) or hasattr(v, "__clause_element__")


def is_test_class(cls):
    from sqlalchemy.testing.fixtures import TestBase
    return issubclass(cls, TestBase) or cls.__name__.endswith("Test") or cls.__name__ in ("suite",)


HARMLESS = {"instance_state", "instance_dict", "manager_of_class", "_is_mapped_class"}


def harmless(name):
    return name in HARMLESS


TEST_KW = ("test_needs_",)


def adapt(rec, fn, c, args, kw):
    """A public callable whose arguments are spelt otherwise."""
    if c in ("Table", "Column"):
        kw = {k: v for k, v in kw.items() if not k.startswith("test_") and not k.startswith("mysql_engine")}
    if c == "Column":
        from sqlalchemy import MetaData
        args = tuple(a for a in args if not isinstance(a, MetaData))
    if c in ("registry", "declarative_base"):
        kw = {k: v for k, v in kw.items() if k != "type_annotation_map"}
    if c == "create_engine" and args and "echo" not in kw:
        kw = dict(kw, echo=True)
    return c, args, kw


# ---------------------------------------------------------------- comparing graphs of objects
def graph(rec, a, b, seen=None):
    """Walks two object graphs as Comparable does, with the accesses recorded."""
    from sqlalchemy.testing.entities import ComparableMixin
    from sqlalchemy.orm import WriteOnlyCollection
    seen = seen if seen is not None else set()
    if a is b or rec.quiet():
        return
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        if len(a) != len(b):
            return
        for x, y in zip(a, b):
            graph(rec, x, y, seen)
        return
    if not (isinstance(a, ComparableMixin) and isinstance(b, ComparableMixin)):
        return
    if type(a) is not type(b) or (id(a), id(b)) in seen:
        return
    seen.add((id(a), id(b)))
    seen.add((id(b), id(a)))
    key = getattr(getattr(a, "_sa_instance_state", None), "key", None)
    src, other = (b, a) if key is not None else (a, b)
    if rec.node_of(other) is None:
        return
    for attr in list(src.__dict__):
        if attr.startswith("_") or rec.quiet():
            continue
        value = src.__dict__[attr]
        if isinstance(value, WriteOnlyCollection):
            continue
        try:
            got = rec.a(other, attr)
        except Exception:
            return
        if isinstance(value, list) and isinstance(got, list):
            if type(got) is not list:
                got = rec.it(got)
            graph(rec, list(value), got, seen)
        else:
            graph(rec, value, got, seen)


# ---------------------------------------------------------------- special callables
def fill(rec):
    import importlib
    import sqlalchemy as sa
    from sqlalchemy import event, orm
    S = rec.special

    def names(mod, *ns, prefix=""):
        m = importlib.import_module(mod)
        for n in ns:
            v = getattr(m, n, None)
            if v is not None:
                rec.extra.setdefault(id(v), (v, prefix + n))

    for v, n in ((set, "set"), (list, "list")):
        rec.extra[id(v)] = (v, n)
    from record import DECLARED_ATTR
    DECLARED_ATTR[0] = orm.declared_attr
    names("sqlalchemy.event", "listen", "remove", "contains", prefix="event.")
    names("sqlalchemy.orm", "configure_mappers", "clear_mappers", "close_all_sessions", "join", "outerjoin")
    names("sqlalchemy.orm.attributes", "flag_modified", "flag_dirty", "get_history", "set_attribute", "get_attribute", "del_attribute",
          "set_committed_value", "init_collection")
    names("sqlalchemy.testing.schema", "Table", "Column")
    names("sqlalchemy.schema", "CreateTable", "DropTable", "CreateIndex", "DropIndex")

    def native(fn, args, kw):
        rec.depth += 1
        try:
            return fn(*args, **kw)
        finally:
            rec.depth -= 1

    def plain(fn, args, kw):
        return fn(*args, **kw)

    def over(fn, args, kw):
        """A builtin over an iterable of SQLAlchemy's."""
        args = tuple(rec.it(a) for a in args)
        return fn(*args, **kw)

    for fn in (list, tuple, set, frozenset, sorted, enumerate, zip, sum, any, all, max, min, map, filter, reversed, iter):
        S[fn] = over

    def length(fn, args, kw):
        x = args[0]
        base = rec.node_of(x)
        if base is None or isinstance(x, (list, dict, set, tuple)) and type(x) in (list, dict, set, tuple) or isinstance(x, type) \
                or type(x).__name__ == "Row":
            return len(x)
        n = Node("length", base)
        n.taint = base.taint
        return rec.perform(n, lambda: len(x))
    S[len] = length

    def text(fn, args, kw):
        if len(args) == 1 and not values.is_scalar(args[0]) and type(args[0]) not in (list, dict, tuple, set) \
                and not isinstance(args[0], BaseException) and not hasattr(args[0], "_sa_instance_state"):
            base = rec.node_of(args[0])
            if base is not None and not isinstance(args[0], type):
                n = Node("call", Text("tostring" if fn is str else "repr"), args=[base])
                n.taint = base.taint
                return rec.perform(n, lambda: fn(args[0]))
        return native(fn, args, kw)
    S[str] = S[repr] = text

    def nxt(fn, args, kw):
        if rec.node_of(args[0]) is not None:
            rec.cut("next()")
        return fn(*args, **kw)
    S[next] = nxt

    def get(fn, args, kw):
        if len(args) == 2:
            return rec.a(args[0], args[1])
        v = rec.a(args[0], args[1]) if hasattr_quiet(args[0], args[1]) else args[2]
        return v
    S[getattr] = get

    def hasattr_quiet(o, n):
        rec.depth += 1
        try:
            return hasattr(o, n)
        finally:
            rec.depth -= 1
    S[hasattr] = lambda fn, args, kw: hasattr_quiet(*args)
    S[setattr] = lambda fn, args, kw: rec.sa(*args)
    S[delattr] = lambda fn, args, kw: rec.da(*args)

    def todict(fn, args, kw):
        return native(fn, args, kw)
    S[dict] = todict
    S[bool] = S[callable] = S[hash] = S[type] = native
    from sqlalchemy.sql import ddl as sddl
    S[sddl.sort_tables_and_constraints] = native
    S[print] = lambda fn, args, kw: None

    from sqlalchemy.testing import assertions, util as tutil, engines

    def eq(fn, args, kw):
        a, b = args[:2]
        for x in (a, b):
            n = rec.shared(x)
            if n is not None and not rec.quiet():
                rec.check_shared(n, x)
        if comparable(a) or comparable(b):
            if is_set(a) or is_set(b):
                pass
            graph(rec, a, b)
        return native(fn, args, kw)

    def is_set(x):
        return isinstance(x, (set, frozenset))
    for n in ("eq_", "ne_", "le_", "is_none", "is_not_none", "is_true", "is_false", "in_", "not_in", "not_in_", "startswith_",
              "eq_ignore_whitespace", "eq_regex", "is_instance_of", "int_within_variance"):
        if hasattr(assertions, n):
            S[getattr(assertions, n)] = eq if n in ("eq_", "ne_") else native

    def is_(fn, args, kw):
        rec.same(args[0], args[1])
        return native(fn, args, kw)
    for n in ("is_", "is_not", "is_not_"):
        if hasattr(assertions, n):
            S[getattr(assertions, n)] = is_

    def assert_compile(fn, args, kw):
        stmt = args[0] if isinstance(fn, types.MethodType) else args[1]
        node = rec.node_of(stmt)
        r = native(fn, args, kw)
        if node is not None and not node.taint and rec.on:
            rec.depth += 1
            try:
                s = str(stmt)
            except Exception:
                s = None
            finally:
                rec.depth -= 1
            if s is not None and "0x" not in s:
                rec.events.append(Check([Text("print("), node, Text(")")], s))
        return r
    S[assertions.AssertsCompiledSQL.assert_compile] = assert_compile

    patch_mocks(rec)
    from sqlalchemy.testing.fixtures import insertmanyvalues_fixture

    def imv(fn, args, kw):
        if kw.get("randomize_rows"):
            rec.cut("rows in random order")
        return native(fn, args, kw)
    S[insertmanyvalues_fixture] = imv
    from sqlalchemy.testing import util
    S[util.gc_collect] = lambda fn, args, kw: None
    S[util.resolve_lambda] = plain
    S[engines.testing_engine] = lambda fn, args, kw: made_engine(rec, fn, args, kw)

    from unittest import mock

    def patched(fn, args, kw):
        if args and args[0] == "warnings.warn":
            return fn(*args, **kw)
        rec.cut("mock.patch")
        return fn(*args, **kw)
    S[mock.patch] = S[mock.patch.object] = S[mock.patch.dict] = patched

    def listens_for(fn, args, kw):
        def deco(f):
            rec.f(event.listen, args[0], args[1], f, *args[2:], **kw)
            return f
        return deco
    S[event.listens_for] = listens_for

    # callables with callbacks that run in the test's own code go through untouched
    METHODS.update({})


def patch_mocks(rec):
    """A mock that is given to SQLAlchemy as a callback prints its name when it is called, on both sides."""
    from unittest import mock
    from nodes import Echo
    real = mock.CallableMixin._increment_mock_call

    def called(self, /, *args, **kwargs):
        name = rec.mocks.get(id(self))
        if name is not None and rec.on and rec.depth and name[0] is self:
            rec.events.append(Echo("MOCK " + name[1]))
        return real(self, *args, **kwargs)
    mock.CallableMixin._increment_mock_call = called


def spell_mock(rec, v):
    from unittest import mock
    if v._mock_return_value is not mock.DEFAULT or v._mock_side_effect is not None or v._mock_wraps is not None:
        raise Untraceable("a Mock that answers")
    name = v._extract_mock_name() if v._mock_name or v._mock_parent else "mock"
    name = name.replace("()", "")
    rec.mocks[id(v)] = (v, name)
    return Text('function() print("MOCK %s") end' % name)


def made_engine(rec, fn, args, kw):
    opts = dict(kw.get("options") or {})
    url = args[0] if args else kw.get("url")
    n = Node("call", Text("create_engine"), args=[Text('"sqlite://"')])
    for k in ("testing_log",):
        opts.pop(k, None)
    for k in ("use_reaper", "future"):
        opts.pop(k, None)
    try:
        if "sqlite_savepoint" in opts or "sqlite_share_pool" in opts:
            raise Untraceable("testing_engine with savepoints")
        if url is not None and str(url) not in ("sqlite://", "sqlite:///:memory:") or kw.get("asyncio") or kw.get("share_pool"):
            raise Untraceable("testing_engine with a url")
        opts.pop("scope", None)
        n.kw = {k: rec.spell(v) for k, v in opts.items()}
        n.kw["echo"] = Text("true")
    except Untraceable as e:
        n.taint = str(e)
    return rec.perform(n, lambda: fn(*args, **kw))


METHODS = {}


# ---------------------------------------------------------------- classes
DROP = {"__module__", "__qualname__", "__doc__", "__annotations__", "type_annotation_map", "__table_cls__", "__init_subclass__",
        "__hash__", "__ne__", "__classcell__", "__static_attributes__", "__firstlineno__", "__match_args__", "__slots__", "__allow_unmapped__",
        "__sa_dataclass_metadata_key__", "__test__", "__backend__", "__class_getitem__"}
BASE_MODULES = ("sqlalchemy.testing.entities", "sqlalchemy.testing.fixtures")


def dataclass_body(n, cls, items):
    """What dataclasses.dataclass makes of a class that SQLAlchemy does not map."""
    import dataclasses
    if not dataclasses.is_dataclass(cls):
        return
    if hasattr(cls, "__mapper__") or hasattr(cls, "_sa_apply_dc_transforms"):
        raise Untraceable("a mapped dataclass")
    names = [f.name for f in dataclasses.fields(cls)]
    if any(f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING or not f.init for f in dataclasses.fields(cls)):
        raise Untraceable("a dataclass with defaults")
    del items[:]
    params = ", ".join(["self"] + [spell.lua_name(x) for x in names])
    items.append(("__init__", Text("function(%s) %s end" % (params, " ".join(
        "%s = %s;" % (spell.lua_attr("self", x), spell.lua_name(x)) for x in names)))))
    items.append(("__composite_values__", Text("function(self) return {%s} end" % ", ".join(spell.lua_attr("self", x) for x in names))))
    items.append(("__eq__", Text("function(self, other) return not rawequal(other, nil)%s end" % "".join(
        " and %s == %s" % (spell.lua_attr("self", x), spell.lua_attr("other", x)) for x in names))))


def fill_class(rec, n, p, cls):
    from sqlalchemy.util import merge_lists_w_ordering
    decorated_class = False
    from sqlalchemy.orm import declared_attr
    bases = []
    for b in p["bases"]:
        mod = getattr(b, "__module__", "")
        if b is object or isinstance(mod, str) and (mod.startswith("sqlalchemy.testing.entities")):
            continue
        if mod.startswith("sqlalchemy.testing.fixtures") and b.__name__ in ("Basic", "Comparable", "_Base"):
            continue
        node = rec.node_of(b)
        if node is not None:
            if node.taint:
                raise Untraceable(node.taint)
            bases.append(node)
            continue
        c = rec.canon(b)
        if c is None:
            raise Untraceable("base %s" % getattr(b, "__name__", b))
        if isinstance(b, type) and issubclass(b, BaseException):
            raise Untraceable("an exception class")
        bases.append(Text(c))
    if p["kw"] == ("metaclass",) and type(cls).__name__ == "DeclarativeMeta" and not bases:
        bases.append(Text("DeclarativeBase"))
        p["ns"] = {k: v for k, v in p["ns"].items() if not (k == "__init__" and getattr(v, "__code__", None) is not None
                                                             and v.__code__.co_filename not in rewrite.files)}
    elif p["kw"]:
        raise Untraceable("class keywords %s" % ", ".join(str(k) for k in p["kw"]))
    ns = p["ns"] or {}
    ann = dict(ns.get("__annotations__") or {})
    items = []
    seen = set()
    # the order in which SQLAlchemy looks at attributes and annotations
    keys = [k for k in merge_lists_w_ordering(list(ns), list(ann)) if k not in DROP]
    for k in keys:
        if k in seen:
            continue
        seen.add(k)
        v = ns.get(k)
        if k in ann and k in ns or k in ann:
            s = annotated(rec, n, cls, k, ann[k], v, k in ns)
            if s is not None:
                items.append((k, s))
                continue
            if k not in ns:
                continue
        if k == "metadata" or k == "registry":
            items.append((k, rec.spell(v)))
            continue
        if isinstance(v, types.FunctionType) and not hasattr(v, "__sa_validators__") and not hasattr(v, "__sa_reconstructor__"):
            try:
                items.append((k, function(rec, v)))
            except Untraceable as e:
                if k in ("__init__", "__eq__", "__composite_values__", "__clause_element__") or any(
                        isinstance(b, Text) and not b.s.startswith("Declarative") for b in bases):
                    raise
            continue
        d = decorated(rec, v)
        if d is not None:
            items.append((k, d))
            continue
        if isinstance(v, (property, classmethod, staticmethod)):
            items.append((k, None))
            continue
        if isinstance(v, declared_attr_base()) and not getattr(v, "_cascading", False) and isinstance(v.fget, types.FunctionType):
            new = Node("call", Text("declared_attr"), name="declared_attr", pure=True, droppable=True, always=True,
                       args=[function(rec, v.fget)])
            new.void = False
            items.append((k, new))
            continue
        if type(v).__name__ in ("declared_attr", "_declared_directive", "_stateful_declared_attr", "declared_attr_common"):
            raise Untraceable("declared_attr")
        if rec.python_object(v) and not isinstance(v, tuple):
            raise Untraceable("a Python object in the body")
        items.append((k, rec.spell(v)))
    if cls is not None and "__dataclass_fields__" in cls.__dict__ or decorated_class:
        dataclass_body(n, cls, items)
    dropped = [k for k, s in items if s is None]
    if dropped and ("__mapper__" in (cls.__dict__ if cls else {}) or True):
        items = [(k, s) for k, s in items if s is not None]
    n.args = [List(bases), Dict(items)]


def made(text, *args, base=None, name=None, kw=None):
    n = Node("method" if base is not None else "call", base if base is not None else Text(text), name, args=list(args), kw=kw,
             pure=True, droppable=True, always=True)
    n.void = False
    return n


def decorated(rec, v):
    """What decorators make of functions in a class body, as calls."""
    from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
    if isinstance(v, types.FunctionType) and hasattr(v, "__sa_validators__"):
        names, opts = v.__sa_validators__, v.__sa_validation_opts__
        kw = {k: Text("true" if x else "false") for k, x in opts.items() if k == "include_removes" and x or k == "include_backrefs" and not x}
        return made("validates", *([rec.spell(n) for n in names] + [function(rec, v)]), kw=kw)
    if isinstance(v, types.FunctionType) and hasattr(v, "__sa_reconstructor__"):
        return made("reconstructor", function(rec, v))
    if type(v) is hybrid_property:
        n = made("hybrid_property", function(rec, v.fget))
        if v.custom_comparator is not None:
            n = made(None, function(rec, v.custom_comparator), base=n, name="comparator")
        if v.fset is not None:
            n = made(None, function(rec, v.fset), base=n, name="setter")
        if v.fdel is not None:
            n = made(None, function(rec, v.fdel), base=n, name="deleter")
        if v.expr is not None:
            n = made(None, function(rec, plain_function(v.expr)), base=n, name="expression")
        if v.update_expr is not None:
            n = made(None, function(rec, plain_function(v.update_expr)), base=n, name="update_expression")
        return n
    if type(v) is hybrid_method:
        n = made("hybrid_method", function(rec, v.func))
        if v.expr is not None and plain_function(v.expr) is not v.func:
            n = made(None, function(rec, plain_function(v.expr)), base=n, name="expression")
        return n
    return None


def plain_function(f):
    f = getattr(f, "__func__", f)
    if not isinstance(f, types.FunctionType):
        raise Untraceable("a decorated %s" % type(f).__name__)
    return f


def is_attr(v):
    return not values.is_scalar(v) and not isinstance(v, types.FunctionType)


def declared_attr_base():
    from sqlalchemy.orm import decl_api
    return decl_api._declared_attr_common


def function(rec, fn):
    from functions import Translator
    try:
        Translator(fn, rec.spell).run()   # may it be spelt at all? names of later objects are looked up again at the end
    except Untraceable as e:
        if not str(e).startswith(("unknown class", "in function: unknown name")):
            raise
    return rec.spell(fn)


def annotated(rec, n, cls, k, ann, v, given):
    """Mapped[...] becomes a type and nullable, by what SQLAlchemy made of it."""
    from sqlalchemy.orm import MappedColumn, RelationshipProperty, CompositeProperty, ColumnProperty
    text = ann if isinstance(ann, str) else repr(ann)
    if "Mapped" not in text and "Relationship" not in text:
        if given and not isinstance(v, types.FunctionType):
            return None if not is_attr(v) else rec.spell(v)
        return None
    if cls is None:
        raise Untraceable("annotations of a failed class")
    if "Annotated" in text or text.strip("'\"").split("[")[-1].rstrip("]") in ANNOTATED_NAMES:
        return from_column(rec, cls, k, v, given)
    if not given or isinstance(v, MappedColumn):
        mapper = cls.__dict__.get("__mapper__")
        if mapper is None:
            return mixin_column(rec, text, v, given)
        prop = mapper._props.get(k)
        if isinstance(prop, RelationshipProperty):
            raise Untraceable("relationship without a value")
        if not isinstance(prop, ColumnProperty):
            raise Untraceable("annotation %s" % type(prop).__name__)
        col = prop.columns[0]
        node = rec.node_of(v) if given else None
        if given and node is None:
            raise Untraceable("mapped_column of another place")
        new = Node("call", Text("mapped_column"), name="mapped_column", pure=True, droppable=True, always=True)
        new.void = False
        args = list(node.args) if node else []
        kw = dict(node.kw) if node else {}
        if node is not None and node.taint:
            raise Untraceable(node.taint)
        raw_type = node is not None and any(is_type_spelling(rec, a) for a in args[:2]) or "type_" in kw
        if not raw_type and not any(is_fk(a) for a in args):
            at = 1 if args and isinstance(args[0], Text) and args[0].s.startswith('"') else 0
            args.insert(at, type_of(rec, col.type))
        elif not raw_type:
            at = 1 if args and isinstance(args[0], Text) and args[0].s.startswith('"') else 0
            args.insert(at, type_of(rec, col.type))
        if "nullable" not in kw and not col.primary_key:
            if not col.nullable:
                kw["nullable"] = Text("false")
        if node is not None:
            node.args, node.kw = args, kw
            return node
        new.args, new.kw = args, kw
        return new
    if isinstance(v, CompositeProperty) and cls is not None and "__mapper__" in cls.__dict__:
        return annotated_composite(rec, cls, k, v)
    if isinstance(v, RelationshipProperty):
        node = rec.node_of(v)
        if node is None or node.taint:
            raise Untraceable("relationship of another place")
        if cls is not None and "__mapper__" in cls.__dict__:
            try:
                v._setup_dependent = None
            except Exception:
                pass
        kw = dict(node.kw)
        args = list(node.args)
        if not args and "argument" not in kw:
            arg = v.argument
            name = arg if isinstance(arg, str) else getattr(arg, "__name__", None)
            if name is None:
                raise Untraceable("relationship target")
            name = name.strip("'\"")
            args = [Text(spell.lua_str(name))]
        if v.uselist is False and "uselist" not in kw:
            kw["uselist"] = Text("false")
        cc = v.collection_class
        if cc is not None and "collection_class" not in kw and cc is not list:
            if cc is set:
                kw["collection_class"] = Text("set") if False else None
            if kw.get("collection_class") is None:
                raise Untraceable("collection class by annotation")
        if v.lazy in ("write_only", "dynamic") and "lazy" not in kw:
            kw["lazy"] = Text('"%s"' % v.lazy)
        new = Node("call", Text("relationship"), args=args, kw=kw, name="relationship", pure=True, droppable=True, always=True)
        new.void = False
        return new
    return rec.spell(v)


def annotated_composite(rec, cls, k, v):
    """composite() in an annotated class: the class and the types of the columns come from the annotation."""
    from sqlalchemy.orm import MappedColumn
    node = rec.node_of(v)
    if node is None or node.taint:
        raise Untraceable("composite of another place")
    prop = cls.__dict__["__mapper__"]._props.get(k)
    args = list(node.args)
    if not args or not (isinstance(args[0], Node) and isinstance(args[0].value, type)):
        args.insert(0, rec.spell(prop.composite_class))
    cols = list(prop.columns)
    if len(args) - 1 not in (0, len(cols)):
        raise Untraceable("composite")
    if len(args) == 1:
        args += [made("mapped_column", Text(spell.lua_str(c.name))) for c in cols]
    for i, col in enumerate(cols):
        a = args[i + 1]
        if isinstance(a, Node) and a.name == "mapped_column" and not any(is_type_spelling(rec, x) for x in a.args[:2]):
            x, kw = list(a.args), dict(a.kw)
            at = 1 if x and isinstance(x[0], Text) and x[0].s.startswith('"') else 0
            if not at:
                x.insert(0, Text(spell.lua_str(col.name)))
            x.insert(1, type_of(rec, col.type))
            if "nullable" not in kw and not col.nullable and not col.primary_key:
                kw["nullable"] = Text("false")
            args[i + 1] = made("mapped_column", *x, kw=kw)
    return made("composite", *args, kw=node.kw)


ANNOTATED_NAMES = {"intpk", "str50", "str30", "str100", "intfk"}


def from_column(rec, cls, k, v, given):
    """Annotated[...] may say anything: the column is spelt as it came out."""
    from sqlalchemy.orm import ColumnProperty
    mapper = cls.__dict__.get("__mapper__")
    prop = mapper._props.get(k) if mapper is not None else None
    if not isinstance(prop, ColumnProperty):
        raise Untraceable("Annotated")
    c = prop.columns[0]
    args, kw = [], {}
    if c.name != k:
        args.append(Text(spell.lua_str(c.name)))
    args.append(type_of(rec, c.type))
    for fk in c.foreign_keys:
        if not isinstance(fk._colspec, str) or fk.ondelete or fk.onupdate:
            raise Untraceable("Annotated with a foreign key")
        args.append(made("ForeignKey", Text(spell.lua_str(fk._colspec))))
    if c.onupdate is not None or c.server_default is not None or c.server_onupdate is not None or c.computed or c.identity:
        raise Untraceable("Annotated with more")
    if c.default is not None:
        if not c.default.is_scalar:
            raise Untraceable("Annotated with a default")
        kw["default"] = rec.spell(c.default.arg)
    if c.primary_key:
        kw["primary_key"] = Text("true")
    elif not c.nullable:
        kw["nullable"] = Text("false")
    for o in ("index", "unique"):
        if getattr(c, o):
            kw[o] = Text("true")
    return made("mapped_column", *args, kw=kw)


SIMPLE = {"int": "Integer", "str": "String", "bool": "Boolean", "float": "Float", "bytes": "LargeBinary", "datetime.datetime": "DateTime",
          "datetime.date": "Date", "decimal.Decimal": "Numeric", "Decimal": "Numeric", "datetime": "DateTime", "date": "Date", "Any": None}


def mixin_column(rec, text, v, given):
    """A column of a class that has no table: the annotation's text decides."""
    import re
    m = re.match(r"^(?:sqlalchemy\.orm\.base\.)?Mapped\[(.*)\]$", text)
    inner = m and m.group(1).strip("'\"")
    optional = False
    if inner:
        o = re.match(r"^(?:typing\.)?Optional\[(.*)\]$", inner)
        if o:
            inner, optional = o.group(1), True
        elif inner.endswith(" | None"):
            inner, optional = inner[:-7], True
    if not inner or inner not in SIMPLE:
        raise Untraceable("annotations of a mixin")
    node = rec.node_of(v) if given else None
    if given and (node is None or node.taint):
        raise Untraceable("mapped_column of another place")
    args, kw = (list(node.args), dict(node.kw)) if node else ([], {})
    at = 1 if args and isinstance(args[0], Text) and args[0].s.startswith('"') else 0
    if not any(is_type_spelling(rec, a) for a in args[:2]) and SIMPLE[inner]:
        args.insert(at, Text(SIMPLE[inner]))
    if "nullable" not in kw and "primary_key" not in kw and not optional:
        kw["nullable"] = Text("false")
    new = Node("call", Text("mapped_column"), name="mapped_column", pure=True, droppable=True, always=True, args=args, kw=kw)
    new.void = False
    return new


def is_type_spelling(rec, s):
    if isinstance(s, Text):
        return s.s[:1].isupper() or s.s.split(".")[0] in ("postgresql", "mysql", "sqlite")
    if isinstance(s, Node):
        from sqlalchemy.types import TypeEngine
        return isinstance(s.value, TypeEngine) or isinstance(s.value, type)
    return False


def is_fk(s):
    from sqlalchemy import ForeignKey
    return isinstance(s, Node) and isinstance(s.value, ForeignKey)


def type_of(rec, t):
    import sqlalchemy as sa
    if isinstance(t, sa.String) and t.length is None and rec.canon(type(t)):
        return Text(rec.canon(type(t)))
    n = rec.node_of(t)
    if n is not None and not n.taint:
        return n
    c = rec.canon(type(t))
    if c is None or isinstance(t, (sa.Enum, sa.types.TypeDecorator)):
        raise Untraceable("annotated type %s" % type(t).__name__)
    if isinstance(t, sa.String) and t.length is not None:
        return Text("%s(%d)" % (c, t.length))
    return Text(c)
