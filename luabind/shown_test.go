package luabind

import (
	"io"
	"strings"
	"testing"
)

// TestShownForms: how print and repr spell every kind of value. The forms are
// SQLAlchemy's (asked of it), with Lua's true, false, nil and braces.
func TestShownForms(t *testing.T) {
	const setup = `
engine = create_engine("sqlite://")
m = MetaData()
users = Table("users", m, Column("id", Integer, {primary_key = true}), Column("name", String(50), {nullable = false}))
addr = Table("addr", m, Column("id", Integer, {primary_key = true}), Column("user_id", nil, ForeignKey("users.id")),
  Column("email", String(20), {unique = true, index = true, default = "x", comment = "c", server_default = "y"}), {schema = "s"})
Base = declarative_base()
User = class("User", Base, {__tablename__ = "people", id = Column(Integer, {primary_key = true}), name = Column(String),
  price = Column(Numeric(10, 2)), at = Column(DateTime), js = Column(JSON), data = Column(LargeBinary), letters = relationship("Letter")})
Letter = class("Letter", Base, {__tablename__ = "letters", id = Column(Integer, {primary_key = true}), to = Column(ForeignKey("people.id")),
  __repr__ = function(self) return "Letter(" .. self.id .. ")" end})
Base.metadata:create_all(engine)
session = Session(engine)
ed = User{id = 1, name = "ed", price = decimal("1.5"), at = datetime(2024, 1, 2, 3, 4, 5), js = {a = {1, 2, null}, b = "x"}, data = "\1x",
  letters = {Letter{id = 1}, Letter{id = 2}}}
session:add(ed)
session:commit()
conn = engine:connect()
row = conn:execute(select(User.__table__)):one()
`
	same := "\x00" // repr is what print shows
	for _, c := range []struct{ expr, text, repr string }{
		{`nil`, "nil", same},
		{`true`, "true", same},
		{`1`, "1", same},
		{`2.0`, "2", same},
		{`1.5`, "1.5", same},
		{`1e100`, "1e+100", same},
		{`2^53`, "9007199254740992", same},
		{`int64("9007199254740993")`, "9007199254740993", same},
		{`"it's"`, "it's", `"it's"`},
		{`"a\"b'c"`, `a"b'c`, `'a"b\'c'`},
		{`"a\nb\tc"`, "a\nb\tc", `'a\nb\tc'`},
		{`decimal("1.50")`, "1.50", "decimal('1.50')"},
		{`decimal("1.10") + decimal("2.20")`, "3.30", "decimal('3.30')"},
		{`date(2024, 1, 2)`, "2024-01-02", "date(2024, 1, 2)"},
		{`datetime(2024, 1, 2, 3, 4, 5)`, "2024-01-02 03:04:05", "datetime(2024, 1, 2, 3, 4, 5)"},
		{`datetime(2024, 1, 2, 3, 4, 5, 678)`, "2024-01-02 03:04:05.000678", "datetime(2024, 1, 2, 3, 4, 5, 678)"},
		{`datetime(2024, 1, 2)`, "2024-01-02 00:00:00", "datetime(2024, 1, 2, 0, 0)"},
		{`time(3, 4, 5)`, "03:04:05", "time(3, 4, 5)"},
		{`interval{days = 2}`, "2 days, 0:00:00", "interval{days = 2}"},
		{`interval{hours = 1, seconds = 2.5}`, "1:00:02.500000", "interval{seconds = 3602, microseconds = 500000}"},
		{`datetime(2024, 1, 1) - datetime(2023, 12, 31)`, "1 day, 0:00:00", "interval{days = 1}"},
		{`uuid("12345678-1234-5678-1234-567812345678")`, "12345678-1234-5678-1234-567812345678", "uuid('12345678-1234-5678-1234-567812345678')"},
		{`null`, "null", same},
		{`{}`, "{}", same},
		{`{1, "a", nil, true}`, "{1, 'a', null, true}", same},
		{`{b = 1, a = "x"}`, "{a = 'x', b = 1}", same},
		{`{a = {1, {b = decimal("1.0")}}, c = {}}`, "{a = {1, {b = decimal('1.0')}}, c = {}}", same},

		{`users`, "users", "Table('users', MetaData(), Column('id', Integer(), table=<users>, primary_key=true, nullable=false), Column('name', String(length=50), table=<users>, nullable=false), schema=nil)"},
		{`users.c.name`, "users.name", "Column('name', String(length=50), table=<users>, nullable=false)"},
		{`addr.c.email`, "addr.email", "Column('email', String(length=20), table=<addr>, default=ScalarElementColumnDefault('x'), server_default=DefaultClause('y', for_update=false), comment='c')"},
		{`m`, "MetaData()", same},
		{`Integer()`, "INTEGER", "Integer()"},
		{`String(50)`, "VARCHAR(50)", "String(length=50)"},
		{`Numeric(10, 2)`, "NUMERIC(10, 2)", "Numeric(precision=10, scale=2)"},
		{`DateTime{timezone = true}`, "DATETIME", "DateTime(timezone=true)"},
		{`Enum("a", "b", {name = "e"})`, "VARCHAR(1)", "Enum('a', 'b', name='e')"},
		{`LargeBinary()`, "BLOB", "LargeBinary()"},
		{`ARRAY(Integer)`, "ARRAY", "ARRAY(Integer())"},
		{`Uuid()`, "CHAR(32)", "Uuid()"},
		{`postgresql.JSONB()`, "JSONB", "JSONB(astext_type=Text())"},
		{`mysql.INTEGER{unsigned = true}`, "INTEGER", "INTEGER(unsigned=true)"},
		{`ForeignKey("users.id")`, "ForeignKey('users.id')", same},
		{`Sequence("sq")`, "Sequence('sq')", same},
		{`engine`, "Engine(sqlite://)", same},
		{`make_url("postgresql://u:secret@h/db")`, "postgresql://u:***@h/db", same},

		{`users.c.id == 5`, "users.id = :id_1", ""},
		{`and_(users.c.id == 5, users.c.name:like("x%"))`, "users.id = :id_1 AND users.name LIKE :name_1", ""},
		{`select(users)`, "SELECT users.id, users.name \nFROM users", ""},
		{`users:insert()`, "INSERT INTO users (id, name) VALUES (:id, :name)", ""},
		{`users:delete():where(users.c.id == 1)`, "DELETE FROM users WHERE users.id = :id_1", ""},
		{`func.count(users.c.id)`, "count(users.id)", ""},
		{`text("select :a")`, "select :a", ""},
		{`users.c.id:in_{1, 2}`, "users.id IN (__[POSTCOMPILE_id_1])", ""},
		{`users.c.id:desc()`, "users.id DESC", ""},
		{`case({users.c.id == 1, "a"}, {else_ = "b"})`, "CASE WHEN (users.id = :id_1) THEN :param_1 ELSE :param_2 END", ""},
		{`exists(select(users.c.id))`, "EXISTS (SELECT users.id \nFROM users)", ""},
		{`(users.c.id == 5):compile()`, "users.id = :id_1", ""},
		{`(users.c.id == 5):compile().params`, "{id_1 = 5}", same},
		{`DDL("drop x")`, "drop x", ""},

		{`row`, `(1, 'ed', decimal('1.50'), datetime(2024, 1, 2, 3, 4, 5), {a = {1, 2, null}, b = 'x'}, b'\x01x')`, same},
		{`row.price`, "1.50", "decimal('1.50')"},
		{`row._fields`, "('id', 'name', 'price', 'at', 'js', 'data')", same},
		{`conn:execute(select(User.id)):keys()`, "RMKeyView({'id'})", same},
		{`conn:execute(select(User.id, User.name)):all()`, "{(1, 'ed')}", same},
		{`conn:execute(select(User.name)):scalars():all()`, "{'ed'}", same},
		{`conn:execute(select(User.id, User.name)):mappings():all()`, "{{id = 1, name = 'ed'}}", same},
		{`conn:execute(select(User.id)):one()`, "(1,)", same},
		{`conn:execute(select(User.id):where(User.id == 99)):all()`, "{}", same},
		{`conn:execute(select(null(), literal("x"), literal(1.5), true_())):first()`, "(nil, 'x', 1.5, true)", same},
		{`conn:exec_driver_sql("select 1, x'00ff'"):all()`, `{(1, b'\x00\xff')}`, same},
		{`ed.letters`, "{Letter(1), Letter(2)}", same},
		{`ed.letters[1]`, "Letter(1)", same},
		{`session.new`, "IdentitySet({})", same},
		{`session:execute(select(User.name, Letter):join(User.letters):order_by(Letter.id)):all()`, "{('ed', Letter(1)), ('ed', Letter(2))}", same},
		{`session:query(User.id)`, "SELECT people.id AS people_id \nFROM people", ""},
		{`User`, "<class 'User'>", same},
		{`User.name`, "User.name", ""},
		{`User.letters`, "User.letters", ""},
		{`inspect(User)`, "Mapper[User(people)]", ""},
		{`IntegrityError("no")`, "IntegrityError: no", "IntegrityError('no')"},
	} {
		var out strings.Builder
		s := New(Options{Out: io.Discard})
		if _, err := s.Eval(t.Context(), Chunk{Name: "setup", Text: setup, Script: true}); err != nil {
			t.Fatal(err)
		}
		s.bind.Out = &out
		if _, err := s.Eval(t.Context(), Chunk{Name: "shown", Text: "print(" + c.expr + ")\nprint(tostring(" + c.expr + "))", Script: true}); err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if got, want := out.String(), c.text+"\n"+c.text+"\n"; got != want {
			t.Errorf("print(%s):\n%swant\n%s", c.expr, got, want)
		}
		if c.repr == "" { // what SQLAlchemy shows holds an address
			continue
		}
		want := c.repr
		if want == same {
			want = c.text
		}
		out.Reset()
		if _, err := s.Eval(t.Context(), Chunk{Name: "shown", Text: "print(repr(" + c.expr + "))", Script: true}); err != nil || out.String() != want+"\n" {
			t.Errorf("repr(%s): %q %v, want %q", c.expr, out.String(), err, want)
		}
		s.Close()
	}
}
