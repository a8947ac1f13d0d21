package types

import (
	"cmp"
	"fmt"
	"time"

	"alchemysh/core/exc"
)

// Date is a day of the proleptic Gregorian calendar. Years before 1 are
// astronomical: 0 is 1 BC. Infinity is -1 or 1 for PostgreSQL's infinite dates,
// whose other fields are then 0. Dates compare with ==.
type Date struct {
	Year, Month, Day int
	Infinity         int
}

// NewDate returns the day, or Python's ValueError for one that does not exist.
func NewDate(year, month, day int) (Date, error) {
	if month < 1 || month > 12 {
		return Date{}, exc.New(exc.ValueError, "month must be in 1..12")
	}
	if day < 1 || day > daysIn(year, month) {
		return Date{}, exc.New(exc.ValueError, "day is out of range for month")
	}
	return Date{Year: year, Month: month, Day: day}, nil
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// Today is the current day in the local time zone.
func Today() Date { return DateTimeOf(time.Now()).Date }

const secondsPerDay = 24 * 60 * 60

// unixDays counts the days since 1970-01-01.
func (d Date) unixDays() int64 {
	t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Unix()
	if t < 0 {
		return -((-t + secondsPerDay - 1) / secondsPerDay)
	}
	return t / secondsPerDay
}

func dateOfUnixDays(n int64) Date {
	t := time.Unix(n*secondsPerDay, 0).UTC()
	return Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

// Add moves the date by the interval's whole days, as Python does.
func (d Date) Add(i Interval) Date {
	if d.Infinity != 0 {
		return d
	}
	return dateOfUnixDays(d.unixDays() + i.Days)
}

// Sub is the interval from e to d.
func (d Date) Sub(e Date) Interval { return Interval{Days: d.unixDays() - e.unixDays()} }

// Weekday counts from Monday = 0, as Python's date.weekday.
func (d Date) Weekday() int { return int(((d.unixDays()+3)%7 + 7) % 7) }

// Ordinal is Python's toordinal: 1 for 0001-01-01.
func (d Date) Ordinal() int64 { return d.unixDays() + 719163 }

// Compare orders by time; the infinities are before and after everything.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Infinity, e.Infinity), cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// ISO is YYYY-MM-DD, with PostgreSQL's " BC" before year 1.
func (d Date) ISO() string {
	switch {
	case d.Infinity > 0:
		return "infinity"
	case d.Infinity < 0:
		return "-infinity"
	case d.Year <= 0:
		return fmt.Sprintf("%04d-%02d-%02d BC", 1-d.Year, d.Month, d.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// String is Python's str(date).
func (d Date) String() string { return d.ISO() }

// Repr is date(2024, 1, 2).
func (d Date) Repr() string {
	if d.Infinity != 0 {
		return "date('" + d.ISO() + "')"
	}
	return fmt.Sprintf("date(%d, %d, %d)", d.Year, d.Month, d.Day)
}
