package valuelib

import (
	"fmt"
	"math"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"alchemysh/core/exc"
	"alchemysh/core/types"
	"alchemysh/luabind/bind"
)

// Offset is the class of time zones, as far as a fixed offset goes.
var Offset = bind.Define[types.Offset]("timezone", "A fixed offset from UTC.").
	With(func(c *bind.Class) {
		c.Value = true
		c.Repr = func(_ *bind.Call, self any) (string, error) { return offsetText(self.(types.Offset)), nil }
		c.Operate = func(c *bind.Call, op string, a, b lua.LValue) (any, error) {
			x, okx := bind.Unwrap[types.Offset](a)
			y, oky := bind.Unwrap[types.Offset](b)
			if !okx || !oky || op != "==" && op != "~=" {
				return nil, bind.ErrDeclined
			}
			return (x == y) == (op == "=="), nil
		}
	})

func offsetText(o types.Offset) string {
	if o.Seconds == 0 {
		return "UTC"
	}
	return "UTC" + o.String()
}

var timezone = func() *bind.Namespace {
	n := bind.NewNamespace("timezone", "Time zones: timezone.utc, timezone.offset(interval).",
		bind.Func("offset(offset)", "A fixed offset from UTC.", "timezone.offset(interval{hours = 2})", func(a *bind.Args) (any, error) {
			return types.Offset{Known: true, Seconds: int(bind.Get[types.Interval](a, "offset").TotalSeconds())}, nil
		}))
	n.Set("utc", types.UTC)
	return n
}()

// zone reads an argument that is a time zone: timezone.utc, "UTC", "+02:00".
func zone(a *bind.Args, name string) types.Offset {
	switch v := a.Any(name).(type) {
	case nil:
		return types.Offset{}
	case types.Offset:
		return v
	case string:
		if strings.EqualFold(v, "utc") || v == "Z" {
			return types.UTC
		}
		if t, err := types.ParseTime("00:00:00" + v); err == nil && t.Offset.Known {
			return t.Offset
		}
	}
	bind.Fail(exc.ValueError, "%s(): not a time zone: %s", a.Name(), a.Repr(a.L, a.Lua(name)))
	return types.Offset{}
}

// orNil is the zone of a moment as an attribute.
func orNil(o types.Offset) any {
	if !o.Known {
		return nil
	}
	return o
}

// Date is the class of calendar days.
var Date = bind.Define[types.Date]("date", "A day of the calendar.").
	Constructor("date(year, month=nil, day=nil)", "Make a date, also of an ISO 8601 string.", "date(2024, 1, 2)", func(a *bind.Args) (any, error) {
		if s, ok := a.Any("year").(string); ok {
			return isoDate(s)
		}
		return types.NewDate(a.Int("year"), a.Int("month"), a.Int("day"))
	}).
	Static("today()", "The current day.", "date.today()", func(a *bind.Args) (any, error) { return types.Today(), nil }).
	Static("fromisoformat(text)", "Read an ISO 8601 date.", `date.fromisoformat("2024-01-02")`, func(a *bind.Args) (any, error) { return isoDate(a.String("text")) }).
	Property("year", "The year.", func(d types.Date) any { return d.Year }).
	Property("month", "The month, from 1.", func(d types.Date) any { return d.Month }).
	Property("day", "The day of the month.", func(d types.Date) any { return d.Day }).
	Method("isoformat()", "As ISO 8601 text.", "d:isoformat()", func(d types.Date, a *bind.Args) (any, error) { return d.ISO(), nil }).
	Method("weekday()", "The day of the week, Monday is 0.", "d:weekday()", func(d types.Date, a *bind.Args) (any, error) { return d.Weekday(), nil }).
	Method("isoweekday()", "The day of the week, Monday is 1.", "d:isoweekday()", func(d types.Date, a *bind.Args) (any, error) { return d.Weekday() + 1, nil }).
	Method("toordinal()", "Days since the year 1.", "d:toordinal()", func(d types.Date, a *bind.Args) (any, error) { return d.Ordinal(), nil }).
	Method("strftime(format)", "As text by a format of strftime.", `d:strftime("%d.%m.%Y")`, func(d types.Date, a *bind.Args) (any, error) {
		return strftime(types.DateTime{Date: d}, a.String("format"))
	}).
	Method("replace(year=nil, month=nil, day=nil)", "Another date with some fields changed.", "d:replace{day = 1}", func(d types.Date, a *bind.Args) (any, error) {
		return types.NewDate(or(a, "year", d.Year), or(a, "month", d.Month), or(a, "day", d.Day))
	}).
	With(func(c *bind.Class) { c.Value = true; c.Operate = operateMoment })

