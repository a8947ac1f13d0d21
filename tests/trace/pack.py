#!/usr/bin/env python3
"""pack.py DIR [AREA*]: writes the programs that pass with $ALCHEMYSH as testdata of TestBehaviour, one case per line.

A program is kept when it has operations of its own beyond the set-up of its class; of programs which differ only in
the parametrisation of one test a few are kept. Set-ups that cases of a class share are written once.
"""
import concurrent.futures
import fnmatch
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

BEH = os.environ.get("BEH", "/tmp/trace/beh")
PER_TEST = int(os.environ.get("PER_TEST", "3"))
TIMES = re.compile(r"\[(generated in|cached since|no key) [0-9.e-]+s(?: ago)?")


def normal(text):
    text = TIMES.sub(lambda m: "[no key" if m.group(1) == "no key" else "[t", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "0x<addr>", text)
    return re.sub(r"session '\d+' \(this is '\d+'\)", "session '<n>' (this is '<n>')", text)


CALL = "print('@@NEXT') do local ok, e = pcall(assert(loadfile('case%d.lua'))) if not ok then print('@@ERROR ' .. tostring(e)) end end"


def together(cases):
    """The cases which pass when they are run one after the other in one process."""
    with tempfile.TemporaryDirectory() as dir:
        calls = []
        for i, c in enumerate(cases):
            with open("%s/case%d.lua" % (dir, i), "w") as f:
                f.write(c["lua"])
            calls.append(CALL % i)
        try:
            p = subprocess.run([os.environ["ALCHEMYSH"], "-c", "\n".join(calls)], cwd=dir, capture_output=True, text=True,
                               errors="replace", timeout=20 + len(cases), stdin=subprocess.DEVNULL)
            parts = p.stdout.split("@@NEXT\n")[1:]
        except subprocess.TimeoutExpired:
            parts = []
    if len(parts) != len(cases):
        if len(cases) == 1:
            return []
        half = len(cases) // 2
        return together(cases[:half]) + together(cases[half:])
    return [c for c, out in zip(cases, parts) if normal(out) == c["stdout"]]


def passing(cases):
    chunks = [cases[i:i + 40] for i in range(0, len(cases), 40)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [c for ok in pool.map(together, chunks) for c in ok]


def prefix(texts):
    lines = [t.splitlines(True) for t in texts]
    out = []
    for group in zip(*lines):
        if len(set(group)) > 1:
            break
        out.append(group[0])
    return "".join(out)


def balanced(lua):
    """Cuts a common prefix where no block is open."""
    lines = lua.splitlines(True)
    while lines and (lines[-1].startswith(" ") or lines[-1].startswith("with(") or lines[-1].startswith("TRY(function()\n")
                     or lines[-1].rstrip().endswith(("{", "(function()"))):
        lines.pop()
    return "".join(lines)


def main():
    out = sys.argv[1]
    os.makedirs(out, exist_ok=True)
    for f in glob.glob(out + "/*.json"):
        os.unlink(f)
    seen, count, size = set(), 0, 0
    only = sys.argv[2:] or ["*"]
    for source in sorted(glob.glob(BEH + "/*.json")):
        area = os.path.basename(source)[:-5]
        if not any(fnmatch.fnmatch(area, o) for o in only):
            continue
        candidates = []
        for c in json.load(open(source))["cases"]:
            c["stdout"] = normal(c["stdout"].split("@@CUT\n")[0])
            c["lua"] = c["lua"].split('print("@@CUT")\n')[0]
            if "CUT()" in c["lua"] or c["stdout"].count("\n") < 4:
                continue
            c["cls"], c["test"] = re.match(r"(?:(\w+?)(?:_sqlite\+pysqlite\w*)?::)?(\w+)", c["name"]).groups()
            k = hashlib.sha1((c["lua"] + c["stdout"]).encode()).digest()
            if k not in seen:
                seen.add(k)
                candidates.append(c)
        ok = passing(candidates)
        classes, tests = {}, {}
        for c in ok:
            key = c["cls"], c["test"]
            tests[key] = tests.get(key, 0) + 1
            if tests[key] > PER_TEST:
                continue
            c["name"] = c["name"].replace("_sqlite+pysqlite_3_40_1", "")
            classes.setdefault(c["cls"], []).append(c)
        print("%-30s %d/%d pass" % (area, len(ok), len(candidates)), flush=True)
        setups, cases = {}, []
        for cls, cs in classes.items():
            lua = balanced(prefix([c["lua"] for c in cs])) if len(cs) > 1 else ""
            stdout = prefix([c["stdout"] for c in cs]) if len(cs) > 1 else ""
            if len(lua) + len(stdout) > 400:
                setups[cls] = {"lua": lua, "stdout": stdout}
            else:
                lua = stdout = ""
            for c in cs:
                rest = c["lua"][len(lua):]
                own = [x for x in rest.splitlines() if not re.match(r"\w+ = (registry|MetaData|Session)|  \w+ = _\w+$|with\(|end\)|configure_mappers", x)]
                if len(own) < 2 and len(cs) > 1:
                    continue
                case = {"name": c["name"]}
                if lua or stdout:
                    case["setup"] = cls
                case["lua"], case["stdout"] = rest, c["stdout"][len(stdout):]
                cases.append(case)
        part, room = 1, 0
        chunks = [[]]
        for c in cases:
            n = len(json.dumps(c))
            if room + n > 900000:
                chunks.append([])
                room = 0
            chunks[-1].append(c)
            room += n
        for i, chunk in enumerate(chunks):
            if not chunk:
                continue
            used = {c.get("setup") for c in chunk}
            name = area + ("_%d" % (i + 1) if len(chunks) > 1 else "")
            with open(os.path.join(out, name + ".json"), "w") as f:
                f.write('{"area": %s, "sqlalchemy": "2.0.52",\n"setups": {\n' % json.dumps(name))
                f.write(",\n".join("%s: %s" % (json.dumps(k), json.dumps(v, ensure_ascii=False)) for k, v in setups.items() if k in used))
                f.write('\n},\n"cases": [\n')
                f.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in chunk))
                f.write("\n]}\n")
            size += os.path.getsize(os.path.join(out, name + ".json"))
            count += len(chunk)
    print("%d cases, %.1f MB" % (count, size / 1e6))


if __name__ == "__main__":
    main()
