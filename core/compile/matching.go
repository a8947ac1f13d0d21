package compile

// Matching is how the columns of a cursor are matched to those that the
// statement tells of.
type Matching int

const (
	// MatchPosition: the SQL names every column itself.
	MatchPosition Matching = iota
	// MatchName: by their names, as text().columns() has them by name.
	MatchName
	// MatchText: by position, under the cursor's names: text().columns() by position.
	MatchText
	// MatchCount: some column is text() or "*", of which only the cursor knows
	// how many columns it is and what they are called.
	MatchCount
)

// Of reports, for a cursor of n columns where the statement tells of known,
// whether they are matched by name, and whether the cursor's names are theirs.
func (m Matching) Of(known, n int) (byName, cursorNames bool) {
	switch {
	case m == MatchName || m != MatchText && known != n:
		return true, true
	case m == MatchPosition:
		return false, false
	}
	return false, true
}