// or is an integer argument, or what stands when it was not given.
func or(a *bind.Args, name string, otherwise int) int {
	if a.Has(name) {
		return a.Int(name)
	}
	return otherwise
}

func isoDate(s string) (types.Date, error) {
	dt, err := types.ParseDateTime(s)
	if err != nil {
		return types.Date{}, exc.New(exc.ValueError, "Invalid isoformat string: %s", types.Quote(s))
	}
	return dt.Date, nil
}

// Time is the class of times of day.
var Time = bind.Define[types.Time]("time", "A time of day.").
	Constructor("time(hour=0, minute=0, second=0, microsecond=0, tzinfo=nil)", "Make a time, also of an ISO 8601 string.", "time(13, 30)", func(a *bind.Args) (any, error) {
		if s, ok := a.Any("hour").(string); ok {
			return types.ParseTime(s)
		}
		t, err := types.NewTime(a.Int("hour"), a.Int("minute"), a.Int("second"), a.Int("microsecond"))
		t.Offset = zone(a, "tzinfo")
		return t, err
	}).
	Static("fromisoformat(text)", "Read an ISO 8601 time.", `time.fromisoformat("13:30:00")`, func(a *bind.Args) (any, error) { return types.ParseTime(a.String("text")) }).
	Static("time()", "Seconds since 1970, as Python's time.time().", "time.time()", func(a *bind.Args) (any, error) {
		return float64(time.Now().UnixNano()) / 1e9, nil
	}).
	Property("hour", "The hour.", func(t types.Time) any { return t.Hour }).
	Property("minute", "The minute.", func(t types.Time) any { return t.Minute }).
	Property("second", "The second.", func(t types.Time) any { return t.Second }).
	Property("microsecond", "The microsecond.", func(t types.Time) any { return t.Microsecond }).
	Property("tzinfo", "The offset from UTC, if known.", func(t types.Time) any { return orNil(t.Offset) }).
	Method("isoformat()", "As ISO 8601 text.", "t:isoformat()", func(t types.Time, a *bind.Args) (any, error) { return t.ISO(), nil }).
	Method("strftime(format)", "As text by a format of strftime.", `t:strftime("%H:%M")`, func(t types.Time, a *bind.Args) (any, error) {
		return strftime(types.DateTime{Date: types.Date{Year: 1900, Month: 1, Day: 1}, Time: t}, a.String("format"))
	}).
	Method("replace(hour=nil, minute=nil, second=nil, microsecond=nil, tzinfo=nil)", "Another time with some fields changed.", "t:replace{minute = 0}", func(t types.Time, a *bind.Args) (any, error) {
		n, err := types.NewTime(or(a, "hour", t.Hour), or(a, "minute", t.Minute), or(a, "second", t.Second), or(a, "microsecond", t.Microsecond))
		n.Offset = t.Offset
		if a.Given("tzinfo") {
			n.Offset = zone(a, "tzinfo")
		}
		return n, err
	}).
	With(func(c *bind.Class) { c.Value = true; c.Operate = operateMoment })

