package luabind_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"alchemysh/luabind"
)

const previewSetup = `
engine = create_engine("sqlite://")
session = Session(engine)
Base = declarative_base()
tagged = Table("tagged", Base.metadata, Column("user_id", ForeignKey("users.id"), {primary_key = true}), Column("tag_id", ForeignKey("tags.id"), {primary_key = true}))
User = class("User", Base, {__tablename__ = "users", id = Column(Integer, {primary_key = true}), name = Column(String, {unique = true}),
  boss_id = Column(Integer, ForeignKey("users.id")),
  boss = relationship("User", {remote_side = "User.id", back_populates = "staff"}), staff = relationship("User", {back_populates = "boss"}),
  tags = relationship("Tag", {secondary = tagged, back_populates = "users"}),
  addresses = relationship("Address", {back_populates = "user", cascade = "all, delete-orphan"}),
  __repr__ = function(self) return "<User " .. tostring(self.name) .. ">" end})
Tag = class("Tag", Base, {__tablename__ = "tags", id = Column(Integer, {primary_key = true}), name = Column(String),
  users = relationship("User", {secondary = tagged, back_populates = "tags"}), __repr__ = function(self) return "<Tag " .. tostring(self.name) .. ">" end})
Address = class("Address", Base, {__tablename__ = "addresses", id = Column(Integer, {primary_key = true}), email = Column(String),
  user_id = Column(Integer, ForeignKey("users.id")), user = relationship("User", {back_populates = "addresses"}),
  __repr__ = function(self) return "<Address " .. tostring(self.email) .. ">" end})
Base.metadata:create_all(engine)
engine.echo = true
u, a, t = {}, {}, {}
function try(f) local ok, e = pcall(f) if not ok then print(e) end end
function state() print(#session.new, #session.dirty, #session.deleted, #session.identity_map:values()) end
`

// operations are what a session goes through; %d are small numbers.
var operations = []string{
	`u[%d] = User{name = "n%d"} session:add(u[%[1]d])`,
	`a[%d] = Address{email = "e%d"} u[%[2]d].addresses:append(a[%[1]d])`,
	`t[%d] = Tag{name = "t%d"} u[%[2]d].tags:append(t[%[1]d])`,
	`u[%d].name = "m%d"`,
	`a[%d].email = "f%d"`,
	`a[%d].user = u[%d]`,
	`u[%d].boss = u[%d]`,
	`u[%d].addresses = {} local _ = %d`,
	`u[%d].tags:remove(t[%d])`,
	`session:delete(u[%d]) local _ = %d`,
	`session:delete(t[%d]) local _ = %d`,
	`session:flush() local _ = %d + %d`,
	`session:commit() local _ = %d + %d`,
	`session:rollback() local _ = %d + %d`,
	`session:expire_all() local _ = %d + %d`,
	`print(u[%d].name, #u[%[1]d].addresses, u[%[1]d].boss, u[%d].tags)`,
	`nested = session:begin_nested() local _ = %d + %d`,
	`nested:rollback() local _ = %d + %d`,
}

// address is where an object is, and a savepoint's name: previews make such too.
var address = regexp.MustCompile(`0x[0-9a-f]+|sa_savepoint_[0-9]+`)

// TestPreviewChangesNothing: whatever a session went through, looking at what
// a flush would send between the steps changes nothing of what comes after.
func TestPreviewChangesNothing(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		var steps []string
		for n := range 4 {
			steps = append(steps, fmt.Sprintf(operations[0], n, n))
		}
		for range 25 {
			steps = append(steps, fmt.Sprintf(operations[r.IntN(len(operations))], r.IntN(4), r.IntN(4)))
		}
		without, with := runSteps(t, steps, false), runSteps(t, steps, true)
		for i := range without {
			if without[i] != with[i] {
				t.Fatalf("seed %d, after\n%s\nwithout a preview\n%s\nwith one\n%s", seed, strings.Join(steps[:i+1], "\n"), without[i], with[i])
			}
		}
	}
}

// runSteps gives what each step prints and echoes.
func runSteps(t *testing.T, steps []string, preview bool) []string {
	t.Helper()
	var out bytes.Buffer
	s := luabind.New(luabind.Options{Out: &out})
	defer s.Close()
	eval := func(text string) {
		if _, err := s.Eval(context.Background(), luabind.Chunk{Name: "t", Text: text, Script: true}); err != nil {
			t.Fatal(err)
		}
	}
	eval(previewSetup)
	var shown []string
	for _, step := range steps {
		out.Reset()
		eval("try(function() " + step + " end) state()")
		var lines []string
		for line := range strings.SplitSeq(out.String(), "\n") {
			if mark, rest, ok := strings.Cut(line, "] "); ok && strings.HasPrefix(mark, "[") {
				line = "[…] " + rest
			}
			lines = append(lines, address.ReplaceAllString(line, "…"))
		}
		shown = append(shown, strings.Join(lines, "\n"))
		if preview {
			out.Reset()
			_, _, _ = s.Preview() // it may fail, as the flush would
			if out.Len() > 0 {
				t.Fatalf("after %s the preview echoes\n%s", step, &out)
			}
		}
	}
	return shown
}

// TestPreview: the statements are those that the flush sends.
func TestPreview(t *testing.T) {
	s := luabind.New(luabind.Options{Out: new(bytes.Buffer)})
	defer s.Close()
	text := previewSetup + `session:add(User{name = "ed", addresses = {Address{email = "e"}}})`
	if _, err := s.Eval(context.Background(), luabind.Chunk{Name: "t", Text: text, Script: true}); err != nil {
		t.Fatal(err)
	}
	sent, ok, err := s.Preview()
	got := fmt.Sprintf("%q %v %v", sent, ok, err)
	want := `[{"INSERT INTO users (name, boss_id) VALUES (?, ?)" "('ed', nil)"} {"INSERT INTO addresses (email, user_id) VALUES (?, ?)" "('e', 1)"}] true <nil>`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
