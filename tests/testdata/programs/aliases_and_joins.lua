-- What joins and relationship comparisons print as.
-- db: sqlite
DBURL = arg[1] or "sqlite://"
Base = declarative_base()
do
  local id = Column(Integer, {primary_key = true})
  Emp = class("Emp", Base, {
    __tablename__ = "emp",
    id = id,
    name = Column(String),
    boss_id = Column(ForeignKey("emp.id")),
    dept_id = Column(ForeignKey("dept.id")),
    boss = relationship("Emp", {remote_side = {id}, back_populates = "reports"}),
    reports = relationship("Emp", {back_populates = "boss"}),
    dept = relationship("Dept", {back_populates = "emps"}),
  })
end
Dept = class("Dept", Base, {
  __tablename__ = "dept",
  id = Column(Integer, {primary_key = true}),
  name = Column(String),
  emps = relationship("Emp", {back_populates = "dept"}),
  rich = relationship("Emp", {primaryjoin = "and_(Dept.id == Emp.dept_id, Emp.name == 'rich')", viewonly = true}),
})
B = aliased(Emp, {name = "boss"})
D2 = aliased(Dept)
print(select(Emp):join(Emp.boss:of_type(B)):where(B.name == "x"))
print(select(Emp, B):join(B, Emp.boss):join(D2, B.dept))
print(select(Emp.name, B.name):outerjoin(B, Emp.boss_id == B.id))
print(select(Dept):join(Dept.emps:and_(Emp.name == "q")))
print(select(Dept):join(Dept.rich), select(Dept):where(Dept.rich:any()))
print(select(Emp):join(Emp.dept):join(B, B.dept_id == Dept.id))
print(select(Dept.name, func.count(Emp.id)):outerjoin(Dept.emps):group_by(Dept.name):having(func.count(Emp.id) > 2))
print(select(Emp):where(Emp.dept:has(Dept.name == "x")), select(Emp):where(Emp.dept == nil), select(Emp):where(Emp.dept ~= nil), select(Emp):where(not_(Emp.dept:has())))
print(select(Dept):where(Dept.emps:any(Emp.boss:has(Emp.name == "z"))))
print(select(Dept):where(Dept.emps:any{name = "z", boss_id = 3}), select(Emp):where(Emp.dept:has{name = "y"}))
d = Dept{id = 5}
print(select(Emp):where(Emp.dept == d), select(Emp):where(Emp.dept ~= d), select(Dept):where(Dept.emps:contains(Emp{id = 3, dept_id = 4})))
print(select(Emp):where(with_parent(d, Dept.emps)), select(Emp):where(Emp.dept_id:in_(select(Dept.id):where(Dept.name == "x"))))
sq = select(Emp.dept_id, func.count():label("n")):group_by(Emp.dept_id):subquery()
print(select(Dept, sq.c.n):outerjoin(sq, Dept.id == sq.c.dept_id))
E2 = aliased(Emp, select(Emp):where(Emp.name:like("a%")):subquery())
print(select(E2):where(E2.id > 5), select(Dept, E2):join(E2, Dept.emps))
print(select(Emp):options(joinedload(Emp.dept), selectinload(Emp.reports)), select(Emp):options(joinedload(Emp.boss):joinedload(Emp.dept)))
print(select(Emp):options(contains_eager(Emp.dept)):join(Emp.dept), select(Emp):options(defer(Emp.name)), select(Emp):options(load_only(Emp.name)))
print(select(Emp):join_from(Emp, Dept), select(Emp.id):select_from(join(Emp, Dept)), select(Emp.id):select_from(outerjoin(Emp, Dept, Emp.dept)))
print(select(Bundle("e", Emp.id, Emp.name)), select(Emp.id:label("x"), Emp.name):order_by("x"), select(Emp):limit(5):options(joinedload(Emp.reports)))
print(union(select(Emp.id), select(Dept.id)), select(Emp):from_statement(text("select * from emp")), select(aliased(Emp, union_all(select(Emp):where(Emp.id < 3), select(Emp):where(Emp.id > 10)):subquery())))
print(select(Emp.__table__), Emp.__table__:join(Dept.__table__), select(Emp.__table__.c.name), select(func.count(Emp.id:distinct())), select(Emp):distinct():with_for_update{of = Emp})
print(insert(Emp):values{name = "x"}, update(Emp):where(Emp.id == 1):values{name = "y"}, delete(Emp):where(Emp.dept_id == nil), update(Emp):values({[Emp.name] = Emp.name .. "z"}), update(Emp):where(Emp.dept_id == Dept.id, Dept.name == "x"):values{name = "in x"})
print(exists():where(Emp.id == 1), select(exists(Emp.id)), exists(select(Emp.id)):where(Emp.name == "x"), select(Emp.name):filter_by{id = 5}, select(Dept):join(Emp):filter_by{name = "q"}, select(Emp):where(Emp.name == bindparam("n")), select(Emp):slice(2, 5), select(Emp):fetch(3, {with_ties = true}):order_by(Emp.id))
