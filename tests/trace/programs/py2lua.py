"""py2lua.py: a Python program with SQLAlchemy -> Lua by the rules of the contract."""
import ast, os, re, sys
sys.path.insert(0, os.environ.get("ORACLE", "/work/shared/oracle"))
from spell import lua_str, lua_bytes, lua_num, IDENT, RESERVED, RENAME

NAMESPACES = {"func", "event", "postgresql", "sqlite", "mysql", "mariadb", "sqlite3", "psycopg2", "pymysql"}
DROPPED = {"sa", "orm", "exc", "sqlalchemy", "so", "types", "datetime_", "dt", "decimal", "mutable", "hybrid", "uuid", "attributes", "ext", "mapperlib", "sa_exc", "orm_exc", "typing"}
BUILTIN = {"str": "tostring", "Decimal": "decimal", "timedelta": "interval", "UUID": "uuid", "True": "true"}
ANN = {"int": "Integer", "str": "String", "float": "Float", "bool": "Boolean", "bytes": "LargeBinary", "Decimal": "Numeric",
       "datetime.datetime": "DateTime", "datetime": "DateTime", "date": "Date", "datetime.date": "Date", "time": "Time", "timedelta": "Interval",
       "decimal.Decimal": "Numeric", "uuid.UUID": "Uuid", "UUID": "Uuid", "dt.datetime": "DateTime", "dt.date": "Date"}

PRELUDE = {
"py_isin": "function py_isin(x, xs) for y in xs do if rawequal(x, y) or x == y then return true end end return false end",
"py_err": 'function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end',
"py_sum": "function py_sum(xs) local n = 0 for x in xs do n = n + x end return n end",
"py_replace": "function py_replace(s, a, b) return (string.gsub(s, (string.gsub(a, '%p', '%%%0')), b)) end",
"py_join": "function py_join(sep, xs) local t = {} for x in xs do t[#t + 1] = tostring(x) end return table.concat(t, sep) end",
"py_last": "function py_last(xs) return xs[#xs] end",
"py_reversed": "function py_reversed(xs) local r = {} for x in xs do table.insert(r, 1, x) end return r end",
"py_slice": "function py_slice(xs, a, b) if type(xs) == 'string' then return xs:sub(a + 1, b) end local r = {} for i = a + 1, b do if xs[i] == nil then break end r[#r + 1] = xs[i] end return r end",
"py_merge": "function py_merge(a, b) local r = {} for k, v in pairs(a) do r[k] = v end for k, v in pairs(b) do r[k] = v end return r end",
"py_when": "function py_when(c, f, g) if c then return f() end return g() end",
"py_any": "function py_any(xs) for x in xs do if x then return true end end return false end",
"py_all": "function py_all(xs) for x in xs do if not x then return false end end return true end",
"py_max": "function py_max(xs) local m for x in xs do if m == nil or x > m then m = x end end return m end",
"py_min": "function py_min(xs) local m for x in xs do if m == nil or x < m then m = x end end return m end",
"py_split": "function py_split(s, sep) local r = {} for p in string.gmatch(s .. sep, '(.-)' .. sep) do r[#r + 1] = p end return r end",
"py_addall": "function py_addall(a, b) local r = {} for x in a do r[#r + 1] = x end for x in b do r[#r + 1] = x end return r end",
}


class Raw(ast.Constant):
    pass


class Unsupported(Exception):
    pass


def name_of(n):
    """dotted text of an annotation or name"""
    try:
        return ast.unparse(n)
    except Exception:
        return ""


