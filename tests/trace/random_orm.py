"""Random session programs.

    random_orm.py make FOLDER FIRST COUNT [STEPS]  writes FOLDER/py/r00001.py and so on, a program for each seed
    PROGRAMS=FOLDER PYTHON=… programs/check.py make 'r*'   runs them on SQLAlchemy and translates them to Lua
    random_orm.py run FOLDER BINARY [-v]           runs them on alchemysh, and says which differ

A flush in which something refers to itself sends its statements in an order that
SQLAlchemy leaves to the hash of objects: of statements of a flush that follow each
other only the set is compared.

Each has parents with children and grandchildren, tags (many to many), a tree,
and people of several classes, with cascades and loading by chance; then it
changes, deletes, flushes, commits, rolls back and queries at random. All objects
are held, for the collector must not decide anything.
"""
import difflib, glob, os, random, re, subprocess, sys


class Program:
    def __init__(self, seed, steps):
        self.r = random.Random(seed)
        self.out, self.steps, self.n = [], steps, 0
        self.objects = {k: [] for k in "PCGTNYEM"}

    def pick(self, *xs):
        return self.r.choice(xs)

    def chance(self, p):
        return self.r.random() < p

    def write(self, *lines):
        self.out.extend(lines)

    def models(self):
        lazy = lambda: self.pick("select", "select", "select", "selectin", "joined", "subquery")
        cascade = lambda: self.pick("save-update, merge", "save-update, merge", "all", "all, delete-orphan", "all, delete-orphan")
        order = lambda c: ', order_by="%s.id"' % c
        passive = lambda: ", passive_deletes=True" if self.chance(0.15) else ""
        cs = cascade()
        self.write(
            "from sqlalchemy import *", "from sqlalchemy.orm import *", "Base = declarative_base()",
            'tagged = Table("tagged", Base.metadata, Column("c_id", ForeignKey("c.id"), primary_key=True), Column("t_id", ForeignKey("t.id"), primary_key=True))',
            "class P(Base):", '    __tablename__ = "p"', "    id = Column(Integer, primary_key=True)",
            "    name = Column(String(20)%s)" % self.pick("", "", ', default="none"', ', server_default="given"'),
            "    num = Column(Integer)",
            '    cs = relationship("C", back_populates="p", cascade="%s", lazy="%s"%s%s)' % (cs, lazy(), order("C"), passive()),
            '    one = relationship("G", back_populates="p", uselist=False, cascade="%s")' % self.pick("save-update, merge", "all", "all, delete-orphan"),
            "class C(Base):", '    __tablename__ = "c"', "    id = Column(Integer, primary_key=True)", "    name = Column(String(20))",
            '    p_id = Column(ForeignKey("p.id")%s)' % self.pick("", "", "", ", nullable=False"),
            '    p = relationship("P", back_populates="cs", lazy="%s")' % self.pick("select", "select", "joined", "selectin"),
            '    ts = relationship("T", secondary=tagged, back_populates="cs", lazy="%s"%s)' % (lazy(), order("T")),
            "class G(Base):", '    __tablename__ = "g"', "    id = Column(Integer, primary_key=True)", "    name = Column(String(20))",
            '    p_id = Column(ForeignKey("p.id"))', '    p = relationship("P", back_populates="one")',
            "class T(Base):", '    __tablename__ = "t"', "    id = Column(Integer, primary_key=True)", "    name = Column(String(20))",
            '    cs = relationship("C", secondary=tagged, back_populates="ts"%s)' % order("C"),
            "class N(Base):", '    __tablename__ = "n"', "    id = Column(Integer, primary_key=True)", "    name = Column(String(20))",
            '    up_id = Column(ForeignKey("n.id"))',
            '    up = relationship("N", remote_side=[id], back_populates="downs")',
            '    downs = relationship("N", back_populates="up", cascade="%s"%s)' % (cascade().replace(", delete-orphan", ""), order("N")),
            "class Y(Base):", '    __tablename__ = "y"', "    id = Column(Integer, primary_key=True)", "    name = Column(String(20))",
            "    kind = Column(String(10))", '    boss_id = Column(ForeignKey("y.id"))',
            '    boss = relationship("Y", remote_side=[id], back_populates="staff")',
            '    staff = relationship("Y", back_populates="boss"%s)' % order("Y"),
            '    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "y"%s}' % self.pick("", "", ', "with_polymorphic": "*"'),
            "class E(Y):",
        )
        if self.chance(0.7):
            self.write('    __tablename__ = "e"', '    id = Column(ForeignKey("y.id"), primary_key=True)')
        self.write("    lang = Column(String(10))",
                   '    __mapper_args__ = {"polymorphic_identity": "e"%s}' % self.pick("", "", ', "polymorphic_load": "selectin"', ', "polymorphic_load": "inline"'),
                   "class M(Y):", '    __tablename__ = "m"', '    id = Column(ForeignKey("y.id"), primary_key=True)', "    level = Column(Integer)",
                   '    __mapper_args__ = {"polymorphic_identity": "m"}')
        self.write("engine = create_engine(DBURL)", "Base.metadata.create_all(engine)", "engine.echo = True",
                   "s = Session(engine%s)" % self.pick("", "", "", ", expire_on_commit=False", ", autoflush=False"),
                   "o = {}", "def step(f):", "    try:", "        f()", "    except Exception as ex:",
                   '        print("!!", type(ex).__name__)', "        s.rollback()")

    def step(self, *lines):
        self.n += 1
        self.write("def f%d():" % self.n, *("    " + x for x in lines))
        self.write("step(f%d)" % self.n)

    def some(self, kinds):
        have = [x for k in kinds for x in self.objects[k]]
        return self.r.choice(have) if have else None

    def new(self):
        k = self.pick(*"PPPCCCCGTTNNNYEEM")
        key = "%s%d" % (k.lower(), self.n + 1)
        args = ['name="%s"' % key]
        if k == "P" and self.chance(0.5):
            args = args[: self.pick(0, 1)] + ["num=%d" % self.r.randint(0, 9)]
        if k == "P" and self.chance(0.6):
            kids = []
            for _ in range(self.r.randint(1, 3)):
                self.n += 1
                kids.append("c%d" % self.n)
                self.write('o["c%d"] = C(name="c%d")' % (self.n, self.n))
            args.append("cs=[%s]" % ", ".join('o["%s"]' % x for x in kids))
        p, c, n, y = self.some("P"), self.some("C"), self.some("N"), self.some("YEM")
        if k in "CG" and p and self.chance(0.7):
            args.append('p=o["%s"]' % p)
        if k == "T" and c and self.chance(0.5):
            args.append('cs=[o["%s"]]' % c)
        if k == "N" and n and self.chance(0.7):
            args.append('up=o["%s"]' % n)
        if k in "YEM" and y and self.chance(0.5):
            args.append('boss=o["%s"]' % y)
        if k == "E" and self.chance(0.7):
            args.append('lang="%s"' % self.pick("go", "lua"))
        if k == "M" and self.chance(0.7):
            args.append("level=%d" % self.r.randint(1, 3))
        lines = ['o["%s"] = %s(%s)' % (key, k, ", ".join(args))]
        if self.chance(0.85):
            lines.append('s.add(o["%s"])' % key)
        self.step(*lines)
        self.objects[k].append(key)

    def change(self):
        p, c, g, t, n, y = self.some("P"), self.some("C"), self.some("G"), self.some("T"), self.some("N"), self.some("YEM")
        x = self.some("PCGTNYEM")
        kind = self.r.randint(0, 11)
        if kind <= 1 and x:
            self.step('o["%s"].name = "v%d"' % (x, self.r.randint(0, 99)))
        elif kind == 2 and p and c:
            self.step('o["%s"].p = o["%s"]' % (c, p))
        elif kind == 3 and c:
            self.step('o["%s"].p = None' % c)
        elif kind == 4 and p and c:
            self.step('o["%s"].cs.append(o["%s"])' % (p, c))
        elif kind == 5 and p:
            self.step('o["%s"].cs.remove(o["%s"].cs[%d])' % (p, p, self.r.randint(0, 1)) if False else 'x = o["%s"].cs' % p, "if len(x) > 0:", "    x.remove(x[0])")
        elif kind == 6 and c and t:
            self.step('if o["%s"] not in o["%s"].ts:' % (t, c), '    o["%s"].ts.append(o["%s"])' % (c, t))
        elif kind == 7 and c:
            self.step('x = o["%s"].ts' % c, "if len(x) > 0:", "    x.remove(x[0])")
        elif kind == 8 and n:
            m = self.some("N")
            self.step('o["%s"].up = %s' % (n, 'o["%s"]' % m if m != n and self.chance(0.8) else "None"))
        elif kind == 9 and y:
            m = self.some("YEM")
            self.step('o["%s"].boss = %s' % (y, 'o["%s"]' % m if m != y and self.chance(0.8) else "None"))
        elif kind == 10 and p and g:
            self.step('o["%s"].one = %s' % (p, self.pick('o["%s"]' % g, "None")))
        elif kind == 11 and p:
            self.step('o["%s"].cs = [%s]' % (p, ", ".join('o["%s"]' % z for z in sorted({self.some("C") for _ in range(2)} - {None}))))

    def session(self):
        x = self.some("PCGTNYEM")
        k = self.r.randint(0, 17)
        if k <= 2:
            self.step("s.flush()")
        elif k <= 5:
            self.step("s.commit()")
        elif k == 6:
            self.step("s.rollback()")
        elif k == 7:
            self.step("s.expire_all()")
        elif k == 8 and x:
            self.step('s.expire(o["%s"])' % x)
        elif k == 9 and x:
            self.step('s.refresh(o["%s"])' % x)
        elif k <= 12 and x:
            self.step('s.delete(o["%s"])' % x)
        elif k == 13:
            self.step("s.begin_nested()")
        elif k == 14 and x:
            self.step('s.expunge(o["%s"])' % x)
        elif k == 15 and x:
            self.step('s.add(o["%s"])' % x)
        elif k == 16 and x:
            self.step('y = s.merge(o["%s"])' % x, "print(y.name)")
        elif k == 17:
            self.step("print(len(s.new), len(s.dirty), len(s.deleted), len(s.identity_map))")

    def show(self):
        x = self.some("PCGTNYEM")
        p, c, n, y = self.some("P"), self.some("C"), self.some("N"), self.some("YEM")
        k = self.r.randint(0, 6)
        if k == 0 and x:
            self.step('i = inspect(o["%s"])' % x, "print(i.transient, i.pending, i.persistent, i.deleted, i.detached, sorted(i.unloaded))")
        elif k == 1 and p:
            self.step('print(o["%s"].name, o["%s"].num, [x.name for x in o["%s"].cs])' % (p, p, p))
        elif k == 2 and c:
            self.step('x = o["%s"].p' % c, "print(x.name if x is not None else None, [t.name for t in o[\"%s\"].ts])" % c)
        elif k == 3 and n:
            self.step('x = o["%s"].up' % n, "print(x.name if x is not None else None, [d.name for d in o[\"%s\"].downs])" % n)
        elif k == 4 and y:
            self.step('x = o["%s"].boss' % y, "print(x.name if x is not None else None, [d.name for d in o[\"%s\"].staff])" % y)
        elif k == 5 and p:
            self.step('x = o["%s"].one' % p, "print(x.name if x is not None else None)")
        elif k == 6 and x:
            self.step('h = inspect(o["%s"]).attrs.name.history' % x, "print(list(h.added), list(h.unchanged), list(h.deleted))")

    def query(self):
        k = self.r.randint(0, 15)
        load = self.pick("joinedload", "selectinload", "subqueryload", "lazyload", "selectinload", "immediateload")
        limit = self.pick("", "", "", ".limit(2)", ".limit(2).offset(1)")
        if k <= 2:
            sub = self.pick("", "", ".%s(C.ts)" % self.pick("joinedload", "selectinload", "subqueryload"))
            self.step("for x in s.scalars(select(P).options(%s(P.cs)%s).order_by(P.id)%s).unique().all():" % (load, sub, limit), "    print(x.name, [c.name for c in x.cs])")
        elif k == 3:
            self.step("for x in s.scalars(select(C).options(%s(C.p), %s(C.ts)).order_by(C.id)).unique().all():" % (self.pick("joinedload", "selectinload"), load),
                      "    print(x.name, x.p.name if x.p is not None else None, [t.name for t in x.ts])")
        elif k == 4:
            self.step("for x in s.scalars(select(Y).order_by(Y.id)).all():", "    print(type(x).__name__, x.name)")
        elif k == 5:
            self.step("w = with_polymorphic(Y, %s)" % self.pick('"*"', "[E]", "[M]"), "for x in s.scalars(select(w).order_by(w.id)).all():", "    print(type(x).__name__, x.name)")
        elif k == 6:
            self.step("for x in s.scalars(select(E).where(E.lang == \"%s\").order_by(E.id)).all():" % self.pick("go", "lua"), "    print(x.name, x.lang)")
        elif k == 7:
            self.step("print(s.execute(select(P.name, func.count(C.id)).join(P.cs%s).group_by(P.name).order_by(P.name)).all())" % self.pick("", ", isouter=True"))
        elif k == 8:
            self.step("print(s.scalars(select(P.name).where(P.cs.any(C.name.like(\"c%\"))).order_by(P.id)).all())")
        elif k == 9:
            self.step("print([x.name for x in s.query(%s).filter_by(name=\"v%d\").all()])" % (self.pick(*"PCTN"), self.r.randint(0, 99)))
        elif k == 10:
            self.step("x = s.get(%s, %d)" % (self.pick(*"PCGTNYEM"), self.r.randint(1, 6)), "print(x.name if x is not None else None)")
        elif k == 11:
            self.step("a = aliased(N)", "print(s.execute(select(N.name, a.name).join(N.up.of_type(a)).order_by(N.id)).all())")
        elif k == 12:
            self.step("print(s.scalars(select(C.name).where(C.ts.any()).order_by(C.id)).all(), s.scalars(select(C.name).where(~C.p.has()).order_by(C.id)).all())")
        elif k == 13:
            what = self.pick("update(C).where(C.name.like(\"v%\")).values(name=\"u\")", "delete(T).where(T.name == \"v7\")", "update(P).values(num=P.num + 1)",
                             "update(E).where(E.lang == \"go\").values(lang=\"lua\")" , "update(Y).where(Y.id > 3).values(name=\"w\")")
            sync = self.pick("", "", "evaluate", "fetch", "auto")
            self.step("r = s.execute(%s%s)" % (what, ', execution_options={"synchronize_session": "%s"}' % sync if sync else ""), "print(r.rowcount)")
        elif k == 14:
            self.step("for x in s.query(P).options(%s(P.cs)).order_by(P.id)%s.all():" % (load, limit), "    print(x.name, len(x.cs))")
        elif k == 15:
            self.step("for x in s.scalars(select(N).options(%s(N.downs, %s)).where(N.up_id.is_(None)).order_by(N.id)).unique().all():" % (("selectinload", "recursion_depth=2")),
                      "    print(x.name, [d.name for d in x.downs])")

    def text(self):
        self.models()
        for _ in range(4):
            self.new()
        for _ in range(self.steps):
            self.r.choice((self.new, self.change, self.change, self.session, self.session, self.show, self.query, self.query))()
        self.step("s.commit()")
        self.step("s.rollback()")
        for k in ("p", "c", "g", "tagged", "t", "n", "y"):
            self.step("print(s.execute(text(\"select * from %s order by 1, 2\")).all())" % k)
        return "\n".join(self.out) + "\n"


