"""compare.py FIRST COUNT [--kinds | --one]: random statements FIRST … FIRST+COUNT-1 on SQLAlchemy and on $ALCHEMYSH, in four renderings.

What differs is shown: the statement, what was wanted and what came. --one shows only the Lua program of statement FIRST.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.setrecursionlimit(10000)

from sqlalchemy import exc  # noqa: E402
from sqlalchemy.dialects import mysql, postgresql, sqlite  # noqa: E402
from sqlalchemy.sql import selectable  # noqa: E402

from pair import Raised, shown  # noqa: E402
from statements import SCHEMA, Statement, python_schema  # noqa: E402

QUERIES = (selectable.Select, selectable.CompoundSelect)
DIALECTS = [("default", None), ("sqlite", sqlite.dialect()), ("postgresql", postgresql.dialect()), ("mysql", mysql.dialect())]
PRELUDE = """
local dialects = {{"default"}, {"sqlite", sqlite.dialect()}, {"postgresql", postgresql.dialect()}, {"mysql", mysql.dialect()}}
local function failed(e)
  local class, message
  if type(e) ~= "string" then pcall(function() class, message = e.class, e.message end) end
  if class then print("!" .. tostring(class) .. "|" .. tostring(message)) else print("!lua|" .. tostring(e)) end