// DateTime is the class of moments.
var DateTime = bind.Define[types.DateTime]("datetime", "A moment: a date and a time of day, with or without an offset from UTC.").
	Constructor("datetime(year, month=nil, day=nil, hour=0, minute=0, second=0, microsecond=0, tzinfo=nil)", "Make a moment, also of an ISO 8601 string.", "datetime(2024, 1, 2, 13, 30)", func(a *bind.Args) (any, error) {
		if s, ok := a.Any("year").(string); ok {
			return isoMoment(s)
		}
		dt, err := types.NewDateTime(a.Int("year"), a.Int("month"), a.Int("day"), a.Int("hour"), a.Int("minute"), a.Int("second"), a.Int("microsecond"))
		dt.Offset = zone(a, "tzinfo")
		return dt, err
	}).
	Static("now(tz=nil)", "The current moment.", "datetime.now()", func(a *bind.Args) (any, error) {
		if o := zone(a, "tz"); o.Known {
			return types.DateTimeWithOffset(time.Now().UTC()).In(o), nil
		}
		return types.Now(), nil
	}).
	Static("today()", "The current moment.", "datetime.today()", func(a *bind.Args) (any, error) { return types.Now(), nil }).
	Static("utcnow()", "The current moment in UTC, without an offset.", "datetime.utcnow()", func(a *bind.Args) (any, error) {
		return types.DateTimeOf(time.Now().UTC()), nil
	}).
	Static("fromisoformat(text)", "Read an ISO 8601 moment.", `datetime.fromisoformat("2024-01-02T13:30:00")`, func(a *bind.Args) (any, error) {
		return isoMoment(a.String("text"))
	}).
	Static("fromtimestamp(timestamp, tz=nil)", "The moment of seconds since 1970.", "datetime.fromtimestamp(0)", func(a *bind.Args) (any, error) {
		at := time.UnixMicro(int64(a.Float("timestamp") * 1e6))
		if o := zone(a, "tz"); o.Known {
			return types.DateTimeWithOffset(at.UTC()).In(o), nil
		}
		return types.DateTimeOf(at), nil
	}).
	Static("combine(date, time)", "The moment of a date and a time.", "datetime.combine(d, t)", func(a *bind.Args) (any, error) {
		return types.DateTime{Date: bind.Get[types.Date](a, "date"), Time: bind.Get[types.Time](a, "time")}, nil
	}).
	Property("year", "The year.", func(d types.DateTime) any { return d.Year }).
	Property("month", "The month, from 1.", func(d types.DateTime) any { return d.Month }).
	Property("day", "The day of the month.", func(d types.DateTime) any { return d.Day }).
	Property("hour", "The hour.", func(t types.DateTime) any { return t.Hour }).
	Property("minute", "The minute.", func(t types.DateTime) any { return t.Minute }).
	Property("second", "The second.", func(t types.DateTime) any { return t.Second }).
	Property("microsecond", "The microsecond.", func(t types.DateTime) any { return t.Microsecond }).
	Property("tzinfo", "The offset from UTC, if known.", func(t types.DateTime) any { return orNil(t.Offset) }).
	Method(`isoformat(sep="T")`, "As ISO 8601 text.", "dt:isoformat()", func(t types.DateTime, a *bind.Args) (any, error) {
		return strings.Replace(t.ISO(), "T", a.String("sep"), 1), nil
	}).
	Method("date()", "Its day.", "dt:date()", func(t types.DateTime, a *bind.Args) (any, error) { return t.Date, nil }).
	Method("time()", "Its time of day.", "dt:time()", func(t types.DateTime, a *bind.Args) (any, error) {
		t.Time.Offset = types.Offset{}
		return t.Time, nil
	}).
	Method("weekday()", "The day of the week, Monday is 0.", "dt:weekday()", func(t types.DateTime, a *bind.Args) (any, error) { return t.Weekday(), nil }).
	Method("isoweekday()", "The day of the week, Monday is 1.", "dt:isoweekday()", func(t types.DateTime, a *bind.Args) (any, error) { return t.Weekday() + 1, nil }).
	Method("timestamp()", "Seconds since 1970.", "dt:timestamp()", func(t types.DateTime, a *bind.Args) (any, error) {
		return float64(t.GoTime(time.Local).UnixMicro()) / 1e6, nil
	}).
	Method("astimezone(tz)", "The same moment at another offset.", "dt:astimezone(timezone.utc)", func(t types.DateTime, a *bind.Args) (any, error) {
		return t.In(zone(a, "tz")), nil
	}).
	Method("strftime(format)", "As text by a format of strftime.", `dt:strftime("%Y-%m-%d %H:%M")`, func(t types.DateTime, a *bind.Args) (any, error) {
		return strftime(t, a.String("format"))
	}).
	Method("replace(year=nil, month=nil, day=nil, hour=nil, minute=nil, second=nil, microsecond=nil, tzinfo=nil)", "Another moment with some fields changed.", "dt:replace{microsecond = 0}", func(t types.DateTime, a *bind.Args) (any, error) {
		n, err := types.NewDateTime(or(a, "year", t.Year), or(a, "month", t.Month), or(a, "day", t.Day),
			or(a, "hour", t.Hour), or(a, "minute", t.Minute), or(a, "second", t.Second), or(a, "microsecond", t.Microsecond))
		n.Offset = t.Offset
		if a.Given("tzinfo") {
			n.Offset = zone(a, "tzinfo")
		}
		return n, err
	}).
	With(func(c *bind.Class) { c.Value = true; c.Operate = operateMoment })

