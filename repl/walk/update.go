package walk

import (
	"cmp"
	"slices"
	"strings"
)

// Update is the text of the walk with what the mismatching steps showed put in
// the place of what was written. The timing marks of the echo become [...],
// everything that matched stays as it is, ellipses included.
func (w *Walk) Update(mismatches []*Mismatch) string {
	lines := slices.Clone(w.Lines)
	mismatches = slices.Clone(mismatches)
	slices.SortFunc(mismatches, func(a, b *Mismatch) int { return cmp.Compare(b.Step.first, a.Step.first) })
	for _, m := range mismatches {
		if m.Reason != "" || !m.Step.compared {
			continue
		}
		got := trimmed(m.Got)
		for i := range got {
			got[i] = timing.ReplaceAllString(got[i], "[...]")
		}
		lines = slices.Replace(lines, m.Step.first, m.Step.last, got...)
	}
	return strings.Join(lines, "\n")
}
