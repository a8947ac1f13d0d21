package walk

import (
	"strings"
	"testing"
)

const front = "---\nalchemysh: 1\n---\n"

func TestParse(t *testing.T) {
	f, err := Parse("w.md", "---\nalchemysh: 1\ndb: [sqlite, postgresql]\nfixture: shop.lua\n---\n# Title\n\nProse.\n\n"+
		"```alchemysh id=a timeout=2s error~=\"no such\"\n> f(\n>> 1)\nout  \n\nmore\n\n> g()\n```\n\n"+
		"```lua setup\nx = 1\n```\ntext\n```output\n1\n```\n~~~python\nignored\n~~~\n")
	if err != nil {
		t.Fatal(err)
	}
	if f.Meta.Fixture[0] != "shop.lua" || len(f.Meta.DB) != 2 {
		t.Errorf("meta %+v", f.Meta)
	}
	b := f.Block("a")
	if b == nil || b.Heading != "Title" || len(b.Steps) != 2 || b.Attrs.Timeout.Seconds() != 2 || !b.Attrs.Fail {
		t.Fatalf("block %+v", b)
	}
	if s := b.Steps[0]; s.Input != "f(\n1)" || strings.Join(s.Want, "|") != "out||more" || s.Line != 11 {
		t.Errorf("step %+v", s)
	}
	var script *Block
	for _, p := range f.Parts {
		if b, ok := p.(*Block); ok && b.Lang == Lua {
			script = b
		}
	}
	if script == nil || !script.Attrs.Setup || script.Output == nil || script.Output.Body[0] != "1" {
		t.Errorf("script %+v", script)
	}
	if last := f.Parts[len(f.Parts)-1].(Prose); !strings.Contains(last.Text, "ignored") {
		t.Errorf("last prose %q", last.Text)
	}
}

func TestMalformed(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", `w.md:1: a walkthrough begins with front matter`},
		{"no front matter", "# x\n", `w.md:1: a walkthrough begins with front matter`},
		{"front matter open", "---\nalchemysh: 1\n", `w.md:1: the front matter does not end`},
		{"no version", "---\ndb: sqlite\n---\n", `w.md:1: the front matter lacks alchemysh: 1`},
		{"other version", "---\nalchemysh: 2\n---\n", `this program reads version 1`},
		{"unknown key", "---\nalchemysh: 1\ndbs: x\n---\n", `w.md:3: unknown field "dbs"`},
		{"not yaml", "---\nalchemysh: 1\ndb: [a\n---\n", `w.md:3: `},
		{"wrong type", "---\nalchemysh: one\n---\n", `w.md:2: `},
		{"unknown database", "---\nalchemysh: 1\ndb: oracle\n---\n", `db: oracle: a URL, or one of`},
		{"fence open", front + "```alchemysh\n> 1\n", `w.md:4: the fence that opens here is never closed`},
		{"unknown attribute", front + "```alchemysh frozen\n> 1\n```\n", `w.md:4: frozen: no such attribute`},
		{"attribute without value", front + "```alchemysh timeout=\n> 1\n```\n", `w.md:4: timeout: `},
		{"attribute with value", front + "```alchemysh skip=yes\n> 1\n```\n", `w.md:4: skip: it takes no value`},
		{"bad regexp", front + "```alchemysh error~=\"(\"\n> 1\n```\n", `w.md:4: error: error parsing regexp`},
		{"bad dialect", front + "```alchemysh dialect=oracle\n> 1\n```\n", `w.md:4: dialect: "oracle" is none of`},
		{"output first", front + "```alchemysh\nhello\n> 1\n```\n", `w.md:5: a transcript begins with an input`},
		{"empty transcript", front + "```alchemysh\n```\n", `w.md:4: the transcript is empty`},
		{"continuation first", front + "```alchemysh\n>> 1\n```\n", `w.md:5: ">> " goes on with an input`},
		{"continuation after output", front + "```alchemysh\n> 1\nx\n>> 2\n```\n", `w.md:7: ">> " goes on with an input`},
		{"output alone", front + "```output\nx\n```\n", `w.md:4: an output fence belongs to`},
		{"two outputs", front + "```lua\nx=1\n```\n```output\n1\n```\n```output\n1\n```\n", `w.md:10: the lua fence of line 4 has an output fence already`},
		{"one name twice", front + "```alchemysh id=a\n> 1\n```\n```alchemysh id=a\n> 1\n```\n", `w.md:7: id=a is the name of the block of line 4 too`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("w.md", tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(front + "```alchemysh\n> 1\n1\n```\n")
	f.Add(front + "````lua fail error~=\"a\\d\"\nx\n````\n```output\ny\n```\n")
	f.Add("---\nalchemysh: 1\ndb: [sqlite]\ntimeout: 2s\n---\n>> x\n~~~\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("f.md", text)
		if err != nil {
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				if s, ok := e.(*SyntaxError); !ok || s.Line < 1 || s.Message == "" {
					t.Errorf("an error without a place: %v", e)
				}
			}
			return
		}
		same := Update(&Result{File: file, Dialect: "sqlite"})
		if want := strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff"); same != want {
			t.Errorf("an update without changes changed %q to %q", want, same)
		}
	})
}
