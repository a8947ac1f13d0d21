package types

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// DateTime is a day and a time of day: naive, or with its offset from UTC.
type DateTime struct {
	Date
	Time
}

// NewDateTime returns the naive moment, or Python's ValueError.
func NewDateTime(year, month, day, hour, minute, second, microsecond int) (DateTime, error) {
	d, err := NewDate(year, month, day)
	if err != nil {
		return DateTime{}, err
	}
	t, err := NewTime(hour, minute, second, microsecond)
	return DateTime{d, t}, err
}

// DateTimeOf is t on the clock of its own location, without the offset.
func DateTimeOf(t time.Time) DateTime {
	return DateTime{
		Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()},
		Time{Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(), Microsecond: t.Nanosecond() / 1000},
	}
}

// DateTimeWithOffset is t with the offset of its location.
func DateTimeWithOffset(t time.Time) DateTime {
	dt := DateTimeOf(t)
	_, seconds := t.Zone()
	dt.Offset = Offset{Known: true, Seconds: seconds}
	return dt
}

// Now is the current naive local moment.
func Now() DateTime { return DateTimeOf(time.Now()) }

// GoTime is the moment as a time.Time; a naive one is taken to be in loc.
func (dt DateTime) GoTime(loc *time.Location) time.Time {
	if dt.Offset.Known {
		loc = time.FixedZone("", dt.Offset.Seconds)
	}
	return time.Date(dt.Year, time.Month(dt.Month), dt.Day, dt.Hour, dt.Minute, dt.Second, dt.Microsecond*1000, loc)
}

// Add moves the moment by the interval, keeping the offset.
func (dt DateTime) Add(i Interval) DateTime {
	if dt.Infinity != 0 {
		return dt
	}
	us := int64(dt.Microsecond) + i.Microseconds
	s := dt.seconds() + i.Seconds + us/1_000_000
	days := dt.unixDays() + i.Days
	if us %= 1_000_000; us < 0 {
		us, s = us+1_000_000, s-1
	}
	days += s / secondsPerDay
	if s %= secondsPerDay; s < 0 {
		s, days = s+secondsPerDay, days-1
	}
	return DateTime{
		dateOfUnixDays(days),
		Time{Hour: int(s / 3600), Minute: int(s / 60 % 60), Second: int(s % 60), Microsecond: int(us), Offset: dt.Offset},
	}
}

// Sub is the interval from e to dt, in UTC where both know their offset.
func (dt DateTime) Sub(e DateTime) Interval {
	s := dt.seconds() - e.seconds()
	if dt.Offset.Known && e.Offset.Known {
		s -= int64(dt.Offset.Seconds - e.Offset.Seconds)
	}
	return NewInterval(dt.unixDays()-e.unixDays(), s, int64(dt.Microsecond-e.Microsecond))
}

// In is the same moment on the clock of another offset; a naive moment only
// gets the offset.
func (dt DateTime) In(o Offset) DateTime {
	if dt.Infinity != 0 || !dt.Offset.Known || !o.Known {
		dt.Offset = o
		return dt
	}
	moved := dt.Add(Interval{Seconds: int64(o.Seconds - dt.Offset.Seconds)})
	moved.Offset = o
	return moved
}

// Compare orders by the moment in UTC where both know their offset.
func (dt DateTime) Compare(e DateTime) int {
	if dt.Infinity != 0 || e.Infinity != 0 {
		return cmp.Compare(dt.Infinity, e.Infinity)
	}
	if dt.Offset.Known && e.Offset.Known && dt.Offset != e.Offset {
		e = e.In(dt.Offset)
	}
	return cmp.Or(dt.Date.Compare(e.Date), cmp.Compare(dt.seconds(), e.seconds()), cmp.Compare(dt.Microsecond, e.Microsecond))
}

// ISO is Python's isoformat(sep) with the separator between day and time.
func (dt DateTime) iso(sep string) string {
	if dt.Infinity != 0 {
		return dt.Date.ISO()
	}
	date, bc := strings.CutSuffix(dt.Date.ISO(), " BC")
	text := date + sep + dt.Time.ISO()
	if bc {
		text += " BC"
	}
	return text
}

// ISO is 2024-01-02T03:04:05, Python's isoformat().
func (dt DateTime) ISO() string { return dt.iso("T") }

// String is Python's str(datetime): a blank between day and time.
func (dt DateTime) String() string { return dt.iso(" ") }

// Repr is datetime(2024, 1, 2, 3, 4, 5).
func (dt DateTime) Repr() string {
	if dt.Infinity != 0 {
		return "datetime('" + dt.Date.ISO() + "')"
	}
	return fmt.Sprintf("datetime(%d, %d, %d, %s)", dt.Year, dt.Month, dt.Day, strings.Join(dt.args(), ", "))
}
