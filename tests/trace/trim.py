#!/usr/bin/env python3
"""trim.py FROM TO MEGABYTES: of packed programs those which say most in the room that there is.

One case per test, short ones, and the classes whose cases cost least with their set-up.
"""
import collections
import glob
import json
import os
import re
import sys

import pack

source, out, room = sys.argv[1], sys.argv[2], float(sys.argv[3]) * 1e6
classes = []
for path in sorted(glob.glob(source + "/*.json")):
    d = json.load(open(path))
    by = collections.OrderedDict()
    seen = set()
    for c in d["cases"]:
        test = c["name"].split("[")[0]
        if test in seen or len(c["lua"]) + len(c["stdout"]) > 6000:
            continue
        seen.add(test)
        by.setdefault(c.get("setup") or c["name"], []).append(c)
    for k, cs in by.items():
        setup = d["setups"].get(k)
        size = sum(len(json.dumps(c, ensure_ascii=False)) for c in cs) + (len(json.dumps(setup)) if setup else 0)
        classes.append((size / len(cs), size, d["area"], k, setup, cs))
total, kept = 0, collections.OrderedDict()
for cost, size, area, k, setup, cs in sorted(classes, key=lambda x: x[0]):
    if total + size > room:
        continue
    total += size
    kept.setdefault(area, []).append((k, setup, cs))
os.makedirs(out, exist_ok=True)
for f in glob.glob(out + "/*.json"):
    os.unlink(f)


def write(area, parts):
    with open("%s/%s.json" % (out, area), "w") as f:
        f.write('{"area": %s, "sqlalchemy": "2.0.52",\n"setups": {\n' % json.dumps(area))
        f.write(",\n".join("%s: %s" % (json.dumps(k), json.dumps(s, ensure_ascii=False)) for k, s, cs in parts if s))
        f.write('\n},\n"cases": [\n')
        f.write(",\n".join(json.dumps(c, ensure_ascii=False) for k, s, cs in parts for c in cs))
        f.write("\n]}\n")


def steady(parts):
    """Leaves out what fails beside its neighbours, as the test runs them, until all pass."""
    while True:
        cases = []
        for k, s, cs in parts:
            for c in cs:
                cases.append({"lua": (s or {}).get("lua", "") + c["lua"], "stdout": (s or {}).get("stdout", "") + c["stdout"], "case": c})
        ok = {id(c["case"]) for c in pack.passing(cases)}
        if len(ok) == len(cases):
            return parts
        parts = [(k, s, [c for c in cs if id(c) in ok]) for k, s, cs in parts]
        parts = [p for p in parts if p[2]]


n = 0
for area in sorted(kept):
    parts = steady(sorted(kept[area], key=lambda x: x[0]))
    if parts:
        write(area, parts)
        n += sum(len(p[2]) for p in parts)
print("%d cases in %d files, %.1f MB" % (n, len(kept), total / 1e6))
