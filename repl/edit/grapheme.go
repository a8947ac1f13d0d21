package edit

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// glyph is one grapheme cluster as it is shown.
type glyph struct {
	text  string // what the terminal gets
	bytes int    // of the entry's text
	width int    // in cells
}

// tabStop is how far apart tab stops are.
const tabStop = 4

// nextGlyph takes the cluster at the start of s, to be shown in column col.
// What has no shape of its own is spelt out: control characters as ^X, marks
// that hide or reorder as <202e>.
func nextGlyph(s string, col int) glyph {
	c := s[0]
	if c < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		switch {
		case c == '\t':
			n := tabStop - col%tabStop
			return glyph{strings.Repeat(" ", n), 1, n}
		case c < 0x20:
			return glyph{"^" + string(rune(c+0x40)), 1, 2}
		case c == 0x7f:
			return glyph{"^?", 1, 2}
		}
		return glyph{s[:1], 1, 1}
	}
	if c < 0x20 || c == 0x7f { // a control character never takes marks
		g := nextGlyph(s[:1], col)
		return g
	}
	cluster, _, width, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	r, n := utf8.DecodeRuneInString(cluster)
	switch {
	case r == utf8.RuneError && n == 1:
		return glyph{fmt.Sprintf("<%02x>", s[0]), 1, 4}
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
		return glyph{"\u25cc" + cluster, len(cluster), 1}
	case r >= 0x80 && r < 0xa0, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), width == 0:
		t := fmt.Sprintf("<%02x>", r)
		return glyph{t, n, len(t)}
	}
	if strings.ContainsFunc(cluster, reorders) {
		t := fmt.Sprintf("<%02x>", r)
		return glyph{t, n, len(t)}
	}
	return glyph{cluster, len(cluster), width}
}

// reorders says that a rune inside a cluster changes the text around it.
func reorders(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}

// next is the offset after the cluster at i.
func next(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	return i + nextGlyph(s[i:], 0).bytes
}

// previous is the offset of the cluster before i. Clusters are found from the
// start of the line, where one always begins.
func previous(s string, i int) int {
	if i <= 0 {
		return 0
	}
	if i == 1 || s[i-1] < utf8.RuneSelf && s[i-2] < utf8.RuneSelf {
		return i - 1
	}
	at := lineStart(s, i)
	if at == i {
		return i - 1
	}
	for {
		n := next(s, at)
		if n >= i {
			return at
		}
		at = n
	}
}

// boundary moves an offset back to where a cluster begins.
func boundary(s string, i int) int {
	if i <= 0 {
		return 0
	}
	if i >= len(s) {
		return len(s)
	}
	at := lineStart(s, i)
	for at < i {
		n := next(s, at)
		if n > i {
			return at
		}
		at = n
	}
	return at
}

func lineStart(s string, i int) int { return strings.LastIndexByte(s[:i], '\n') + 1 }

func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}

// column is the cell in which offset i of s stands within its line.
func column(s string, i int) int {
	at, col := lineStart(s, i), 0
	for at < i {
		g := nextGlyph(s[at:], col)
		at += g.bytes
		col += g.width
	}
	return col
}

// atColumn is the offset in the line that starts at start that stands in cell
// col, or the line's end.
func atColumn(s string, start, col int) int {
	at, c := start, 0
	end := lineEnd(s, start)
	for at < end {
		g := nextGlyph(s[at:end], c)
		if c+g.width > col {
			break
		}
		at += g.bytes
		c += g.width
	}
	return at
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// wordLeft is the start of the word before i.
func wordLeft(s string, i int) int {
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if isWordRune(r) {
			break
		}
		i -= n
	}
	for i > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !isWordRune(r) {
			break
		}
		i -= n
	}
	return boundary(s, i)
}

// wordRight is the end of the word after i.
func wordRight(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isWordRune(r) {
			break
		}
		i += n
	}
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) {
			break
		}
		i += n
	}
	if b := boundary(s, i); b < i {
		return next(s, b)
	}
	return i
}
