package types

import (
	"math"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// The expected texts are Python's.
func TestDecimalArithmetic(t *testing.T) {
	for _, c := range []struct{ x, op, y, want string }{
		{"10.50", "+", "0.5", "11.00"},
		{"1E+3", "+", "1", "1001"},
		{"10.50", "-", "10.50", "0.00"},
		{"12345678901234567890123456789012345678", "+", "0.1", "12345678901234567890123456789012345678.1"},
		{"99999999999999999999.5", "*", "99999999999999999999.5", "9999999999999999999900000000000000000000.25"},
		{"7", "/", "2", "3.5"},
		{"6", "/", "2", "3"},
		{"1.20", "/", "2", "0.60"},
		{"1", "/", "3", "0.3333333333333333333333333333"},
		{"100", "/", "10", "10"},
		{"1E+2", "/", "1E+1", "1E+1"},
		{"0", "/", "7", "0"},
		{"2.00", "/", "1.0", "2.0"},
		{"-7", "%", "3", "-1"},
		{"7.5", "%", "2", "1.5"},
	} {
		x, y := MustDecimal(c.x), MustDecimal(c.y)
		op := map[string]func(Decimal) (Decimal, error){"+": x.Add, "-": x.Sub, "*": x.Mul, "/": x.Quo, "%": x.Rem}[c.op]
		if got, err := op(y); err != nil || got.String() != c.want {
			t.Errorf("%s %s %s = %s %v, want %s", c.x, c.op, c.y, got, err, c.want)
		}
	}
	if _, err := MustDecimal("1").Quo(Decimal{}); err == nil {
		t.Error("division by zero")
	}
	if _, err := MustDecimal("1E+99999").Add(MustDecimal("1E-99999")); err == nil {
		t.Error("a sum of 200000 digits")
	}
}

func TestDecimalText(t *testing.T) {
	for in, want := range map[string]string{
		"1.50": "1.50", "-0.00": "-0.00", "1e3": "1E+3", " 5 ": "5", "1_000": "1000", "0E-10": "0E-10", "0.000001": "0.000001", "0.0000001": "1E-7", "infinity": "Infinity", "nan": "NaN",
	} {
		d, err := ParseDecimal(in)
		if err != nil || d.String() != want {
			t.Errorf("%s: %s %v, want %s", in, d, err, want)
		}
	}
	for _, bad := range []string{"", "x", "1.2.3", "0x10", "--1"} {
		if d, err := ParseDecimal(bad); err == nil {
			t.Errorf("%q parsed as %s", bad, d)
		}
	}
	if got, _ := MustDecimal("2.345").Quantize(2); got.String() != "2.34" {
		t.Error(got)
	}
	if got, _ := MustDecimal("3").Quantize(4); got.String() != "3.0000" {
		t.Error(got)
	}
	if got := MustDecimal("1E+5").Text(); got != "100000" {
		t.Error(got)
	}
}

func TestRepr(t *testing.T) {
	id := uuid.MustParse("12345678-1234-5678-1234-567812345678")
	dt := DateTime{Date{2024, 1, 2, 0}, Time{Hour: 3, Minute: 4}}
	aware := dt
	aware.Offset = UTC
	for _, c := range []struct {
		v         any
		repr, str string
	}{
		{nil, "nil", "nil"},
		{true, "true", "true"},
		{int64(-5), "-5", "-5"},
		{3.0, "3", "3"},
		{2.5, "2.5", "2.5"},
		{"it's", `"it's"`, "it's"},
		{"a\n\t\\'\"", `'a\n\t\\\'"'`, "a\n\t\\'\""},
		{"häß €\u00a0\u200b", `'häß €\xa0\u200b'`, "häß €\u00a0\u200b"},
		{"a\xff", `b'a\xff'`, "a\xff"},
		{[]byte("\x00\x01abc\xff"), `b'\x00\x01abc\xff'`, `b'\x00\x01abc\xff'`},
		{MustDecimal("1.50"), "decimal('1.50')", "1.50"},
		{dt, "datetime(2024, 1, 2, 3, 4)", "2024-01-02 03:04:00"},
		{aware, "datetime(2024, 1, 2, 3, 4, tzinfo=timezone.utc)", "2024-01-02 03:04:00+00:00"},
		{Date{2024, 1, 2, 0}, "date(2024, 1, 2)", "2024-01-02"},
		{Date{Infinity: 1}, "date('infinity')", "infinity"},
		{Date{Year: -43, Month: 3, Day: 15}, "date(-43, 3, 15)", "0044-03-15 BC"},
		{Time{Hour: 3, Minute: 4}, "time(3, 4)", "03:04:00"},
		{Time{Microsecond: 5}, "time(0, 0, 0, 5)", "00:00:00.000005"},
		{Interval{Days: 2, Seconds: 3}, "interval{days = 2, seconds = 3}", "2 days, 0:00:03"},
		{NewInterval(0, 0, -1), "interval{days = -1, seconds = 86399, microseconds = 999999}", "-1 day, 23:59:59.999999"},
		{id, "uuid('12345678-1234-5678-1234-567812345678')", id.String()},
		{[]any{int64(1), nil, []any{}}, "{1, null, {}}", "{1, null, {}}"},
		{NewObject("d", "x", "b", []any{int64(1), NewObject("c", nil)}, "a b", 1, "end", 2), "{['a b'] = 1, b = {1, {c = null}}, d = 'x', ['end'] = 2}", ""},
		{Range{Lower: int64(3), Upper: int64(4)}, "Range(lower=3, upper=4, bounds='[)', empty=false)", ""},
		{uint64(18446744073709551615), "18446744073709551615", "18446744073709551615"},
	} {
		if got := Repr(c.v); got != c.repr {
			t.Errorf("Repr %s, want %s", got, c.repr)
		}
		if got := Str(c.v); c.str != "" && got != c.str {
			t.Errorf("Str %q, want %q", got, c.str)
		}
	}
}

func TestParseMoments(t *testing.T) {
	for in, want := range map[string]string{
		"2024-02-29 13:05:07.123456":       "2024-02-29 13:05:07.123456",
		"2024-02-29T13:05":                 "2024-02-29 13:05:00",
		"2000-02-29T13:05:07":              "2000-02-29 13:05:07",
		"2024-02-29 13:05:07.12":           "2024-02-29 13:05:07.120000",
		"2024-02-29":                       "2024-02-29 00:00:00",
		"2024-02-29 13:05:07.5+02":         "2024-02-29 13:05:07.500000+02:00",
		"2024-02-29 13:05:07Z":             "2024-02-29 13:05:07+00:00",
		"1883-11-18 12:03:58-04:56:02":     "1883-11-18 12:03:58-04:56:02",
		"0044-03-15 12:00:00 BC":           "0044-03-15 12:00:00 BC",
		"infinity":                         "infinity",
		"-infinity":                        "-infinity",
		"294276-12-31 23:59:59.999999":     "294276-12-31 23:59:59.999999",
		"2024-02-29 13:05:07.123456000":    "2024-02-29 13:05:07.123456",
		"2024-01-01 00:00:00.000001+05:30": "2024-01-01 00:00:00.000001+05:30",
	} {
		dt, err := ParseDateTime(in)
		if err != nil || dt.String() != want {
			t.Errorf("%s: %s %v, want %s", in, dt, err, want)
		}
	}
	for _, bad := range []string{"", "x", "2023-02-29", "2024-13-01", "2024-01-01 25:00", "2024-01-01 10:61", "2024-01-01 10", "2024-01-01 10:00:00.", "2024-0x-01", "2024-01-01 1o:00:00", "2100-02-29", "2024-01-01 10:00:00.1234567", "24-01-01"} {
		if dt, err := ParseDateTime(bad); err == nil {
			t.Errorf("%q parsed as %s", bad, dt)
		}
	}
	if tm, err := ParseTime("24:00:00"); err != nil || tm.String() != "24:00:00" {
		t.Error(tm, err)
	}
}

func TestParseInterval(t *testing.T) {
	for in, want := range map[string]string{
		"2 days, 0:00:03":                  "2 days, 0:00:03",
		"-1 day, 23:59:59.999999":          "-1 day, 23:59:59.999999",
		"1 year 2 mons 3 days 04:05:06.7":  "428 days, 4:05:06.700000",
		"-1 days +02:03:04":                "-1 day, 2:03:04",
		"-04:05:06":                        "-1 day, 19:54:54",
		"1 day":                            "1 day, 0:00:00",
		"00:00:00":                         "0:00:00",
		"P1DT2H3.5S":                       "1 day, 2:00:03.500000",
		"PT-1S":                            "-1 day, 23:59:59",
		"178000000 years":                  "64970000000 days, 0:00:00",
		"-1 years -2 mons +3 days -04:05:": "",
		"five":                             "",
		"":                                 "",
	} {
		i, err := ParseInterval(in)
		if want == "" {
			if err == nil {
				t.Errorf("%q parsed as %s", in, i)
			}
		} else if err != nil || i.String() != want {
			t.Errorf("%s: %s %v, want %s", in, i, err, want)
		}
	}
}

func TestMomentArithmetic(t *testing.T) {
	dt, _ := ParseDateTime("2024-02-28 23:59:59.999999")
	if got := dt.Add(Interval{Microseconds: 1}).String(); got != "2024-02-29 00:00:00" {
		t.Error(got)
	}
	if got := dt.Add(NewInterval(0, 0, -1_000_000)).String(); got != "2024-02-28 23:59:58.999999" {
		t.Error(got)
	}
	early, _ := ParseDateTime("1969-12-31 23:00:00")
	if got := early.Add(Interval{Seconds: 7200}).String(); got != "1970-01-01 01:00:00" {
		t.Error(got)
	}
	if got := dt.Sub(early).String(); got != "19782 days, 0:59:59.999999" {
		t.Error(got)
	}
	d := Date{2024, 3, 1, 0}
	if got := d.Add(Interval{Days: -1}); got != (Date{2024, 2, 29, 0}) {
		t.Error(got)
	}
	if got := (Date{1900, 1, 1, 0}).Sub(Date{1899, 12, 31, 0}); got != (Interval{Days: 1}) {
		t.Error(got)
	}
	if got := d.Weekday(); got != 4 { // a Friday
		t.Error(got)
	}
	if got := (Date{1, 1, 1, 0}).Ordinal(); got != 1 {
		t.Error(got)
	}
	a, _ := ParseDateTime("2024-01-01 12:00:00+02:00")
	b, _ := ParseDateTime("2024-01-01 10:00:00Z")
	if !Equal(a, b) || HashKey(a) != HashKey(b) || a.Sub(b) != (Interval{}) {
		t.Error("one moment in two zones")
	}
	if got := IntervalToDateTime(NewInterval(1, 1, 0)).String(); got != "1970-01-02 00:00:01" {
		t.Error(got)
	}
	for _, i := range []Interval{{2, 3, 0}, NewInterval(0, -1, 5), {Days: -400}} {
		if got := DateTimeToInterval(IntervalToDateTime(i)); got != i {
			t.Errorf("%s came back as %s", i, got)
		}
	}
}

func TestEqualAndHashKeyAgree(t *testing.T) {
	values := []any{nil, true, false, int64(1), 1.0, MustDecimal("1.00"), uint64(1), 1.5, MustDecimal("1.50"), "1", []byte("1"), "n", int64(0), 0.0, MustDecimal("-0"),
		Date{2024, 1, 1, 0}, DateTime{Date: Date{2024, 1, 1, 0}}, Time{}, Interval{}, []any{int64(1)}, []any{1.0}, []any{}, []any{nil},
		NewObject("a", 1), NewObject("a", 1.0), Range{}, uuid.UUID{}, uint64(1 << 63), MustDecimal("9223372036854775808"), 1e300}
	for _, a := range values {
		for _, b := range values {
			if eq, same := Equal(a, b), HashKey(a) == HashKey(b); eq != same {
				t.Errorf("%T %s and %T %s: Equal %v, same key %v", a, Repr(a), b, Repr(b), eq, same)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"b": 1, "a": [true, null, {"c": {}}], "d": []}`: "",
		`"\u00e4\ud83d\ude00\n\"\\"`:                      "",
		`[9007199254740993, -9223372036854775808, 18446744073709551615, 123456789012345678901234567890]`: "",
		`{"x":1.0,"y":1.5e3}`: `{"x": 1, "y": 1500}`,
		`null`:                "",
		` "a" `:               `"a"`,
	} {
		if want == "" {
			want = in
		}
		v, err := DecodeJSON(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got, err := EncodeJSON(v); err != nil || got != want {
			t.Errorf("%s became %s %v, want %s", in, got, err, want)
		}
	}
	for _, c := range []struct {
		v    any
		want string
	}{{EmptyTable(), "[]"}, {NewObject(), "{}"}, {[]any{EmptyTable()}, "[[]]"}} {
		if got, err := EncodeJSON(c.v); got != c.want || err != nil {
			t.Errorf("%s %v, want %s", got, err, c.want)
		}
	}
	for _, bad := range []string{"", "{", "[1,]", "1 2", "nul", "{'a': 1}", "\"\xff\"", strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20)} {
		if v, err := DecodeJSON(bad); err == nil {
			t.Errorf("%.80q decoded as %.80s", bad, Repr(v))
		}
	}
	loop := []any{nil}
	loop[0] = loop
	for _, v := range []any{loop, MustDecimal("1.5"), DateTime{}, 1 / zero} {
		if s, err := EncodeJSON(v); err == nil {
			t.Errorf("encoded as %s", s)
		}
	}
}

var zero float64

func BenchmarkParseDateTime(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDateTime("2024-02-29 13:05:07.123456"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	t := &Numeric{Precision: 8, Scale: new(2)}
	b.ReportAllocs()
	for b.Loop() {
		t.Key()
	}
}

func TestFormatFloat(t *testing.T) {
	for f, want := range map[float64]string{
		1234567.89: "1234567.89", 1e15: "1000000000000000", 1e16: "1e+16", 123456789012345.5: "123456789012345.5", 0.0001: "0.0001", 0.00001: "1e-05",
		-2.5: "-2.5", 1.0 / 3: "0.3333333333333333", 1.5e300: "1.5e+300", 100: "100", math.Copysign(0, -1): "-0", math.Inf(-1): "-inf", math.Inf(1): "inf",
	} {
		if got := FormatFloat(f); got != want {
			t.Errorf("%b: %s, want %s", f, got, want)
		}
	}
}
