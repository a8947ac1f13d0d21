-- What the examples of help() and of the reference find: tables, classes, and
-- one of each thing that they speak of. A section "-- for A B" is for the
-- members of these classes, and for functions of these names, only.

engine = create_engine("sqlite://")
metadata = MetaData()
users = Table("users", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(50)), Column("fullname", String(50)), Column("first", String(50)), Column("last", String(50)),
  Column("age", Integer), Column("city", String(50)), Column("born", Date), Column("active", Boolean), Column("flags", Integer),
  Column("bio", Text), Column("data", JSON), Column("n", Integer), Column("a", Integer), Column("b", Integer))
addresses = Table("addresses", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("user_id", Integer, ForeignKey("users.id")),
  Column("email", String(50)), Column("active", Boolean))
notes = Table("notes", metadata,
  Column("id", Integer, {primary_key = true}), Column("item_id", Integer, ForeignKey("item.id")),
  Column("keyword", String(20)), Column("text", String(50)))
things = Table("item", metadata, Column("id", Integer, {primary_key = true}), Column("position", Integer), Column("order_id", Integer, ForeignKey("orders.id")))
orders = Table("orders", metadata, Column("id", Integer, {primary_key = true}), Column("user_id", Integer, ForeignKey("users.id")))
groups = Table("groups", metadata, Column("id", Integer, {primary_key = true}), Column("name", String(20)))
user_group = Table("user_group", metadata, Column("user_id", ForeignKey("users.id"), {primary_key = true}), Column("group_id", ForeignKey("groups.id"), {primary_key = true}))
t = Table("t", MetaData(), Column("id", Integer, {primary_key = true}), Column("a", Integer), Column("b", Integer), Column("x", Integer),
  Column("nums", ARRAY(Integer)), Column("tags", ARRAY(String)), Column("data", postgresql.JSONB), Column("span", postgresql.INT4RANGE),
  Column("room", Integer), Column("body", Text), Column("during", postgresql.TSRANGE))

Base = class("Base", DeclarativeBase, {metadata = metadata})
User = class("User", Base, {__table__ = users,
  addresses = relationship("Address", {back_populates = "user", order_by = "Address.id"}),
  orders = relationship("Order"), groups = relationship("Group", {secondary = user_group, collection_class = set}),
  keywords = association_proxy("addresses", "email", {creator = function(email) return Address{email = email} end}),
  total = query_expression()})
Address = class("Address", Base, {__table__ = addresses, user = relationship("User", {back_populates = "addresses"})})
Order = class("Order", Base, {__table__ = orders, items = relationship("Item", {order_by = "Item.position", collection_class = ordering_list("position")})})
Item = class("Item", Base, {__table__ = things, notes = relationship("Note", {collection_class = attribute_keyed_dict("keyword")})})
Note = class("Note", Base, {__table__ = notes})
Group = class("Group", Base, {__table__ = groups})
Node = class("Node", Base, {__tablename__ = "node", id = Column(Integer, {primary_key = true}), parent_id = Column(Integer, ForeignKey("node.id"))})
Company = class("Company", Base, {__tablename__ = "company", id = Column(Integer, {primary_key = true}), employees = relationship("Employee")})
Employee = class("Employee", Base, {__tablename__ = "employee", id = Column(Integer, {primary_key = true}), kind = Column(String(10)),
  company_id = Column(Integer, ForeignKey("company.id")), __mapper_args__ = {polymorphic_on = "kind", polymorphic_identity = "employee"}})
Manager = class("Manager", Employee, {__tablename__ = "manager", id = Column(Integer, ForeignKey("employee.id"), {primary_key = true}), __mapper_args__ = {polymorphic_identity = "manager"}})
Point = class("Point", nil, {__init__ = function(self, x, y) self.x = x self.y = y end})
metadata:create_all(engine)

Session = sessionmaker{bind = engine}
session = Session()
ed = User{name = "ed", fullname = "Ed Jones", age = 31, data = {a = 1}, addresses = {Address{email = "ed@example.com"}}}
session:add_all{ed, User{name = "wendy", fullname = "Wendy Williams", age = 28}}
session:commit()
user, address = ed, ed.addresses[1]
conn = engine:connect()

