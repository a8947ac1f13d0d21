package render

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"alchemysh/core/types"
)

// separated writes values with a separator between them.
type separated struct {
	w         *bufio.Writer
	o         Options
	sep, tail string
	value     func(v any) string
}

func (s *separated) begin(cols []Column) {
	if s.o.TuplesOnly {
		return
	}
	names := make([]any, len(cols))
	for i, c := range cols {
		names[i] = c.Name
	}
	s.row(names)
}

func (s *separated) row(values []any) {
	for i, v := range values {
		if i > 0 {
			s.w.WriteString(s.sep)
		}
		s.w.WriteString(s.value(v))
	}
	s.w.WriteString(s.tail)
}

func (s *separated) end() {}

func newCSV(w *bufio.Writer, o Options) sink {
	sep := o.CSVSep
	if sep == "" {
		sep = ","
	}
	special := "\"\r\n" + sep
	return &separated{w: w, o: o, sep: sep, tail: "\n", value: func(v any) string {
		if v == nil {
			return ""
		}
		text := o.text(v)
		if text == "" || text == `\.` || strings.ContainsAny(text, special) ||
			text[0] == ' ' || text[len(text)-1] == ' ' {
			return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		return text
	}}
}

var tsvEscapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func newTSV(w *bufio.Writer, o Options) sink {
	return &separated{w: w, o: o, sep: "\t", tail: "\n", value: func(v any) string {
		switch v := v.(type) {
		case nil:
			return `\N`
		default:
			return tsvEscapes.Replace(o.text(v))
		}
	}}
}

func newUnaligned(w *bufio.Writer, o Options) sink {
	sep, end := o.FieldSep, o.RecordSep
	if sep == "" {
		sep = "|"
	}
	if end == "" {
		end = "\n"
	}
	return &separated{w: w, o: o, sep: sep, tail: end, value: func(v any) string {
		if v == nil {
			return o.Null
		}
		return o.text(v)
	}}
}

// JSON is a value as JSON text. Numbers keep every digit; what JSON has no
// form for becomes a string.
func JSON(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Spelt:
		return v.json()
	case bool, int, int64, uint64:
		return Text(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return strconv.Quote(Text(v))
		}
		return Text(v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = JSON(x)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case types.Object:
		if text, err := types.EncodeJSON(v); err == nil {
			return text
		}
	}
	if text := Text(v); numeric(v) && json.Valid([]byte(text)) {
		return text
	}
	return quoteJSON(Text(v))
}

// quoteJSON quotes text without HTML escapes; bytes that are no UTF-8 become
// U+FFFD, since JSON has no way to say them.
func quoteJSON(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

type jsonSink struct {
	w      *bufio.Writer
	o      Options
	lines  bool
	keys   []string
	writes int
}

func newJSON(w *bufio.Writer, o Options) sink  { return &jsonSink{w: w, o: o} }
func newJSONL(w *bufio.Writer, o Options) sink { return &jsonSink{w: w, o: o, lines: true} }

func (s *jsonSink) begin(cols []Column) {
	for _, n := range distinct(cols) {
		s.keys = append(s.keys, quoteJSON(n)+":")
	}
	if !s.lines {
		s.w.WriteByte('[')
	}
}

// distinct gives the columns' names, a repeated one with a number after it, so
// that no value hides another.
func distinct(cols []Column) []string {
	names := make([]string, len(cols))
	used := map[string]bool{}
	for _, c := range cols {
		used[c.Name] = true
	}
	seen := map[string]int{}
	for i, c := range cols {
		seen[c.Name]++
		names[i] = c.Name
		for n := seen[c.Name]; n > 1; n++ {
			name := fmt.Sprintf("%s_%d", c.Name, n)
			if !used[name] {
				used[name], names[i] = true, name
				break
			}
		}
	}
	return names
}

func (s *jsonSink) row(values []any) {
	if !s.lines {
		if s.writes > 0 {
			s.w.WriteByte(',')
		}
		s.w.WriteByte('\n')
	}
	s.writes++
	s.w.WriteByte('{')
	for i, k := range s.keys {
		if i > 0 {
			s.w.WriteByte(',')
		}
		s.w.WriteString(k)
		s.w.WriteString(JSON(values[i]))
	}
	s.w.WriteByte('}')
	if s.lines {
		s.w.WriteByte('\n')
	}
}

func (s *jsonSink) end() {
	if s.lines {
		return
	}
	if s.writes > 0 {
		s.w.WriteByte('\n')
	}
	s.w.WriteString("]\n")
}

type insertSink struct {
	w    *bufio.Writer
	o    Options
	head string
}

func newInsert(w *bufio.Writer, o Options) sink { return &insertSink{w: w, o: o} }

func (s *insertSink) begin(cols []Column) {
	quote := s.o.Quote
	if quote == nil {
		quote = func(n string) string { return `"` + strings.ReplaceAll(n, `"`, `""`) + `"` }
	}
	table := s.o.Table
	if table == "" {
		table = "table_name"
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = quote(c.Name)
	}
	s.head = "INSERT INTO " + quote(table) + " (" + strings.Join(names, ", ") + ") VALUES ("
}

func (s *insertSink) row(values []any) {
	s.w.WriteString(s.head)
	for i, v := range values {
		if i > 0 {
			s.w.WriteString(", ")
		}
		s.w.WriteString(s.o.literal(v))
	}
	s.w.WriteString(");\n")
}

func (s *insertSink) end() {}

// literal is the SQL text of a value: the dialect's, or standard SQL's.
func (o Options) literal(v any) string {
	if s, ok := v.(Spelt); ok {
		if s.Number && json.Valid([]byte(s.Text)) {
			return s.Text
		}
		v = s.Text
	}
	if v != nil && o.Literal != nil {
		if s, ok := o.Literal(v); ok {
			return s
		}
	}
	switch v := v.(type) {
	case nil:
		return "NULL"
	case []byte:
		return fmt.Sprintf("X'%X'", v)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	}
	if numeric(v) {
		if f, ok := v.(float64); !ok || !math.IsNaN(f) && !math.IsInf(f, 0) {
			return Text(v)
		}
	}
	return "'" + strings.ReplaceAll(Text(v), "'", "''") + "'"
}

type luaSink struct {
	w    *bufio.Writer
	o    Options
	keys []string
}

func newLua(w *bufio.Writer, o Options) sink { return &luaSink{w: w, o: o} }

func (s *luaSink) begin(cols []Column) {
	for _, n := range distinct(cols) {
		if luaName(n) {
			s.keys = append(s.keys, n+" = ")
		} else {
			s.keys = append(s.keys, "["+luaQuote(n)+"] = ")
		}
	}
	s.w.WriteString("return {\n")
}

func (s *luaSink) row(values []any) {
	s.w.WriteString("  {")
	for i, k := range s.keys {
		if i > 0 {
			s.w.WriteString(", ")
		}
		s.w.WriteString(k + s.o.luaText(values[i]))
	}
	s.w.WriteString("},\n")
}

func (s *luaSink) end() { s.w.WriteString("}\n") }

func (o Options) luaText(v any) string {
	v = Value(v)
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case string:
		return luaQuote(v)
	case []byte:
		return luaQuote(string(v))
	case int64:
		if v > 1<<53 || v < -(1<<53) {
			return fmt.Sprintf("int64(%q)", Text(v))
		}
		return Text(v)
	case float64:
		switch {
		case math.IsNaN(v):
			return "0/0"
		case math.IsInf(v, 1):
			return "math.huge"
		case math.IsInf(v, -1):
			return "-math.huge"
		}
		return Text(v)
	}
	switch v.(type) {
	case types.Decimal, types.Date, types.Time, types.DateTime, types.Interval, uuid.UUID, types.Object, []any:
		return types.Repr(v) // the library's constructors, which Lua reads back
	}
	return luaQuote(Text(v))
}

var luaWords = map[string]bool{"and": true, "break": true, "do": true, "else": true, "elseif": true,
	"end": true, "false": true, "for": true, "function": true, "if": true, "in": true, "local": true,
	"nil": true, "not": true, "or": true, "repeat": true, "return": true, "then": true, "true": true,
	"until": true, "while": true}

func luaName(s string) bool {
	for i, c := range []byte(s) {
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && !luaWords[s]
}

// luaQuote quotes text so that Lua 5.1 reads the same bytes back.
func luaQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c < 0x20 || c == 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

type htmlSink struct {
	w *bufio.Writer
	o Options
}

func newHTML(w *bufio.Writer, o Options) sink { return &htmlSink{w, o} }

func (s *htmlSink) begin(cols []Column) {
	s.w.WriteString("<table>\n")
	if s.o.TuplesOnly {
		return
	}
	s.w.WriteString("  <tr>")
	for _, c := range cols {
		s.w.WriteString("<th>" + html.EscapeString(c.Name) + "</th>")
	}
	s.w.WriteString("</tr>\n")
}

func (s *htmlSink) row(values []any) {
	s.w.WriteString("  <tr>")
	for _, v := range values {
		text := s.o.Null
		if v != nil {
			text = s.o.text(v)
		}
		s.w.WriteString("<td>" + html.EscapeString(text) + "</td>")
	}
	s.w.WriteString("</tr>\n")
}

func (s *htmlSink) end() { s.w.WriteString("</table>\n") }
