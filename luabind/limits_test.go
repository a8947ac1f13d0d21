package luabind

import (
	"context"
	"io"
	"strings"
	"testing"
)

// TestLimits: what Lua's library refuses, or would end the process.
func TestLimits(t *testing.T) {
	s := New(Options{Out: io.Discard})
	defer s.Close()
	for _, c := range []struct{ text, want string }{
		{`return #("x"):rep(1e12)`, "resulting string too large"},
		{`return #("x"):rep(3) == 3`, ""},
		{`return unpack({}, 1, 1e8)`, "too many results to unpack"},
		{`assert(select("#", unpack({}, 1, 100000)) == 100000)`, ""},
		{`assert(unpack(create_engine("sqlite://"):connect():execute(text("select 7, 8")):one()) == 7)`, ""},
		{`return math.random(0)`, "interval is empty"},
		{`return math.random(2, 1)`, "interval is empty"},
		{`return ("%999d"):format(1)`, "invalid format (width or precision too long)"},
		{`assert(("%-8.3s|%05.1f"):format("abcdef", 2.25) == "abc     |002.2")`, ""},
	} {
		_, err := s.Eval(context.Background(), Chunk{Name: "limits", Text: c.text})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
	}
}
