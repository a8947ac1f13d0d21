package repl

import (
	"sort"
	"strings"
)

// nearest names the known spellings closest to a misspelt one, as a phrase to
// append to an error; "" when none is close.
func nearest(word string, known []string) string {
	type near struct {
		name string
		d    int
	}
	var found []near
	limit := max(1, len(word)/3)
	for _, k := range known {
		if k == word { // it is there, where the statement does not look
			continue
		}
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d <= limit || len(word) > 1 && strings.HasPrefix(k, word) {
			found = append(found, near{k, d})
		}
	}
	if len(found) == 0 {
		return ""
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].d < found[j].d })
	names := []string{}
	for _, f := range found[:min(3, len(found))] {
		names = append(names, f.name)
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// distance is Levenshtein's, with a swap of neighbours counted once.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range y {
		d[0][j+1] = j + 1
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
