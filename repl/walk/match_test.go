package walk

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		want, got string
		unordered bool
		match     bool
	}{
		{"a\nb", "a\nb", false, true},
		{"a\nb", "a", false, false},
		{"a", "a\nb", false, false},
		{"", "", false, true},
		{"...", "", false, true},
		{"...", "a\nb", false, true},
		{"a\n...\nd", "a\nb\nc\nd", false, true},
		{"a\n...\nd", "a\nd", false, true},
		{"a\n...\nd", "a\nb", false, false},
		{"...\nb\n...\nb", "a\nb\nb", false, true},
		{"...\nb\n...\nb", "a\nb", false, false},
		{"[...] ('a',)", "[generated in 0.00012s] ('a',)", false, true},
		{"[...] ('a',)", "[cached since 0.4s ago] ('b',)", false, false},
		{"[...] ('a',)", "('a',)", false, false},
		{"x [...] y [...]", "x [1] y [2]", false, true},
		{"[...]", "[a", false, false},
		{"<X at 0x...>", "<X at 0x7f0123456789>", false, true},
		{"<X at 0x...>", "<Y at 0x7f0123456789>", false, false},
		{"b\na", "a\nb", true, true},
		{"b\na\na", "a\nb", true, false},
		{"b\n...", "a\nb", true, true},
		{"b", "a\nb", true, false},
	} {
		if m := Match(Lines(tt.want), Lines(tt.got), tt.unordered); m != tt.match {
			t.Errorf("Match(%q, %q, unordered %v) = %v", tt.want, tt.got, tt.unordered, m)
		}
	}
}

func TestMerge(t *testing.T) {
	for _, tt := range []struct{ want, got, merged string }{
		{"", "a\nb", "a\nb"},
		{"a\nb", "a\nc", "a\nc"},
		{"a\n...\nd\ne", "a\nb\nc\nd\nf", "a\n...\nd\nf"},
		{"a\nx\n...\nd", "a\nb\nc\nd", "a\nb\nc\nd"},
		{"[...] ('a',)\nx", "[generated in 0.1s] ('a',)\ny", "[...] ('a',)\ny"},
		{"", "[generated in 0.00012s] ('a',)", "[...] ('a',)"},
		{"", "[cached since 0.4s ago] (1,)", "[...] (1,)"},
		{"", "[no key 0.0001s] ()", "[...] ()"},
		{"", "[cached since 0.04s ago (insertmanyvalues) 1/1 (unordered)] (1,)", "[...] (1,)"},
		{"", "<X at 0x7f0123456789>", "<X at 0x...>"},
		{"", "[raw sql] ()", "[raw sql] ()"},
		{"", "> looks like an input", "..."},
	} {
		if m := strings.Join(merge(Lines(tt.want), Lines(tt.got)), "\n"); m != tt.merged {
			t.Errorf("merge(%q, %q) = %q, want %q", tt.want, tt.got, m, tt.merged)
		}
		if !Match(merge(Lines(tt.want), Lines(tt.got)), Lines(tt.got), false) {
			t.Errorf("what merge(%q, %q) gives does not match", tt.want, tt.got)
		}
	}
}

func FuzzMerge(f *testing.F) {
	f.Add("a\n...\nb", "a\nc\nb")
	f.Add("...\n...", "x")
	f.Fuzz(func(t *testing.T, want, got string) {
		if strings.Count(want, "\n")*strings.Count(got, "\n") > 10000 {
			return
		}
		if m := merge(Lines(want), Lines(got)); !Match(m, Lines(got), false) {
			t.Errorf("merge(%q, %q) = %q does not match", want, got, m)
		}
	})
}
