"""pyrun.py x.py DBURL: runs x.py on SQLAlchemy and writes what the Lua program should write."""
import ast, datetime, decimal, logging, re, sys, uuid, warnings, io, traceback
sys.path.insert(0, __import__("os").environ.get("ORACLE", "/work/shared/oracle"))
warnings.simplefilter("ignore")
import sqlalchemy as sa
import sqlalchemy.sql.util as su
from sqlalchemy.util import IdentitySet
from sqlalchemy.engine import Row
from sqlalchemy.engine.row import RowMapping

out = sys.stdout


def pystr_repr(s):
    return repr(s)


def lrepr(v):
    t = type(v)
    if t is memoryview:
        return repr(bytes(v))
    if t.__module__ == "psycopg2.extensions" and t.__name__ == "Binary":
        return repr(bytes(v.adapted))
    if t.__name__ == "History":
        return "History(added=%s, unchanged=%s, deleted=%s)" % tuple(map(lrepr, v))
    if v is None:
        return "nil"
    if t is bool:
        return "true" if v else "false"
    if t is int:
        return str(v)
    if t is float:
        if v == int(v) and abs(v) < 1e15:
            return str(int(v))
        return repr(v)
    if t is str or t is bytes or isinstance(v, str):
        return repr(str(v)) if isinstance(v, str) else repr(v)
    if t is decimal.Decimal:
        return "decimal('%s')" % v
    if t is uuid.UUID:
        return "uuid('%s')" % v
    if t is datetime.datetime:
        a = [v.year, v.month, v.day, v.hour, v.minute] + ([v.second] if v.second or v.microsecond else []) + ([v.microsecond] if v.microsecond else [])
        if v.tzinfo is not None:
            return repr(v).replace("datetime.datetime", "datetime", 1)
        return "datetime(%s)" % ", ".join(map(str, a))
    if t is datetime.date:
        return "date(%d, %d, %d)" % (v.year, v.month, v.day)
    if t is datetime.time:
        return repr(v).replace("datetime.time", "time")
    if t is datetime.timedelta:
        parts = ["%s = %d" % (k, getattr(v, k)) for k in ("days", "seconds", "microseconds") if getattr(v, k)]
        return "interval{%s}" % ", ".join(parts)
    if isinstance(v, IdentitySet):
        return "IdentitySet({%s})" % ", ".join(lrepr(x) for x in v)
    if isinstance(v, RowMapping):
        return "{%s}" % ", ".join("%s = %s" % (k, elem(v[k])) for k in sorted(v.keys()))
    if isinstance(v, Row) or t is tuple or (isinstance(v, tuple) and type(v).__repr__ is tuple.__repr__):
        v = tuple(v)
        if len(v) == 1:
            return "(%s,)" % lrepr(v[0])
        return "(%s)" % ", ".join(lrepr(x) for x in v)
    if type(v).__name__ in ("dict_keys", "dict_values"):
        return lrepr(list(v))
    if type(v).__name__ == "RMKeyView":
        return "RMKeyView({%s})" % ", ".join(map(repr, v))
    if type(v).__name__ in ("_AssociationList", "_AssociationSet"):
        return "{%s}" % ", ".join(elem(x) for x in v)
    if isinstance(v, list):
        return "{%s}" % ", ".join(elem(x) for x in v)
    if isinstance(v, (set, frozenset)):
        return "{%s}" % ", ".join(sorted(lrepr(x) for x in v))
    if isinstance(v, dict) or type(v).__name__ in ("_AssociationDict", "immutabledict"):
        def key(k):
            if isinstance(k, str) and re.match(r"^[A-Za-z_]\w*$", k):
                return k
            return "[%s]" % lrepr(k)
        return "{%s}" % ", ".join("%s = %s" % (key(k), elem(v[k])) for k in sorted(v, key=str))
    return repr(v)


def elem(v):
    return "null" if v is None else lrepr(v)


def lstr(v):
    if isinstance(v, str):
        return str(v)
    if isinstance(v, BaseException):
        return type(v).__name__ + ": " + errtext(v)
    if type(v) in (decimal.Decimal, uuid.UUID, datetime.datetime, datetime.date, datetime.time, datetime.timedelta):
        return str(v)
    if isinstance(v, (list, dict, tuple, set, frozenset, IdentitySet)) or v is None or type(v) in (bool, int, float, bytes):
        return lrepr(v)
    if isinstance(v, RowMapping) or type(v).__name__ in ("History", "RMKeyView", "_AssociationList", "_AssociationSet", "_AssociationDict", "dict_keys", "dict_values", "immutabledict", "FacadeDict"):
        return lrepr(v)
    return str(v)


