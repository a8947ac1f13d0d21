package types

import (
	"cmp"
	"fmt"
	"strings"

	"alchemysh/core/exc"
)

// Offset is the distance from UTC in seconds east, or unknown: a naive time.
type Offset struct {
	Known   bool
	Seconds int
}

// UTC is the offset 0.
var UTC = Offset{Known: true}

// OffsetLost refuses a moment with an offset from UTC where a database keeps
// none: without it the text would be that of another moment. The offset 0 may
// go: what is stored is UTC.
func OffsetLost(database string, v any) error {
	return exc.New(exc.ValueError, "%s keeps no offset from UTC, and without it %s would be another moment; store value:astimezone(timezone.utc)", database, Repr(v))
}

// String is "" when unknown, else +01:00, with seconds where there are some.
func (o Offset) String() string {
	if !o.Known {
		return ""
	}
	sign, s := '+', o.Seconds
	if s < 0 {
		sign, s = '-', -s
	}
	text := fmt.Sprintf("%c%02d:%02d", sign, s/3600, s/60%60)
	if s%60 != 0 {
		text += fmt.Sprintf(":%02d", s%60)
	}
	return text
}

// Time is a time of day, to the microsecond. Hour 24 stands only in 24:00:00,
// PostgreSQL's end of day. Times compare with ==.
type Time struct {
	Hour, Minute, Second, Microsecond int
	Offset                            Offset
}

// NewTime returns the time of day, or Python's ValueError.
func NewTime(hour, minute, second, microsecond int) (Time, error) {
	switch {
	case hour < 0 || hour > 23:
		return Time{}, exc.New(exc.ValueError, "hour must be in 0..23")
	case minute < 0 || minute > 59:
		return Time{}, exc.New(exc.ValueError, "minute must be in 0..59")
	case second < 0 || second > 59:
		return Time{}, exc.New(exc.ValueError, "second must be in 0..59")
	case microsecond < 0 || microsecond > 999999:
		return Time{}, exc.New(exc.ValueError, "microsecond must be in 0..999999")
	}
	return Time{Hour: hour, Minute: minute, Second: second, Microsecond: microsecond}, nil
}

// seconds since midnight, local.
func (t Time) seconds() int64 { return int64(t.Hour*3600 + t.Minute*60 + t.Second) }

// Compare orders by the moment in UTC where both know their offset.
func (t Time) Compare(u Time) int {
	a, b := t.seconds(), u.seconds()
	if t.Offset.Known && u.Offset.Known {
		a, b = a-int64(t.Offset.Seconds), b-int64(u.Offset.Seconds)
	}
	return cmp.Or(cmp.Compare(a, b), cmp.Compare(t.Microsecond, u.Microsecond))
}

// ISO is HH:MM:SS, the microseconds where there are some, and the offset.
func (t Time) ISO() string {
	return t.clock() + t.Offset.String()
}

func (t Time) clock() string {
	text := fmt.Sprintf("%02d:%02d:%02d", t.Hour, t.Minute, t.Second)
	if t.Microsecond != 0 {
		text += fmt.Sprintf(".%06d", t.Microsecond)
	}
	return text
}

// String is Python's str(time).
func (t Time) String() string { return t.ISO() }

// Repr is time(3, 4): seconds and microseconds where they are not 0.
func (t Time) Repr() string {
	return "time(" + strings.Join(t.args(), ", ") + ")"
}

// args are the arguments of the constructor that makes t.
func (t Time) args() []string {
	a := []string{fmt.Sprint(t.Hour), fmt.Sprint(t.Minute)}
	if t.Second != 0 || t.Microsecond != 0 {
		a = append(a, fmt.Sprint(t.Second))
	}
	if t.Microsecond != 0 {
		a = append(a, fmt.Sprint(t.Microsecond))
	}
	if t.Offset.Known {
		a = append(a, "tzinfo="+t.Offset.Repr())
	}
	return a
}

// Repr is timezone.utc, or timezone(interval{seconds = 7200}), as Python's.
func (o Offset) Repr() string {
	switch {
	case !o.Known:
		return "nil"
	case o.Seconds == 0:
		return "timezone.utc"
	}
	return "timezone(" + NewInterval(0, int64(o.Seconds), 0).Repr() + ")"
}
