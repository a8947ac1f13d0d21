package repl

import "fmt"

// promptText is what stands before the text typed: the database, and what is
// open on it.
func (s *Shell) promptText() string {
	name, mark := "memory", "" // the default is made when SQL wants it
	if s.DB != nil {
		name = s.DB.Name()
		switch s.DB.State() {
		case InTx:
			mark = "*"
		case Failed:
			mark = "!"
		case Lost:
			mark = "?"
		}
	}
	if s.skipping() {
		mark = "@"
	}
	work := ""
	if r, ok := s.Lua.(SessionReporter); ok {
		if added, changed, deleted, ok := r.SessionCounts(); ok {
			for _, w := range []struct {
				n    int
				what string
			}{{added, "new"}, {changed, "dirty"}, {deleted, "deleted"}} {
				if w.n > 0 {
					if work != "" {
						work += ", "
					}
					work += fmt.Sprintf("%d %s", w.n, w.what)
				}
			}
		}
	}
	if work != "" {
		work = " (" + work + ")"
	}
	if s.Sandbox {
		name += " [sandbox]"
	}
	return fmt.Sprintf("%s%s=%s> ", name, work, mark)
}

// Continuations are the prompts of the lines after the first: they say what is
// still open.
func (s *Shell) Continuations(text string) []string {
	opens := s.reader.Opens(text)
	for i := range opens {
		opens[i] += "> "
	}
	return opens
}
