package enginelib_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alchemysh/luabind"
	"alchemysh/tests/servers"
)

var update = flag.Bool("update", false, "write what the programs print")

// prelude is err(): what a function raises, in the words of the contract.
const prelude = `function err(f)
  local ok, e = pcall(f)
  if ok then print("no error", e) else print(tostring(e)) end
end`

// changing is what differs from run to run: times, addresses, ids.
var changing = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`(generated in|no key|cached since|caching disabled) [0-9.e-]+s`), "$1 <t>s"},
	{regexp.MustCompile(`0x[0-9a-f]+`), "0x<addr>"},
	{regexp.MustCompile(`_sa_[0-9a-f]{32}`), "_sa_<xid>"},
}

// TestPrograms runs the Lua programs of testdata and compares what they print
// with what the same programs print on SQLAlchemy 2.0.52 (NAME.want). A
// directory is the database that its programs run on, by the global DATABASE.
func TestPrograms(t *testing.T) {
	for _, s := range []servers.Server{servers.SQLite, servers.PostgreSQL, servers.MySQL} {
		files, err := filepath.Glob("testdata/" + s.Dialect + "/*.lua")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			t.Run(s.Dialect+"/"+strings.TrimSuffix(filepath.Base(file), ".lua"), func(t *testing.T) {
				url := "sqlite://"
				if s.Dialect != "sqlite" {
					url = s.Empty(t, "enginelib")
				}
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				var out bytes.Buffer
				lua := luabind.New(luabind.Options{Out: &out})
				defer lua.Close()
				lua.Bind().SetGlobal("DATABASE", url)
				lua.Bind().SetGlobal("DIR", t.TempDir())
				for _, c := range []luabind.Chunk{{Name: "prelude", Text: prelude, Script: true}, {Name: filepath.Base(file), Text: string(text), Script: true}} {
					if _, err := lua.Eval(context.Background(), c); err != nil {
						t.Fatal(err)
					}
				}
				got := out.String()
				for _, c := range changing {
					got = c.pattern.ReplaceAllString(got, c.text)
				}
				wanted := strings.TrimSuffix(file, ".lua") + ".want"
				if *update {
					if err := os.WriteFile(wanted, []byte(got), 0o666); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(wanted)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("prints\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}