stmt = select(users)
q1, q2 = select(users.c.id), select(addresses.c.user_id)
query = select(users.c.city, func.count()):group_by(users.c.city)
f = function(x) return x end

-- for AddConstraint DropConstraint DropConstraintComment SetConstraintComment
constraint = UniqueConstraint(users.c.name, {name = "uq_name", comment = "one of each"})
users:append_constraint(constraint)
k = constraint
-- for CreateIndex DropIndex Index
index = Index("ix_users_city", users.c.city)
-- for Table
metadata = MetaData()
-- for Table:add_is_dependent_on ClauseElement:compare ColumnElement:shares_lineage
a, b = users, addresses
-- for exists Exists ScalarSelect
a, b = users, addresses
q = select(users.c.id)
-- for Table:to_metadata
other = MetaData()
-- for Table:create
users = Table("people", metadata, Column("id", Integer, {primary_key = true}))
-- for Error
local ok
ok, err = pcall(function() session:execute(text("nonsense")) end)
-- for int64
n = int64("9007199254740993")
-- for decimal
d = decimal("10.250")
-- for date
d = date(2024, 1, 2)
-- for time
t = time(13, 30)
-- for datetime
dt = datetime(2024, 1, 2, 13, 30)
d, t = date(2024, 1, 2), time(13, 30)
-- for interval
i = interval{days = 2}
-- for Range
r = Range(1, 5)
-- for ClauseElement ColumnElement
x = users.c.a + 1
flags = users.c.flags
a, b = users.c.a, users.c.b
-- for CTE
c = query:cte("c")
-- for Values values
v = values(column("id", Integer), {name = "ids"}):data({{1}, {2}})
-- for Alias
g = func.json_each("[1]"):table_valued("value", {name = "g"})
sub = query:subquery("sub")
-- for FromClause
alias = users:alias("u")
-- for Row RowMapping
row = conn:execute(select(users.c.id, users.c.name, literal(5))):first()
m = row._mapping
-- for Result CursorResult ScalarResult MappingResult FrozenResult
result = conn:execute(select(users.c.id, users.c.name):where(users.c.id == 1))
-- for _ConnectionFairy
fairy = engine:raw_connection()
-- for DBAPIConnection DBAPICursor sqlite3.Connection sqlite3.Cursor sqlite3.Row
connection = sqlite3.connect(":memory:")
connection:execute("CREATE TABLE t (a INTEGER)")
connection.row_factory = sqlite3.Row
cursor = connection:cursor()
row = connection:execute("SELECT 1 AS one"):fetchone()
-- for Query
q = session:query(User)
q1, q2 = session:query(User.id), session:query(Address.user_id)
-- for registry
reg = registry()
-- for SessionTransaction:commit SessionTransaction:rollback
session = Session()
tx = session:begin()
-- for Query:one Query:one_or_none
session:delete(session:get(User, 2))
session:commit()
-- for Query:with_parent
q = session:query(Address)
-- for DropView
v = CreateView(select(users), "all_users")
-- for active_record_base
User = class("User", active_record_base(session), {__table__ = Table("users", MetaData(), {autoload_with = engine})})
-- for class
metadata:remove(users)
Base = class("Base", DeclarativeBase, {})
-- for compiles Compiler
Coalesce = class("Coalesce", FunctionElement, {inherit_cache = true})
-- for make_transient_to_detached
user = User{id = 1}
-- for ColumnElement:any_ ColumnElement:all_
column = t.c.nums
-- for Column:references
a = addresses
-- for Column:copy
c = users.c.name
-- for Table:append_column
users = Table("people", metadata, Column("id", Integer, {primary_key = true}))
-- for CTE:union CTE:union_all
tree = select(Node.__table__.c.id):cte("tree", {recursive = true})
-- for Select:add_cte Insert:add_cte Update:add_cte Delete:add_cte
c = query:cte("c")
-- for TextualSelect
t = text("SELECT id FROM users WHERE id = :id"):columns{id = Integer}
-- for Insert
stmt = insert(users)
a, b = addresses, users
-- for Insert:cte
stmt, t = insert(users), users
-- for Insert:from_select
a = Table("a", metadata, Column("x", Integer))
b = Table("b", metadata, Column("x", Integer))
-- for Insert:on_conflict_do_update Insert:on_conflict_do_nothing
s = sqlite.insert(users):values{id = 1, name = "ed"}
-- for Insert:on_duplicate_key_update
s = mysql.insert(users):values{id = 1, name = "ed"}
-- for Update
stmt = update(users):values{name = "ed"}
-- for Update:cte
t = users
-- for Delete
stmt = delete(users)
-- for Delete:cte
t = users
-- for ColumnCollection:corresponding_column
alias = users:alias("u")
-- for Compiled
compiled = select(users):where(users.c.id == bindparam("id", 1)):compile()
-- for ForeignKey
fk = ForeignKey("users.id")
Table("further", metadata, Column("user_id", fk))
-- for Index:drop
index:create(engine)
-- for Sequence
seq = Sequence("numbers")
-- for DDLElement
ddl = DDL("SELECT 1")
-- for TypeDecoratorClass
MyType = class("MyType", TypeDecorator, {impl = String, cache_ok = true})
-- for IdentifierPreparer
preparer = engine.dialect.identifier_preparer
-- for Dialect
Kind = class("Kind", TypeDecorator, {impl = String, cache_ok = true,
  load_dialect_impl = function(self, d) dialect = d return d:type_descriptor(String(10)) end})
