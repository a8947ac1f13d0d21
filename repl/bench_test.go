package repl_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"alchemysh/repl"
	"alchemysh/repl/edit"
)

// BenchmarkKeystroke types into an entry of 10 kB: a key must cost less than
// 2 ms.
func BenchmarkKeystroke(b *testing.B) {
	for _, c := range []struct{ name, line string }{
		{"lua", "local x%d = select(users.c.id, users.c.name):where(users.c.name == 'ed') -- note\n"},
		{"sql", "select id, name from users where name = 'ed' and id > %d -- note\n"},
		{"cjk", "x%d = '日本語日本語日本語日本語'\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var text strings.Builder
			for i := 0; text.Len() < 10<<10; i++ {
				fmt.Fprintf(&text, c.line, i)
			}
			sh := repl.New(repl.Config{Lua: &calculator{}, Out: io.Discard, Err: io.Discard, Color: true})
			m := edit.New(sh.EditConfig())
			m.Resize(80, 24)
			m.Start("db=> ")
			m.Paste(text.String())
			for range 50 {
				m.Press(edit.Up)
			}
			m.View()
			b.ResetTimer()
			for b.Loop() {
				m.Press('x')
				m.View()
			}
		})
	}
}
