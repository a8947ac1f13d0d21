package transfer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"alchemysh/core/types"
)

// Options say how a file is read.
type Options struct {
	Format    string // csv, tsv, json, jsonl
	Header    bool   // the first line names the columns
	Separator string // of csv
	Null      string // what stands for NULL, when NullSet
	NullSet   bool
	OnError   string // stop, skip
}

// FormatOf guesses the format by a file's name.
func FormatOf(file string) string {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".tsv", ".tab":
		return "tsv"
	case ".json":
		return "json"
	case ".jsonl", ".ndjson":
		return "jsonl"
	}
	return "csv"
}

// Reader reads rows.
type Reader struct {
	o       Options
	in      *bufio.Reader
	columns []string
	line    int
	ahead   []row // read to infer types, not yet given
	array   *json.Decoder
}

// row is what a file says: text or NULL, or JSON's own values.
type row struct {
	line   int
	values []any
	named  map[string]any // of json
	err    error
}

// NewReader makes a reader and reads the header.
func NewReader(in io.Reader, o Options) (*Reader, error) {
	r := &Reader{o: o, in: bufio.NewReader(in)}
	if b, err := r.in.Peek(3); err == nil && string(b) == "\ufeff" {
		if _, err := r.in.Discard(3); err != nil {
			return nil, err
		}
	}
	switch o.Format {
	case "csv", "tsv":
		if o.Header {
			head := r.read()
			if errors.Is(head.err, io.EOF) {
				return r, nil
			}
			if head.err != nil {
				return nil, head.err
			}
			for _, v := range head.values {
				text, _ := v.(string)
				r.columns = append(r.columns, text)
			}
		}
	case "json":
		r.array = json.NewDecoder(r.in)
		r.array.UseNumber()
		t, err := r.array.Token()
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return nil, err
		}
		if t != json.Delim('[') {
			return nil, fmt.Errorf("the JSON is not an array of objects")
		}
		return r, r.nameColumns()
	case "jsonl":
		return r, r.nameColumns()
	default:
		return nil, fmt.Errorf("%s: no such format", o.Format)
	}
	return r, nil
}

// sample is how many rows are looked at to name columns and infer types.
const sample = 1000

// nameColumns takes the columns of JSON from its first objects. The error is that
// of a file that begins with none.
func (r *Reader) nameColumns() error {
	seen := map[string]bool{}
	for _, w := range r.peek() {
		if w.err != nil && !errors.Is(w.err, io.EOF) && len(r.columns) == 0 {
			return w.err
		}
		for _, n := range w.values { // the names, in order
			if n := n.(string); !seen[n] {
				seen[n] = true
				r.columns = append(r.columns, n)
			}
		}
	}
	return nil
}

// peek reads ahead.
func (r *Reader) peek() []row {
	for len(r.ahead) < sample {
		w := r.read()
		r.ahead = append(r.ahead, w)
		if w.err != nil {
			break
		}
	}
	return r.ahead
}

// Columns are the names that the file gives its columns; none when it has no
// header.
func (r *Reader) Columns() []string { return r.columns }

// Next gives the values of the next row for the columns, and its line.
func (r *Reader) Next(columns []string) ([]any, int, error) {
	var w row
	if len(r.ahead) > 0 {
		w, r.ahead = r.ahead[0], r.ahead[1:]
	} else {
		w = r.read()
	}
	if w.err != nil {
		return nil, w.line, w.err
	}
	if w.named != nil {
		out := make([]any, len(columns))
		for i, c := range columns {
			out[i] = w.named[c]
		}
		return out, w.line, nil
	}
	if len(w.values) != len(columns) {
		return nil, w.line, fmt.Errorf("%d values for %d columns", len(w.values), len(columns))
	}
	return w.values, w.line, nil
}

func (r *Reader) read() row {
	switch r.o.Format {
	case "csv":
		return r.readCSV()
	case "tsv":
		return r.readTSV()
	case "json":
		if r.array == nil || !r.array.More() {
			return row{err: io.EOF}
		}
		r.line++
		var raw json.RawMessage
		if err := r.array.Decode(&raw); err != nil {
			return row{line: r.line, err: err}
		}
		return r.object(string(raw))
	}
	for {
		text, err := r.in.ReadString('\n')
		if text == "" && err != nil {
			return row{line: r.line, err: err}
		}
		r.line++
		if strings.TrimSpace(text) != "" {
			return r.object(text)
		}
	}
}

