"""The pytest plugin: -p plugin, with TRACE_OUT=file for the programs."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pytest  # noqa

import record  # noqa
import render  # noqa
import rewrite  # noqa
import spell  # noqa
from nodes import Echo, Node, Text, Untraceable  # noqa

rec = record.Recorder()
rewrite.install(rec)
builtins = __import__("builtins")
builtins._satr_ = rec
out = []
cls_now = [None]
wanted = None


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_setup(item):
    cls = getattr(item, "cls", None)
    if cls is not cls_now[0]:
        cls_now[0] = cls
        rec.begin_class()
    rec.begin_test()
    item._trace_call = None
    bind_engine()
    rec.depth = 0
    rec.use(rec.test)
    yield
    rec.on = False


def bind_engine():
    from sqlalchemy.testing import config
    if rec.node_of(config.db) is None and config.db is not None:
        n = Node("engine")
        n.inline, n.var, n.void = False, "engine", False
        n.reset = None
        rec.modules.known[id(config.db)] = (config.db, n)


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef, request):
    if not rec.ready:
        yield
        return
    saved = rec.scope, rec.blocks, rec.on
    if fixturedef.scope in ("class", "module", "session", "package"):
        rec.blocks = []
        rec.use(rec.cls)
    yield
    rec.scope, rec.blocks, rec.on = saved
    if rec.on and (rec.cls.cut or rec.test.cut):
        rec.on = False


@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    rec.depth = 0
    rec.use(rec.test)
    rec.recording_call = True
    outcome = yield
    if rec.scope is rec.test:
        rec.on = False
        finish(pyfuncitem, outcome.excinfo)
    rec.on = False


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item):
    rec.on = False
    rec.begin_test()  # open cursors among its values would lock tables
    rec.user_raised.clear()
    yield
    rec.on = False


def finish(item, excinfo):
    if excinfo is not None and excinfo[0].__name__ in ("Skipped", "skip"):
        return
    case = {"name": item.nodeid.split("::", 1)[1]}
    why = rec.cls.cut and "class: " + rec.cls.cut or rec.test.cut
    if excinfo is not None:
        case["failed"] = "%s: %s" % (excinfo[0].__name__, str(excinfo[1])[:300])
    try:
        p = render.Program(rec, reserved())
        p.build(rec.cls.events, rec.test.events, why)
        lines, expect = p.lines, p.expect
        if p.stop:
            why = "at writing: " + p.stop
    except (Untraceable, spell.Unsupported) as e:
        why, lines, expect = "at writing: %s" % e, [], []
    if why:
        case["cut"] = why
        case["at"] = rec.cls.at or rec.test.at
        rec.reasons[why] += 1
    body = "\n".join(lines)
    head = render.ATTACHED if "test_schema" in body else render.ENGINE
    if "LIST(" in body:
        head += render.LIST
    if "CLEAR(" in body:
        head += render.CLEAR
    if "TRY(" in body:
        head += render.TRY
    if "CUT()" in body:
        head += 'CUT = function() print("@@CUT") end\n'
    case["lua"] = head + body + '\nprint("@@CUT")\n'
    case["stdout"] = stdout(expect)
    case["lines"] = len(lines)
    out.append(case)


def stdout(expect):
    return "".join(x + "\n" for x in expect) + "@@CUT\n"


_reserved = None


def reserved():
    global _reserved
    if _reserved is None:
        _reserved = set(spell.RESERVED) | {"engine", "LIST", "TRY", "CLEAR", "CUT", "print", "repr", "table", "string", "math", "os", "io", "type",
                                           "next", "select", "error", "pairs", "ipairs", "unpack", "with", "class", "event", "func",
                                           "null", "true_", "false_", "session", "_G", "require", "assert", "pcall", "date", "time",
                                           "datetime", "decimal", "uuid", "interval", "sqlite", "postgresql", "mysql", "int64", "list",
                                           "set", "column", "value", "values", "text"}
        spell.canon(object)
        _reserved |= {v.split(".")[0] for k, v in spell._canon.items() if isinstance(v, str)}
        _reserved |= {v[1].split(".")[0] for v in rec.extra.values()}
    return _reserved


def pytest_sessionfinish(session):
    path = os.environ.get("TRACE_OUT")
    if path:
        with open(path, "w") as f:
            json.dump({"area": os.environ.get("TRACE_AREA", ""), "cases": out}, f, indent=0)
    whys = sorted(rec.reasons.items(), key=lambda x: -x[1])
    sys.stderr.write("%d programs, %d cut\n" % (len(out), sum(1 for c in out if c.get("cut"))))
    for w, n in whys[:int(os.environ.get("TRACE_REASONS", "25"))]:
        sys.stderr.write("%5d %s\n" % (n, w))
