from sqlalchemy import *
from sqlalchemy.dialects import postgresql, mysql, sqlite
m = MetaData()
users = Table("users", m, Column("id", Integer, primary_key=True), Column("name", String(30)), Column("created", DateTime), Column("score", Float))
orders = Table("orders", m, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id")), Column("amount", Numeric(10, 2)), Column("status", String))
stmts = [
    select(users).where(users.c.name.ilike("%ed%")).limit(10).offset(5),
    select(users.c.name, func.count(orders.c.id).label("n")).outerjoin(orders).group_by(users.c.name).having(func.count(orders.c.id) > 2).order_by(desc("n")),
    select(users).where(users.c.id.in_([1, 2, 3]), users.c.name.is_not(None)),
    select(users).where(exists().where(orders.c.user_id == users.c.id)),
    select(users).where(users.c.id.in_(select(orders.c.user_id).where(orders.c.status == "open"))),
    users.insert().values(name="x").returning(users.c.id) if False else users.insert().values(name="x"),
    users.update().where(users.c.id == bindparam("uid")).values(name=func.upper(users.c.name)),
    users.delete().where(users.c.name.notin_(["a", "b"])),
    union(select(users.c.id), select(orders.c.user_id)).order_by("id"),
    select(users.c.name.concat(" x"), users.c.score / 2, users.c.score % 3, -users.c.score, users.c.name + "!"),
    select(func.date_trunc("day", users.c.created), extract("year", users.c.created), func.now(), func.current_timestamp()),
    select(users).with_for_update(nowait=True, of=users),
    select(users).with_for_update(skip_locked=True, read=True),
    select(cast(users.c.score, Integer), type_coerce(users.c.score, String), users.c.name.collate("NOCASE")),
    select(users.c.name.regexp_match("^a"), users.c.name.startswith("a"), users.c.name.endswith("b", autoescape=True), users.c.name.contains("50%", autoescape=True)),
    select(users.c.score.between(1, 2), not_(users.c.score.between(1, 2)), users.c.name.match("x"), users.c.score.is_distinct_from(5)),
    select(case({"a": 1, "b": 2}, value=users.c.name, else_=0)),
    select(users.c.id).distinct().order_by(users.c.name.desc().nulls_last()),
    select(literal("x"), literal_column("1 + 1").label("two"), text("3"), null(), true(), false()),
    select(func.coalesce(users.c.name, "none"), func.char_length(users.c.name), func.my_schema.f(users.c.id)),
    select(values(column("a", Integer), column("b", String), name="v").data([(1, "x"), (2, "y")])),
    select(users.c.id).union_all(select(orders.c.id)).limit(3),
    select(select(func.max(orders.c.amount)).where(orders.c.user_id == users.c.id).scalar_subquery().label("mx")),
    select(users, orders).join(orders, and_(users.c.id == orders.c.user_id, orders.c.status == "x"), isouter=True),
    select(users.alias("u")).where(users.alias("u").c.id == 5),
    select(func.sum(orders.c.amount).over(partition_by=orders.c.user_id)),
    select(tuple_(users.c.id, users.c.name).in_([(1, "a"), (2, "b")])),
    select(users).prefix_with("SQL_NO_CACHE", dialect="mysql").with_hint(users, "USE INDEX (x)", "mysql"),
    select(users.c.id).where(users.c.name == any_(select(orders.c.status).scalar_subquery())),
    select(lateral(select(orders).where(orders.c.user_id == users.c.id).limit(1)).c.amount),
]
for s in stmts:
    print(s)
    for d in (postgresql.dialect(), mysql.dialect(), sqlite.dialect()):
        try:
            print(s.compile(dialect=d))
        except Exception as e:
            print(err(e))
