"""Random statements: of every kind of element, of columns of every type, mostly sensible, now and then not."""
import datetime
import decimal
import operator
import random

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from pair import NAME, Function, Pair, Raised, binary, made, spell

SCHEMA = """
metadata = MetaData()
users = Table("users", metadata,
  Column("id", Integer, {primary_key = true}), Column("name", String(50), {nullable = false}), Column("fullName", String),
  Column("active", Boolean, {default = true}), Column("score", Float), Column("balance", Numeric(10, 2)),
  Column("born", Date), Column("seen", DateTime, {onupdate = func.now()}), Column("data", JSON))
addresses = Table("addresses", metadata,
  Column("id", Integer, {primary_key = true}), Column("user_id", Integer, ForeignKey("users.id")),
  Column("email", String(100)), Column("kind", Enum("home", "work", {name = "kind"})), Column("order", Integer, {server_default = "0"}))
orders = Table("orders", metadata,
  Column("id", Integer, {primary_key = true}), Column("user_id", Integer, ForeignKey("users.id")), Column("address_id", Integer, ForeignKey("addresses.id")),
  Column("total", Numeric(12, 4)), Column("placed", DateTime), Column("note", Text), Column("took", Interval), {schema = "shop"})
items = Table("items", metadata,
  Column("order_id", Integer, ForeignKey("shop.orders.id"), {primary_key = true}), Column("pos", Integer, {primary_key = true}),
  Column("a b", String(10)), Column("qty", SmallInteger, {default = 1}), Column("big", BigInteger), Column("at", Time), Column("raw", LargeBinary))
light = table("light", column("x", Integer), column("y", String), column("z"))
"""

KINDS = {
    "users": {"id": "int", "name": "str", "fullName": "str", "active": "bool", "score": "float", "balance": "num", "born": "date",
              "seen": "datetime", "data": "json"},
    "addresses": {"id": "int", "user_id": "int", "email": "str", "kind": "enum", "order": "int"},
    "orders": {"id": "int", "user_id": "int", "address_id": "int", "total": "num", "placed": "datetime", "note": "str", "took": "interval"},
    "items": {"order_id": "int", "pos": "int", "a b": "str", "qty": "int", "big": "int", "at": "time", "raw": "bytes"},
    "light": {"x": "int", "y": "str", "z": "null"},
}
JOINABLE = [("users", "addresses"), ("users", "orders"), ("orders", "items"), ("addresses", "users"), ("orders", "users"), ("items", "orders"),
            ("addresses", "orders")]
TYPES = {
    "int": ["Integer", "BigInteger", "SmallInteger", "INTEGER"], "str": ["String", "String(30)", "Text", "Unicode", "VARCHAR(20)", "CHAR(3)", "Unicode(20)"],
    "bool": ["Boolean"], "float": ["Float", "Float(10)", "Double", "REAL"], "num": ["Numeric", "Numeric(10, 2)", "DECIMAL(8, 3)"],
    "date": ["Date"], "datetime": ["DateTime", "DateTime({timezone = true})", "TIMESTAMP"], "time": ["Time"], "interval": ["Interval"],
    "json": ["JSON"], "enum": ['Enum("home", "work", {name = "kind"})'], "bytes": ["LargeBinary"], "null": ["Integer"],
}
WORDS = ["ed", "it's", "50%", "a_b", "", "x/y", "Ünï", "back\\slash", ":colon", 'say "hi"', "%s"]


def python_schema():
    """The same tables in Python."""
    m = sa.MetaData()
    C, F = sa.Column, sa.ForeignKey
    t = {}
    t["users"] = sa.Table(
        "users", m, C("id", sa.Integer, primary_key=True), C("name", sa.String(50), nullable=False), C("fullName", sa.String),
        C("active", sa.Boolean, default=True), C("score", sa.Float), C("balance", sa.Numeric(10, 2)),
        C("born", sa.Date), C("seen", sa.DateTime, onupdate=sa.func.now()), C("data", sa.JSON))
    t["addresses"] = sa.Table(
        "addresses", m, C("id", sa.Integer, primary_key=True), C("user_id", sa.Integer, F("users.id")), C("email", sa.String(100)),
        C("kind", sa.Enum("home", "work", name="kind")), C("order", sa.Integer, server_default="0"))
    t["orders"] = sa.Table(
        "orders", m, C("id", sa.Integer, primary_key=True), C("user_id", sa.Integer, F("users.id")), C("address_id", sa.Integer, F("addresses.id")),
        C("total", sa.Numeric(12, 4)), C("placed", sa.DateTime), C("note", sa.Text), C("took", sa.Interval), schema="shop")
    t["items"] = sa.Table(
        "items", m, C("order_id", sa.Integer, F("shop.orders.id"), primary_key=True), C("pos", sa.Integer, primary_key=True), C("a b", sa.String(10)),
        C("qty", sa.SmallInteger, default=1), C("big", sa.BigInteger), C("at", sa.Time), C("raw", sa.LargeBinary))
    t["light"] = sa.table("light", sa.column("x", sa.Integer), sa.column("y", sa.String), sa.column("z"))
    return t


