// Package valuelib gives Lua the values that it has no type for: decimal,
// datetime, date, time, interval, uuid, Range. They are the Go values of
// package core/types; here they get fields, arithmetic and comparison.
package valuelib

import "alchemysh/luabind/bind"

// Install registers the classes and defines their globals.
func Install(s *bind.State) {
	s.Register(Decimal.Class, Date.Class, Time.Class, DateTime.Class, Interval.Class, UUID.Class, Range.Class, Offset.Class)
	s.Global(Decimal.Class, Date.Class, Time.Class, DateTime.Class, Interval.Class, UUID.Class, Range.Class, bind.IntegerClass, timezone)
	s.SetGlobal("timedelta", Interval.Class)
	s.SetGlobal("Decimal", Decimal.Class)
	s.SetGlobal("uuid4", newUUID)
}