func (r *Reader) object(text string) row {
	w := row{line: r.line, named: map[string]any{}}
	d := json.NewDecoder(strings.NewReader(text))
	if t, err := d.Token(); err != nil {
		return row{line: r.line, err: err}
	} else if t != json.Delim('{') {
		return row{line: r.line, err: fmt.Errorf("a JSON object is wanted, not %.40s", strings.TrimSpace(text))}
	}
	for d.More() {
		name, err := d.Token()
		var raw json.RawMessage
		if err == nil {
			err = d.Decode(&raw)
		}
		var v any
		if err == nil {
			v, err = jsonValue(string(raw))
		}
		if err != nil {
			return row{line: r.line, err: err}
		}
		n := name.(string)
		w.values = append(w.values, n)
		w.named[n] = v
	}
	if _, err := d.Token(); err != nil {
		return row{line: r.line, err: err}
	}
	return w
}

// Document is an object or a list of JSON, as it was written.
type Document string

// String is the text.
func (d Document) String() string { return string(d) }

// list gives the items of a list, numbers with every digit; nil of an object.
func (d Document) list() []any {
	decoder := json.NewDecoder(strings.NewReader(string(d)))
	decoder.UseNumber()
	var items []any
	if decoder.Decode(&items) != nil {
		return nil
	}
	return items
}

// jsonValue reads a value; a number keeps every digit.
func jsonValue(text string) (any, error) {
	switch {
	case text[0] == '{' || text[0] == '[':
		return Document(text), nil
	case text == "-0":
		return types.ParseDecimal(text)
	}
	if text[0] == '-' || text[0] >= '0' && text[0] <= '9' {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
		return types.ParseDecimal(text)
	}
	v, err := types.DecodeJSON(text)
	if v == types.JSONNull {
		v = nil
	}
	return v, err
}

func (r *Reader) readTSV() row {
	text, err := r.in.ReadString('\n')
	if text == "" && err != nil {
		return row{line: r.line, err: err}
	}
	r.line++
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	w := row{line: r.line}
	for f := range strings.SplitSeq(text, "\t") {
		switch {
		case r.o.NullSet && f == r.o.Null, !r.o.NullSet && f == `\N`:
			w.values = append(w.values, nil)
		default:
			w.values = append(w.values, unescape(f))
		}
	}
	return w
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			switch s[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'r':
				b.WriteByte('\r')
			default:
				b.WriteByte(s[i])
			}
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// readCSV reads one record. encoding/csv cannot tell an empty string ("")
// from nothing, which is NULL: hence our own.
func (r *Reader) readCSV() row {
	sep := ','
	if r.o.Separator != "" {
		sep, _ = utf8.DecodeRuneInString(r.o.Separator)
	}
	start := r.line + 1
	w := row{line: start}
	var field strings.Builder
	quoted, inside, any := false, false, false
	end := func() {
		text := field.String()
		switch {
		case !quoted && (r.o.NullSet && text == r.o.Null || !r.o.NullSet && text == ""):
			w.values = append(w.values, nil)
		default:
			w.values = append(w.values, text)
		}
		field.Reset()
		quoted = false
	}
	for {
		c, size, err := r.in.ReadRune()
		if err != nil {
			if inside {
				return row{line: start, err: fmt.Errorf("a quote is not closed")}
			}
			if errors.Is(err, io.EOF) && any {
				end()
				return w
			}
			return row{line: r.line, err: err}
		}
		any = true
		if c == '\n' {
			r.line++
		}
		switch {
		case inside && c == '"':
			next, _, err := r.in.ReadRune()
			if err == nil && next == '"' {
				field.WriteByte('"')
				continue
			}
			if err == nil {
				if err := r.in.UnreadRune(); err != nil {
					return row{line: start, err: err}
				}
			}
			inside = false
		case inside:
			r.put(&field, c, size)
		case c == '"' && field.Len() == 0 && !quoted:
			inside, quoted = true, true
		case c == sep:
			end()
		case c == '\r':
			if next, err := r.in.Peek(1); err == nil && next[0] == '\n' {
				continue
			}
			field.WriteByte('\r')
		case c == '\n':
			if len(w.values) == 0 && field.Len() == 0 && !quoted && len(r.columns) != 1 {
				any = false // an empty line
				start = r.line + 1
				w.line = start
				continue
			}
			end()
			return w
		default:
			r.put(&field, c, size)
		}
	}
}

// put keeps bytes that are no UTF-8 as they are.
func (r *Reader) put(b *strings.Builder, c rune, size int) {
	if c == utf8.RuneError && size == 1 {
		if err := r.in.UnreadRune(); err == nil {
			if raw, err := r.in.ReadByte(); err == nil {
				b.WriteByte(raw)
				return
			}
		}
	}
	b.WriteRune(c)
}
