"""Rewrites test modules so that each operation in them goes through the recorder.

Every call, attribute access, subscript, operator and `with` of a test module becomes
a call of the recorder (`_satr_`, which stands among the builtins), which does what
Python would have done and takes down what it did. Control flow stays Python's own.
"""
import ast
import importlib.machinery
import importlib.util
import sys

T = "_satr_"
BIN = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.FloorDiv: "//",
       ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.Pow: "**"}
CMP = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
NATIVE = {"super", "locals", "globals", "eval", "exec", "vars", "dir", "__import__", "property", "staticmethod",
          "classmethod", "isinstance", "issubclass", "id"}

functions = {}  # (file, first line, name) -> syntax tree before the rewrite, for Lua callbacks
files = set()
modules = set()


def load(name):
    return ast.Name(name, ast.Load())


def rt(fn, *args, keywords=()):
    return ast.Call(ast.Attribute(load(T), fn, ast.Load()), list(args), list(keywords))


def const(v):
    return ast.Constant(v)


class Rewriter(ast.NodeTransformer):
    def __init__(self, filename):
        self.filename = filename
        self.tmp = 0
        self.infunc = 0

    def visit(self, node):
        new = super().visit(node)
        if isinstance(new, ast.AST) and new is not node and isinstance(node, (ast.expr, ast.stmt)):
            ast.copy_location(new, node)
        return new

    # -- expressions
    def visit_Call(self, node):
        f = node.func
        if isinstance(f, ast.Name) and f.id in NATIVE:
            node.args = [self.visit(a) for a in node.args]
            node.keywords = [self.visit(k) for k in node.keywords]
            return node
        args = [self.visit(a) for a in node.args]
        kws = [self.visit(k) for k in node.keywords]
        if isinstance(f, ast.Attribute) and not mangled(f.attr) and not is_super(f.value):
            return rt("m", self.visit(f.value), const(f.attr), *args, keywords=kws)
        fn = self.generic_visit(f) if isinstance(f, ast.Attribute) else self.visit(f)
        return rt("f", fn, *args, keywords=kws)

    def visit_Attribute(self, node):
        if mangled(node.attr) or is_super(node.value) or not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        return rt("a", self.visit(node.value), const(node.attr))

    def visit_Subscript(self, node):
        if not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        return rt("gi", self.visit(node.value), self.index(node.slice))

    def index(self, s):
        if isinstance(s, ast.Slice):
            part = lambda x: self.visit(x) if x is not None else const(None)
            return ast.Call(load("slice"), [part(s.lower), part(s.upper), part(s.step)], [])
        return self.visit(s)

    def visit_BinOp(self, node):
        return rt("b", const(BIN[type(node.op)]), self.visit(node.left), self.visit(node.right)) \
            if type(node.op) in BIN else self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            return rt("u", const("-"), self.visit(node.operand))
        if isinstance(node.op, ast.Invert):
            return rt("u", const("~"), self.visit(node.operand))
        return self.generic_visit(node)

    def visit_Compare(self, node):
        if len(node.ops) == 1:
            l, r = self.visit(node.left), self.visit(node.comparators[0])
            op = type(node.ops[0])
            if op in CMP:
                return rt("c", const(CMP[op]), l, r)
            if op in (ast.In, ast.NotIn):
                e = rt("isin", l, r)
                return e if op is ast.In else ast.UnaryOp(ast.Not(), e)
            e = rt("same", l, r)
            return e if op is ast.Is else ast.UnaryOp(ast.Not(), e)
        return self.generic_visit(node)

    def comp(self, node):
        self.generic_visit(node)
        for g in node.generators:
            if not g.is_async:
                g.iter = rt("it", g.iter)
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comp

    def visit_Starred(self, node):
        node.value = self.visit(node.value)
        if isinstance(node.ctx, ast.Load):
            node.value = rt("it", node.value)
        return node

    def visit_Lambda(self, node):
        self.keep(node, "<lambda>")
        node.body = self.visit(node.body)
        node.args.defaults = [self.visit(d) for d in node.args.defaults]
        return node

    # -- statements
    def visit_For(self, node):
        pre = self.target(node)
        node.iter = rt("it", self.visit(node.iter))
        node.body = pre + [x for s in node.body for x in flat(self.visit(s))]
        node.orelse = [x for s in node.orelse for x in flat(self.visit(s))]
        return node

    def target(self, node):
        """Takes attributes and subscripts out of the target of a loop."""
        reps = []
        node.target = self.plain(node.target, reps)
        return reps

    def plain(self, t, reps):
        if isinstance(t, (ast.Tuple, ast.List)):
            t.elts = [self.plain(e, reps) for e in t.elts]
            return t
        if isinstance(t, ast.Starred):
            t.value = self.plain(t.value, reps)
            return t
        if isinstance(t, ast.Attribute) and not mangled(t.attr) or isinstance(t, ast.Subscript):
            self.tmp += 1
            name = "_satmp%d" % self.tmp
            reps.append(self.store(t, load(name)))
            return ast.copy_location(ast.Name(name, ast.Store()), t)
        return t

    def store(self, t, value):
        if isinstance(t, ast.Attribute):
            e = rt("sa", self.visit(t.value), const(t.attr), value)
        else:
            e = rt("si", self.visit(t.value), self.index(t.slice), value)
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(e), t))

    def visit_Assign(self, node):
        value = self.visit(node.value)
        if len(node.targets) == 1:
            t = node.targets[0]
            if isinstance(t, ast.Attribute) and not mangled(t.attr) or isinstance(t, ast.Subscript):
                return self.store(t, value)
            if isinstance(t, ast.Name):
                node.value = rt("nm", const(t.id), value)
                return node
            if isinstance(t, (ast.Tuple, ast.List)):
                value = rt("nms", ast.Tuple([const(getattr(e, "id", None)) for e in t.elts], ast.Load()), value)
        reps = []
        node.targets = [self.plain(t, reps) for t in node.targets]
        node.value = value
        return [node] + reps

    def visit_AnnAssign(self, node):
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_AugAssign(self, node):
        t, op = node.target, BIN.get(type(node.op))
        node.value = self.visit(node.value)
        if op is None:
            return node
        if isinstance(t, ast.Name):
            return ast.Assign([t], rt("ib", const(op), ast.copy_location(ast.Name(t.id, ast.Load()), t), node.value))
        if isinstance(t, ast.Attribute) and not mangled(t.attr):
            return ast.Expr(rt("iat", self.visit(t.value), const(t.attr), const(op), node.value))
        if isinstance(t, ast.Subscript):
            return ast.Expr(rt("iit", self.visit(t.value), self.index(t.slice), const(op), node.value))
        return node

    def visit_Delete(self, node):
        out = []
        for t in node.targets:
            if isinstance(t, ast.Attribute) and not mangled(t.attr):
                out.append(ast.Expr(rt("da", self.visit(t.value), const(t.attr))))
            elif isinstance(t, ast.Subscript):
                out.append(ast.Expr(rt("di", self.visit(t.value), self.index(t.slice))))
            else:
                out.append(ast.Delete([t]))
        return [ast.fix_missing_locations(ast.copy_location(s, node)) for s in out]

    def visit_With(self, node):
        for i in node.items:
            i.context_expr = rt("w", self.visit(i.context_expr))
        node.body = [x for s in node.body for x in flat(self.visit(s))]
        return node

    def visit_FunctionDef(self, node):
        self.keep(node, node.name)
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        node.args.defaults = [self.visit(d) for d in node.args.defaults]
        node.args.kw_defaults = [d and self.visit(d) for d in node.args.kw_defaults]
        self.infunc += 1
        node.body = [x for s in node.body for x in flat(self.visit(s))]
        self.infunc -= 1
        return node

    def visit_AsyncFunctionDef(self, node):
        return node

    def keep(self, node, name):
        import copy
        line = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", ())])
        functions[(self.filename, line, name)] = functions[(self.filename, node.lineno, name)] = copy.deepcopy(node)

    def visit_ClassDef(self, node):
        bases = [self.visit(b) for b in node.bases]
        keywords = [self.visit(k) for k in node.keywords]
        body = [x for s in node.body for x in flat(self.visit(s))]
        at = lambda s: ast.fix_missing_locations(ast.copy_location(s, node))
        body.append(at(ast.Expr(rt("ns", ast.Call(load("locals"), [], [])))))
        kwnames = ast.Tuple([const(k.arg) for k in keywords], ast.Load())
        node.bases = [ast.Starred(rt("bases", const(node.name), kwnames, *bases), ast.Load())]
        node.keywords = keywords
        node.body = body
        node.decorator_list = [rt("klass", const(len(node.decorator_list)))] + [self.visit(d) for d in node.decorator_list]
        at(node)
        if not self.infunc:
            return node
        fail = ast.Try([node], [ast.ExceptHandler(load("Exception"), None, [
            ast.Expr(rt("klass_failed")), ast.Raise(None, None)])], [], [])
        return at(fail)


def flat(x):
    return [] if x is None else x if isinstance(x, list) else [x]


def mangled(name):
    return name.startswith("__") and not name.endswith("__")


def is_super(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


class Loader(importlib.machinery.SourceFileLoader):
    recorder = None

    def get_code(self, fullname):
        source = self.get_data(self.path)
        tree = ast.parse(source, self.path)
        files.add(self.path)
        modules.add(fullname)
        tree = ast.fix_missing_locations(Rewriter(self.path).visit(tree))
        return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module):
        if not module.__name__.startswith("test."):
            return super().exec_module(module)
        with self.recorder.module(module.__name__):
            super().exec_module(module)


EXTRA = {"sqlalchemy.testing.fixtures.base", "sqlalchemy.testing.fixtures.orm", "sqlalchemy.testing.fixtures.sql",
         "sqlalchemy.testing.assertions"}


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if not (name in EXTRA or name.startswith("test.") and "conftest" not in name and "requirements" not in name):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return spec
        spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


def install(recorder):
    Loader.recorder = recorder
    sys.meta_path.insert(0, Finder)
