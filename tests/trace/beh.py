#!/usr/bin/env python3
"""beh.py AREA[,prefix*] [REGEX] [N] [--full] [--kinds] [--save]: runs traced programs with $ALCHEMYSH and shows what differs.

Lines with - are SQLAlchemy's, lines with + alchemysh's. N is how many tests are shown (default 10); --full shows
whole diffs and programs; --kinds shows only the first differing line of each kind, counted.
"""
import collections
import concurrent.futures
import difflib
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

DIR = os.environ.get("BEH", "/tmp/trace/beh")
BIN = os.environ.get("ALCHEMYSH", "alchemysh")
TIMES = re.compile(r"\[(generated in|cached since|no key|dialect [^\]]*|raw sql) ?[0-9.e-]*s?( ago)?((?: \(insertmanyvalues\)[^\]]*)?)\]")


def normal(text):
    text = text.split("@@CUT\n")[0]
    text = TIMES.sub(lambda m: "[%s]" % ("raw sql" if m.group(1) == "raw sql" else "no key" if m.group(1) == "no key" else "t") + m.group(3), text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDR", text)
    text = re.sub(r"session '\d+' \(this is '\d+'\)", "session 'N' (this is 'N')", text)
    # hints are alchemysh's own
    return [re.sub(r"; did you mean [^?]*\?$", "", x) if x.startswith("!") else x for x in text.splitlines()]


def run(case):
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as f:
        f.write(case["lua"])
    try:
        p = subprocess.run([BIN, f.name], capture_output=True, text=True, timeout=30, errors="replace", stdin=subprocess.DEVNULL)
        out, err, code = p.stdout, p.stderr, p.returncode
    except subprocess.TimeoutExpired:
        out, err, code = "", "TIMEOUT", 9
    finally:
        os.unlink(f.name)
    want, got = normal(case["stdout"]), normal(out)
    for i, w in enumerate(want[:len(got)]):
        if "<memory at" in w and re.fullmatch(re.escape(w).replace("<memory\\ at\\ 0xADDR>", "b(?:'.*'|\".*\")"), got[i]):
            got[i] = w  # binary values have no text in Python's echo
    if "@@CUT" not in out:
        e = err.strip().replace(f.name, "x.lua")
        got.append("!! " + (e.splitlines()[0] if e else "no end") + (" ..." if len(e.splitlines()) > 1 else ""))
        got += ["!!   " + x for x in e.splitlines()[1:4]]
    return want, got


def first(want, got):
    for a, b in zip(want, got):
        if a != b:
            return a, b
    n = min(len(want), len(got))
    return (want[n] if n < len(want) else "(end)"), (got[n] if n < len(got) else "(end)")


def kind(a, b):
    k = b if b.startswith("!!") or b.startswith("!") else "%s  <>  %s" % (a, b)
    k = re.sub(r"x\.lua:\d+", "x.lua", k)
    if k.startswith("!!"):
        return re.sub(r"\d+", "N", k)[:140]
    return re.sub(r"\d+", "N", re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", k))[:110]


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    full, kinds, save = "--full" in sys.argv, "--kinds" in sys.argv, "--save" in sys.argv
    files = []
    for a in (args[0] if args else "*").split(","):
        files += sorted(glob.glob(os.path.join(DIR, a + ".json")))
    rx = re.compile(args[1]) if len(args) > 1 else None
    limit = int(args[2]) if len(args) > 2 else 10
    groups, total, passed = collections.defaultdict(list), 0, 0
    for path in files:
        cases = [c for c in json.load(open(path))["cases"] if c["lines"] and (rx is None or rx.search(c["name"]))]
        ok = []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for c, (want, got) in zip(cases, pool.map(run, cases)):
                if want == got:
                    ok.append(c["name"])
                else:
                    groups[kind(*first(want, got))].append((path, c, want, got))
        print("%-28s %d/%d" % (os.path.basename(path)[:-5], len(ok), len(cases)))
        total, passed = total + len(cases), passed + len(ok)
        if save:
            os.makedirs(os.path.join(DIR, "ok"), exist_ok=True)
            json.dump(ok, open(os.path.join(DIR, "ok", os.path.basename(path)), "w"))
    print("passed %d/%d" % (passed, total))
    shown = 0
    for k, g in sorted(groups.items(), key=lambda x: -len(x[1])):
        print("\n#### %d x %s" % (len(g), k))
        if kinds:
            print("     e.g. " + g[0][1]["name"])
            continue
        if shown >= limit:
            continue
        for path, c, want, got in g[:1 if not full else 3]:
            shown += 1
            print("== %s %s%s" % (os.path.basename(path)[:-5], c["name"], " [failed: %s]" % c["failed"] if c.get("failed") else ""))
            if full:
                print(c["lua"])
            d = [x for x in difflib.unified_diff(want, got, lineterm="", n=2)][2:]
            print("\n".join(d[:40 if not full else 400]))


main()