class T:
    def __init__(self, src):
        self.tree = ast.parse(src)
        self.used = set()
        self.funcs = {}    # name -> [params]
        self.classes = {}  # name -> methods params
        self.ann = dict(ANN)
        self.annot = {}
        self.local = [set()]
        self.ranges = set()
        self.tmp = 0
        self.classname = None
        for n in ast.walk(self.tree):
            if isinstance(n, ast.FunctionDef):
                self.funcs.setdefault(n.name, n)
            if isinstance(n, ast.ClassDef):
                self.classes[n.name] = n
                for m in n.body:
                    if isinstance(m, ast.FunctionDef):
                        self.funcs.setdefault(m.name, m)

    def run(self):
        body = self.block(self.tree.body, 0)
        pre = "".join(PRELUDE[u] + "\n" for u in sorted(self.used))
        return pre + body

    # -------------------------------------------------------------- statements
    def block(self, body, ind):
        out = ""
        for i, s in enumerate(body):
            t = self.stat(s)
            if t and i == len(body) - 1 and isinstance(s, (ast.Return, ast.With)) and t.startswith("do return") and t.endswith(" end") and ind:
                t = t[3:-4]
            if t:
                out += "".join("  " * ind + l + "\n" if not l.startswith("\0") else l[1:] + "\n" for l in t.split("\n"))
        return out

    def inner(self, body):
        return self.block(body, 1)

    def stat(self, s):
        k = type(s).__name__
        f = getattr(self, "s_" + k, None)
        if not f:
            raise Unsupported("statement %s line %d" % (k, s.lineno))
        return f(s)

    def s_Import(self, s):
        for a in s.names:
            if a.asname:
                base = a.name.split(".")[-1]
                if a.name.startswith("sqlalchemy") or a.name in ("datetime",):
                    DROPPED.add(a.asname)
            else:
                DROPPED.add(a.name.split(".")[0]) if a.name.split(".")[0] in ("sqlalchemy", "datetime", "decimal", "uuid") else None
        return ""

    def s_ImportFrom(self, s):
        for a in s.names:
            if a.asname:
                # from x import insert as pg_insert
                m = s.module.split(".")
                if "dialects" in m and len(m) > 2:
                    self.alias = getattr(self, "alias", {})
                    self.alias[a.asname] = m[m.index("dialects") + 1] + "." + a.name
                else:
                    self.alias = getattr(self, "alias", {})
                    self.alias[a.asname] = a.name
            elif s.module and "dialects." in s.module:
                self.alias = getattr(self, "alias", {})
                m = s.module.split(".")
                self.alias[a.name] = m[m.index("dialects") + 1] + "." + a.name
            elif a.name in ("orm", "exc", "types", "attributes"):
                DROPPED.add(a.name)
        return ""

    def s_Expr(self, s):
        v = s.value
        if isinstance(v, ast.Constant):
            return ""
        if isinstance(v, ast.Yield):
            return "yielded[#yielded + 1] = " + self.e(v.value)
        e = self.e(v)
        if isinstance(v, ast.Call):
            return e
        return "local _ = " + e

    def s_Pass(self, s):
        return ""

    def s_Global(self, s):
        return ""
    s_Nonlocal = s_Global

    def s_Assign(self, s):
        if isinstance(s.value, ast.Subscript) and name_of(s.value.value).split(".")[-1] == "Annotated":
            el = s.value.slice.elts
            self.annot[s.targets[0].id] = el
            return ""
        if len(s.targets) > 1:
            out = []
            first = s.targets[-1]
            out.append(self.assign(first, s.value))
            for t in s.targets[:-1]:
                out.append("%s = %s" % (self.e(t), self.e(first)))
            return "\n".join(out)
        return self.assign(s.targets[0], s.value)

    def assign(self, t, v):
        if isinstance(t, (ast.Tuple, ast.List)):
            names = ", ".join(self.target(x) for x in t.elts)
            if isinstance(v, (ast.Tuple, ast.List)):
                return names + " = " + ", ".join(self.e(x) for x in v.elts)
            if isinstance(v, ast.GeneratorExp) or isinstance(v, ast.ListComp):
                return names + " = unpack(" + self.e(v) + ")"
            return names + " = unpack(" + self.e(v) + ")"
        return self.target(t) + " = " + self.e(v)

    def target(self, t):
        if isinstance(t, ast.Name):
            return self.e_Name(t)
        return self.e(t)

    def s_AnnAssign(self, s):
        if s.value is None:
            return ""
        return self.target(s.target) + " = " + self.e(s.value)

    def s_AugAssign(self, s):
        t = self.e(s.target)
        if isinstance(s.op, ast.Add) and isinstance(s.value, ast.List):
            self.used.add("py_addall")
            return "%s = py_addall(%s, %s)" % (t, t, self.e(s.value))
        return t + " = " + self.binop(ast.BinOp(s.target, s.op, s.value))

    def s_Return(self, s):
        if s.value is None:
            return "do return end"
        if isinstance(s.value, ast.Tuple):
            return "do return {" + ", ".join(self.item(x) for x in s.value.elts) + "} end"
        return "do return " + self.e(s.value) + " end"

    def cond(self, c):
        return self.e(c)

    def s_If(self, s):
        if name_of(s.test).startswith("__name__"):
            return self.block(s.body, 0).rstrip("\n")
        if name_of(s.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            return ""
        out = "if %s then\n%s" % (self.cond(s.test), self.inner(s.body))
        if s.orelse:
            if len(s.orelse) == 1 and isinstance(s.orelse[0], ast.If):
                r = self.s_If(s.orelse[0])
                return out + "else" + r
            out += "else\n" + self.inner(s.orelse)
        return out + "end"

    def s_While(self, s):
        if isinstance(s.test, ast.Constant) and s.test.value is True:
            c = "true"
        else:
            c = self.cond(s.test)
        return "while %s do\n%send" % (c, self.loopbody(s.body))

    def loopbody(self, body):
        cont = any(isinstance(n, ast.Continue) for b in body for n in ast.walk(b))
        if cont:
            self.tmp += 1
            self.cont = "continue_%d" % self.tmp
            return "  do\n" + self.inner(body) + "  end\n  ::%s::\n" % self.cont
        return self.inner(body)

    def s_Continue(self, s):
        return "goto " + self.cont

    def s_Break(self, s):
        return "do break end"

    def forhead(self, target, it):
        """'for … do' and lines that begin the body"""
        if isinstance(it, ast.Call) and isinstance(it.func, ast.Name):
            f = it.func.id
            if f == "range":
                a = it.args
                lo, hi, st = ("0", a[0], None) if len(a) == 1 else (self.e(a[0]), a[1], a[2] if len(a) > 2 else None)
                if isinstance(hi, ast.Constant):
                    h = str(hi.value - 1)
                else:
                    h = self.e(hi) + " - 1"
                if isinstance(target, ast.Name):
                    self.ranges.add(target.id)
                return "for %s = %s, %s%s do" % (self.e(target), lo, h, ", " + self.e(st) if st else ""), ""
            if f == "enumerate":
                start = 0
                if len(it.args) > 1:
                    start = self.e(it.args[1])
                for k in it.keywords:
                    start = self.e(k.value)
                i, x = target.elts
                self.tmp += 1
                n = "n_%d" % self.tmp
                pre = "local %s = %s - 1\n" % (n, start)
                xs = self.names(x)
                return pre + "for %s in %s do" % (xs, self.e(it.args[0])), "%s = %s + 1\nlocal %s = %s" % (n, n, self.e(i), n)
            if f == "zip":
                self.tmp += 1
                a, b = it.args[:2]
                n = "i_%d" % self.tmp
                A, B = "a_%d" % self.tmp, "b_%d" % self.tmp
                return ("local %s, %s = list(%s), list(%s)\nfor %s = 1, #%s do" % (A, B, self.e(a), self.e(b), n, A),
                        "local %s, %s = %s[%s], %s[%s]" % (self.names(target.elts[0]), self.names(target.elts[1]), A, n, B, n))
        if isinstance(it, ast.Call) and isinstance(it.func, ast.Attribute) and it.func.attr == "items":
            if isinstance(target, ast.Tuple):
                return "for %s in pairs(%s) do" % (self.names(target), self.e(it.func.value)), ""
        if isinstance(target, ast.Tuple) and len(target.elts) == 1:
            return "for row_ in %s do" % self.e(it), "local %s = row_[1]" % self.names(target.elts[0])
        return "for %s in %s do" % (self.names(target), self.e(it)), ""

    def names(self, t):
        if isinstance(t, ast.Name):
            self.local[-1].add(t.id)
            return self.e_Name(t)
        if isinstance(t, ast.Tuple):
            if any(not isinstance(x, ast.Name) for x in t.elts):
                raise Unsupported("nested tuple in for")
            return ", ".join(self.names(x) for x in t.elts)
        raise Unsupported("for target")

    def s_For(self, s):
        h, pre = self.forhead(s.target, s.iter)
        body = self.loopbody(s.body)
        if pre:
            body = "".join("  " + l + "\n" for l in pre.split("\n")) + body
        out = "%s\n%send" % (h, body)
        if "\n" in h:
            out = "do\n" + out + "\nend"
        if s.orelse:
            self.tmp += 1
            out = out.replace("do break end", "broke_%d = true break" % self.tmp)
            out = "local broke_%d\n%s\nif not broke_%d then\n%send" % (self.tmp, out, self.tmp, self.inner(s.orelse))
        return out

    def s_With(self, s):
        return self.withitems(s.items, s.body)

    def withitems(self, items, body):
        it = items[0]
        arg = self.e(it.optional_vars) if it.optional_vars else ""
        ctx = it.context_expr
        if isinstance(ctx, ast.Call) and name_of(ctx.func) == "suppress":
            raise Unsupported("suppress")
        inner = self.withitems(items[1:], body) if len(items) > 1 else None
        lines = "".join("  " + l + "\n" for l in inner.split("\n")) if inner else self.inner(body)
        r = any(isinstance(n, ast.Return) for b in body for n in ast.walk(b) if not isinstance(b, (ast.FunctionDef, ast.Lambda)))
        w = "with(%s, function(%s)\n%send)" % (self.e(ctx), arg, lines)
        if r:
            return "do return " + w + " end"
        return w

    def s_Try(self, s):
        self.tmp += 1
        n = self.tmp
        r = any(isinstance(x, ast.Return) for b in s.body for x in ast.walk(b) if not isinstance(b, ast.FunctionDef))
        out = "local ok_%d, err_%d = pcall(function()\n%send)\n" % (n, n, self.inner(s.body))
        if s.handlers:
            out += "if not ok_%d then\n" % n
            first = True
            closed = False
            for h in s.handlers:
                body = self.inner(h.body)
                if h.name:
                    body = "    local %s = err_%d\n" % (h.name, n) + body
                t = h.type
                if t is None or name_of(t) in ("Exception", "BaseException"):
                    if first:
                        out += "  do\n%s  end\n" % body
                    else:
                        out += "  else\n" + body
                    closed = True
                else:
                    ts = t.elts if isinstance(t, ast.Tuple) else [t]
                    c = " or ".join("err_%d:is(%s)" % (n, self.e(x)) for x in ts)
                    out += "  %s %s then\n%s" % ("if" if first else "elseif", c, body)
                    first = False
            if not closed:
                out += "  else\n    error(err_%d, 0)\n" % n
            if not first:
                out += "  end\n"
            if s.orelse:
                out += "else\n" + self.inner(s.orelse)
            out += "end\n"
            if r:
                out += "if ok_%d then return err_%d end\n" % (n, n)
        if s.finalbody:
            out += self.block(s.finalbody, 0)
            if not s.handlers:
                out += "if not ok_%d then error(err_%d, 0) end\n" % (n, n)
                if r:
                    out += "do return err_%d end\n" % n
        return out.rstrip("\n")

    def s_Raise(self, s):
        if s.exc is None:
            return "error(err_%d, 0)" % self.tmp
        e = s.exc
        if isinstance(e, ast.Name):
            return "error(%s)" % (e.id if e.id.islower() else self.e_Name(e) + '("")')
        return "error(%s)" % self.e(e)

    def s_Assert(self, s):
        if isinstance(s.test, ast.Compare) and len(s.test.ops) == 1 and isinstance(s.test.ops[0], ast.Eq):
            return "print(%s)" % self.e(s.test.left)
        return "assert(%s)" % self.e(s.test)

    def s_Delete(self, s):
        out = []
        for t in s.targets:
            if isinstance(t, ast.Attribute):
                out.append("delattr(%s, %s)" % (self.e(t.value), lua_str(t.attr)))
            elif isinstance(t, ast.Subscript):
                if isinstance(t.slice, ast.Constant) and isinstance(t.slice.value, int):
                    out.append("%s:pop(%d)" % (self.e(t.value), t.slice.value + 1))
                else:
                    out.append("%s = nil" % self.e(t))
            else:
                out.append("%s = nil" % self.e(t))
        return "\n".join(out)

    # ---------------------------------------------------------- functions, classes
    def assigned(self, body, params):
        names = []
        def visit(n):
            if isinstance(n, (ast.FunctionDef, ast.ClassDef)):
                if n.name not in names:
                    names.append(n.name)
                return
            if isinstance(n, ast.Lambda):
                return
            if isinstance(n, (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)):
                return
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
                if n.id not in names:
                    names.append(n.id)
            if isinstance(n, ast.For):
                for x in n.body + n.orelse:
                    visit(x)
                return
            if isinstance(n, ast.withitem):
                return
            for c in ast.iter_child_nodes(n):
                visit(c)
        glob = set()
        for b in body:
            for n in ast.walk(b):
                if isinstance(n, (ast.Global, ast.Nonlocal)):
                    glob.update(n.names)
        for b in body:
            visit(b)
        return [n for n in names if n not in params and n not in glob]

    def function(self, f, skip=0):
        a = f.args
        params = [x.arg for x in a.args][skip:]
        self.local.append(set(params))
        pre = []
        defaults = dict(zip([x.arg for x in a.args][::-1], a.defaults[::-1]))
        for x, d in zip(a.kwonlyargs, a.kw_defaults):
            params.append(x.arg)
            if d is not None:
                defaults[x.arg] = d
        allp = list(params)
        if a.vararg:
            allp.append("...")
            pre.append("local %s = {...}" % a.vararg.arg)
        if a.kwarg:
            if a.vararg:
                raise Unsupported("*args and **kw")
            allp.append(a.kwarg.arg)
            params.append(a.kwarg.arg)
            pre.append("%s = %s or {}" % (a.kwarg.arg, a.kwarg.arg))
        for p in params:
            if p in defaults and not (isinstance(defaults[p], ast.Constant) and defaults[p].value is None):
                pre.append("if %s == nil then %s = %s end" % (p, p, self.e(defaults[p])))
        loc = self.assigned(f.body, set(params) | ({a.vararg.arg} if a.vararg else set()))
        for n in loc:
            self.local[-1].add(n)
        if loc:
            pre.append("local " + ", ".join(self.luaname(x) for x in loc))
        gen = any(isinstance(n, (ast.Yield, ast.YieldFrom)) for b in f.body for n in ast.walk(b))
        body = self.inner(f.body)
        if gen:
            pre.append("local yielded = {}")
            body += "  do return yielded end\n"
        self.local.pop()
        head = "".join("  " + p + "\n" for p in pre)
        return "function(%s)\n%s%send" % (", ".join(self.luaname(p) if p != "..." else p for p in allp), head, body)

    def luaname(self, n):
        return n + "_" if n in RESERVED else n

    def s_FunctionDef(self, s):
        f = self.function(s)
        out = "%s = %s" % (s.name, f)
        post = ""
        for d in reversed(s.decorator_list):
            if isinstance(d, ast.Call):
                n = name_of(d.func).split(".")[-1]
                if n == "listens_for":
                    kw = self.kwargs(d.keywords)
                    post += "\nevent.listen(%s, %s%s)" % (", ".join(self.e(x) for x in d.args), s.name, ", " + kw if kw else "")
                    continue
                if n == "compiles":
                    post += "\ncompiles(%s, %s)" % (", ".join(self.e(x) for x in d.args), s.name)
                    continue
                post += "\n%s = %s(%s)" % (s.name, self.e(d), s.name)
            else:
                n = name_of(d)
                if n.split(".")[-1] == "contextmanager":
                    raise Unsupported("contextmanager")
                post += "\n%s = %s(%s)" % (s.name, self.e(d), s.name)
        if len(self.local) > 1 or s.name in ():
            pass
        return out + post

    def mapped(self, ann):
        """type, nullable, kind of a Mapped[…]"""
        t = name_of(ann)
        m = re.match(r"^(?:orm\.|so\.)?(Mapped|WriteOnlyMapped|DynamicMapped)\[(.*)\]$", t, re.S)
        if not m:
            return None
        kind, inner = m.groups()
        nullable = False
        m2 = re.match(r"^(?:typing\.)?Optional\[(.*)\]$", inner, re.S)
        if m2:
            inner, nullable = m2.group(1), True
        m3 = re.match(r"^(.*?)\s*\|\s*None$", inner, re.S)
        if m3:
            inner, nullable = m3.group(1), True
        return kind, inner.strip(), nullable

    def s_ClassDef(self, s):
        return self.cls(s)

    def cls(self, s, assign=True):
        outer = self.classname
        self.classname = s.name
        bases = [b for b in s.bases]
        basetext = "nil" if not bases else self.e(bases[0]) if len(bases) == 1 else "{" + ", ".join(self.e(b) for b in bases) + "}"
        fields, order, hoist = {}, [], []
        bodynames = set()
        for b in s.body:
            if isinstance(b, ast.Assign) and isinstance(b.targets[0], ast.Name):
                bodynames.add(b.targets[0].id)
            if isinstance(b, ast.AnnAssign):
                bodynames.add(b.target.id)
            if isinstance(b, ast.FunctionDef):
                bodynames.add(b.name)
        need = set()
        for b in s.body:
            if isinstance(b, (ast.Assign, ast.AnnAssign)) and b.value is not None:
                own = b.targets[0].id if isinstance(b, ast.Assign) and isinstance(b.targets[0], ast.Name) else getattr(getattr(b, "target", None), "id", None)
                for n in self.outernames(b.value):
                    if n in bodynames and n != own:
                        need.add(n)
        nested = ""

        def put(name, text):
            if name not in fields:
                order.append(name)
            fields[name] = text
        for b in s.body:
            if isinstance(b, ast.Expr) or isinstance(b, ast.Pass):
                continue
            if isinstance(b, ast.Assign):
                if isinstance(b.targets[0], ast.Tuple):
                    raise Unsupported("tuple in class body")
                for t in b.targets:
                    v = b.value
                    if t.id in ("__table_args__", "__mapper_args__") and isinstance(v, (ast.Tuple, ast.Dict)):
                        put(t.id, self.tableargs(v))
                    else:
                        put(t.id, self.e(v))
            elif isinstance(b, ast.AnnAssign):
                mp = self.mapped(b.annotation)
                if b.target.id == "type_annotation_map":
                    continue
                if mp is None:
                    if b.value is not None:
                        put(b.target.id, self.e(b.value))
                    continue
                put(b.target.id, self.annotated(b.target.id, mp, b.value))
            elif isinstance(b, ast.FunctionDef):
                self.method(b, put, fields, order, s)
            elif isinstance(b, ast.ClassDef):
                nested += self.cls(b) + "\n"
                put(b.name, b.name)
            else:
                raise Unsupported("class body " + type(b).__name__)
        if not self.iscore(s):
            pass
        # explicit type map of DeclarativeBase
        pre = ""
        for n in order:
            if n in need:
                pre += "local %s = %s\n" % (self.luaname(n), fields[n])
                fields[n] = self.luaname(n)
        body = "".join("  %s = %s,\n" % (n, fields[n].replace("\n", "\n  ")) if n not in RESERVED else "  [%s] = %s,\n" % (lua_str(n), fields[n].replace("\n", "\n  ")) for n in order)
        out = '%s = class("%s", %s, {%s})' % (s.name, s.name, basetext, "\n" + body if body else "")
        if pre:
            out = (pre + out) if len(self.local) > 1 else "do\n" + "".join("  " + l + "\n" for l in (pre + out).split("\n")) + "end"
        for d in s.decorator_list:
            raise Unsupported("class decorator") if name_of(d) not in ("unique", "total_ordering") and not name_of(d).endswith("mapped") else None
        self.classname = outer
        return nested + out

    def iscore(self, s):
        return False

    def outernames(self, n):
        out = set()
        def visit(x):
            if isinstance(x, ast.Lambda):
                return
            if isinstance(x, ast.Name):
                out.add(x.id)
            for c in ast.iter_child_nodes(x):
                visit(c)
        visit(n)
        return out

    def tableargs(self, v):
        if isinstance(v, ast.Tuple):
            out = []
            for x in v.elts:
                out.append(self.e(x))
            return "{" + ", ".join(out) + "}"
        return self.e(v)

    def annotated(self, name, mp, value):
        kind, inner, nullable = mp
        fn = name_of(value.func).split(".")[-1] if isinstance(value, ast.Call) else None
        if fn == "relationship" or (value is None and kind != "Mapped"):
            m = re.match(r"^(?:typing\.)?(List|list|Set|set|Dict|dict|Sequence|MutableMapping|KeyFuncDict)\[(.*)\]$", inner, re.S)
            args = list(value.args) if value else []
            kws = list(value.keywords) if value else []
            have = {k.arg for k in kws}
            targ = inner
            extra = []
            if m:
                targ = m.group(2).split(",")[-1].strip()
                if m.group(1).lower() == "set" and "collection_class" not in have:
                    extra.append("collection_class = set")
            elif kind == "Mapped" and "uselist" not in have and "collection_class" not in have:
                extra.append("uselist = false")
            if kind == "WriteOnlyMapped":
                extra.append('lazy = "write_only"')
            if kind == "DynamicMapped":
                extra.append('lazy = "dynamic"')
            targ = targ.strip("'\"")
            a = [self.e(x) for x in args] or [lua_str(targ)]
            kw = [self.kw(k) for k in kws] + extra
            return "relationship(%s%s)" % (", ".join(a), ", {%s}" % ", ".join(kw) if kw else "")
        if value is not None and fn not in ("mapped_column", "column_property", "composite", "deferred", "query_expression", "association_proxy", "synonym"):
            return self.e(value)
        if fn in ("association_proxy", "synonym", "column_property", "query_expression"):
            return self.e(value)
        if fn == "composite":
            a = [self.e(x) for x in value.args]
            if not a or not (isinstance(value.args[0], ast.Name) and value.args[0].id in self.classes):
                a.insert(0, inner)
            kw = self.kwargs(value.keywords)
            return "composite(%s%s)" % (", ".join(a), ", " + kw if kw else "")
        args = [self.e(x) for x in value.args] if value else []
        kws = list(value.keywords) if value else []
        have = {k.arg: k for k in kws}
        hastype = False
        for x in (value.args if value else []):
            t = name_of(x.func if isinstance(x, ast.Call) else x).split(".")[-1]
            if t not in ("ForeignKey", "Identity", "Computed", "Sequence", "FetchedValue", "CheckConstraint") and not isinstance(x, ast.Constant):
                hastype = True
        extra = []
        if inner in self.annot:
            el = self.annot[inner]
            fn = fn or "mapped_column"
            for x in el[1:]:
                if isinstance(x, ast.Call) and name_of(x.func).endswith("mapped_column"):
                    for a in reversed(x.args):
                        t = name_of(a.func if isinstance(a, ast.Call) else a).split(".")[-1]
                        if t not in ("ForeignKey", "Identity", "Computed", "Sequence"):
                            hastype = True
                        args.insert(0, self.e(a))
                    for k in x.keywords:
                        if k.arg not in have:
                            have[k.arg] = k
                            kws.append(k)
            inner = name_of(el[0])
        if not hastype:
            am = re.match(r"^(?:typing\.)?Annotated\[", inner)
            t = self.ann.get(inner)
            if t is None:
                lm = re.match(r"Literal\[(.*)\]", inner)
                if lm:
                    t = "Enum(%s, {native_enum = false})" % lm.group(1).replace("'", '"')
                else:
                    raise Unsupported("annotation " + inner)
            fk = [i for i, x in enumerate(value.args if value else []) if isinstance(x, ast.Call)]
            pos = 0
            if args and isinstance(value.args[0], ast.Constant):
                pos = 1
            args.insert(pos, t)
        if "nullable" not in have and "primary_key" not in have and not nullable:
            extra.append("nullable = false")
        kw = [self.kw(k) for k in kws] + extra
        fnname = fn or "mapped_column"
        return "%s(%s%s)" % (fnname, ", ".join(args), ", {%s}" % ", ".join(kw) if kw else "")

    def method(self, b, put, fields, order, s):
        decs = b.decorator_list
        if not decs:
            put(b.name, self.function(b))
            return
        text = None
        names = [name_of(d) for d in decs]
        if names[-1] == "classmethod" and len(decs) > 1:
            decs, names = decs[:-1], names[:-1]
        d, n = decs[0], names[0]
        if len(decs) == 1 or all(x == "classmethod" for x in names[1:]):
            f = self.function(b)
            if n == "classmethod":
                put(b.name, f)
                return
            if n == "staticmethod":
                f = f.replace("function(", "function(_, ", 1).replace("(_, )", "(_)", 1)
                put(b.name, f)
                return
            if n == "property":
                put(b.name, "property(%s)" % f)
                return
            if n.startswith("declared_attr") and b.returns is not None and self.mapped(b.returns):
                rets = [x for x in ast.walk(b) if isinstance(x, ast.Return)]
                mp = self.mapped(b.returns)
                for x in rets:
                    if isinstance(x.value, ast.Call) and name_of(x.value.func).split(".")[-1] in ("mapped_column", "relationship"):
                        x.value = Raw(self.annotated(b.name, mp, x.value))
                f = self.function(b)
            if n in ("hybrid_property", "hybrid_method", "declared_attr", "reconstructor", "declared_attr.directive", "declared_attr.cascading"):
                put(b.name, "%s(%s)" % (n, f))
                return
            if isinstance(d, ast.Call) and name_of(d.func).split(".")[-1] == "validates":
                a = ", ".join(self.e(x) for x in d.args)
                kw = self.kwargs(d.keywords)
                put(b.name, "validates(%s, %s%s)" % (a, f, ", " + kw if kw else ""))
                return
            m = re.match(r"^(\w+)\.(inplace\.)?(setter|expression|comparator|deleter|update_expression)$", n)
            if m and m.group(1) in fields:
                base = m.group(1)
                fields[base] = fields[base] + ":%s(%s)" % (m.group(3), f)
                return
        raise Unsupported("decorator %s" % names)

    # -------------------------------------------------------------- expressions
    def e(self, n):
        if isinstance(n, Raw):
            return n.value
        f = getattr(self, "e_" + type(n).__name__, None)
        if not f:
            raise Unsupported("expression %s line %d" % (type(n).__name__, n.lineno))
        return f(n)

    def item(self, n):
        """an element of a table"""
        if isinstance(n, ast.Constant) and n.value is None:
            return "null"
        return self.e(n)

    def e_Constant(self, n):
        v = n.value
        if v is None:
            return "nil"
        if v is True or v is False:
            return "true" if v else "false"
        if isinstance(v, str):
            return lua_str(v)
        if isinstance(v, bytes):
            return lua_bytes(v)
        if isinstance(v, (int, float)):
            return lua_num(v)
        raise Unsupported("constant %r" % (v,))

    def e_Name(self, n):
        i = n.id
        al = getattr(self, "alias", {})
        if i in al:
            return RENAME.get(al[i], al[i])
        if i in BUILTIN and not any(i in l for l in self.local):
            return BUILTIN[i]
        if i in ("int", "float"):
            return "tonumber"
        return RENAME.get(i, self.luaname(i))

    def e_Attribute(self, n):
        if isinstance(n.value, ast.Name) and n.value.id in DROPPED and not any(n.value.id in l for l in self.local):
            if n.value.id == "datetime" and n.attr in ("now", "utcnow", "fromisoformat", "strptime", "combine", "today", "min", "max"):
                return "datetime." + n.attr
            return self.e_Name(ast.Name(n.attr, ast.Load()))
        if isinstance(n.value, ast.Attribute) and name_of(n.value) in ("sa.orm", "sa.exc", "sqlalchemy.orm", "sqlalchemy.exc", "orm.exc", "sa.types", "sa.event"):
            return n.attr
        if n.attr == "__name__" and isinstance(n.value, ast.Call) and name_of(n.value.func) == "type":
            return self.e(n.value.args[0]) + ".__class__.__name__"
        v = self.prefix(n.value)
        if n.attr in RESERVED or not IDENT.match(n.attr):
            return "%s[%s]" % (v, lua_str(n.attr))
        return v + "." + n.attr

    def prefix(self, n):
        t = self.e(n)
        if isinstance(n, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            if t.startswith("(function") or t.startswith("{") or t.startswith("function"):
                return "(%s)" % t
            if re.match(r"^[A-Za-z_]", t) and not t.startswith("not "):
                return t
        return "(%s)" % t

    def kw(self, k):
        if k.arg is None:
            raise Unsupported("** among keywords")
        v = self.e(k.value)
        if k.arg in RESERVED:
            return "[%s] = %s" % (lua_str(k.arg), v)
        return "%s = %s" % (k.arg, v)

    def kwargs(self, kws):
        if not kws:
            return ""
        stars = [k for k in kws if k.arg is None]
        if stars:
            if len(kws) == 1:
                return self.e(stars[0].value)
            rest = "{" + ", ".join(self.kw(k) for k in kws if k.arg is not None) + "}"
            self.used.add("py_merge")
            r = rest
            for st in stars:
                r = "py_merge(%s, %s)" % (r, self.e(st.value))
            return r
        return "{" + ", ".join(self.kw(k) for k in kws) + "}"

    def callargs(self, n):
        # a function of the program: keywords go to their place
        fname = n.func.id if isinstance(n.func, ast.Name) else n.func.attr if isinstance(n.func, ast.Attribute) else None
        fd = None
        if isinstance(n.func, ast.Name) and fname in self.funcs:
            fd = self.funcs[fname]
            skip = 0
        elif isinstance(n.func, ast.Name) and fname in self.classes:
            for m in self.classes[fname].body:
                if isinstance(m, ast.FunctionDef) and m.name == "__init__":
                    fd = m
                    skip = 1
        elif isinstance(n.func, ast.Attribute) and fname in self.funcs and n.keywords:
            fd = self.funcs[fname]
            skip = 1 if fd.args.args and fd.args.args[0].arg in ("self", "cls") else 0
        if fd is not None and n.keywords and not any(k.arg is None for k in n.keywords):
            params = [a.arg for a in fd.args.args][skip:] + [a.arg for a in fd.args.kwonlyargs]
            if all(k.arg in params for k in n.keywords):
                out = [self.e(a) for a in n.args]
                rest = {k.arg: k.value for k in n.keywords}
                for p in params[len(out):]:
                    if p in rest:
                        out.append(self.e(rest.pop(p)))
                    elif rest:
                        out.append("nil")
                return "(" + ", ".join(out) + ")"
            if fd.args.kwarg:
                out = [self.e(a) for a in n.args]
                rest = {k.arg: k for k in n.keywords}
                for p in params[len(out):]:
                    out.append(self.e(rest.pop(p).value) if p in rest else "nil")
                out.append("{" + ", ".join(self.kw(k) for k in rest.values()) + "}")
                return "(" + ", ".join(out) + ")"
        args = []
        for i, a in enumerate(n.args):
            if isinstance(a, ast.Starred):
                args.append("unpack(%s)" % self.e(a.value))
                if i != len(n.args) - 1 or n.keywords:
                    self.used.add("py_addall")
                    # f(unpack(py_addall(...)))
                    before = "{" + ", ".join(args[:-1]) + "}"
                    after = "{" + ", ".join(self.item(x) for x in n.args[i + 1:]) + (", " if n.args[i + 1:] and n.keywords else "") + (self.kwargs(n.keywords) if n.keywords else "") + "}"
                    lst = "py_addall(py_addall(%s, %s), %s)" % (before, self.e(a.value), after) if before != "{}" else "py_addall(%s, %s)" % (self.e(a.value), after)
                    return "(unpack(%s))" % lst
            else:
                args.append(self.e(a))
        kw = self.kwargs(n.keywords)
        if kw:
            if not args:
                return kw if kw.startswith("{") else "(%s)" % kw
            args.append(kw)
        return "(" + ", ".join(args) + ")"

    def e_Call(self, n):
        f = n.func
        if isinstance(f, ast.Name):
            i = f.id
            if i == "len":
                return "#" + self.prefix(n.args[0])
            if i == "sum":
                self.used.add("py_sum")
                return "py_sum(%s)" % self.e(n.args[0])
            if i in ("max", "min", "any", "all"):
                self.used.add("py_" + i)
                if len(n.args) > 1:
                    return "py_%s({%s})" % (i, ", ".join(self.e(a) for a in n.args))
                return "py_%s(%s)" % (i, self.e(n.args[0]))
            if i == "reversed":
                self.used.add("py_reversed")
                return "py_reversed(%s)" % self.e(n.args[0])
            if i == "err":
                self.used.add("py_err")
                return "py_err(%s)" % self.e(n.args[0])
            if i == "dict":
                if not n.args:
                    return self.kwargs(n.keywords) or "{}"
                return "dict_(%s)" % self.e(n.args[0])
            if i == "tuple":
                return "list(%s)" % self.e(n.args[0])
            if i == "set" and n.args:
                return "set(%s)" % self.e(n.args[0])
            if i == "set" and not n.args:
                return "set()"
            if i == "super":
                return self.supername()
            if i == "type" and len(n.args) == 3:
                b = n.args[1].elts
                return "class(%s, %s, %s)" % (self.e(n.args[0]), self.e(b[0]) if len(b) == 1 else self.e(n.args[1]), self.e(n.args[2]))
            if i == "type" and n.args:
                return self.prefix(n.args[0]) + ".__class__"
            if i == "sorted":
                return "sorted(%s%s)" % (self.e(n.args[0]), ", " + self.kwargs(n.keywords) if n.keywords else "")
            if i == "cast_" or i == "cast":
                pass
            return self.e_Name(f) + self.callargs(n)
        if isinstance(f, ast.Attribute):
            # super().m(...)
            if isinstance(f.value, ast.Call) and isinstance(f.value.func, ast.Name) and f.value.func.id == "super":
                a = self.callargs(n)
                if a.startswith("{"):
                    a = "(" + a + ")"
                return "%s.%s(self%s%s" % (self.supername(), f.attr, ", " if a != "()" else "", a[1:])
            if isinstance(f.value, ast.Name):
                b = f.value.id
                if b in NAMESPACES and not any(b in l for l in self.local):
                    return b + ("[%s]" % lua_str(f.attr) if f.attr in RESERVED else "." + f.attr) + self.callargs(n)
                if b == "event" and f.attr == "listen":
                    return "event.listen" + self.callargs(n)
                if b in DROPPED and not any(b in l for l in self.local):
                    return self.e_Attribute(f) + self.callargs(n)
                if b in ("datetime", "date", "time", "timedelta", "uuid", "timezone", "dt"):
                    return b + "." + f.attr + self.callargs(n)
            if isinstance(f.value, ast.Attribute) and name_of(f.value).startswith("func."):
                return name_of(f.value) + "." + f.attr + self.callargs(n)
            if isinstance(f.value, ast.Attribute) and name_of(f.value) in ("sa.event", "sa.func"):
                return f.value.attr + "." + f.attr + self.callargs(n)
            if isinstance(f.value, ast.Attribute) and isinstance(f.value.value, ast.Name) and f.value.value.id in DROPPED and f.value.attr in ("orm", "exc", "types", "datetime", "date"):
                if f.value.attr in ("datetime", "date"):
                    return f.value.attr + "." + f.attr + self.callargs(n)
                return f.attr + self.callargs(n)
            if f.attr == "join" and isinstance(f.value, ast.Constant):
                self.used.add("py_join")
                return "py_join(%s, %s)" % (self.e(f.value), self.e(n.args[0]))
            if f.attr == "split" and n.args and isinstance(n.args[0], ast.Constant):
                self.used.add("py_split")
                return "py_split(%s, %s)" % (self.e(f.value), self.e(n.args[0]))
            if f.attr == "format" and isinstance(f.value, ast.Constant):
                return self.strformat(f.value.value, n)
            if f.attr in RESERVED:
                return "%s[%s](%s, %s" % (self.prefix(f.value), lua_str(f.attr), self.prefix(f.value), self.callargs(n)[1:])
            if f.attr == "__class__":
                return self.prefix(f.value) + ".__class__" + self.callargs(n)
            if f.attr == "replace" and len(n.args) == 2 and not n.keywords:
                self.used.add("py_replace")
                return "py_replace(%s, %s, %s)" % (self.e(f.value), self.e(n.args[0]), self.e(n.args[1]))
            if f.attr in ("startswith", "endswith", "strip", "upper", "lower", "title") and not self.sqlbase(f.value) and isinstance(f.value, (ast.Name, ast.Constant)) and f.attr in ("strip", "title"):
                raise Unsupported("str." + f.attr)
            if f.attr == "_asdict" or f.attr == "keys":
                pass
            if f.attr == "insert" and len(n.args) == 2 and isinstance(n.args[0], ast.Constant):
                return "%s:insert(%d, %s)" % (self.prefix(f.value), n.args[0].value + 1, self.e(n.args[1]))
            if f.attr == "pop" and len(n.args) == 1 and isinstance(n.args[0], ast.Constant) and isinstance(n.args[0].value, int):
                return "%s:pop(%d)" % (self.prefix(f.value), n.args[0].value + 1)
            if f.attr == "append" and isinstance(f.value, ast.Name):
                return "table_append(%s, %s)" % (f.value.id, self.item(n.args[0])) if self.isplain(f.value.id) else "%s:append%s" % (f.value.id, self.callargs(n))
            if f.attr in ("scalars", "columns") and n.args and isinstance(n.args[0], ast.Constant) and isinstance(n.args[0].value, int):
                return "%s:%s(%s)" % (self.prefix(f.value), f.attr, ", ".join(str(a.value + 1) for a in n.args))
            return self.prefix(f.value) + ":" + f.attr + self.callargs(n)
        if isinstance(f, ast.Call) or isinstance(f, ast.Subscript):
            return self.prefix(f) + self.callargs(n)
        raise Unsupported("call of " + type(f).__name__)

    def isplain(self, name):
        """a list the program itself made"""
        for n in ast.walk(self.tree):
            if isinstance(n, (ast.Assign,)) and any(isinstance(t, ast.Name) and t.id == name for t in n.targets):
                if isinstance(n.value, (ast.List, ast.ListComp)):
                    self.used.add("table_append")
                    return True
        return False

    def supername(self):
        c = self.classes.get(self.classname)
        return self.e(c.bases[-1]) if c and c.bases else "nil"

    def e_List(self, n):
        if any(isinstance(x, ast.Starred) for x in n.elts):
            if len(n.elts) == 1:
                return "list(%s)" % self.e(n.elts[0].value)
            if isinstance(n.elts[-1], ast.Starred) and not any(isinstance(x, ast.Starred) for x in n.elts[:-1]):
                return "{" + ", ".join([self.item(x) for x in n.elts[:-1]] + ["unpack(%s)" % self.e(n.elts[-1].value)]) + "}"
            raise Unsupported("star in list")
        return "{" + ", ".join(self.item(x) for x in n.elts) + "}"
    e_Tuple = e_List

    def e_Set(self, n):
        return "set{" + ", ".join(self.item(x) for x in n.elts) + "}"

    def e_Dict(self, n):
        out = []
        merge = []
        for k, v in zip(n.keys, n.values):
            if k is None:
                merge.append(self.e(v))
                continue
            if isinstance(k, ast.Constant) and isinstance(k.value, str) and IDENT.match(k.value) and k.value not in RESERVED:
                out.append("%s = %s" % (k.value, self.item(v)))
            else:
                out.append("[%s] = %s" % (self.e(k), self.item(v)))
        r = "{" + ", ".join(out) + "}"
        for m in merge:
            self.used.add("py_merge")
            r = "py_merge(%s, %s)" % (m, r)
        return r

    def e_JoinedStr(self, n):
        parts = []
        for v in n.values:
            if isinstance(v, ast.Constant):
                parts.append(lua_str(v.value))
            else:
                x = self.e(v.value)
                if v.conversion == 114:
                    x = "repr(%s)" % x
                elif v.format_spec is not None:
                    spec = "".join(c.value for c in v.format_spec.values)
                    x = self.fmt(x, spec)
                else:
                    x = "tostring(%s)" % x
                parts.append(x)
        return " .. ".join(parts) if parts else '""'

    def strformat(self, f, n):
        parts, i = [], 0
        kws = {k.arg: k.value for k in n.keywords}
        for m in re.finditer(r"([^{}]*)(?:\{(\w*)\})?", f):
            if m.group(1):
                parts.append(lua_str(m.group(1)))
            if m.group(2) is not None:
                g = m.group(2)
                if g == "":
                    x = n.args[i]; i += 1
                elif g.isdigit():
                    x = n.args[int(g)]
                else:
                    x = kws[g]
                parts.append("tostring(%s)" % self.e(x))
        return "(" + " .. ".join(parts) + ")"

    def fmt(self, x, spec):
        m = re.match(r"^([<>]?)(0?)(\d*)(\.\d+)?([a-z]?)$", spec)
        if not m:
            raise Unsupported("format " + spec)
        al, z, w, prec, ty = m.groups()
        if ty in ("f", "d"):
            return 'string.format("%%%s%s%s%s%s", tonumber(tostring(%s)))' % ("-" if al == "<" else "", z, w, prec or "", ty, x)
        return 'string.format("%%%s%ss", tostring(%s))' % ("-" if al != ">" else "", w, x)

    def binop(self, n):
        op = type(n.op).__name__
        if op == "Mod" and isinstance(n.left, ast.Constant) and isinstance(n.left.value, str):
            f = n.left.value
            args = n.right.elts if isinstance(n.right, ast.Tuple) else [n.right]
            specs = re.findall(r"%(?:[-0-9.]*)([srdif%])", f)
            specs = [x for x in specs if x != "%"]
            out = []
            for sp, a in zip(specs, args):
                t = self.e(a)
                out.append("repr(%s)" % t if sp == "r" else "tostring(%s)" % t if sp == "s" else t)
            return "string.format(%s, %s)" % (lua_str(f.replace("%r", "%s")), ", ".join(out))
        l, r = self.operand(n.left), self.operand(n.right)
        if op == "Mult" and isinstance(n.left, ast.Constant) and isinstance(n.left.value, str):
            return "(%s):rep(%s)" % (l, self.e(n.right))
        m = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Mod": "%", "Pow": "^"}
        if op == "Add" and (self.isstr(n.left) or self.isstr(n.right)):
            return "%s .. %s" % (l, r)
        if op in m:
            return "%s %s %s" % (l, m[op], r)
        if op == "BitAnd":
            return "and_(%s, %s)" % (self.e(n.left), self.e(n.right))
        if op == "BitOr":
            return "or_(%s, %s)" % (self.e(n.left), self.e(n.right))
        if op == "FloorDiv":
            return "%s:floordiv(%s)" % (l, self.e(n.right)) if not (self.ispure(n.left) or l.startswith("#")) else "math.floor(%s / %s)" % (l, r)
        if op in ("LShift", "RShift", "BitXor"):
            return "%s:bitwise_%s(%s)" % (l, {"LShift": "lshift", "RShift": "rshift", "BitXor": "xor"}[op], self.e(n.right))
        raise Unsupported("operator " + op)
    e_BinOp = binop

    def ispure(self, n):
        return isinstance(n, ast.Constant) or isinstance(n, ast.Name)

    def isstr(self, n):
        if isinstance(n, ast.Constant):
            return isinstance(n.value, str)
        if isinstance(n, ast.JoinedStr):
            return True
        if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mod):
            return self.isstr(n.left)
        if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add):
            return self.isstr(n.left) or self.isstr(n.right)
        return False

    def operand(self, n):
        t = self.e(n)
        if isinstance(n, (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp, ast.Lambda, ast.JoinedStr)) and not (isinstance(n, ast.BinOp) and isinstance(n.op, (ast.BitAnd, ast.BitOr))):
            return "(%s)" % t
        return t

    def e_Compare(self, n):
        if len(n.ops) > 1:
            raise Unsupported("chained comparison")
        op, l, r = type(n.ops[0]).__name__, n.left, n.comparators[0]
        m = {"Eq": "==", "NotEq": "~=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">="}
        if op in m:
            return "%s %s %s" % (self.operand(l), m[op], self.operand(r))
        if op in ("Is", "IsNot"):
            if isinstance(r, ast.Constant) and r.value is None:
                t = "rawequal(%s, nil)" % self.e(l)
            else:
                t = "rawequal(%s, %s)" % (self.e(l), self.e(r))
            return t if op == "Is" else "not " + t
        if op in ("In", "NotIn"):
            if "session" in name_of(r) or name_of(r) in ("s",):
                t = "%s:contains(%s)" % (self.e(r), self.e(l))
            else:
                self.used.add("py_isin")
                t = "py_isin(%s, %s)" % (self.e(l), self.e(r))
            return t if op == "In" else "not " + t
        raise Unsupported("compare " + op)

    def e_BoolOp(self, n):
        o = " and " if isinstance(n.op, ast.And) else " or "
        return o.join(self.operand(v) for v in n.values)

    def e_UnaryOp(self, n):
        o = type(n.op).__name__
        if o == "Not":
            return "not " + self.operand(n.operand)
        if o == "USub":
            return "-" + self.operand(n.operand)
        if o == "Invert":
            return "not_(%s)" % self.e(n.operand)
        raise Unsupported(o)

    def e_IfExp(self, n):
        if isinstance(n.test, ast.Constant) and n.test.value is False:
            return self.e(n.orelse)
        self.used.add("py_when")
        return "py_when(%s, function() return %s end, function() return %s end)" % (self.e(n.test), self.e(n.body), self.e(n.orelse))

    def e_Lambda(self, n):
        a = n.args
        params = [x.arg for x in a.args]
        if a.vararg:
            params.append("...")
        self.local.append(set(params))
        body = self.e(n.body)
        self.local.pop()
        return "function(%s) return %s end" % (", ".join(self.luaname(p) if p != "..." else p for p in params), body)

    def sqlbase(self, n):
        t = name_of(n)
        return ".c." in t or re.match(r"^[A-Z]\w*\.[a-z]", t) or re.match(r"^(func|cast|type_coerce|json_\w+|array_agg|aliased)\b", t) is not None

    def e_Subscript(self, n):
        b, s = n.value, n.slice
        if isinstance(s, ast.Slice):
            lo = self.e(s.lower) if s.lower else "0"
            if s.upper is None:
                hi = "#" + self.prefix(b)
            else:
                hi = self.e(s.upper)
            if self.sqlbase(b):
                return "%s:slice(%s, %s)" % (self.prefix(b), lo, hi)
            if re.search(r"\.query\(|^q\b|^query\b|select\(", name_of(b)):
                return "%s:slice(%s, %s):all()" % (self.prefix(b), lo, hi)
            self.used.add("py_slice")
            return "py_slice(%s, %s, %s)" % (self.e(b), lo, hi)
        if isinstance(s, ast.Constant) and isinstance(s.value, int) and not isinstance(s.value, bool):
            return "%s[%d]" % (self.prefix(b), s.value if self.sqlbase(b) else s.value + 1)
        if isinstance(s, ast.UnaryOp) and isinstance(s.op, ast.USub):
            if self.sqlbase(b):
                return "%s[%s]" % (self.prefix(b), self.e(s))
            if s.operand.value != 1:
                x = self.prefix(b)
                return "%s[#%s - %d]" % (x, x, s.operand.value - 1)
            self.used.add("py_last")
            return "py_last(%s)" % self.e(b)
        if isinstance(s, ast.Name) and s.id in self.ranges:
            return "%s[%s + 1]" % (self.prefix(b), s.id)
        if isinstance(s, ast.BinOp) and isinstance(s.left, ast.Name) and s.left.id in self.ranges:
            return "%s[%s + 1]" % (self.prefix(b), self.e(s))
        k = self.e(s)
        if isinstance(s, ast.Constant) and isinstance(s.value, str) and self.sqlbase(b) and s.value in ("name", "type", "key", "table", "label", "desc", "op", "info", "comment", "index", "default", "unique", "system", "primary_key", "nullable", "parent", "property", "any", "all", "like", "match", "contains", "between", "columns", "concat"):
            return "%s:getitem(%s)" % (self.prefix(b), k)
        return "%s[%s]" % (self.prefix(b), k)

    def comp(self, gens, inner, init="local out_ = {}"):
        out = init + " "
        ends = ""
        for g in gens:
            h, pre = self.forhead(g.target, g.iter)
            out += h.replace("\n", " ") + " " + pre.replace("\n", " ") + " "
            ends += " end"
            for c in g.ifs:
                out += "if %s then " % self.e(c)
                ends += " end"
        return "(function() " + out + inner() + ends + " return out_ end)()"

    def e_ListComp(self, n):
        return self.comp(n.generators, lambda: "out_[#out_ + 1] = " + self.item(n.elt))
    e_GeneratorExp = e_ListComp

    def e_SetComp(self, n):
        return "set(" + self.e_ListComp(n) + ")"

    def e_DictComp(self, n):
        return self.comp(n.generators, lambda: "out_[%s] = %s" % (self.e(n.key), self.item(n.value)))

    def e_Starred(self, n):
        return "unpack(%s)" % self.e(n.value)


PRELUDE["table_append"] = "function table_append(t, x) t[#t + 1] = x end"


def translate(src):
    return T(src).run()


if __name__ == "__main__":
    print(translate(open(sys.argv[1]).read()))