def errmsg(e):
    m = str(e.args[0]) if e.args else str(e)
    m = re.sub(r"Original exception was: \([\w.]+\) ", "Original exception was: ", m)
    m = re.sub(r"\n\(Background on this error.*", "", m)
    if isinstance(e, sa.exc.SQLAlchemyError):
        m = e._message() if hasattr(e, "_message") else m
        m = re.sub(r"^\((?:sqlite3|psycopg2\.errors|pymysql\.err|psycopg2|builtins|sqlalchemy\.(?:orm\.)?exc)\.\w+\) ", "", m)
    if isinstance(e, KeyError) and False:
        m = str(e)
    return m


def err(e):
    return type(e).__name__ + ": " + errmsg(e)


def errtext(e):
    t = errmsg(e)
    if getattr(e, "statement", None):
        t += "\n[SQL: %s]" % e.statement
        if e.params:
            t += "\n[parameters: %r]" % (su._repr_params(e.params, 10, ismulti=e.ismulti),) if not e.hide_parameters else "\n[SQL parameters hidden due to hide_parameters=True]"
    return t


def lprint(*a):
    out.write("\t".join(lstr(x) for x in a) + "\n")


def lmod(f, args):
    if not isinstance(args, tuple):
        args = (args,)
    specs = [x for x in re.findall(r"%(?:[-0-9.]*)([srdifxo%])", f) if x != "%"]
    conv = tuple(lrepr(a) if s == "r" else lstr(a) if s == "s" else a for s, a in zip(specs, args))
    return f.replace("%r", "%s") % conv


class Fix(ast.NodeTransformer):
    def visit_Call(self, n):
        self.generic_visit(n)
        if isinstance(n.func, ast.Name) and n.func.id in ("print", "str", "repr"):
            if n.func.id == "str" and len(n.args) != 1:
                return n
            n.func.id = {"print": "_lprint", "str": "_lstr", "repr": "_lrepr"}[n.func.id]
        return n

    def visit_Assert(self, n):
        if isinstance(n.test, ast.Compare) and len(n.test.ops) == 1 and isinstance(n.test.ops[0], ast.Eq):
            return self.visit(ast.Expr(ast.Call(ast.Name("print", ast.Load()), [n.test.left], [])))
        self.generic_visit(n)
        return n

    def visit_BinOp(self, n):
        self.generic_visit(n)
        if isinstance(n.op, ast.Mod) and isinstance(n.left, ast.Constant) and isinstance(n.left.value, str):
            return ast.copy_location(ast.Call(ast.Name("_lmod", ast.Load()), [n.left, n.right], []), n)
        return n

    def visit_FormattedValue(self, n):
        self.generic_visit(n)
        if n.conversion == 114:
            n.value = ast.Call(ast.Name("_lrepr", ast.Load()), [n.value], [])
            n.conversion = -1
        elif n.format_spec is None:
            n.value = ast.Call(ast.Name("_lstr", ast.Load()), [n.value], [])
        else:
            sp = "".join(c.value for c in n.format_spec.values)
            if sp[-1:] in ("f", "d"):
                n.value = n.value
            else:
                n.value = ast.Call(ast.Name("_lstr", ast.Load()), [n.value], [])
        return n


class H(logging.Handler):
    def emit(self, r):
        out.write(r.getMessage() + "\n")


def main():
    path, url = sys.argv[1:3]
    su.repr = lrepr
    if url.startswith("mysql"):
        real_create = sa.create_engine
        def create_engine(*a, **k):
            if str(a[0]).startswith("mysql"):
                k.setdefault("paramstyle", "format")
            return real_create(*a, **k)
        sa.create_engine = create_engine
    real = su._repr_base.trunc
    def trunc(self, value):
        rep = lrepr_param(value)
        n = len(rep)
        if n > self.max_chars:
            s = self.max_chars // 2
            rep = rep[0:s] + (" ... (%d characters truncated) ... " % (n - self.max_chars)) + rep[-s:]
        return rep
    su._repr_base.trunc = trunc
    src = open(path).read()
    tree = Fix().visit(ast.parse(src))
    ast.fix_missing_locations(tree)
    logging.getLogger("sqlalchemy.engine.Engine").addHandler(H())
    logging.getLogger("sqlalchemy.engine.Engine").propagate = False
    import sqlalchemy.log as sl
    sl._add_default_handler = lambda *a, **k: None
    import types
    mod = types.ModuleType("__main__")
    g = mod.__dict__
    glob = {"__name__": "__main__", "_lprint": lprint, "_lstr": lstr, "_lrepr": lrepr, "_lmod": lmod, "DBURL": url, "err": err}
    sys.modules["__main__"] = mod
    g.update(glob)
    try:
        exec(compile(tree, path, "exec"), g)
    except Exception as e:
        out.write("!! %s\n" % err(e))
        out.flush()
        if not isinstance(e, sa.exc.SQLAlchemyError):
            traceback.print_exc()
    out.flush()


def lrepr_param(v):
    """driver values in the echo"""
    if type(v).__name__ == "Json" or type(v).__name__ in ("DateRange", "NumericRange"):
        return repr(v)
    if type(v) is tuple:
        return lrepr(v)
    return lrepr(v)


main()
