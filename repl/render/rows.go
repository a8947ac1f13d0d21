package render

import "io"

// Column heads a column of rows.
type Column struct {
	Name string
	Type string // the database's type name, "" when unknown
}

// Rows is something to show. Next gives io.EOF after the last row; the slice
// it returns may be used again by the following call.
type Rows interface {
	Columns() []Column
	Next() ([]any, error)
}

// Options vary how rows are shown.
type Options struct {
	Null       string // how the screen formats show NULL
	TuplesOnly bool   // no header, no footer
	NoFooter   bool
	Title      string
	Border     int    // of tables: 0 none, 1 between, 2 around
	Width      int    // of the screen; 0: no limit
	MaxRows    int    // that a screen format shows; 0: no limit
	Expanded   string // "on", "off", or "auto": when the table is wider than Width
	FieldSep   string // of the format "unaligned"
	RecordSep  string
	CSVSep     string
	Table      string // into which the format "insert" inserts
	Color      bool
	Quote      func(name string) string   // of identifiers, for "insert"
	Literal    func(v any) (string, bool) // SQL text of a value, for "insert"
	Text       func(v any) (string, bool) // text of a value, before our own
}

// Slice serves rows that are in memory already.
type Slice struct {
	Head []Column
	Data [][]any
	next int
}

// Columns gives the head.
func (s *Slice) Columns() []Column { return s.Head }

// Next gives the next row.
func (s *Slice) Next() ([]any, error) {
	if s.next == len(s.Data) {
		return nil, io.EOF
	}
	s.next++
	return s.Data[s.next-1], nil
}

// Of makes rows of named columns and values.
func Of(names []string, data ...[]any) *Slice {
	s := &Slice{Data: data}
	for _, n := range names {
		s.Head = append(s.Head, Column{Name: n})
	}
	return s
}
