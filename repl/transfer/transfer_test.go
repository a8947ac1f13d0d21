package transfer_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"alchemysh/repl/render"
	"alchemysh/repl/transfer"
)

// TestRoundTrip: what render writes, transfer reads back, whatever it is.
func TestRoundTrip(t *testing.T) {
	hostile := []any{
		"plain", "", nil, `a "q", b`, "two\nlines", "cr\r\nlf", "\t tab \\ back \\N", "日本語", "\x1b[31m", " blanks ", `\.`, "NULL",
		"'; drop table t; --", "\u202e", "é\u0301",
	}
	for _, format := range []string{"csv", "tsv", "json", "jsonl"} {
		rows := &render.Slice{Head: []render.Column{{Name: "id"}, {Name: "text, \"x\""}}}
		for _, v := range hostile {
			rows.Data = append(rows.Data, []any{"x", v})
		}
		var b bytes.Buffer
		if _, err := render.Write(&b, rows, format, render.Options{}); err != nil {
			t.Fatal(err)
		}
		r, err := transfer.NewReader(&b, transfer.Options{Format: format, Header: true})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"id", "text, \"x\""}; !slices.Equal(r.Columns(), want) {
			t.Errorf("%s: columns %q", format, r.Columns())
		}
		var got []any
		for {
			row, _, err := r.Next(r.Columns())
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			got = append(got, row[1])
		}
		if !reflect.DeepEqual(got, hostile) {
			t.Errorf("%s:\n got  %q\n want %q", format, got, hostile)
		}
	}
}

// TestJSONNumbers: digits that a float would lose come through.
func TestJSONNumbers(t *testing.T) {
	r, err := transfer.NewReader(strings.NewReader(`{"a": 1.50, "b": 12345678901234567890.123456789, "c": 9007199254740993, "d": {"x": [1]}}`+"\n"), transfer.Options{Format: "jsonl"})
	if err != nil {
		t.Fatal(err)
	}
	row, _, err := r.Next(r.Columns())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range row {
		got = append(got, render.Text(v))
	}
	if want := []string{"1.50", "12345678901234567890.123456789", "9007199254740993", `{"x": [1]}`}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// FuzzRoundTrip: any text survives csv and tsv.
func FuzzRoundTrip(f *testing.F) {
	f.Add("a", "b")
	f.Add("\"", "\r\n")
	f.Add("", "\\")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, format := range []string{"csv", "tsv"} {
			var out bytes.Buffer
			if _, err := render.Write(&out, render.Of([]string{"a", "b"}, []any{a, b}), format, render.Options{}); err != nil {
				t.Fatal(err)
			}
			text := out.String()
			r, err := transfer.NewReader(&out, transfer.Options{Format: format, Header: true})
			if err != nil {
				t.Fatal(err)
			}
			row, _, err := r.Next(r.Columns())
			if err != nil || !reflect.DeepEqual(row, []any{a, b}) {
				t.Fatalf("%s: %q %q came back as %q, %v from %q", format, a, b, row, err, text)
			}
		}
	})
}

func TestInfer(t *testing.T) {
	for _, c := range []struct{ csv, want string }{
		{"1\n2\n", "integer"}, {"1\n2.5\n", "number"}, {"1\n\n", "integer"}, {"007\n", "text"}, {"1\nx\n", "text"},
		{"true\nfalse\n", "boolean"}, {"2024-01-02\n", "date"}, {"2024-01-02 03:04:05\n2024-01-02\n", "timestamp"},
		{"12345678901234567890\n", "decimal"}, {"0.1\n1\n12345678901234567.125\n", "decimal"}, {"1e5\n1.50\n", "number"}, {"1e999\n", "decimal"}, {"-\n", "text"}, {"\"\"\n", "text"},
	} {
		r, err := transfer.NewReader(strings.NewReader("c,d\n"+strings.ReplaceAll(c.csv, "\n", ",x\n")), transfer.Options{Format: "csv", Header: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Infer(2)
		if err != nil || got[0] != c.want || got[1] != "text" {
			t.Errorf("%q: %q %v, want %s", c.csv, got, err, c.want)
		}
	}
}

func TestConvertExact(t *testing.T) {
	for _, c := range []struct {
		exact bool
		text  string
		want  any // nil: refused
	}{
		{true, "1.50", 1.5}, {true, "0.1", 0.1}, {true, "1e5", 1e5}, {true, "0.1234567890123456789", nil}, {true, "99999999999999999999", nil}, {true, "1e999", nil},
		{false, "0.1234567890123456789", 0.12345678901234568}, {false, "x", nil},
	} {
		for _, kind := range []string{"REAL", "double"} {
			target := transfer.Target{Columns: []string{"c"}, Types: []string{kind}, Exact: c.exact}
			row, err := target.Convert([]any{c.text})
			if (err == nil) != (c.want != nil) || err == nil && row[0] != c.want {
				t.Errorf("%s as %s: %v %v", c.text, kind, row, err)
			}
			if err != nil && (!strings.Contains(err.Error(), "column c") || !strings.Contains(err.Error(), c.text)) {
				t.Errorf("%s as %s: %v does not name it", c.text, kind, err)
			}
		}
	}
}

func TestBadFiles(t *testing.T) {
	for _, c := range []struct{ format, text, want string }{
		{"csv", "a,b\n1\n", "1 values for 2 columns"},
		{"csv", "a\n\"x", "a quote is not closed"},
		{"json", `{"a": 1}`, "not an array"},
		{"jsonl", "{\"a\": 1}\n[1]\n", "a JSON object is wanted"},
		{"jsonl", "{\"a\": 1}\n{\n", "EOF"},
	} {
		r, err := transfer.NewReader(strings.NewReader(c.text), transfer.Options{Format: c.format, Header: true})
		for err == nil {
			_, _, err = r.Next(r.Columns())
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: %v", c.format, c.text, err)
		}
	}
}
