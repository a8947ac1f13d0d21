"""Python values as alchemysh shows them (repr), and echo texts and messages likewise."""
import datetime
import decimal
import re
import uuid

from spell import lua_str  # noqa

WORDS = {"None": "nil", "True": "true", "False": "false"}
TOKENS = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\b(None|True|False)\b|datetime\.(datetime|date|time|timedelta)\(|Decimal\(|UUID\(""", re.S)
ADDR = re.compile(r"0x[0-9a-f]{6,}")


class NoForm(Exception):
    pass


def echo(text):
    """The parameters of an echo line with Lua's words for None, True, False."""
    m = re.match(r"\[[^\]]*\] ", text)
    if not m:
        return text

    def rep(m):
        if m.group(1):
            return m.group(1)
        if m.group(2):
            return WORDS[m.group(2)]
        return m.group().replace("datetime.", "").lower()
    return m.group() + TOKENS.sub(rep, text[m.end():])


def num(v):
    if isinstance(v, int):
        return str(v)
    if v != v or v in (float("inf"), float("-inf")):
        raise NoForm
    if v == int(v) and abs(v) < 1e15:
        return "%d" % int(v)
    return repr(v)


def lrepr(v, table=False, depth=0):
    """repr(v) as alchemysh prints it; NoForm where it has no such text."""
    t = type(v)
    if v is None:
        return "null" if table else "nil"
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, str):
        return repr(str(v))
    if t in (int, float):
        return num(v)
    if t is bytes:
        return repr(v)
    if t is decimal.Decimal:
        return "decimal('%s')" % v
    if t is uuid.UUID:
        return "uuid('%s')" % v
    if t is datetime.datetime:
        if v.tzinfo is not None or abs((datetime.datetime.now() - v).total_seconds()) < 200000:
            raise NoForm  # the time of the run
        a = [v.year, v.month, v.day, v.hour, v.minute]
        if v.second or v.microsecond:
            a.append(v.second)
        if v.microsecond:
            a.append(v.microsecond)
        return "datetime(%s)" % ", ".join(map(str, a))
    if t is datetime.date:
        if v == datetime.date.today():
            raise NoForm
        return "date(%d, %d, %d)" % (v.year, v.month, v.day)
    if t is datetime.time:
        if v.tzinfo is not None:
            raise NoForm
        a = [v.hour, v.minute]
        if v.second or v.microsecond:
            a.append(v.second)
        if v.microsecond:
            a.append(v.microsecond)
        return "time(%s)" % ", ".join(map(str, a))
    if t is datetime.timedelta:
        parts = ["%s = %d" % (k, getattr(v, k)) for k in ("days", "seconds", "microseconds") if getattr(v, k)]
        return "interval{%s}" % ", ".join(parts)
    if depth > 4:
        raise NoForm
    if isinstance(v, tuple) or t.__name__ == "Row" and t.__module__.startswith("sqlalchemy"):
        items = [lrepr(x, False, depth + 1) for x in v]
        return "(%s,)" % items[0] if len(items) == 1 else "(%s)" % ", ".join(items)
    if t is list:
        return "{%s}" % ", ".join(lrepr(x, True, depth + 1) for x in v)
    if t.__name__ in ("dict", "immutabledict", "frozendict", "RowMapping", "OrderedDict"):
        if not all(isinstance(k, str) for k in v):
            raise NoForm
        return "{%s}" % ", ".join("%s = %s" % (field(k), lrepr(x, True, depth + 1)) for k, x in sorted(v.items()))
    raise NoForm


def field(k):
    return str(k) if re.match(r"^[A-Za-z_][A-Za-z0-9_]*$", k) else "['%s']" % k


def is_scalar(v):
    return v is None or isinstance(v, (bool, str, bytes, int, float, decimal.Decimal, uuid.UUID, datetime.date, datetime.time,
                                       datetime.timedelta))


def message(exc):
    text = message_(exc)
    return re.sub(r"\n\(Background on this error at: [^)]*\)", "", text)


def message_(exc):
    """e.message of an exception."""
    import sqlalchemy.exc as sexc
    if isinstance(exc, sexc.DBAPIError) and exc.orig is not None and type(exc.orig).__module__ != "builtins":
        return str(exc.orig)
    if isinstance(exc, sexc.StatementError):
        text = exc._message()
        m = re.match(r"\((?:[a-zA-Z_]+\.)+[A-Za-z]+\) (.*)$", text, re.S)
        return m.group(1) if m else text
    if isinstance(exc, sexc.SQLAlchemyError):
        return exc._message()
    if isinstance(exc, KeyError) and exc.args:
        return str(exc.args[0])
    return str(exc)
