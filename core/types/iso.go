package types

import (
	"regexp"
	"strconv"
	"strings"

	"alchemysh/core/exc"
)

const (
	datePattern = `(\d{4,7})-(\d{1,2})-(\d{1,2})`
	timePattern = `(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?`
)

var (
	dateISO     = regexp.MustCompile(`^` + datePattern + `( BC)?$`)
	timeISO     = regexp.MustCompile(`^` + timePattern + `$`)
	dateTimeISO = regexp.MustCompile(`^` + datePattern + `(?:[T ]+` + timePattern + `)?( BC)?$`)
)

// ParseDate reads YYYY-MM-DD, and PostgreSQL's BC and infinity.
func ParseDate(s string) (Date, error) {
	if d, ok := infinite(s); ok {
		return d, nil
	}
	if dt, ok := plainDateTime(s); ok && len(s) == 10 {
		return dt.Date, nil
	}
	m := dateISO.FindStringSubmatch(s)
	if m == nil {
		return Date{}, notISO("date", s)
	}
	return dateOf(m[1:4], m[4] != "")
}

// ParseTime reads HH:MM[:SS[.ffffff]] with an optional offset.
func ParseTime(s string) (Time, error) {
	m := timeISO.FindStringSubmatch(s)
	if m == nil {
		return Time{}, notISO("time", s)
	}
	return timeOf(m[1:], s)
}

// ParseDateTime reads an ISO 8601 moment, with T or a blank, or only a day.
func ParseDateTime(s string) (DateTime, error) {
	if dt, ok := plainDateTime(s); ok {
		return dt, nil
	}
	if d, ok := infinite(s); ok {
		return DateTime{Date: d}, nil
	}
	m := dateTimeISO.FindStringSubmatch(s)
	if m == nil {
		return DateTime{}, notISO("datetime", s)
	}
	d, err := dateOf(m[1:4], m[9] != "")
	if err != nil || m[4] == "" {
		return DateTime{Date: d}, err
	}
	t, err := timeOf(m[4:], s)
	return DateTime{d, t}, err
}

// plainDateTime reads the spellings that databases print, without the cost of
// a regexp: YYYY-MM-DD, and a blank or T and HH:MM:SS and up to six digits of a
// fraction after it. It reports false for all others, right or wrong.
func plainDateTime(s string) (DateTime, bool) {
	ok := true
	number := func(from, to int) (n int) {
		for i := from; i < to; i++ {
			c := s[i] - '0'
			ok = ok && c <= 9
			n = n*10 + int(c)
		}
		return n
	}
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return DateTime{}, false
	}
	d, err := NewDate(number(0, 4), number(5, 7), number(8, 10))
	if len(s) == 10 {
		return DateTime{Date: d}, ok && err == nil
	}
	if len(s) < 19 || len(s) > 26 || len(s) == 20 || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' || len(s) > 19 && s[19] != '.' || err != nil {
		return DateTime{}, false
	}
	us := 0
	if len(s) > 20 {
		us = number(20, len(s))
		for range 26 - len(s) {
			us *= 10
		}
	}
	t, err := NewTime(number(11, 13), number(14, 16), number(17, 19), us)
	return DateTime{d, t}, ok && err == nil
}

func notISO(what, s string) error {
	return exc.New(exc.ValueError, "Invalid isoformat string: %s is not a %s", Quote(s), what)
}

func infinite(s string) (Date, bool) {
	switch strings.ToLower(s) {
	case "infinity":
		return Date{Infinity: 1}, true
	case "-infinity":
		return Date{Infinity: -1}, true
	}
	return Date{}, false
}

func dateOf(m []string, bc bool) (Date, error) {
	y, _ := strconv.Atoi(m[0])
	mo, _ := strconv.Atoi(m[1])
	d, _ := strconv.Atoi(m[2])
	if bc {
		y = 1 - y
	}
	return NewDate(y, mo, d)
}

// timeOf takes hour, minute, second, fraction, offset.
func timeOf(m []string, s string) (Time, error) {
	h, _ := strconv.Atoi(m[0])
	mi, _ := strconv.Atoi(m[1])
	sec, _ := strconv.Atoi(m[2])
	frac := strings.TrimRight(m[3], "0")
	if len(frac) > 6 {
		return Time{}, exc.New(exc.ValueError, "%s has more than microseconds", Quote(s))
	}
	var t Time
	var err error
	if h == 24 && mi == 0 && sec == 0 && frac == "" {
		t = Time{Hour: 24} // PostgreSQL's end of day
	} else if t, err = NewTime(h, mi, sec, int(micros(frac))); err != nil {
		return t, err
	}
	t.Offset, err = parseOffset(m[4])
	return t, err
}

func parseOffset(s string) (Offset, error) {
	if s == "" {
		return Offset{}, nil
	}
	if s == "Z" {
		return UTC, nil
	}
	digits := strings.ReplaceAll(s[1:], ":", "")
	n := func(i int) int {
		if len(digits) < i+2 {
			return 0
		}
		v, _ := strconv.Atoi(digits[i : i+2])
		return v
	}
	seconds := n(0)*3600 + n(2)*60 + n(4)
	if seconds >= secondsPerDay {
		return Offset{}, exc.New(exc.ValueError, "offset %s is a day or more", s)
	}
	if s[0] == '-' {
		seconds = -seconds
	}
	return Offset{Known: true, Seconds: seconds}, nil
}

// ParseOffset reads 'UTC', 'Z' or +01:00.
func ParseOffset(s string) (Offset, error) {
	if strings.EqualFold(s, "utc") || strings.EqualFold(s, "z") {
		return UTC, nil
	}
	if !offsetISO.MatchString(s) {
		return Offset{}, notISO("UTC offset", s)
	}
	return parseOffset(s)
}

var offsetISO = regexp.MustCompile(`^[+-]\d{2}(:?\d{2}(:?\d{2})?)?$`)
