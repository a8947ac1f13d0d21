package luabind_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"alchemysh/luabind"
)

func newState(t *testing.T) *luabind.State {
	t.Helper()
	s := luabind.New(luabind.Options{Out: io.Discard})
	t.Cleanup(s.Close)
	_, err := s.Eval(context.Background(), luabind.Chunk{Name: "setup", Script: true, Text: `
		users = Table("users", MetaData(), Column("id", Integer), Column("name", String))
		User = class("User", declarative_base(), {__tablename__ = "u", id = Column(Integer, {primary_key = true})})
		engine = create_engine("sqlite://")
		session = Session(engine)
		conn = engine:connect()
		Session_ = sessionmaker{bind = engine}`})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCompleteAfterCalls: what a call gives is known without running it.
func TestCompleteAfterCalls(t *testing.T) {
	s := newState(t)
	for line, want := range map[string]string{
		"select(users):wh": "where",
		"select(users):where(users.c.id == f(1)):order_":            "order_by",
		"x = select(users, users.c[\"na)me\"]):lim":                 "limit",
		"session:query(User):filter_":                               "filter_by",
		"session:query(User):filter_by{id = 1}:fir":                 "first",
		"session:query(User)\n  :order_by(User.id)\n  :lim":         "limit",
		"session:execute(select(users)):sca":                        "scalars",
		"session:scalars(select(User)):on":                          "one",
		"conn:execute(select(users)):mappings():fetcho":             "fetchone",
		"engine:connect():exec_dr":                                  "exec_driver_sql",
		"users:insert():val":                                        "values",
		"insert(users):values{name = 'x'}:return":                   "returning",
		"postgresql.insert(users):on_conf":                          "on_conflict_do_nothing",
		"users.c.name:like('a%'):lab":                               "label",
		"func.count(users.c.id):lab":                                "label",
		"select(users):subquery().":                                 "c",
		"MetaData():create_":                                        "create_all",
		"select(users):with_for_update{nowai":                       "nowait = ",
		"print(session:query(User):join":                            "join",
		"session.new:":                                              "",
		"session:query(User):all():":                                "",
		"nothing(users):":                                           "",
		"(users):":                                                  "",
		"{users}:":                                                  "",
		"\"text\":upp":                                              "",
		"'unclosed:":                                                "",
		"f(\"\\\"):":                                                "",
		"select(users)..":                                           "",
		strings.Repeat("f(", 10000) + "):":                          "",
		strings.Repeat("select(users):where(", 1000) + "users.c.na": "name",
	} {
		var names []string
		for _, c := range s.Complete(line, len(line)) {
			names = append(names, c.Text)
		}
		if want != "" && !slices.Contains(names, want) {
			t.Errorf("%.60s: got %v, want %s", line, names, want)
		}
		if want == "" && strings.HasSuffix(line, ":") && strings.HasPrefix(line, "session:query(User):all()") && len(names) > 0 {
			t.Errorf("%s: the rows have no methods: %v", line, names)
		}
	}
}

// FuzzComplete: whatever stands before the cursor, completion answers.
func FuzzComplete(f *testing.F) {
	s := luabind.New(luabind.Options{Out: io.Discard})
	for _, seed := range []string{"select(x):", "a.b.c:d{", "f(\"\\", "x[[y]]:", "))):", "users.c["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for pos := range len(line) + 1 {
			for _, c := range s.Complete(line, pos) {
				if c.Start < 0 || c.Start > pos {
					t.Fatalf("%q at %d: %+v", line, pos, c)
				}
			}
		}
	})
}
