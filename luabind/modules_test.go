package luabind_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"alchemysh/luabind"
)

func TestRequire(t *testing.T) {
	for _, tt := range []struct {
		name, program, want string
		safe                bool
	}{
		{"core", `local sa = require "sqlalchemy" print(sa.select(sa.column("a")))`, "SELECT a", false},
		{"what the library defined", `select = nil print(require("sqlalchemy").select ~= nil)`, "true", false},
		{"orm", `local orm = require "sqlalchemy.orm" print(orm.relationship == relationship, orm.Session == Session)`, "true\ttrue", false},
		{"nested", `local sa = require "sqlalchemy" print(sa.orm == require "sqlalchemy.orm", sa.exc.IntegrityError == IntegrityError)`, "true\ttrue", false},
		{"namespaces", `print(require "sqlalchemy.event" == event, require("sqlalchemy").dialects.sqlite == sqlite)`, "true\ttrue", false},
		{"an own table", `local x = require "sqlalchemy" x.mine = 1 print(mine, pcall(function() return require("sqlalchemy.orm").mine end))`,
			"nil\tfalse\tAttributeError: module 'sqlalchemy.orm' has no attribute 'mine'", false},
		{"divided as in Python", `print(pcall(function() return require("sqlalchemy").relationship end))`,
			"false\tAttributeError: module 'sqlalchemy' has no attribute 'relationship'", false},
		{"misspelt", `print(pcall(function() return require("sqlalchemy").selct end))`, "did you mean Select, select?", false},
		{"no such module", `print(pcall(require, "sqlalchemy.nothing"))`, "module 'sqlalchemy.nothing' not found", false},
		{"safe", `print(require("sqlalchemy").select == select)`, "true", true},
		{"safe, of files", `print(pcall(require, "os"))`, "LookupError: module os not found: in safe mode there is only sqlalchemy", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			s := luabind.New(luabind.Options{Out: &out, Safe: tt.safe})
			defer s.Close()
			if _, err := s.Eval(context.Background(), luabind.Chunk{Name: "test", Text: tt.program, Script: true}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("got %q, want %q", out.String(), tt.want)
			}
		})
	}
}
