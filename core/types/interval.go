package types

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"alchemysh/core/exc"
)

// Interval is a length of time, normalised as Python's timedelta: only Days
// may be negative, Seconds is below a day, Microseconds below a second.
// Intervals compare with ==.
type Interval struct {
	Days, Seconds, Microseconds int64
}

// NewInterval normalises any mixture of the three.
func NewInterval(days, seconds, microseconds int64) Interval {
	carry := func(low, unit int64) (up, rest int64) {
		up, rest = low/unit, low%unit
		if rest < 0 {
			up, rest = up-1, rest+unit
		}
		return up, rest
	}
	up, us := carry(microseconds, 1_000_000)
	more, s := carry(seconds+up, secondsPerDay)
	return Interval{days + more, s, us}
}

// Add returns i + j.
func (i Interval) Add(j Interval) Interval {
	return NewInterval(i.Days+j.Days, i.Seconds+j.Seconds, i.Microseconds+j.Microseconds)
}

// Sub returns i - j.
func (i Interval) Sub(j Interval) Interval { return i.Add(j.Neg()) }

// Neg returns -i.
func (i Interval) Neg() Interval { return NewInterval(-i.Days, -i.Seconds, -i.Microseconds) }

// Mul returns i * n.
func (i Interval) Mul(n int64) Interval {
	return NewInterval(i.Days*n, i.Seconds*n, i.Microseconds*n)
}

// Compare orders by length.
func (i Interval) Compare(j Interval) int {
	return cmp.Or(cmp.Compare(i.Days, j.Days), cmp.Compare(i.Seconds, j.Seconds), cmp.Compare(i.Microseconds, j.Microseconds))
}

// TotalSeconds is Python's total_seconds().
func (i Interval) TotalSeconds() float64 {
	return float64(i.Days*secondsPerDay+i.Seconds) + float64(i.Microseconds)/1e6
}

// String is Python's str(timedelta): '2 days, 0:00:03'.
func (i Interval) String() string {
	text := fmt.Sprintf("%d:%02d:%02d", i.Seconds/3600, i.Seconds/60%60, i.Seconds%60)
	if i.Microseconds != 0 {
		text += fmt.Sprintf(".%06d", i.Microseconds)
	}
	switch i.Days {
	case 0:
		return text
	case 1, -1:
		return fmt.Sprintf("%d day, %s", i.Days, text)
	}
	return fmt.Sprintf("%d days, %s", i.Days, text)
}

// Repr is interval{days = 2, seconds = 3}, the fields that are not 0.
func (i Interval) Repr() string {
	var parts []string
	for _, p := range []struct {
		name string
		n    int64
	}{{"days", i.Days}, {"seconds", i.Seconds}, {"microseconds", i.Microseconds}} {
		if p.n != 0 {
			parts = append(parts, fmt.Sprintf("%s = %d", p.name, p.n))
		}
	}
	return "interval{" + strings.Join(parts, ", ") + "}"
}

var (
	intervalUnit  = regexp.MustCompile(`([+-]?\d+)\s*(years?|mons?|months?|weeks?|days?)\b,?`)
	intervalClock = regexp.MustCompile(`^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?$`)
	intervalISO   = regexp.MustCompile(`^([+-]?)P(?:([+-]?\d+)Y)?(?:([+-]?\d+)M)?(?:([+-]?\d+)W)?(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?)(\d+)(?:\.(\d{1,6}))?S)?)?$`)
)

// ParseInterval reads what Python's str(timedelta) and PostgreSQL print, and
// ISO 8601 durations. A month counts 30 days and a year 365, as psycopg2 has it.
func ParseInterval(s string) (Interval, error) {
	text := strings.TrimSpace(s)
	if m := intervalISO.FindStringSubmatch(text); m != nil && len(text) > 1 {
		n := func(i int) int64 { v, _ := strconv.ParseInt(m[i], 10, 64); return v }
		seconds, us := n(9), micros(m[10])
		if m[8] == "-" {
			seconds, us = -seconds, -us
		}
		i := NewInterval(n(2)*365+n(3)*30+n(4)*7+n(5), n(6)*3600+n(7)*60+seconds, us)
		if m[1] == "-" {
			i = i.Neg()
		}
		return i, nil
	}
	var days int64
	rest := intervalUnit.ReplaceAllStringFunc(text, func(part string) string {
		m := intervalUnit.FindStringSubmatch(part)
		n, _ := strconv.ParseInt(m[1], 10, 64)
		switch m[2][0] {
		case 'y':
			n *= 365
		case 'm':
			n *= 30
		case 'w':
			n *= 7
		}
		days += n
		return ""
	})
	rest = strings.TrimSpace(rest)
	if rest == "" && text != "" {
		return NewInterval(days, 0, 0), nil
	}
	m := intervalClock.FindStringSubmatch(rest)
	if m == nil {
		return Interval{}, exc.New(exc.ValueError, "not an interval: %s", Quote(s))
	}
	n := func(i int) int64 { v, _ := strconv.ParseInt(m[i], 10, 64); return v }
	seconds, us := n(2)*3600+n(3)*60+n(4), micros(m[5])
	if m[1] == "-" {
		seconds, us = -seconds, -us
	}
	return NewInterval(days, seconds, us), nil
}

// micros reads the digits after the point as microseconds.
func micros(digits string) int64 {
	n, _ := strconv.ParseInt((digits + "000000")[:6], 10, 64)
	return n
}
