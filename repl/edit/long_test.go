package edit

import (
	"strings"
	"testing"
)

// BenchmarkLongLine lays out a line of 10 MB.
func BenchmarkLongLine(b *testing.B) {
	m := New(Config{})
	m.Start("> ")
	m.Paste("x = '" + strings.Repeat("x", 10<<20) + "'")
	for b.Loop() {
		m.View()
	}
}