func isoMoment(s string) (types.DateTime, error) {
	dt, err := types.ParseDateTime(s)
	if err != nil {
		return dt, exc.New(exc.ValueError, "Invalid isoformat string: %s", types.Quote(s))
	}
	return dt, nil
}

// Interval is the class of spans of time.
var Interval = bind.Define[types.Interval]("interval", "A span of time.").
	Constructor("interval(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)", "Make a span of time.", "interval{days = 1, hours = 2}", func(a *bind.Args) (any, error) {
		if s, ok := a.Any("days").(string); ok {
			return types.ParseInterval(s)
		}
		us := a.Float("microseconds") + 1e3*a.Float("milliseconds")
		seconds := a.Float("seconds") + 60*a.Float("minutes") + 3600*a.Float("hours")
		return spanOf(a.Float("days")+7*a.Float("weeks"), seconds, us), nil
	}).
	Property("days", "Whole days.", func(i types.Interval) any { return i.Days }).
	Property("seconds", "Seconds beyond the days.", func(i types.Interval) any { return i.Seconds }).
	Property("microseconds", "Microseconds beyond the seconds.", func(i types.Interval) any { return i.Microseconds }).
	Method("total_seconds()", "All of it in seconds.", "i:total_seconds()", func(i types.Interval, a *bind.Args) (any, error) { return i.TotalSeconds(), nil }).
	With(func(c *bind.Class) { c.Value = true; c.Operate = operateMoment })

// longestSpan is that of Python's timedelta, in days.
const longestSpan = 999999999

// spanOf makes an interval of parts that may have fractions.
func spanOf(days, seconds, us float64) types.Interval {
	if total := math.Abs(days) + math.Abs(seconds)/86400 + math.Abs(us)/86400e6; !(total <= longestSpan) {
		bind.Fail(exc.ValueError, "an interval of %g days: its magnitude must be at most %d days", total, int64(longestSpan))
	}
	wholeDays := float64(int64(days))
	seconds += (days - wholeDays) * 86400
	wholeSeconds := float64(int64(seconds))
	us += (seconds - wholeSeconds) * 1e6
	round := 0.5
	if us < 0 {
		round = -0.5
	}
	return types.NewInterval(int64(wholeDays), int64(wholeSeconds), int64(us+round))
}

// operateMoment is the arithmetic of dates, times, moments and intervals.
func operateMoment(c *bind.Call, op string, a, b lua.LValue) (any, error) {
	if op == ".." {
		return c.Str(c.L, a) + c.Str(c.L, b), nil
	}
	switch x := c.ToGo(a).(type) {
	case types.Date:
		switch y := c.ToGo(b).(type) {
		case types.Date:
			if op == "-" {
				return x.Sub(y), nil
			}
			return compared(op, x.Compare(y))
		case types.Interval:
			switch op {
			case "+":
				return x.Add(y), nil
			case "-":
				return x.Add(y.Neg()), nil
			}
		}
	case types.DateTime:
		switch y := c.ToGo(b).(type) {
		case types.DateTime:
			if x.Offset.Known != y.Offset.Known && op != "==" && op != "~=" {
				return nil, exc.New(exc.TypeError, "can't compare or subtract datetimes with and without an offset")
			}
			if op == "-" {
				return x.Sub(y), nil
			}
			return compared(op, x.Compare(y))
		case types.Interval:
			switch op {
			case "+":
				return x.Add(y), nil
			case "-":
				return x.Add(y.Neg()), nil
			}
		}
	case types.Time:
		if y, ok := c.ToGo(b).(types.Time); ok {
			return compared(op, x.Compare(y))
		}
	case types.Interval:
		switch y := c.ToGo(b).(type) {
		case types.Interval:
			switch op {
			case "+":
				return x.Add(y), nil
			case "-":
				return x.Sub(y), nil
			case "/":
				return x.TotalSeconds() / y.TotalSeconds(), nil
			}
			return compared(op, x.Compare(y))
		case types.Date:
			if op == "+" {
				return y.Add(x), nil
			}
		case types.DateTime:
			if op == "+" {
				return y.Add(x), nil
			}
		case int64:
			switch op {
			case "*":
				return x.Mul(y), nil
			case "/":
				if y != 0 {
					return scaled(x, 1/float64(y)), nil
				}
			}
		case float64:
			switch op {
			case "*":
				return scaled(x, y), nil
			case "/":
				return scaled(x, 1/y), nil
			}
		case nil:
			if op == "neg" {
				return x.Neg(), nil
			}
		}
	case int64:
		if y, ok := c.ToGo(b).(types.Interval); ok && op == "*" {
			return y.Mul(x), nil
		}
	case float64:
		if y, ok := c.ToGo(b).(types.Interval); ok && op == "*" {
			return scaled(y, x), nil
		}
	}
	switch op { // values of different kinds are just unequal
	case "==":
		return false, nil
	case "~=":
		return true, nil
	}
	return nil, bind.ErrDeclined
}