tostring(CreateTable(Table("kinds", MetaData(), Column("a", Kind))):compile(engine))
-- for match
m = mysql.match(users.c.name, {against = "jones"})
-- for URL
url = make_url("postgresql://me:secret@host/db?sslmode=disable")
-- for Transaction
tx = conn:begin()
-- for CursorResult:merge
r1, r2 = conn:execute(select(users.c.id)), conn:execute(select(users.c.id))
-- for CursorResult:last_inserted_params CursorResult:postfetch_cols CursorResult:prefetch_cols
result = conn:execute(insert(users):values{name = "mary"})
-- for CursorResult:last_updated_params
result = conn:execute(update(users):values{name = "mary"})
-- for MockConnection
mock = create_mock_engine("sqlite://", function() end)
-- for Inspector
insp = inspect(engine)
-- for Inspector:get_view_definition
with(engine:begin(), function(c) c:exec_driver_sql("CREATE VIEW v AS SELECT 1 AS x") end)
-- for registry:map_imperatively
users_table = Table("persons", metadata, Column("id", Integer, {primary_key = true}))
User = class("User", nil, {})
-- for hybrid_property
f = function(self) return self.name end
-- for _AssociationList:remove _AssociationList:index
user.keywords:append("x")
-- for _AssociationList:keys _AssociationList:values _AssociationList:update _AssociationList:get _AssociationList:setdefault _AssociationList:items
Item.texts = association_proxy("notes", "text")
User.notes = association_proxy("addresses", "email")
-- for InstrumentedList
group, a, b = Group{name = "a"}, Group{name = "b"}, Group{name = "c"}
user.groups:add(group)
item, note = Item{}, Note{keyword = "a"}
item.notes:set(note)
deck = {cards = Order{}.items}
-- for Session:close_all Session:identity_key Session:object_session
Session = require("sqlalchemy.orm").Session
-- for Session:begin
session = Session()
-- for Session:get_one
session:add(User{id = 5, name = "mary"})
session:commit()
-- for TypeCompiler
type_ = String(5)
UserType = class("UserType", UserDefinedType, {})
compiles(UserType, function(element, c) compiler = c return "TEXT" end)
tostring(CreateTable(Table("typed", MetaData(), Column("a", UserType))))
-- for Compiler
compiles(Coalesce, function(e, c) element, compiler = e, c return "coalesce" end)
tostring(select(Coalesce(1, 2)))
-- for CTE:union CTE:union_all
nodes = Node.__table__
tree = select(nodes.c.id):where(nodes.c.parent_id == nil):cte("tree", {recursive = true})
-- for DefaultExecutionContext
counted = Table("counted", MetaData(), Column("id", Integer, {primary_key = true}), Column("x", Integer, {default = function(c) ctx = c return 1 end}))
counted:create(engine)
with(engine:begin(), function(c) c:execute(insert(counted), {id = 1}) end)
-- for AssociationProxyInstance:has
Address.owner = association_proxy("user", "name")
-- for scoped_session
Session = scoped_session(Session)
-- for AttributeState
state = inspect(user)
-- for History
history = inspect(user).attrs.name.history
-- for Mapper
mapper, other = inspect(User), inspect(Address)
-- for AppenderQuery
Post = class("Post", Base, {__tablename__ = "posts", id = Column(Integer, {primary_key = true}), user_id = Column(Integer, ForeignKey("users.id"))})
User.posts = relationship("Post", {lazy = "write_only"})
metadata:create_all(engine)
post, a, b = Post{id = 1}, Post{id = 2}, Post{id = 3}
user.posts:add(post)
session:commit()
-- for ORMExecuteState
event.listen(session, "do_orm_execute", function(s) state = s end)
session:execute(select(User))
-- for MutableValue
Doc = class("Doc", Base, {__tablename__ = "docs", id = Column(Integer, {primary_key = true}), data = Column(MutableDict:as_mutable(JSON)), tags = Column(MutableList:as_mutable(JSON))})
doc = Doc{data = {a = 1}, tags = {"x"}}
-- for Inspector:get_sequence_names Inspector:get_table_comment Inspector:get_multi_table_comment Inspector:get_enums Inspector:get_domains Inspector:get_foreign_table_names Inspector:get_table_oid on postgresql
engine = create_engine(SERVER)
metadata:drop_all(engine)
metadata:create_all(engine)
-- for DBAPICursor:callproc psycopg2.connection psycopg2.cursor Composable psycopg2.extras.execute_values psycopg2.extras.execute_batch on postgresql
connection = psycopg2.connect(SERVER)
cursor = connection:cursor()
cursor:execute("CREATE OR REPLACE FUNCTION refresh(n integer) RETURNS integer AS 'SELECT n' LANGUAGE sql")
cursor:execute("CREATE TEMP TABLE t (id integer, a integer, b text)")
cursor:execute("SELECT 1")
cursor:fetchone()
connection:commit()
-- for pymysql.Connection pymysql.Cursor on mysql
u = make_url(SERVER)
connection = pymysql.connect{host = u.host, port = u.port, user = u.username, password = u.password, database = u.database}
cursor = connection:cursor()
cursor:execute("CREATE TEMPORARY TABLE t (a integer)")
cursor:execute("SELECT 1")
cursor:fetchone()
-- for Connection:begin_twophase Connection:recover_twophase Transaction:prepare on mysql
engine = create_engine(SERVER)
conn = engine:connect()
-- for Transaction:prepare
tx = conn:begin_twophase()
-- for Session:prepare SessionTransaction:prepare on mysql
engine = create_engine(SERVER)
session = Session{bind = engine, twophase = true}
tx = session:begin()
session:execute(text("SELECT 1"))
-- for event.remove
event.listen(engine, "begin", f)
-- for generate_relationship psycopg2.connect pymysql.connect pymysql.Connection:select_db Connection:commit_prepared Connection:rollback_prepared on nothing
-- They want a server of these names, a transaction that another program prepared, or what automap hands on.
-- for Dialect:create_connect_args Dialect:get_isolation_level_values
dialect = engine.dialect
-- for Pool
pool = engine.pool
-- for polymorphic_union
managers = Table("managers", MetaData(), Column("id", Integer, {primary_key = true}), Column("kind", String(10)))
engineers = Table("engineers", MetaData(), Column("id", Integer, {primary_key = true}), Column("language", String(10)))
-- for Inspector:get_table_options on mysql
engine = create_engine(SERVER)
metadata:create_all(engine)
-- for dataclasses.asdict dataclasses.astuple dataclasses.fields dataclasses.replace dataclasses.is_dataclass
Point = dataclass(class("Point", nil, {x = field(), y = 0}))
point = Point(1)
-- for mapped_as_dataclass registry:mapped_as_dataclass
reg = registry()
User = class("User", nil, {__tablename__ = "users_of_reg", id = mapped_column(Integer, {primary_key = true, init = false})})
