package sqlite

import "testing"

// The messages are those of Python's sqlite3.
func TestCheckForm(t *testing.T) {
	for _, c := range []struct {
		sql    string
		names  []string
		values int
		want   string
	}{
		{"select ?", nil, 1, ""},
		{"select ?", nil, 2, "Incorrect number of bindings supplied. The current statement uses 1, and there are 2 supplied."},
		{"select ?, ?", nil, 1, "Incorrect number of bindings supplied. The current statement uses 2, and there are 1 supplied."},
		{"select 1", nil, 1, "Incorrect number of bindings supplied. The current statement uses 0, and there are 1 supplied."},
		{"select ?2", nil, 1, "Incorrect number of bindings supplied. The current statement uses 2, and there are 1 supplied."},
		{"select :a, :a", nil, 1, ""},
		{"select '?', \"?\", [?], `?` -- ?\n, /* ? */ 'it''s ?'", nil, 0, ""},
		{"select :a", []string{"a", "b"}, 2, ""},
		{"select ?", []string{"a"}, 1, "Binding 1 has no name, but you supplied a dictionary (which has only names)."},
		{"select 1; select 2", nil, 0, "You can only execute one statement at a time."},
		{"select 1; -- that is all", nil, 0, ""},
		{"create trigger x after insert on t begin select 1; end; ", nil, 0, ""},
		{"", nil, 0, ""},
	} {
		got := ""
		if err := New().CheckForm(c.sql, c.names, c.values); err != nil {
			got = err.Error()
			got = got[len("ProgrammingError: "):]
		}
		if got != c.want {
			t.Errorf("%s with %d: %q, want %q", c.sql, c.values, got, c.want)
		}
	}
}
