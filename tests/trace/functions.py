"""Python functions of the tests (callbacks, defaults, methods) as Lua functions."""
import ast
import builtins
import types

import rewrite
import spell
from nodes import Untraceable

BINOPS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
CMPS = {ast.Eq: "==", ast.NotEq: "~=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def tree(fn):
    code = getattr(fn, "__code__", None)
    if code is None or code.co_filename not in rewrite.files:
        raise Untraceable("function of another module")
    node = rewrite.functions.get((code.co_filename, code.co_firstlineno, code.co_name))
    if node is None:
        raise Untraceable("function without source")
    return node


class Translator:
    """One function; parts is the Lua text with nodes in it."""

    def __init__(self, fn, speller, rec=None):
        self.fn, self.speller = fn, speller
        self.rec = speller.__self__
        self.locals = set()
        self.parts = []
        self.cells = {}
        code = fn.__code__
        if fn.__closure__:
            for n, c in zip(code.co_freevars, fn.__closure__):
                try:
                    self.cells[n] = c.cell_contents
                except ValueError:
                    pass

    def no(self, what):
        raise Untraceable("in function: %s" % what)

    def out(self, *xs):
        self.parts.extend(xs)

    def run(self):
        node = tree(self.fn)
        self.function(node)
        return self.parts

    def function(self, node):
        a = node.args
        names = [p.arg for p in a.posonlyargs + a.args + a.kwonlyargs]
        if a.kwarg and not a.vararg:
            names.append(a.kwarg.arg)
        params = [spell.lua_name(n) for n in names]
        if a.vararg:
            if a.kwonlyargs:
                self.no("*args with keywords")
            params.append("...")   # a ** beside it has no place: the body must not use it
        self.vararg = a.vararg.arg if a.vararg else None
        saved = set(self.locals)
        self.locals |= set(names)
        self.out("function(%s) " % ", ".join(params))
        for p, d in zip((a.posonlyargs + a.args)[len(a.posonlyargs + a.args) - len(a.defaults):], a.defaults):
            if isinstance(d, ast.Constant) and d.value is None:
                continue
            n = spell.lua_name(p.arg)
            self.out("if rawequal(%s, nil) then %s = " % (n, n))
            self.expr(d)
            self.out(" end ")
        if isinstance(node, ast.Lambda):
            self.out("return ")
            self.expr(node.body)
        else:
            self.body(node.body)
        self.out(" end")
        self.locals = saved

    def body(self, stmts):
        for i, s in enumerate(stmts):
            self.stmt(s, i == len(stmts) - 1)

    def stmt(self, s, last):
        if isinstance(s, ast.Expr):
            if isinstance(s.value, ast.Constant):
                return
            if not isinstance(s.value, ast.Call):
                self.no("expression statement")
            self.expr(s.value)
            self.out("; ")
        elif isinstance(s, ast.Return):
            if not last:
                self.out("do ")
            self.out("return ")
            if s.value is not None:
                self.expr(s.value)
            self.out(" " if last else " end ")
        elif isinstance(s, ast.Pass):
            pass
        elif isinstance(s, ast.Assign) and len(s.targets) == 1:
            t = s.targets[0]
            if isinstance(t, ast.Name):
                if t.id not in self.locals:
                    self.out("local ")
                    self.locals.add(t.id)
                self.out(spell.lua_name(t.id), " = ")
            elif isinstance(t, (ast.Attribute, ast.Subscript)):
                self.expr(t)
                self.out(" = ")
            elif isinstance(t, ast.Tuple) and all(isinstance(x, (ast.Name, ast.Attribute)) for x in t.elts):
                new = [x for x in t.elts if isinstance(x, ast.Name) and x.id not in self.locals]
                if len(new) not in (0, len(t.elts)):
                    self.no("assignment to a tuple")
                if new:
                    self.out("local ")
                    self.locals |= {x.id for x in new}
                for i, x in enumerate(t.elts):
                    self.out(", " if i else "")
                    if isinstance(x, ast.Name):
                        self.out(spell.lua_name(x.id))
                    else:
                        self.expr(x)
                self.out(" = ")
                if isinstance(s.value, ast.Tuple):
                    for i, x in enumerate(s.value.elts):
                        self.out(", " if i else "")
                        self.expr(x)
                else:
                    self.out("unpack(")
                    self.expr(s.value)
                    self.out(")")
                self.out("; ")
                return
            else:
                self.no("assignment to a tuple")
            self.expr(s.value)
            self.out("; ")
        elif isinstance(s, ast.AugAssign) and (isinstance(s.target, ast.Attribute) or isinstance(s.target, ast.Name) and s.target.id in self.locals):
            self.expr(s.target)
            self.out(" = ")
            self.expr(ast.BinOp(s.target, s.op, s.value))
            self.out("; ")
        elif isinstance(s, ast.If):
            self.out("if ")
            if isinstance(s.test, ast.Name) and s.test.id == self.vararg:
                self.out("select('#', ...) > 0")
            else:
                self.expr(s.test)
            self.out(" then ")
            saved = set(self.locals)
            self.body(s.body)
            if s.orelse:
                self.out("else ")
                self.body(s.orelse)
            self.locals = saved
            self.out(" end ")
        elif isinstance(s, ast.For) and isinstance(s.target, ast.Name) and not s.orelse:
            self.out("for %s in " % spell.lua_name(s.target.id))
            self.expr(s.iter)
            self.out(" do ")
            saved = set(self.locals)
            self.locals.add(s.target.id)
            self.body(s.body)
            self.locals = saved
            self.out(" end ")
        elif isinstance(s, ast.Assert):
            if isinstance(s.test, ast.Compare) and isinstance(s.test.ops[0], (ast.In, ast.NotIn)):
                self.no("assert in")
            self.out("assert(")
            self.expr(s.test)
            self.out("); ")
        elif isinstance(s, ast.Raise) and s.exc is not None:
            self.out("error(")
            self.expr(s.exc)
            self.out(") ")
        else:
            self.no(type(s).__name__)

    def static(self, e):
        """The Python value of a chain of names that are no locals, or None."""
        if isinstance(e, ast.Name):
            if e.id in self.locals:
                return None, False
            if e.id in self.cells:
                return self.cells[e.id], True
            g = self.fn.__globals__
            if e.id in g:
                return g[e.id], True
            if hasattr(builtins, e.id):
                return getattr(builtins, e.id), True
            return None, False
        if isinstance(e, ast.Attribute):
            v, ok = self.static(e.value)
            if ok and (isinstance(v, types.ModuleType) or type(v).__name__ == "adict"):
                if hasattr(v, e.attr):
                    return getattr(v, e.attr), True
        return None, False

    def expr(self, e, base=False):
        v, ok = self.static(e)
        if ok:
            self.value(v, getattr(e, "id", None) or getattr(e, "attr", ""))
            return
        m = getattr(self, "x_" + type(e).__name__, None)
        if m is None:
            self.no(type(e).__name__)
        if base and not isinstance(e, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            self.out("(")
            m(e)
            self.out(")")
        else:
            m(e)

    def value(self, v, name):
        if type(v).__name__ == "FunctionType" or isinstance(v, types.FunctionType):
            if spell.canon(v) is None and v.__code__.co_filename in rewrite.files:
                if v is self.fn:
                    self.no("recursion")
                self.parts.extend(Translator(v, self.speller).run())
                return
        if isinstance(v, (list, dict, set)):
            n = self.rec.shared(v)
            if n is None:
                self.no("a shared %s" % type(v).__name__)
            self.out(n)
            return
        self.out(self.speller(v))

    def mock(self, v):
        import support
        self.out("(")
        self.out(support.spell_mock(self.rec, v).s)
        self.out(")")

    def x_Name(self, e):
        if e.id == self.vararg:
            self.out("{...}")
            return
        if e.id not in self.locals:
            self.no("unknown name %s" % e.id)
        self.out(spell.lua_name(e.id))

    def x_Constant(self, e):
        s = spell.lua_scalar(e.value)
        if s is None:
            self.no("constant")
        self.out(s)

    def x_Attribute(self, e):
        self.expr(e.value, True)
        n = e.attr
        if n in spell.RESERVED:
            self.out('["%s"]' % n)
        else:
            self.out("." + n)

    def x_Subscript(self, e):
        if isinstance(e.slice, ast.Constant) and isinstance(e.slice.value, str):
            self.expr(e.value, True)
            self.out("[%s]" % spell.lua_str(e.slice.value))
        elif isinstance(e.slice, ast.Constant) and isinstance(e.slice.value, int) and e.slice.value >= 0:
            self.expr(e.value, True)
            self.out("[%d]" % (e.slice.value + 1))
        else:
            self.no("subscript")

    def args(self, call):
        self.out("(")
        n = 0
        for a in call.args:
            if isinstance(a, ast.Starred):
                if isinstance(a.value, ast.Name) and a.value.id == self.vararg:
                    self.out(", " if n else "", "...")
                    n += 1
                    continue
                self.no("star argument")
            if n:
                self.out(", ")
            self.expr(a)
            n += 1
        kws = call.keywords
        if len(kws) == 1 and kws[0].arg is None:
            if n:
                self.out(", ")
            self.expr(kws[0].value)
        elif kws:
            if n:
                self.out(", ")
            self.out("{")
            for i, k in enumerate(kws):
                if k.arg is None:
                    self.no("** with more")
                self.out(", " if i else "", spell.lua_key(k.arg), " = ")
                self.expr(k.value)
            self.out("}")
        self.out(")")

    def x_Call(self, e):
        f = e.func
        v, ok = self.static(f)
        if ok:
            if v is len:
                self.out("#")
                return self.expr(e.args[0], True)
            if v is int and len(e.args) == 1:
                self.out("tonumber")
                return self.args(e)
            if v is str:
                self.out("tostring")
                return self.args(e)
            if v in (list, tuple) and len(e.args) == 1:
                return self.expr(e.args[0])
            if type(v).__name__ in ("Mock", "MagicMock"):
                self.mock(v)
                return self.args(e)
            if spell.canon(v) == "select" and e.args and isinstance(e.args[0], ast.Constant) and type(e.args[0].value) is int:
                self.out("select({")
                for i, a in enumerate(e.args):
                    self.out(", " if i else "")
                    self.expr(a)
                self.out("})")
                return
            if v is isinstance:
                self.out("not rawequal(")
                self.expr(e.args[0])
                self.out(", nil)")
                return
            if v in (setattr,):
                self.no("setattr")
            self.expr(f)
            return self.args(e)
        if isinstance(f, ast.Attribute):
            if isinstance(f.value, ast.Call) and isinstance(f.value.func, ast.Name) and f.value.func.id == "super":
                self.no("super()")
            bv, bok = self.static(f.value)
            if bok and type(bv) is list:
                if f.attr != "append" or len(e.args) != 1:
                    self.no("%s of a shared list" % f.attr)
                self.out("table.insert(")
                self.expr(f.value)
                self.out(", ")
                self.expr(e.args[0])
                self.out(")")
                return
            if bok and type(bv).__name__ in ("Mock", "MagicMock"):
                self.mock(getattr(bv, f.attr))
                return self.args(e)
            if bok and type(bv) in (dict, set):
                self.no("%s of a shared %s" % (f.attr, type(bv).__name__))
            dot = isinstance(f.value, ast.Name) and f.value.id == "func" and f.value.id not in self.locals or bok and (isinstance(bv, types.ModuleType) or type(bv).__name__ == "_FunctionGenerator")
            self.expr(f.value, True)
            if f.attr in spell.RESERVED:
                self.no("method named by a keyword")
            self.out("." if dot else ":", f.attr)
            return self.args(e)
        self.expr(f, True)
        self.args(e)

    def x_BinOp(self, e):
        if isinstance(e.op, ast.Mod) and isinstance(e.left, ast.Constant) and isinstance(e.left.value, str):
            self.out("string.format(%s" % spell.lua_str(e.left.value))
            for a in (e.right.elts if isinstance(e.right, ast.Tuple) else [e.right]):
                self.out(", ")
                self.expr(a)
            self.out(")")
            return
        if type(e.op) in (ast.BitAnd, ast.BitOr):
            self.out("and_(" if isinstance(e.op, ast.BitAnd) else "or_(")
            self.expr(e.left)
            self.out(", ")
            self.expr(e.right)
            self.out(")")
            return
        op = BINOPS.get(type(e.op))
        if op is None:
            self.no("operator")
        if op == "+" and any(isinstance(x, ast.Constant) and isinstance(x.value, str) for x in (e.left, e.right)):
            op = ".."
        self.expr(e.left, True)
        self.out(" %s " % op)
        self.expr(e.right, True)

    def x_UnaryOp(self, e):
        if isinstance(e.op, ast.Not):
            self.out("not ")
        elif isinstance(e.op, ast.USub):
            self.out("-")
        else:
            self.out("not_(")
            self.expr(e.operand)
            self.out(")")
            return
        self.expr(e.operand, True)

    def x_BoolOp(self, e):
        op = " and " if isinstance(e.op, ast.And) else " or "
        for i, v in enumerate(e.values):
            if i:
                self.out(op)
            self.expr(v, True)

    def x_IfExp(self, e):
        self.no("conditional expression")

    def x_Compare(self, e):
        if len(e.ops) != 1:
            self.no("chained comparison")
        op, r = e.ops[0], e.comparators[0]
        if isinstance(op, (ast.Is, ast.IsNot)):
            self.out("" if isinstance(op, ast.Is) else "not ", "rawequal(")
            self.expr(e.left)
            self.out(", ")
            self.expr(r)
            self.out(")")
            return
        o = CMPS.get(type(op))
        if o is None:
            self.no("in")
        self.expr(e.left, True)
        self.out(" %s " % o)
        self.expr(r, True)

    def seq(self, e):
        self.out("{")
        for i, x in enumerate(e.elts):
            if i:
                self.out(", ")
            if isinstance(x, ast.Starred):
                self.no("star")
            self.expr(x)
        self.out("}")

    x_List = x_Tuple = seq

    def x_Dict(self, e):
        self.out("{")
        for i, (k, v) in enumerate(zip(e.keys, e.values)):
            if i:
                self.out(", ")
            if isinstance(k, ast.Constant) and isinstance(k.value, str):
                self.out(spell.lua_key(k.value))
            elif k is None:
                self.no("** in a dict")
            else:
                self.out("[")
                self.expr(k)
                self.out("]")
            self.out(" = ")
            self.expr(v)
        self.out("}")

    def x_JoinedStr(self, e):
        for i, v in enumerate(e.values):
            if i:
                self.out(" .. ")
            if isinstance(v, ast.Constant):
                self.out(spell.lua_str(v.value))
            elif v.format_spec is None and v.conversion == -1:
                self.out("tostring(")
                self.expr(v.value)
                self.out(")")
            else:
                self.no("format")

    def x_Lambda(self, e):
        self.function(e)


class StringTranslator(Translator):
    """An expression in a string, as relationship() takes it; all its names are looked up in the registry."""

    def __init__(self):
        self.locals, self.parts, self.vararg = set(), [], None

    def static(self, e):
        return None, False

    def x_Name(self, e):
        self.out({"True": "true", "False": "false", "None": "nil"}.get(e.id, spell.lua_name(e.id)))

    def x_Compare(self, e):
        if len(e.ops) == 1 and isinstance(e.ops[0], (ast.Is, ast.IsNot)):
            self.no("is")
        Translator.x_Compare(self, e)


def lua_expression(text):
    """The Lua spelling of a Python expression in a string; the string itself where it is none."""
    try:
        t = StringTranslator()
        t.expr(ast.parse(text.strip(), mode="eval").body)
        return "".join(t.parts) if all(isinstance(p, str) for p in t.parts) else text
    except (SyntaxError, Untraceable):
        return text