func scaled(i types.Interval, by float64) types.Interval {
	return spanOf(0, 0, i.TotalSeconds()*1e6*by)
}

// strftime formats a moment as Python's strftime does in the C locale.
func strftime(t types.DateTime, format string) (string, error) {
	at := t.GoTime(time.UTC)
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i == len(format)-1 {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch format[i] {
		case 'Y':
			fmt.Fprintf(&b, "%04d", t.Year)
		case 'm':
			fmt.Fprintf(&b, "%02d", t.Month)
		case 'd':
			fmt.Fprintf(&b, "%02d", t.Day)
		case 'H':
			fmt.Fprintf(&b, "%02d", t.Hour)
		case 'M':
			fmt.Fprintf(&b, "%02d", t.Minute)
		case 'S':
			fmt.Fprintf(&b, "%02d", t.Second)
		case 'f':
			fmt.Fprintf(&b, "%06d", t.Microsecond)
		case 'y':
			fmt.Fprintf(&b, "%02d", t.Year%100)
		case 'I':
			b.WriteString(at.Format("03"))
		case 'p':
			b.WriteString(at.Format("PM"))
		case 'a':
			b.WriteString(at.Format("Mon"))
		case 'A':
			b.WriteString(at.Format("Monday"))
		case 'b':
			b.WriteString(at.Format("Jan"))
		case 'B':
			b.WriteString(at.Format("January"))
		case 'j':
			b.WriteString(at.Format("002"))
		case 'w':
			fmt.Fprintf(&b, "%d", (t.Weekday()+1)%7)
		case 'u':
			fmt.Fprintf(&b, "%d", t.Weekday()+1)
		case 'V':
			_, week := at.ISOWeek()
			fmt.Fprintf(&b, "%02d", week)
		case 'G':
			year, _ := at.ISOWeek()
			fmt.Fprintf(&b, "%04d", year)
		case 'U', 'W':
			first := int(at.Weekday())
			if format[i] == 'W' {
				first = t.Weekday()
			}
			fmt.Fprintf(&b, "%02d", (at.YearDay()+6-first)/7)
		case 'z':
			b.WriteString(strings.ReplaceAll(t.Offset.String(), ":", ""))
		case 'Z':
			if t.Offset.Known {
				b.WriteString(offsetText(t.Offset))
			}
		case 'c':
			b.WriteString(at.Format("Mon Jan _2 15:04:05 2006"))
		case 'x', 'D':
			b.WriteString(at.Format("01/02/06"))
		case 'X', 'T':
			b.WriteString(at.Format("15:04:05"))
		case 'F':
			b.WriteString(t.Date.ISO())
		case 'R':
			b.WriteString(at.Format("15:04"))
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '%':
			b.WriteByte('%')
		default:
			return "", exc.New(exc.ValueError, "strftime: unknown directive %%%c", format[i])
		}
	}
	return b.String(), nil
}