def fn(name, of=sa):
    return Function(name, getattr(of, name.rstrip("_") if name in ("true_", "false_") else name))


F = {n: fn(n) for n in (
    "select literal literal_column bindparam null true_ false_ text cast try_cast type_coerce case extract tuple_ any_ all_ collate distinct "
    "nulls_first nulls_last asc desc exists lateral values tablesample union union_all intersect except_ insert update delete and_ or_ not_ "
    "between over column").split()}


def make_type(kind, r):
    text = r.choice(TYPES[kind])
    env = {n: getattr(sa, n) for n in dir(sa) if n[0].isupper()}
    py = eval(text.replace("{timezone = true}", "timezone=True").replace("{name = ", "name=").replace("}", "").replace("true", "True"), env)
    return Pair(text, py)


def func(name, *args, **kw):
    f = sa.func
    for part in name.split("."):
        f = getattr(f, part)
    return Function("func." + name, f)(*args, **kw)


class From:
    """A FROM object in a statement, and the kinds of its columns."""

    def __init__(self, pair, kinds, base=None):
        self.pair, self.kinds, self.base = pair, kinds, base

    def col(self, name):
        return self.pair.c.get().item(name)


class Statement:
    """One random statement: the locals that it needs and its last value."""

    def __init__(self, seed, tables):
        self.r = random.Random(seed)
        self.lines = []
        self.count, self.raised = 0, None
        self.tables = {n: From(Pair(n, t), KINDS[n], n) for n, t in tables.items()}

    # ---------------------------------------------------------------- little things
    def chance(self, p):
        return self.r.random() < p

    def local(self, pair):
        self.count += 1
        name = "v%d" % self.count
        self.lines.append("local %s = %s" % (name, pair.lua))
        if isinstance(pair.py, Raised):
            self.raised = self.raised or pair
        return Pair(name, pair.py)

    def name(self):
        return self.r.choice(["a", "b", "x", "foo", "Mixed", "group", "an alias", "cnt", "id", "name", "p%q"])

    def value(self, kind):
        r = self.r
        return {
            "int": lambda: r.choice([0, 1, 5, 42, -3, 2 ** 40]), "str": lambda: r.choice(WORDS), "bool": lambda: r.random() < 0.5,
            "float": lambda: r.choice([1.5, -0.25, 12345.75]), "num": lambda: r.choice([decimal.Decimal("1.50"), decimal.Decimal("-3"), 7]),
            "date": lambda: datetime.date(2020, r.randint(1, 12), 5), "datetime": lambda: datetime.datetime(2021, 3, r.randint(1, 28), 4, 5, 6),
            "time": lambda: datetime.time(r.randint(0, 23), 30), "interval": lambda: datetime.timedelta(days=r.randint(1, 9), seconds=30),
            "json": lambda: r.choice([{"k": 1}, [1, 2], "s", 5]), "enum": lambda: r.choice(["home", "work"]), "bytes": lambda: b"abc",
            "null": lambda: r.choice([1, "s"]),
        }[kind]()

    # ---------------------------------------------------------------- expressions
    def column(self, scope, kind):
        found = [(f, n) for f in scope for n, k in f.kinds.items() if k == kind]
        if not found:
            return None
        f, n = self.r.choice(found)
        return f.col(n)

    def kind(self):
        return self.r.choice(["int", "int", "int", "str", "str", "str", "bool", "float", "num", "num", "date", "datetime", "interval", "time", "json", "enum", "null"])

    def leaf(self, scope, kind):
        x = self.column(scope, kind)
        p = self.r.random()
        if x is not None and p < 0.75:
            return x
        if p < 0.9 or kind in ("json", "interval", "bytes"):
            return F["literal"](self.value(kind)) if self.chance(0.7) else F["literal"](self.value(kind), make_type(kind, self.r))
        if p < 0.94:
            return F["bindparam"](self.r.choice(["p", "q", "par am"]), type_=make_type(kind, self.r))
        if p < 0.97:
            return F["literal_column"](self.r.choice(["1", "'x'", "current_user"]), make_type(kind, self.r))
        return F["bindparam"](None, self.value(kind), type_=make_type(kind, self.r))

    def expr(self, scope, kind, depth):
        if depth <= 0 or self.chance(0.2):
            return self.leaf(scope, kind)
        if self.chance(0.04):  # what nobody meant
            kind = self.kind()
        r, sub = self.r, lambda k, d=1: self.expr(scope, k, depth - d)
        common = [
            lambda: F["case"](*[(self.boolean(scope, depth - 1), sub(kind)) for _ in range(r.randint(1, 2))],
                              **({"else_": self.operand(scope, kind, depth - 1)} if self.chance(0.7) else {})),
            lambda: F["cast"](self.operand(scope, self.kind(), depth - 1), make_type(kind, r)),
            lambda: F["type_coerce"](sub(self.kind()), make_type(kind, r)),
            lambda: func("coalesce", sub(kind), self.operand(scope, kind, depth - 1)),
            lambda: func(r.choice(["max", "min"]), sub(kind)),
            lambda: self.windowed(scope, kind, depth),
            lambda: self.scalar_subquery(scope, kind, depth),
            lambda: func(r.choice(["foo", "pkg.bar", "MyFunc"]), sub(self.kind()), type_=make_type(kind, r)),
            lambda: func("nullif", sub(kind), self.operand(scope, kind, depth - 1), type_=make_type(kind, r)),
        ]
        return r.choice(getattr(self, "of_" + kind, lambda *a: [])(scope, depth, sub) + [r.choice(common)])()

    def operand(self, scope, kind, depth):
        """An expression or a plain value."""
        if self.chance(0.45):
            return self.value(kind)
        return self.expr(scope, kind, depth)

    def arithmetic(self, scope, kind, depth):
        symbol, f = self.r.choice([("+", operator.add), ("-", operator.sub), ("*", operator.mul), ("/", operator.truediv), ("%", operator.mod)])
        a = self.expr(scope, kind, depth - 1)
        b = self.operand(scope, kind if self.chance(0.8) else self.r.choice(["int", "num", "float"]), depth - 1)
        if self.chance(0.15) and not isinstance(b, Pair) and isinstance(b, (int, float)):
            a, b = b, a
        return binary(a, symbol, f, b)

    def of_int(self, scope, depth, sub):
        r = self.r
        return [
            lambda: self.arithmetic(scope, "int", depth), lambda: self.arithmetic(scope, "int", depth),
            lambda: made("(-%s)" % (x := sub("int")).lua, lambda: -x.py, x),
            lambda: made("%s:floordiv(%s)" % ((x := sub("int")).lua, spell(y := self.operand(scope, "int", depth - 1))),
                         lambda: operator.floordiv(x.py, y.py if isinstance(y, Pair) else y), x, y),
            lambda: getattr(sub("int"), r.choice(["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_lshift", "bitwise_rshift"]))(self.operand(scope, "int", depth - 1)),
            lambda: func("count", *([sub(self.kind())] if self.chance(0.6) else [])),
            lambda: func("count", F["distinct"](sub(self.kind()))),
            lambda: func("count", sub(self.kind()).distinct()),
            lambda: func("sum", sub("int")), lambda: func("char_length", sub("str")), lambda: func("length", sub("str")),
            lambda: F["extract"](r.choice(["year", "month", "epoch", "dow"]), sub(r.choice(["date", "datetime"]))),
            lambda: sub("int").op(r.choice(["+", "@@", "#"]))(self.operand(scope, "int", depth - 1)) if False else self.custom(scope, "int", depth),
            lambda: func("count").filter(self.boolean(scope, depth - 1)),
            lambda: sub("json").item("k").as_integer(),
        ]

    def custom(self, scope, kind, depth):
        left, right = self.expr(scope, kind, depth - 1), self.operand(scope, kind, depth - 1)
        symbol = self.r.choice(["@@", "->>", "//", "~%", "rlike"])
        kw = self.r.choice([{}, {"precedence": 5}, {"precedence": 20}, {"is_comparison": True}])
        op = left.op(symbol, **kw)
        return made("%s(%s)" % (op.lua, spell(right)), lambda: op.py(right.py if isinstance(right, Pair) else right), op, right)

    def of_str(self, scope, depth, sub):
        r = self.r
        return [
            lambda: binary(sub("str"), "+", operator.add, self.operand(scope, "str", depth - 1)),
            lambda: sub("str").concat(self.operand(scope, "str", depth - 1)),
            lambda: sub("int").concat(sub("str")),
            lambda: func(r.choice(["lower", "upper", "trim"]), sub("str")),
            lambda: func("concat", sub("str"), self.operand(scope, "str", depth - 1)),
            lambda: func("substr", sub("str"), 1, sub("int")),
            lambda: sub("str").collate(r.choice(["NOCASE", "utf8mb4_bin", "C", "de_DE"])),
            lambda: F["collate"](sub("str"), "BINARY"),
            lambda: func("aggregate_strings", sub("str"), ", "),
            lambda: sub("str").regexp_replace(self.operand(scope, "str", depth - 1), self.operand(scope, "str", depth - 1), **({"flags": "i"} if self.chance(0.2) else {})),
            lambda: sub("json").item("k").as_string(),
            lambda: self.custom(scope, "str", depth),
        ]

    def of_num(self, scope, depth, sub):
        return [lambda: self.arithmetic(scope, "num", depth), lambda: func(self.r.choice(["sum", "avg", "abs"]), sub("num")), lambda: func("round", sub("num"), 2),
                lambda: made("(-%s)" % (x := sub("num")).lua, lambda: -x.py, x),
                lambda: func("percentile_cont", 0.5).within_group(sub("num"), *([sub("int").desc()] if self.chance(0.3) else []))]

    def of_float(self, scope, depth, sub):
        return [lambda: self.arithmetic(scope, "float", depth), lambda: func("random"), lambda: binary(sub("int"), "/", operator.truediv, sub("float")),
                lambda: sub("json").item("k").as_float()]

    def of_date(self, scope, depth, sub):
        return [lambda: func("current_date"), lambda: binary(sub("date"), "+", operator.add, self.operand(scope, "interval", depth - 1)),
                lambda: func("date", sub("datetime"))]

    def of_datetime(self, scope, depth, sub):
        return [lambda: func(self.r.choice(["now", "current_timestamp", "localtimestamp", "sysdate"])),
                lambda: binary(sub("datetime"), self.r.choice("+-"), operator.add, self.operand(scope, "interval", depth - 1)) if False else
                binary(sub("datetime"), "-", operator.sub, self.operand(scope, "interval", depth - 1))]

    def of_interval(self, scope, depth, sub):
        return [lambda: binary(sub("datetime"), "-", operator.sub, sub("datetime")), lambda: binary(sub("date"), "-", operator.sub, sub("date")),
                lambda: binary(sub("interval"), "*", operator.mul, self.operand(scope, "int", depth - 1))]

    def of_json(self, scope, depth, sub):
        return [lambda: sub("json").item("k"), lambda: sub("json").item("it's"),
                lambda: made("%s[{%s}]" % ((x := sub("json")).lua, '"a", 1'), lambda: x.py[("a", 1)], x)]

    def of_bool(self, scope, depth, sub):
        return [lambda: self.boolean(scope, depth)]

    def of_enum(self, scope, depth, sub):
        return []

    of_null = of_time = of_bytes = of_enum

    def boolean(self, scope, depth):
        r = self.r
        if depth <= 0:
            p = r.random()
            if p < 0.06:
                return F[r.choice(["true_", "false_"])]()
            x = self.column(scope, "bool")
            if x is not None and p < 0.2:
                return x
        sub = lambda k: self.expr(scope, k, depth - 1)
        either = lambda k: self.operand(scope, k, depth - 1)
        k = self.kind()

        def compare():
            symbol, f = r.choice([("==", operator.eq), ("==", operator.eq), ("~=", operator.ne), ("<", operator.lt), ("<=", operator.le), (">", operator.gt), (">=", operator.ge)])
            return binary(sub(k), symbol, f, either(k))

        def like():
            name = r.choice(["like", "not_like", "ilike", "not_ilike", "startswith", "endswith", "contains", "istartswith", "iendswith", "icontains"])
            kw = r.choice([{}, {}, {"escape": "/"}])
            if not name.endswith("like") and self.chance(0.3):
                kw = {"autoescape": True}
            return getattr(sub("str"), name)(either("str") if "autoescape" not in kw else self.value("str"), **kw)

        def in_():
            name = r.choice(["in_", "in_", "not_in"])
            p = r.random()
            if p < 0.5:
                return getattr(sub(k), name)([self.value(k) for _ in range(r.randint(0, 3))])
            if p < 0.6:
                return getattr(sub(k), name)([sub(k), self.value(k)])
            if p < 0.75:
                return getattr(sub(k), name)(self.select(scope, [k], depth - 1))
            if p < 0.85:
                return getattr(F["tuple_"](sub("int"), sub("str")), name)([(self.value("int"), self.value("str")) for _ in range(r.randint(0, 2))])
            return getattr(sub(k), name)(F["bindparam"]("list", [self.value(k)] if self.chance(0.7) else None, expanding=True))

        choices = [
            compare, compare, compare, like, like, in_, in_,
            lambda: F["and_"](*[self.boolean(scope, depth - 1) for _ in range(r.randint(1, 3))]),
            lambda: F["or_"](*[self.boolean(scope, depth - 1) for _ in range(r.randint(1, 3))]),
            lambda: F["not_"](self.boolean(scope, depth - 1)), lambda: F["not_"](in_()), lambda: F["not_"](like()),
            lambda: sub(k).is_(None), lambda: sub(k).is_not(None), lambda: binary(sub(k), "==", operator.eq, None), lambda: binary(sub(k), "~=", operator.ne, None),
            lambda: sub("bool").is_(self.value("bool")), lambda: binary(sub("bool"), "==", operator.eq, self.value("bool")),
            lambda: getattr(sub(k), r.choice(["is_distinct_from", "is_not_distinct_from"]))(either(k)),
            lambda: sub(k).between(either(k), either(k), **r.choice([{}, {}, {"symmetric": True}])),
            lambda: F["between"](sub(k), either(k), either(k)),
            lambda: sub("str").regexp_match(either("str"), **({"flags": "i"} if self.chance(0.2) else {})),
            lambda: sub("str").match(either("str")),
            lambda: sub("str").bool_op("~~")(either("str")) if False else self.bool_op(scope, depth),
            lambda: self.exists(scope, depth), lambda: made("%s" % (x := self.exists(scope, depth)).lua, lambda: x.py, x),
            lambda: F["tuple_"](sub("int"), sub("str")).in_(self.select(scope, ["int", "str"], depth - 1)),
            lambda: binary(F["tuple_"](sub("int"), sub("str")), r.choice(["==", "<"]), operator.eq, F["tuple_"](sub("int"), sub("str"))) if False else
            binary(F["tuple_"](sub("int"), sub("str")), "==", operator.eq, F["tuple_"](sub("int"), sub("str"))),
            lambda: binary(sub("int"), "==", operator.eq, F[r.choice(["any_", "all_"])](self.select(scope, ["int"], depth - 1).scalar_subquery())),
            lambda: sub("json").item("k").as_boolean(), lambda: sub("bool"),
            lambda: binary(sub("json").item("k"), "==", operator.eq, self.value("json")) ,
        ]
        return r.choice(choices)()

    def bool_op(self, scope, depth):
        left, right = self.expr(scope, "str", depth - 1), self.operand(scope, "str", depth - 1)
        op = left.bool_op("~~")
        return made("%s(%s)" % (op.lua, spell(right)), lambda: op.py(right.py if isinstance(right, Pair) else right), op, right)

    def exists(self, scope, depth):
        q = self.select(scope, ["int"], depth - 1)
        return q.exists() if self.chance(0.5) else F["exists"](q)

    def windowed(self, scope, kind, depth):
        r = self.r
        f = func(r.choice(["max", "first_value", "lag"]), self.expr(scope, kind, depth - 1)) if self.chance(0.5) or kind != "int" else func(r.choice(["row_number", "rank"]))
        kw = {}
        if self.chance(0.6):
            kw["partition_by"] = self.column(scope, self.kind()) or self.expr(scope, "int", depth - 2)
        if self.chance(0.6):
            kw["order_by"] = [self.ordering(scope, depth - 2) for _ in range(r.randint(1, 2))]
            if len(kw["order_by"]) == 1:
                kw["order_by"] = kw["order_by"][0]
        if self.chance(0.25):
            kw[r.choice(["rows", "range_", "groups"])] = r.choice([(None, 0), (-2, 3), (0, None), (None, None), (1, 5)])
        if self.chance(0.15):
            f = f.filter(self.boolean(scope, depth - 2))
        return f.over(**kw)

    def scalar_subquery(self, scope, kind, depth):
        q = self.select(scope, [kind], depth - 1)
        if self.chance(0.15):
            q = q.correlate(self.r.choice(scope).pair) if scope else q
        return q.scalar_subquery()

    def ordering(self, scope, depth):
        x = self.expr(scope, self.r.choice(["int", "str", "date"]), depth)
        p = self.r.random()
        if p < 0.4:
            x = getattr(x, self.r.choice(["desc", "asc"]))()
            if self.chance(0.3):
                x = getattr(x, self.r.choice(["nulls_first", "nulls_last"]))()
        elif p < 0.5:
            x = F["desc"](x)
        return x

    # ---------------------------------------------------------------- selectables
    def source(self, outer, depth):
        """A FROM object of its own."""
        r = self.r
        p = r.random()
        base = self.tables[r.choice(list(self.tables))]
        if p < 0.55 or depth <= 0:
            return base
        if p < 0.75:
            kw = {"name": self.name()} if self.chance(0.5) else {}
            return From(self.local(base.pair.alias(*kw.values())), base.kinds, base.base)
        kinds = [self.kind() for _ in range(r.randint(1, 3))]
        if p < 0.84:
            q, names = self.named(outer, kinds, depth - 1)
            return From(self.local(q.subquery(*([self.name()] if self.chance(0.4) else []))), dict(zip(names, kinds)))
        if p < 0.93:
            return self.cte(kinds, depth)
        if p < 0.95:
            q, names = self.named(outer, kinds, depth - 1)
            return From(self.local(q.lateral(*([self.name()] if self.chance(0.4) else []))), dict(zip(names, kinds)))
        if p < 0.97:
            n = self.name()
            v = F["values"](Function("column", sa.column)("p", Pair("Integer", sa.Integer)), Function("column", sa.column)("q", Pair("String", sa.String)), name=n)
            return From(self.local(v.data([(self.value("int"), self.value("str")) for _ in range(r.randint(1, 2))])), {"p": "int", "q": "str"})
        if p < 0.985:
            return From(self.local(func("generate_series", 1, self.value("int")).table_valued("value")), {"value": "null"})
        if base.base == "light":
            return base
        return From(self.local(base.pair.tablesample(self.r.choice([5, 10]))), base.kinds, base.base)

    def cte(self, kinds, depth):
        r = self.r
        q, names = self.named([], kinds, depth - 1)
        kw = {"name": r.choice(["c1", "c2", "My CTE"])} if self.chance(0.7) else {}
        if self.chance(0.2):
            kw["nesting"] = True
        recursive = self.chance(0.25)
        if recursive:
            kw["recursive"] = True
        c = self.local(q.cte(**kw))
        out = From(c, dict(zip(names, kinds)))
        if recursive:
            again = self.select_from(From(c, out.kinds), kinds, names, depth - 1)
            c = self.local(getattr(c, r.choice(["union", "union_all"]))(again))
            out = From(c, out.kinds)
        return out

    def select_from(self, f, kinds, names, depth):
        cols = [f.col(n) for n in names]
        return F["select"](*cols).where(self.boolean([f], depth))

    def named(self, outer, kinds, depth):
        """A SELECT of columns with names, for those outside of it."""
        names = ["c%d" % i for i in range(len(kinds))]
        return self.select(outer, kinds, depth, names), names

    def select(self, outer, kinds, depth, names=None):
        r = self.r
        if depth > 0 and self.chance(0.08):
            return self.compound(outer, kinds, depth, names)
        f = self.source(outer, depth - 1)
        scope, where = [f], []
        stmt_joins = []
        if f.base and depth > 0 and self.chance(0.4):
            to = [b for a, b in JOINABLE if a == f.base]
            if to:
                g = self.tables[r.choice(to)]
                g = From(self.local(g.pair.alias()), g.kinds, g.base) if self.chance(0.3) else g
                how = r.choice(["join", "outerjoin"])
                kw = {"full": True} if self.chance(0.1) else {}
                stmt_joins.append((how, g, kw))
                scope.append(g)
        elif depth > 0 and self.chance(0.25):
            g = self.source(outer, depth - 1)
            if self.chance(0.5):
                stmt_joins.append(("join", g, {"on": self.boolean([f, g], 1)}))
            scope.append(g)
        inner = scope + (outer if self.chance(0.5) else [])
        cols = []
        for i, k in enumerate(kinds):
            x = self.expr(inner if self.chance(0.5) else scope, k, depth)
            if names:
                x = x.label(names[i])
            elif self.chance(0.25):
                x = x.label(self.name())
            cols.append(self.local(x) if self.chance(0.15) else x)
        if not names and not outer and self.chance(0.15):
            cols.append(r.choice(scope).pair)
        s = F["select"](*cols)
        if stmt_joins:
            (how, g, kw), = stmt_joins
            on = [kw.pop("on")] if "on" in kw else []
            p = r.random()
            if p < 0.4:
                s = s.join_from(f.pair, g.pair, *on, **({"isouter": True} if how == "outerjoin" else {}), **kw)
            elif p < 0.7:
                s = s.select_from(getattr(f.pair, how)(g.pair, *on, **kw))
            else:
                s = getattr(s.select_from(f.pair), how)(g.pair, *on, **kw)
        elif self.chance(0.1):
            s = s.select_from(f.pair)
        for _ in range(r.choice([0, 1, 1, 2])):
            s = s.where(self.boolean(inner, depth))
        if self.chance(0.15):
            s = s.group_by(*[self.expr(scope, self.kind(), depth - 2) for _ in range(r.randint(1, 2))])
            if self.chance(0.4):
                s = s.having(self.boolean(scope, depth - 1))
        if self.chance(0.1):
            s = s.distinct(*([self.column(scope, "int")] if self.chance(0.2) and self.column(scope, "int") else []))
        if self.chance(0.25):
            order = [self.ordering(scope, depth - 1) for _ in range(r.randint(1, 2))]
            if self.chance(0.2):
                order += [c for c in cols if NAME.match(c.lua)][:1]
            if names and self.chance(0.3):
                order.append(r.choice(names))
            s = s.order_by(*order)
        if self.chance(0.12):
            s = s.limit(r.choice([5, 0]) if self.chance(0.7) else self.expr(scope, "int", 1))
        if self.chance(0.07):
            s = s.offset(r.choice([5, 0]))
        if self.chance(0.03):
            s = s.fetch(3, **r.choice([{}, {"with_ties": True}, {"percent": True}]))
        if self.chance(0.04):
            s = s.with_for_update(**r.choice([{}, {"nowait": True}, {"read": True}, {"skip_locked": True}, {"key_share": True}, {"of": f.pair}]))
        if self.chance(0.03):
            s = s.prefix_with("PRE")
        if self.chance(0.02):
            s = s.suffix_with("SUFFIX", dialect="postgresql")
        if self.chance(0.02):
            s = s.with_hint(f.pair, "HINT(%(name)s)", r.choice(["mysql", "*"]))
        if self.chance(0.03):
            s = s.set_label_style(Pair(*r.choice([("LABEL_STYLE_TABLENAME_PLUS_COL", sa.LABEL_STYLE_TABLENAME_PLUS_COL), ("LABEL_STYLE_NONE", sa.LABEL_STYLE_NONE)])))
        if self.chance(0.02):
            s = s.add_columns(self.expr(scope, "int", 1))
        if self.chance(0.02) and not outer:
            s = s.add_cte(self.cte(["int"], depth - 1).pair)
        return s

    def compound(self, outer, kinds, depth, names):
        r = self.r
        q = [self.select(outer, kinds, depth - 1, names) for _ in range(r.randint(2, 3))]
        f = r.choice(["union", "union_all", "intersect", "except_"])
        s = F[f](*q) if self.chance(0.6) or isinstance(q[0].py, sa.CompoundSelect) else getattr(q[0], f)(*q[1:])
        if self.chance(0.3) and names:
            s = s.order_by(r.choice(names))
        if self.chance(0.15):
            s = s.limit(4)
        return s

    # ---------------------------------------------------------------- changes
    def row(self, t, depth, expressions=True):
        names = [n for n in t.kinds if self.chance(0.5)] or [next(iter(t.kinds))]
        out = {}
        for n in names:
            k = t.kinds[n]
            p = self.r.random()
            if p < 0.65 or not expressions:
                v = self.value(k)
            elif p < 0.75:
                v = None
            elif p < 0.85:
                v = F["bindparam"](self.r.choice(["p1", "p2"]))
            else:
                v = self.expr([], k, 1)
            out[t.col(n) if self.chance(0.2) and t.base != "light" else n] = v
        return out

    def returning(self, s, t, depth):
        if not self.chance(0.4):
            return s
        if self.chance(0.3):
            return s.returning(t.pair)
        return s.returning(*[self.expr([t], self.kind(), 1) for _ in range(self.r.randint(1, 2))])

    def insert(self, depth):
        r = self.r
        t = self.tables[r.choice(["users", "addresses", "orders", "items", "light"])]
        which = r.choice(["sa", "sa", "postgresql", "sqlite", "mysql"])
        make = Function({"sa": "insert"}.get(which, which + ".insert"),
                        {"sa": sa.insert, "postgresql": postgresql.insert, "sqlite": sqlite.insert, "mysql": mysql.insert}[which])
        s = make(t.pair)
        p = r.random()
        if p < 0.5:
            s = s.values(self.row(t, depth))
        elif p < 0.65:
            names = [n for n in t.kinds if self.chance(0.5)] or [next(iter(t.kinds))]
            s = s.values([{n: self.value(t.kinds[n]) for n in names} for _ in range(r.randint(1, 3))])
        elif p < 0.8:
            names = [n for n in t.kinds if self.chance(0.4)] or [next(iter(t.kinds))]
            s = s.from_select(names, self.select([], [t.kinds[n] for n in names], depth - 1), **({"include_defaults": False} if self.chance(0.2) else {}))
        s = self.returning(s, t, depth)
        if which in ("postgresql", "sqlite") and self.chance(0.7):
            target = r.choice([{}, {"index_elements": [r.choice(list(t.kinds))]}, {"index_elements": [t.col(next(iter(t.kinds)))], "index_where": self.boolean([t], 1)}])
            if which == "postgresql" and self.chance(0.2):
                target = {"constraint": "uq_x"}
            if self.chance(0.3):
                s = s.on_conflict_do_nothing(**target)
            else:
                s = self.local(s)
                e = From(s.excluded.get(), t.kinds)
                set_ = {n: self.chance(0.5) and made("%s.excluded%s" % (s.lua, Pair("", None).item(n).lua if False else '["%s"]' % n), lambda: s.py.excluded[n], s) or self.operand([t], t.kinds[n], 1)
                        for n in r.sample(list(t.kinds), min(2, len(t.kinds)))}
                kw = {"where": self.boolean([t], 1)} if self.chance(0.3) else {}
                s = s.on_conflict_do_update(**target, set_=set_, **kw)
        if which == "mysql" and self.chance(0.7):
            s = self.local(s)
            s = s.on_duplicate_key_update({n: made('%s.inserted["%s"]' % (s.lua, n), lambda: s.py.inserted[n], s) if self.chance(0.5) else self.operand([t], t.kinds[n], 1)
                                           for n in r.sample(list(t.kinds), 2)})
        if self.chance(0.05):
            s = s.prefix_with("OR IGNORE", dialect="sqlite")
        return s

    def update(self, depth):
        r = self.r
        t = self.tables[r.choice(["users", "addresses", "orders", "items", "light"])]
        scope = [t]
        if self.chance(0.3):
            scope.append(self.source([], 1))
        s = F["update"](t.pair)
        for _ in range(r.choice([0, 1, 1, 2])):
            s = s.where(self.boolean(scope, depth - 1))
        out = {}
        for n in r.sample(list(t.kinds), r.randint(1, 2)):
            out[n if self.chance(0.8) or t.base == "light" else t.col(n)] = None if self.chance(0.05) else self.operand(scope, t.kinds[n], depth - 1)
        if self.chance(0.1):
            s = s.ordered_values(*[(k, v) for k, v in out.items()])
        else:
            s = s.values(out)
        if self.chance(0.08):
            s = s.with_dialect_options(**{"mysql_limit": 5})
        return self.returning(s, t, depth)

    def delete(self, depth):
        t = self.tables[self.r.choice(["users", "addresses", "orders", "items", "light"])]
        scope = [t]
        if self.chance(0.3):
            scope.append(self.source([], 1))
        s = F["delete"](t.pair)
        for _ in range(self.r.choice([0, 1, 1, 2])):
            s = s.where(self.boolean(scope, depth - 1))
        if self.chance(0.1):
            s = s.add_cte(self.cte(["int"], 1).pair)
        return self.returning(s, t, depth)

    def whole(self):
        """The statement, or the first of its parts that could not be made."""
        s = self.statement()
        return Pair(s.lua, self.raised.py) if self.raised else s

    def statement(self):
        p, depth = self.r.random(), self.r.choice([1, 2, 2, 3])
        if p < 0.14:
            return self.insert(depth)
        if p < 0.24:
            return self.update(depth)
        if p < 0.3:
            return self.delete(depth)
        kinds = [self.kind() for _ in range(self.r.randint(1, 3))]
        if p < 0.36:
            return self.compound([], kinds, depth, None)
        return self.select([], kinds, depth)