WRITES = ("INSERT ", "UPDATE ", "DELETE ")


def blocks(text):
    """The lines of an output, those of a flush's statements sorted."""
    out, run, statement = [], [], None
    def end():
        out.extend(l for s in sorted(run) for l in s)
        run.clear()
    for line in text.split("\n"):
        if line.startswith(WRITES):
            statement = [line]
            run.append(statement)
        elif statement is not None and line.startswith("["):
            statement.append(re.sub(r"(generated in|cached since) <t>s( ago)?", "<mark>", line))
            statement = None
        elif statement is not None:
            statement.append(line)
        else:
            end()
            out.append(line)
    end()
    return out


def run(folder, binary, verbose):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs"))
    import check
    differ = 0
    programs = sorted(glob.glob(folder + "/prog/r*.lua"))
    for p in programs:
        r = subprocess.run([binary, p, "sqlite://"], capture_output=True, text=True, timeout=120)
        got, want = blocks(check.norm(r.stdout)), blocks(open(p[:-4] + ".want").read())
        if got == want and not r.stderr:
            continue
        differ += 1
        print("DIFF", os.path.basename(p), r.stderr[:300])
        if verbose:
            print("\n".join("    " + l for l in list(difflib.unified_diff(want, got, lineterm="", n=4))[2:30]))
    print("programs", len(programs), "different", differ)


def main():
    if sys.argv[1] == "run":
        return run(sys.argv[2], sys.argv[3], "-v" in sys.argv)
    folder, first, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    steps = int(sys.argv[5]) if len(sys.argv) > 5 else 40
    os.makedirs(folder + "/py", exist_ok=True)
    for seed in range(first, first + count):
        with open("%s/py/r%05d.py" % (folder, seed), "w") as f:
            f.write(Program(seed, steps).text())


main()
