"""Whole programs in Python against the same in Lua, in the folder $PROGRAMS.

check.py make [PATTERN]             py/*.py, translated to prog/*.lua, with SQLAlchemy's output in prog/*.want
check.py run BINARY [PATTERN] [-v]  which of prog/*.lua differ on alchemysh
With $LOOSE in the environment it does not matter whether a statement was in the cache.
A first line `# db: sqlite postgresql mysql` in a program says where it runs; $PYTHON has SQLAlchemy.
"""
import glob, os, re, subprocess, sys, difflib, fnmatch
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
D = os.environ.get("PROGRAMS", HERE)  # has py/; prog/ is made
PYTHON = os.environ.get("PYTHON", "python3")  # one that has SQLAlchemy 2.0.52
DB = os.environ.get("PROGRAMS_DB", "alchemysh_programs")  # made anew for each program
URLS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg2://postgres@127.0.0.1:5432/" + DB, "mysql": "mysql+pymysql://root@127.0.0.1:3306/" + DB}
LOOSE = "LOOSE" in os.environ  # whether a statement was in the cache does not matter
EXT = {"sqlite": ".want", "postgresql": ".pg.want", "mysql": ".my.want"}

def reset(db):
    if db == "postgresql":
        subprocess.run(["psql", "-q", "-h", "127.0.0.1", "-U", "postgres", "postgres", "-c", "drop database if exists %s with (force)" % DB, "-c", "create database " + DB], capture_output=True)
    if db == "mysql":
        subprocess.run(["mysql", "-h", "127.0.0.1", "-u", "root", "-e", "drop database if exists %s; create database %s" % (DB, DB)], capture_output=True)

def norm(s, strip=True):
    s = re.sub(r"\d+\.\d+s ago", "<t>s ago", s)
    s = re.sub(r"(generated in|no key) [\d.e+-]+s", r"\1 <t>s", s)
    s = re.sub(r"cached since [\d.e+-]+s", "cached since <t>s", s)
    s = re.sub(r"0x[0-9a-f]{6,}", "0x<addr>", s)
    s = re.sub(r"(\w+)=True\b", r"\1=true", s); s = re.sub(r"(\w+)=False\b", r"\1=false", s); s = re.sub(r"(\w+)=None\b", r"\1=nil", s)
    s = s.replace("<class '__main__.", "<class '")
    s = re.sub(r"<__main__\.(\w+) object at", r"<\1 at", s)
    s = s.replace("[raw sql] {}", "[raw sql] ()")
    s = re.sub(r"(\(insertmanyvalues\)|insertmanyvalues \d).*", lambda m: m.group(0) if "__0'" not in m.group(0) else re.sub(r"\{(.*)\}", lambda d: "{" + ", ".join(sorted(re.split(r", (?=')", d.group(1)))) + "}", m.group(0)), s)
    s = re.sub(r"\] \[((?:\(\d+, \d+\)(?:, )?)+)\]", lambda m: "] [" + ", ".join(sorted(re.findall(r"\(\d+, \d+\)", m.group(1)))) + "]", s)
    if strip:
        s = "\n".join(l.rstrip() for l in s.split("\n"))
    return s

def dbs(src):
    m = re.search(r"^(?:#|--) db: (.*)$", src, re.M)
    return m.group(1).split() if m else ["sqlite"]

def make(pat):
    os.makedirs(D + "/prog", exist_ok=True)
    import py2lua
    for p in sorted(glob.glob(D + "/py/" + pat)):
        name = os.path.basename(p)[:-3]
        src = open(p).read()
        lua = D + "/prog/" + name + ".lua"
        if os.path.exists(lua) and open(lua).read(200).startswith("-- by hand"):
            pass
        else:
            try:
                t = py2lua.translate(src)
            except py2lua.Unsupported as e:
                print(name, "UNSUPPORTED", e); continue
            open(lua, "w").write("-- db: %s\nDBURL = arg[1] or \"sqlite://\"\n" % " ".join(dbs(src)) + t)
        for db in dbs(src):
            reset(db)
            r = subprocess.run([PYTHON, "-W", "ignore", HERE + "/pyrun.py", p, URLS[db]], capture_output=True, text=True, timeout=120)
            if r.stderr.strip():
                print(name, db, "PYTHON:", r.stderr[-600:])
            open(D + "/prog/" + name + EXT[db], "w").write(norm(r.stdout, strip=False))

def run(binary, pat, verbose):
    bad = good = 0
    for p in sorted(glob.glob(D + "/prog/" + pat + ".lua")):
        name = os.path.basename(p)[:-4]
        src = open(p).read()
        for db in dbs(src):
            wantf = D + "/prog/" + name + EXT[db]
            if not os.path.exists(wantf): continue
            reset(db)
            try:
                r = subprocess.run([binary, "-X", p, URLS[db]], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
                got, err = r.stdout, r.stderr
            except subprocess.TimeoutExpired as e:
                got, err = (e.stdout or b"").decode(), "TIMEOUT"
            want = norm(open(wantf).read())
            errs = [l for l in err.split("\n") if l.strip() and "Warning" not in l]
            if errs:
                got += "!! " + errs[0] + "\n"
            got = norm(got)
            if LOOSE:
                got, want = [re.sub(r"\[(generated in|cached since) <t>s( ago)?", "[<t>s", x) for x in (got, want)]
            g, w = got.split("\n"), want.split("\n")
            if g == w:
                good += 1
            else:
                bad += 1
                print("DIFF", name, db)
                d = list(difflib.unified_diff(w, g, "sqlalchemy", "ours", lineterm="", n=2))
                for l in d[2:(60 if verbose else 16)]:
                    print("   ", l[:400])
                if errs:
                    print("   STDERR", " | ".join(errs[:6])[:500])
    print("same", good, "different", bad)

if sys.argv[1] == "make":
    make((sys.argv[2] if len(sys.argv) > 2 else "*") + ".py")
else:
    a = [x for x in sys.argv[2:] if x != "-v"]
    run(a[0], a[1] if len(a) > 1 else "*", "-v" in sys.argv)
