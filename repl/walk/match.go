package walk

import (
	"regexp"
	"slices"
	"strings"
)

// anyLines is the line that stands for any lines, mark what stands for a mark
// of timing within a line.
const (
	anyLines = "..."
	mark     = "[...]"
)

// Lines divides shown text: blanks at the ends of lines and empty lines at the
// end do not count.
func Lines(text string) []string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// Match says whether what came is what was written.
func Match(want, got []string, unordered bool) bool {
	if unordered {
		return matchUnordered(want, got)
	}
	// The classic walk of a glob: on a mismatch the last "..." takes one line more.
	w, g, star, taken := 0, 0, -1, 0
	for g < len(got) {
		switch {
		case w < len(want) && want[w] == anyLines:
			star, taken = w, g
			w++
		case w < len(want) && matchLine(want[w], got[g]):
			w, g = w+1, g+1
		case star >= 0:
			taken++
			w, g = star+1, taken
		default:
			return false
		}
	}
	for w < len(want) && want[w] == anyLines {
		w++
	}
	return w == len(want)
}

func matchUnordered(want, got []string) bool {
	rest := slices.Clone(got)
	some := false
	for _, w := range want {
		if w == anyLines {
			some = true
			continue
		}
		i := slices.IndexFunc(rest, func(g string) bool { return matchLine(w, g) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return some || len(rest) == 0
}

// matchLine compares a line; each [...] of it stands for one bracketed mark,
// 0x... for an address in memory.
func matchLine(want, got string) bool {
	if want == got {
		return true
	}
	if strings.Contains(want, anyAddress) {
		got = address.ReplaceAllString(got, anyAddress)
		if want == got {
			return true
		}
	}
	pieces := strings.Split(want, mark)
	if len(pieces) == 1 || !strings.HasPrefix(got, pieces[0]) {
		return false
	}
	got = got[len(pieces[0]):]
	for _, piece := range pieces[1:] {
		end := strings.IndexByte(got, ']')
		if !strings.HasPrefix(got, "[") || end < 0 {
			return false
		}
		got = got[end+1:]
		if !strings.HasPrefix(got, piece) {
			return false
		}
		got = got[len(piece):]
	}
	return got == ""
}

var timing = regexp.MustCompile(`\[(generated in|cached since|no key|caching disabled|dialect [^\]]*?) ?[0-9.]+m?s[^\]]*\]`)

// address is an address in memory, as in <Cursor object at 0x7f01…>.
var address = regexp.MustCompile(`\b0x[0-9a-f]{6,}\b`)

const anyAddress = "0x..."

// unmarked replaces the marks of timing and the addresses, which differ from
// run to run.
func unmarked(line string) string {
	line = address.ReplaceAllString(line, anyAddress)
	return timing.ReplaceAllString(line, mark)
}

// merge is what should be written where got came instead of want: the lines
// that match stay as they are written, with their marks, and a "..." stays
// whose neighbours still stand around lines that it can take.
func merge(want, got []string) []string {
	pairs := align(want, got)
	pairs = append(pairs, pair{len(want), len(got)})
	var out []string
	w, g := 0, 0
	for _, p := range pairs {
		gap := want[w:p.want]
		if len(gap) > 0 && !slices.ContainsFunc(gap, func(l string) bool { return l != anyLines }) {
			out = append(out, anyLines)
		} else {
			for _, l := range got[g:p.got] {
				out = append(out, safeLine(unmarked(l)))
			}
		}
		if p.want < len(want) {
			out = append(out, want[p.want])
		}
		w, g = p.want+1, p.got+1
	}
	return out
}

// Written is shown text as it is written into a walkthrough: what differs from
// run to run becomes [...] and 0x..., what looks like an input becomes "...".
func Written(text string) []string { return merge(nil, Lines(text)) }

// safeLine spells a line so that it cannot be read as an input.
func safeLine(l string) string {
	for _, m := range []string{">", ">>"} {
		if _, ok := prompt(l, m); ok {
			return anyLines
		}
	}
	return l
}

type pair struct{ want, got int }

// align finds a longest common subsequence of the lines that match.
func align(want, got []string) []pair {
	const most = 4_000_000
	if len(want)*len(got) > most { // nobody keeps such an output by its ellipses
		return nil
	}
	length := make([][]int, len(want)+1)
	for i := range length {
		length[i] = make([]int, len(got)+1)
	}
	same := func(i, j int) bool { return want[i] != anyLines && matchLine(want[i], got[j]) }
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if same(i, j) {
				length[i][j] = 1 + length[i+1][j+1]
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out []pair
	for i, j := 0, 0; i < len(want) && j < len(got); {
		switch {
		case same(i, j):
			out = append(out, pair{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
