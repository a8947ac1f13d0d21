package render

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// format writes rows in one way. Data formats stream; screen formats get all
// rows at once.
type format struct {
	usage  string
	stream func(w *bufio.Writer, o Options) sink
	screen func(w *bufio.Writer, cols []Column, rows [][]any, o Options)
}

// sink takes the rows of a data format one by one.
type sink interface {
	begin(cols []Column)
	row(values []any)
	end()
}

// formats is the table that dispatch, completion and help read.
var formats = map[string]format{
	"table":     {usage: "aligned columns (default)", screen: writeTable},
	"box":       {usage: "aligned columns in a box", screen: writeBox},
	"expanded":  {usage: "one line per value", screen: writeExpanded},
	"markdown":  {usage: "a Markdown table", screen: writeMarkdown},
	"csv":       {usage: "comma-separated, \"\" the empty string, nothing NULL", stream: newCSV},
	"tsv":       {usage: "tab-separated as PostgreSQL's COPY writes it, \\N NULL", stream: newTSV},
	"json":      {usage: "one array of objects", stream: newJSON},
	"jsonl":     {usage: "one object per line", stream: newJSONL},
	"insert":    {usage: "INSERT statements", stream: newInsert},
	"lua":       {usage: "a Lua table", stream: newLua},
	"unaligned": {usage: "values with | between them", stream: newUnaligned},
	"list":      {usage: "unaligned", stream: newUnaligned},
	"html":      {usage: "an HTML table", stream: newHTML},
}

var aliases = map[string]string{
	"wrapped": "table", "aligned": "table", "column": "table", "line": "expanded", "vertical": "expanded",
	"ndjson": "jsonl", "md": "markdown", "tabs": "tsv", "ascii": "table", "psql": "table", "quote": "insert",
}

// Formats lists the names of the formats.
func Formats() []string {
	var names []string
	for n := range formats {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Usage says what a format does.
func Usage(name string) string { return formats[name].usage }

// Canonical gives a format's own name, "" when there is no such format.
func Canonical(name string) string {
	name = strings.ToLower(name)
	if a, ok := aliases[name]; ok {
		name = a
	}
	if _, ok := formats[name]; !ok {
		return ""
	}
	return name
}

// IsData says that a format is read by programs: no pager, no cap, no footer.
func IsData(name string) bool { return formats[Canonical(name)].stream != nil }

// Write shows all rows in the format and returns how many there were. A
// failure in the middle of the rows is returned after what came before it has
// been written.
func Write(w io.Writer, rows Rows, name string, o Options) (int, error) {
	f, ok := formats[Canonical(name)]
	if !ok {
		return 0, fmt.Errorf("%s: no such format; there are %s", name, strings.Join(Formats(), ", "))
	}
	out := bufio.NewWriterSize(w, 64<<10)
	cols := rows.Columns()
	n := 0
	if f.stream != nil {
		s := f.stream(out, o)
		s.begin(cols)
		for {
			values, err := rows.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return n, errors.Join(err, out.Flush())
			}
			s.row(values)
			n++
			if n%1024 == 0 && flushed(out) != nil {
				return n, out.Flush()
			}
		}
		s.end()
		return n, out.Flush()
	}
	var all [][]any
	more := false
	for {
		values, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return n, err
		}
		if n++; o.MaxRows > 0 && n > o.MaxRows {
			more = true
			continue
		}
		all = append(all, slices.Clone(values))
	}
	f.screen(out, cols, all, o)
	quiet := Canonical(name) == "markdown" || o.Expanded == "on" && !more || Canonical(name) == "expanded"
	if !o.TuplesOnly && !o.NoFooter && (!quiet || n == 0) {
		footer(out, n, more, o)
	}
	return n, out.Flush()
}

// flushed surfaces a writer's sticky error without writing.
func flushed(w *bufio.Writer) error {
	_, err := w.Write(nil)
	return err
}

func footer(w *bufio.Writer, n int, more bool, o Options) {
	switch {
	case more:
		fmt.Fprintf(w, "(%d rows, the first %d shown; \\pset row_limit 0 shows all)\n", n, o.MaxRows)
	case n == 1:
		w.WriteString("(1 row)\n")
	default:
		fmt.Fprintf(w, "(%d rows)\n", n)
	}
}
