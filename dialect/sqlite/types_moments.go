package sqlite

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// SQLAlchemy's storage formats, in Python's % notation as storage_format takes it.
const (
	dateFormat            = "%(year)04d-%(month)02d-%(day)02d"
	timeFormatSeconds     = "%(hour)02d:%(minute)02d:%(second)02d"
	timeFormat            = timeFormatSeconds + ".%(microsecond)06d"
	dateTimeFormatSeconds = dateFormat + " " + timeFormatSeconds
	dateTimeFormat        = dateFormat + " " + timeFormat
)

// moments writes dates and times in one storage format and reads them back.
type moments struct {
	parts  []formatPart
	regexp *regexp.Regexp // nil: ISO 8601
	err    error          // a regexp or format that cannot be used
	what   string         // "Date", "Time" or "DateTime", for messages
}

// formatPart is text, then a field in a width; the last part has no field.
type formatPart struct {
	text, field string
	width       int
	zero        bool
}

var formatField = regexp.MustCompile(`%\((\w+)\)(0?)(\d*)d`)

// newMoments takes a storage format and a regexp, each "" for the default.
func newMoments(format, pattern, standard string) *moments {
	m := &moments{what: "DateTime"}
	switch standard {
	case dateFormat:
		m.what = "Date"
	case timeFormat, timeFormatSeconds:
		m.what = "Time"
	}
	if format == "" {
		format = standard
	}
	end := 0
	for _, at := range formatField.FindAllStringSubmatchIndex(format, -1) {
		width, _ := strconv.Atoi(format[at[6]:at[7]])
		m.parts = append(m.parts, formatPart{text: strings.ReplaceAll(format[end:at[0]], "%%", "%"), field: format[at[2]:at[3]], width: width, zero: at[4] != at[5]})
		end = at[1]
	}
	m.parts = append(m.parts, formatPart{text: strings.ReplaceAll(format[end:], "%%", "%")})
	if pattern != "" {
		if m.regexp, m.err = regexp.Compile(pattern); m.err != nil {
			m.err = exc.New(exc.ArgumentError, "regexp %s: %s", types.Quote(pattern), m.err.Error())
		}
	}
	return m
}

// write spells a moment. No offset from UTC is stored, as in SQLAlchemy.
func (m *moments) write(dt types.DateTime) string {
	b := make([]byte, 0, 32)
	for _, p := range m.parts {
		b = append(b, p.text...)
		var n int
		switch p.field {
		case "":
			continue
		case "year":
			n = dt.Year
		case "month":
			n = dt.Month
		case "day":
			n = dt.Day
		case "hour":
			n = dt.Hour
		case "minute":
			n = dt.Minute
		case "second":
			n = dt.Second
		case "microsecond":
			n = dt.Microsecond
		}
		digits := strconv.Itoa(n)
		pad := byte(' ')
		if p.zero {
			pad = '0'
		}
		for i := len(digits); i < p.width; i++ {
			b = append(b, pad)
		}
		b = append(b, digits...)
	}
	return string(b)
}

// refuse is SQLAlchemy's message for a value of another kind.
func (m *moments) refuse() error {
	kinds := map[string]string{"Date": "date", "Time": "time", "DateTime": "datetime and date"}[m.what]
	return exc.New(exc.TypeError, "SQLite %s type only accepts Python %s objects as input.", m.what, kinds)
}

// bind converts what as accepts into the stored text.
func (m *moments) bind(as func(any) (types.DateTime, bool)) types.Convert {
	return func(v any) (any, error) {
		dt, ok := as(v)
		switch {
		case m.err != nil:
			return nil, m.err
		case !ok:
			return nil, m.refuse()
		case m.what != "Date" && dt.Offset.Known && dt.Offset.Seconds != 0:
			return nil, types.OffsetLost("SQLite", v)
		case dt.Infinity != 0:
			return nil, exc.New(exc.ValueError, "SQLite cannot store %s", dt)
		case m.what != "Time" && (dt.Year < 1 || dt.Year > 9999):
			return nil, exc.New(exc.ValueError, "year %d is out of range", dt.Year)
		}
		return m.write(dt), nil
	}
}

func (m *moments) literal(as func(any) (types.DateTime, bool)) func(any) (string, error) {
	return quoted(m.bind(as))
}

// result reads stored text: through the column's regexp, else as ISO 8601.
func (m *moments) result(iso types.Convert, pick func(types.DateTime) any) types.Convert {
	if m.regexp == nil {
		return iso
	}
	return func(v any) (any, error) {
		if t, ok := v.(time.Time); ok {
			v = m.write(types.DateTimeOf(t))
		}
		if m.err != nil {
			return nil, m.err
		}
		text, ok := v.(string)
		if !ok {
			text = fmt.Sprint(v) // a format of digits comes back as a number
		}
		found := m.regexp.FindStringSubmatch(text)
		if found == nil {
			return nil, exc.New(exc.ValueError, "Couldn't parse %s string %s - value is not a string.", strings.ToLower(m.what), types.Quote(text))
		}
		dt, err := m.fields(found)
		if err != nil {
			return nil, err
		}
		return pick(dt), nil
	}
}

// fields builds a moment of a regexp's groups: by their names, or in the order
// of the fields of the constructor.
func (m *moments) fields(found []string) (types.DateTime, error) {
	order := []string{"year", "month", "day", "hour", "minute", "second", "microsecond"}
	if m.what == "Time" {
		order = order[3:]
	}
	value := map[string]int{"year": 1, "month": 1, "day": 1}
	next := 0
	for i, name := range m.regexp.SubexpNames()[1:] {
		if name == "" {
			if next >= len(order) {
				continue
			}
			name, next = order[next], next+1
		}
		if found[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(found[i+1])
		if err != nil {
			return types.DateTime{}, exc.New(exc.ValueError, "%s is not a number", types.Quote(found[i+1]))
		}
		value[name] = n
	}
	return types.NewDateTime(value["year"], value["month"], value["day"], value["hour"], value["minute"], value["second"], value["microsecond"])
}

// asDate accepts a date, a datetime (its day) and the ISO text of either.
func asDate(v any) (types.DateTime, bool) {
	switch v := v.(type) {
	case types.Date:
		return types.DateTime{Date: v}, true
	case types.DateTime:
		return v, true
	case string:
		dt, err := types.ParseDateTime(v)
		return dt, err == nil
	}
	return types.DateTime{}, false
}

// asDateTime accepts a datetime, a date (its midnight) and the ISO text of either.
func asDateTime(v any) (types.DateTime, bool) { return asDate(v) }

// asTime accepts a time and its ISO text.
func asTime(v any) (types.DateTime, bool) {
	switch v := v.(type) {
	case types.Time:
		return types.DateTime{Time: v}, true
	case string:
		t, err := types.ParseTime(v)
		return types.DateTime{Time: t}, err == nil
	}
	return types.DateTime{}, false
}
