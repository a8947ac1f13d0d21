package render

import (
	"strings"
	"testing"
)

func TestBars(t *testing.T) {
	got := Bars([]Point{{"a", -3}, {"long label", 6}, {"漢字", 0}, {"\x1b[31m", 1.5}}, 40)
	want := "" +
		"a          │████████ -3\n" +
		"long label │        ███████████████▍ 6\n" +
		"漢字       │         0\n" +
		`\x1b[31m   │        ███▉ 1.5` + "\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for width := range 200 {
		for line := range strings.SplitSeq(Bars([]Point{{"some label of a thing", 12345}, {"x", -9}}, width), "\n") {
			if n := Width(line); n > max(width, 24) && width > 0 {
				t.Fatalf("width %d: %d cells: %s", width, n, line)
			}
		}
	}
}

func TestHistogram(t *testing.T) {
	values := []float64{1, 1, 2, 3, 3, 3, 8}
	got := Histogram(values, 30)
	want := "" +
		"0 … 2 │ 2\n" +
		"2 … 4 │ 4\n" +
		"4 … 6 │ 0\n" +
		"6 … 8 │ 0\n" +
		"8 … 10 │ 1\n"
	if squeeze(got) != squeeze(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := Histogram([]float64{5, 5}, 30); !strings.Contains(got, "2") || strings.Count(got, "\n") != 1 {
		t.Errorf("equal values: %s", got)
	}
}

// squeeze leaves out blanks and bars: the counts are what is compared.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || strings.ContainsRune("█▏▎▍▌▋▊▉", r) {
			return -1
		}
		return r
	}, s)
}

func TestLine(t *testing.T) {
	got := Line([]Point{{"first", 0}, {"", 10}, {"last", 0}}, 20, 4)
	lines := strings.Split(strings.TrimRight(got, "\n"), "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "10 ┤") || !strings.HasPrefix(lines[3], " 0 ┤") ||
		!strings.Contains(lines[4], "first") || !strings.HasSuffix(lines[4], "last") {
		t.Errorf("got\n%s", got)
	}
	for _, l := range lines {
		if Width(l) > 20 {
			t.Errorf("%d cells: %s", Width(l), l)
		}
	}
	if Line([]Point{{"one", 5}}, 20, 4) == "" {
		t.Error("one point is a chart too")
	}
}
