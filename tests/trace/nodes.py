"""What the recorder takes down: operations, with-blocks, echo and checks."""
import itertools

seq = itertools.count(1)


class Untraceable(Exception):
    """A value or an operation that has no Lua spelling, with the reason."""


class Node:
    """An operation and its value.

    kind: call (base is the function's spelling), method, attr, index, binop, unary,
    derived (an accessor of another node), class, setattr, setindex, delattr, raw, block.
    """
    is_op = False

    def __init__(self, kind, base=None, name=None, args=(), kw=None, **more):
        self.seq = next(seq)
        self.kind, self.base, self.name, self.args, self.kw = kind, base, name, list(args), kw or {}
        self.value = None
        self.pure = False        # may be written where it is used, or left out
        self.light = False       # short enough to be written wherever it is used
        self.droppable = False   # left out when nothing uses it
        self.entity = False      # keeps an object alive: needs a variable
        self.error = None
        self.check = None        # expected repr, when the result is a scalar
        self.void = True
        self.hint = None
        self.taint = None
        self.scope = None
        self.uses = 0
        self.var = None
        self.inline = self.visited = False
        self.body = None         # of a block
        self.param = None
        self.done = False        # a block that was left
        self.novalue = self.kept = False
        self.always = False      # no operation of its own: always written where it is used
        self.__dict__.update(more)

    def refs(self):
        out = []
        collect(self.base, out)
        collect(self.name, out)
        collect(self.args, out)
        collect(self.kw, out)
        return out


class Text:
    """A piece of Lua as it stands."""
    __slots__ = ("s",)

    def __init__(self, s):
        self.s = s


class List:
    __slots__ = ("items",)

    def __init__(self, items):
        self.items = items


class Dict:
    __slots__ = ("items",)

    def __init__(self, items):
        self.items = items  # (str or spelling, spelling)


class Func:
    """A Python function which is spelt in Lua when the program is written."""
    __slots__ = ("fn", "lua", "free")

    def __init__(self, fn):
        self.fn, self.lua, self.free = fn, None, []


class Echo:
    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text


class Check:
    """A line of Lua which prints, and what it prints."""
    __slots__ = ("parts", "expect")

    def __init__(self, parts, expect):
        self.parts, self.expect = parts, expect


class Raised:
    """An exception raised by the test itself."""
    __slots__ = ()


def collect(x, out):
    if isinstance(x, Node):
        out.append(x)
    elif isinstance(x, List):
        collect(x.items, out)
    elif isinstance(x, Dict):
        for k, v in x.items:
            collect(k, out)
            collect(v, out)
    elif isinstance(x, Func):
        collect(x.free, out)
    elif isinstance(x, dict):
        for v in x.values():
            collect(v, out)
    elif isinstance(x, (list, tuple)):
        for v in x:
            collect(v, out)
