"""A Pair is one thing twice: how Lua spells it, and SQLAlchemy's own object for it (or the error that making it raised)."""
import datetime
import decimal
import json
import re
import uuid

NAME = re.compile(r"[A-Za-z_]\w*\Z")
RESERVED = set("and break do else elseif end false for function if in local nil not or repeat return then true until while goto".split())


class Raised:
    def __init__(self, error):
        self.error = error


class Pair:
    def __init__(self, lua, py):
        self.lua, self.py = lua, py

    def __getattr__(self, name):
        """p.name is an attribute; p._(…) calls it, p.name(…) is a method call."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Attribute(self, name)

    def item(self, key):
        if isinstance(key, str) and NAME.match(key) and key not in RESERVED:
            return made(self.lua + "." + key, lambda: self.py[key], self)
        lua = spell(key) if not isinstance(key, int) else str(key)
        return made("%s[%s]" % (self.lua, lua), lambda: self.py[key], self)


class Attribute:
    def __init__(self, owner, name):
        self.owner, self.name = owner, name

    def get(self):
        return made(self.owner.lua + "." + self.name, lambda: getattr(self.owner.py, self.name), self.owner)

    def __call__(self, *args, **kw):
        lua = "%s:%s(%s)" % (self.owner.lua, self.name, arguments(args, kw))
        return made(lua, lambda: getattr(self.owner.py, self.name)(*map(plain, args), **{k: plain(v) for k, v in kw.items()}),
                    self.owner, *args, *kw.values())


class Function:
    """A public name that is called."""

    def __init__(self, lua, py):
        self.lua, self.py = lua, py

    def __call__(self, *args, **kw):
        return made("%s(%s)" % (self.lua, arguments(args, kw)),
                    lambda: self.py(*map(plain, args), **{k: plain(v) for k, v in kw.items()}), *args, *kw.values())


ALIVE = []  # SQLAlchemy names parameters by id(): an object that is freed would give its name to another


def made(lua, f, *parts):
    """The pair of a spelling and of what f makes; the first error among its parts is its own."""
    for p in parts:
        e = raised(p)
        if e:
            return Pair(lua, e)
    try:
        ALIVE.append(f())
        return Pair(lua, ALIVE[-1])
    except Exception as e:
        return Pair(lua, Raised(e))


def raised(p):
    if isinstance(p, Pair):
        return p.py if isinstance(p.py, Raised) else None
    for x in p.values() if isinstance(p, dict) else p if isinstance(p, (list, tuple)) else ():
        e = raised(x)
        if e:
            return e
    for x in p if isinstance(p, dict) else ():
        e = raised(x)
        if e:
            return e
    return None


def binary(left, symbol, f, right):
    return made("(%s %s %s)" % (spell(left), symbol, spell(right)), lambda: f(plain(left), plain(right)), left, right)


def plain(v):
    if isinstance(v, Pair):
        return v.py
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, tuple):
        return tuple(plain(x) for x in v)
    if isinstance(v, dict):
        return {plain(k): plain(x) for k, x in v.items()}
    return v


def arguments(args, kw):
    parts = [spell(a) for a in args]
    if kw:
        parts.append("{%s}" % ", ".join("%s = %s" % (k, spell(v)) for k, v in kw.items()))
    return ", ".join(parts)


def quote(s):
    return json.dumps(s, ensure_ascii=False).replace("\\u00", "\\0")


def spell(v, inside=False):
    if isinstance(v, Pair):
        return v.lua
    if v is None:
        return "null" if inside else "nil"
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, str):
        return quote(v)
    if isinstance(v, int) and abs(v) > 2 ** 53:
        return 'int64("%d")' % v
    if isinstance(v, (int, float)):
        return repr(v)
    if isinstance(v, decimal.Decimal):
        return 'decimal("%s")' % v
    if isinstance(v, uuid.UUID):
        return 'uuid("%s")' % v
    if isinstance(v, bytes):
        return quote(v.decode("ascii"))
    if isinstance(v, datetime.datetime):
        return "datetime(%d, %d, %d, %d, %d, %d)" % (v.year, v.month, v.day, v.hour, v.minute, v.second)
    if isinstance(v, datetime.date):
        return "date(%d, %d, %d)" % (v.year, v.month, v.day)
    if isinstance(v, datetime.time):
        return "time(%d, %d, %d)" % (v.hour, v.minute, v.second)
    if isinstance(v, datetime.timedelta):
        return "interval{days = %d, seconds = %d}" % (v.days, v.seconds)
    if isinstance(v, (list, tuple)):
        return "{%s}" % ", ".join(spell(x, True) for x in v)
    if isinstance(v, dict):
        return "{%s}" % ", ".join(
            "%s = %s" % (k if isinstance(k, str) and NAME.match(k) and k not in RESERVED else "[%s]" % spell(k, True), spell(x, True))
            for k, x in v.items())
    raise TypeError("no spelling of %r" % (v,))


def shown(v):
    """The repr of a parameter in Lua's spelling."""
    if v is None:
        return "nil"
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, float) and v == int(v) and abs(v) < 1e15:
        return str(int(v))
    if isinstance(v, (list, tuple)):
        return "{%s}" % ", ".join(map(shown, v))
    if isinstance(v, dict):
        return "{%s}" % ", ".join("%s = %s" % (k, shown(v[k])) for k in sorted(v))
    if isinstance(v, decimal.Decimal):
        return "decimal('%s')" % v
    if isinstance(v, uuid.UUID):
        return "uuid('%s')" % v
    if isinstance(v, datetime.timedelta):
        return "interval{%s}" % ", ".join("%s = %d" % (k, getattr(v, k)) for k in ("days", "seconds", "microseconds") if getattr(v, k))
    if isinstance(v, (datetime.datetime, datetime.date, datetime.time)):
        return repr(v).replace("datetime.datetime", "datetime").replace("datetime.date", "date").replace("datetime.time", "time")
    return repr(v)
