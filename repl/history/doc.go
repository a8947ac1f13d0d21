// Package history keeps what a person typed: one JSON object per statement, in
// a file that only they can read and that several shells append to at once.
//
//	h, err := history.Open(filepath.Join(stateDir, "alchemysh", "history.jsonl"))
//	err = h.Add("select 1;")
//	h.Entries() // oldest first, what other shells added since included
//
// Statements that hold a secret, a password or a URL with one, are never kept.
package history
