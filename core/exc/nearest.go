package exc

import (
	"slices"
	"strings"
)

// Nearest gives the known names that a misspelt one may have meant, the best
// first.
func Nearest(name string, known []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	lower := strings.ToLower(name)
	for _, k := range known {
		if strings.HasPrefix(k, "_") && !strings.HasPrefix(name, "_") {
			continue
		}
		d := distance(lower, strings.ToLower(k))
		if d <= max(1, len(name)/3) || len(name) > 2 && strings.HasPrefix(strings.ToLower(k), lower) {
			found = append(found, candidate{k, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, c := range found {
		if !slices.Contains(names, c.name) {
			names = append(names, c.name)
		}
	}
	return names[:min(len(names), 3)]
}

// Suggest words the nearest names as the end of a message, "" without any.
func Suggest(name string, known []string) string {
	names := Nearest(name, known)
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}

// distance is Damerau's: insertions, deletions, changes and swaps of neighbours.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	var twoBefore []int
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		twoBefore, before, row = before, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], twoBefore[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