end
local function params(c)
  local p, names = {}, {}
  for n, v in pairs(c.params) do p[n] = v end
  if c.positiontup then
    for _, n in ipairs(c.positiontup) do names[#names + 1] = n end
  else
    for n in pairs(p) do names[#names + 1] = n end
    table.sort(names)
  end
  for _, n in ipairs(names) do
    if p[n] == nil then p[n] = p[n:gsub(" ", "_")] end
    print("  " .. n .. " = " .. (p[n] == nil and "nil" or rawequal(p[n], null) and "nil" or repr(p[n])))
  end
end
local function try(n, isquery, f)
  print("@@ " .. n)
  local ok, s = pcall(f)
  if not ok then failed(s) return end
  local ok, e = pcall(function()
    if isquery then for _, c in ipairs(s.selected_columns) do print("type " .. repr(c.type)) end end
  end)
  if not ok then failed(e) end
  for _, d in ipairs(dialects) do
    for _, inline in ipairs{false, true} do
      print("@ " .. d[1] .. (inline and " literal" or ""))
      local ok, e = pcall(function()
        local c = s:compile{dialect = d[2], compile_kwargs = {literal_binds = inline}}
        print(c.string)
        if not inline then params(c) end
      end)
      if not ok then failed(e) end
    end
  end
end
"""


def failed(e):
    if isinstance(e, exc.StatementError):
        e = e.orig or e
    return "!%s|%s" % (type(e).__name__, e.args[0] if e.args else e)


def wanted(s):
    """What SQLAlchemy makes of a statement."""
    if isinstance(s, Raised):
        return failed(s.error)
    out = []
    if isinstance(s, QUERIES):
        try:
            out += ["type %r" % c.type for c in s.selected_columns]
        except Exception as e:
            out.append(failed(e))
    for name, d in DIALECTS:
        for inline in (False, True):
            out.append("@ " + name + (" literal" if inline else ""))
            try:
                c = s.compile(dialect=d, compile_kwargs={"literal_binds": inline})
                out.append(c.string)
                if not inline:
                    p = c.params
                    out += ["  %s = %s" % (n, shown(p[n] if n in p else p[n.replace(" ", "_")])) for n in (c.positiontup if c.positiontup is not None else sorted(p))]
            except Exception as e:
                out.append(failed(e))
    return "\n".join(out)


def normal(text):
    """Blanks at ends of lines do not count, nor how errors spell values; an index that finds nothing has an error of its own in Lua."""
    text = re.sub(r"(?m)^!NotImplementedError.Operator 'getitem' is not supported on this expression", "!no item", text)
    text = re.sub(r"(?m)^!AttributeError.[\w.]+\.(k|it's|a|1|\{.*\}): no such attribute.*", "!no item", text)
    text = re.sub(r"(literal value) .* (with datatype|as a)", r"\1 … \2", text)
    text = text.replace("None/True/False", "nil/true/false").replace("; see parent stack trace for more detail.", "")
    text = re.sub(r"(?m)^(type .*)=True\)", r"\1=true)", text).replace("= b'abc'", "= 'abc'")
    text = re.sub(r"(?m)^!UnsupportedCompilationError.*", "!unsupported", text)
    text = re.sub(r"(?m)^(!ArgumentError.\w+ BY expression expected, got ).*", r"\1…", text).replace("include_defaults=False", "include_defaults=false")
    text = re.sub(r"Select object at 0x\w+", "Select object", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def permitted(want, got):
    """What may differ between two renderings: what fails inside of SQLAlchemy; where values are to be written out, a literal that
    SQLAlchemy cannot write, a parameter that it leaves (some of its methods do not pass literal_binds on), and which error comes first."""
    head, _, text = want.partition("\n")
    if text.startswith("!AttributeError|'OnConflict"):
        return True
    if unqualified(want) == unqualified(got):
        return True
    if not head.endswith("literal"):
        return False
    if text.startswith("!CompileError"):
        return "\n!" in got or re.match(r"!CompileError.(No literal value|Could not render literal)", text) is not None
    if "\n!" in got:
        return False
    return PLACE.search(re.sub(r"'(''|[^'])*'", "", text)) is not None or text.replace("VALUES SELECT", "SELECT") == got.partition("\n")[2]


def unqualified(text):
    """Without tables before columns after RETURNING and ON CONFLICT: SQLAlchemy leaves them out even in queries there, where they say
    which column is meant, and writes them in some functions."""
    start = re.search(r"RETURNING|ON CONFLICT", text)
    return text if not start else text[:start.start()] + re.sub(r"[\w\"]+\.(?=[\w\"])|\?|__\[POSTCOMPILE_\w+\]", "", text[start.start():])


PLACE = re.compile(r"%\(\w+\)s|%s|\?|:\w+")


def main():
    first, count = int(sys.argv[1]), int(sys.argv[2])
    tables = python_schema()
    programs, expected, bodies = [], [], {}
    for seed in range(first, first + count):
        s = Statement(seed, tables)
        pair = s.whole()
        bodies[seed] = "\n".join("  " + x for x in s.lines + ["return " + pair.lua])
        programs.append("try(%d, %s, function()\n%s\nend)" % (seed, str(isinstance(pair.py, QUERIES)).lower(), bodies[seed]))
        expected.append((seed, wanted(pair.py)))
    if "--one" in sys.argv:
        print(PRELUDE + SCHEMA + programs[0])
        return
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as fh:
        fh.write(PRELUDE + SCHEMA + "\n".join(programs))
    p = subprocess.run([os.environ["ALCHEMYSH"], fh.name], capture_output=True, text=True, errors="replace", timeout=600)
    got = {}
    for part in re.split(r"(?m)^@@ ", p.stdout)[1:]:
        n, _, text = part.partition("\n")
        got[int(n)] = text
    if p.returncode:
        print("exit status %d: %s" % (p.returncode, p.stderr[-800:]))
    os.unlink(fh.name)
    kinds, agree = collections.OrderedDict(), 0
    for seed, want in expected:
        a, b = normal(want), normal(got.get(seed, "nothing"))
        la, lb = a.split("\n@ "), b.split("\n@ ")
        if len(la) == len(lb):
            lb = [x if permitted(x, y) else y for x, y in zip(la, lb)]
        a, b = "\n@ ".join(la), "\n@ ".join(lb)
        if a == b:
            agree += 1
            continue
        la, lb = a.split("\n"), b.split("\n")
        i = next((i for i in range(max(len(la), len(lb))) if la[i:i + 1] != lb[i:i + 1]))
        where = next((x for x in reversed(la[:i + 1]) if x.startswith("@ ")), "")
        want_line, got_line = "".join(la[i:i + 1]), "".join(lb[i:i + 1])
        kind = kind_of(want_line, got_line)
        kinds.setdefault(kind, []).append((seed, where, want_line, got_line))
    for kind, found in sorted(kinds.items(), key=lambda x: -len(x[1])):
        print("## %d: %s" % (len(found), kind))
        for seed, where, w, g in found[:2 if "--kinds" in sys.argv else 100]:
            print("%d %s\n  want %s\n  got  %s" % (seed, where, w[:700], g[:700]))
            if "--kinds" not in sys.argv:
                print(bodies[seed])
    print("%d of %d agree" % (agree, count))


def kind_of(want, got):
    """What two lines differ by: the words around the first difference, without names and numbers."""
    if want.startswith("!") or got.startswith("!"):
        return re.sub(r"\d+|'[^']*'|\"[^\"]*\"", "#", "%s / %s" % (want[:90] if want.startswith("!") else "no error", got[:90] if got.startswith("!") else "no error"))
    i = 0
    while i < min(len(want), len(got)) and want[i] == got[i]:
        i += 1
    i = max(0, want.rfind(" ", 0, i))
    return re.sub(r"\d+", "#", "%s / %s" % (want[i:i + 25], got[i:i + 25]))


if __name__ == "__main__":
    main()
