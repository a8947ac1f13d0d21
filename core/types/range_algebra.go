package types

import "alchemysh/core/exc"

// An edge is one end of a range, as a place between values: below or above v,
// or, without a value, before or after everything.
type edge struct {
	v     any
	above bool // just above v
	end   int  // -1 before everything, 1 after everything
}

// edges are the ends of a range that is not empty, on discrete values always
// just below a value, so that [1,3] and [1,4) have the same.
func (r Range) edges() (lower, upper edge) {
	lower, upper = edge{end: -1}, edge{end: 1}
	if r.Lower != nil {
		lower = edge{v: r.Lower, above: !r.LowerInc()}.canonical()
	}
	if r.Upper != nil {
		upper = edge{v: r.Upper, above: r.UpperInc()}.canonical()
	}
	return lower, upper
}

func (e edge) canonical() edge {
	if e.above {
		switch v := e.v.(type) {
		case int64:
			return edge{v: v + 1}
		case Date:
			return edge{v: v.Add(Interval{Days: 1})}
		}
	}
	return e
}

func (e edge) compare(f edge) int {
	if e.end != f.end {
		return e.end - f.end
	}
	if e.end != 0 {
		return 0
	}
	if c, _ := Compare(e.v, f.v); c != 0 {
		return c
	}
	return bit(e.above) - bit(f.above)
}

// between is the range from one edge to another.
func between(lower, upper edge) Range {
	if lower.compare(upper) >= 0 {
		return Range{Empty: true, Bounds: "[)"}
	}
	bounds := []byte("()")
	if lower.end == 0 && !lower.above {
		bounds[0] = '['
	}
	if upper.end == 0 && upper.above {
		bounds[1] = ']'
	}
	return Range{Lower: lower.v, Upper: upper.v, Bounds: string(bounds)}
}

// IsEmpty reports whether no value lies in the range.
func (r Range) IsEmpty() bool {
	if r.Empty {
		return true
	}
	lower, upper := r.edges()
	return lower.compare(upper) >= 0
}

// Equal reports whether the ranges hold the same values.
func (r Range) Equal(s Range) bool {
	if r.Empty || s.Empty {
		return r.Empty == s.Empty
	}
	a, b := r.edges()
	c, d := s.edges()
	return a.compare(c) == 0 && b.compare(d) == 0
}

// key is a text that equal ranges share.
func (r Range) key() string {
	if r.Empty {
		return "empty"
	}
	lower, upper := r.edges()
	key := ""
	for _, e := range []edge{lower, upper} {
		key += Quote(HashKey(e.v)) + "+"[:bit(e.above)] + ","
	}
	return key
}

// ContainsRange reports whether all of s lies in r.
func (r Range) ContainsRange(s Range) bool {
	if s.IsEmpty() {
		return true
	}
	if r.IsEmpty() {
		return false
	}
	rl, ru := r.edges()
	sl, su := s.edges()
	return rl.compare(sl) <= 0 && su.compare(ru) <= 0
}

// Overlaps reports whether the ranges share a value.
func (r Range) Overlaps(s Range) bool { return !r.Intersection(s).IsEmpty() }

// StrictlyLeftOf reports whether all of r lies before all of s.
func (r Range) StrictlyLeftOf(s Range) bool {
	if r.IsEmpty() || s.IsEmpty() {
		return false
	}
	_, ru := r.edges()
	sl, _ := s.edges()
	return ru.compare(sl) <= 0
}

// StrictlyRightOf reports whether all of r lies after all of s.
func (r Range) StrictlyRightOf(s Range) bool { return s.StrictlyLeftOf(r) }

// NotExtendRightOf reports whether r does not reach beyond the end of s.
func (r Range) NotExtendRightOf(s Range) bool {
	if r.IsEmpty() || s.IsEmpty() {
		return false
	}
	_, ru := r.edges()
	_, su := s.edges()
	return ru.compare(su) <= 0
}

// NotExtendLeftOf reports whether r does not reach before the start of s.
func (r Range) NotExtendLeftOf(s Range) bool {
	if r.IsEmpty() || s.IsEmpty() {
		return false
	}
	rl, _ := r.edges()
	sl, _ := s.edges()
	return rl.compare(sl) >= 0
}

// AdjacentTo reports whether the ranges touch without sharing a value.
func (r Range) AdjacentTo(s Range) bool {
	if r.IsEmpty() || s.IsEmpty() {
		return false
	}
	rl, ru := r.edges()
	sl, su := s.edges()
	return ru.compare(sl) == 0 || su.compare(rl) == 0
}

// Intersection is what lies in both ranges.
func (r Range) Intersection(s Range) Range {
	if r.IsEmpty() || s.IsEmpty() {
		return Range{Empty: true, Bounds: "[)"}
	}
	rl, ru := r.edges()
	sl, su := s.edges()
	if sl.compare(rl) > 0 {
		rl = sl
	}
	if su.compare(ru) < 0 {
		ru = su
	}
	return between(rl, ru)
}

// Union is the range of both, which must overlap or touch.
func (r Range) Union(s Range) (Range, error) {
	switch {
	case r.IsEmpty():
		return s, nil
	case s.IsEmpty():
		return r, nil
	case !r.Overlaps(s) && !r.AdjacentTo(s):
		return Range{}, exc.New(exc.ValueError, "Adding non-overlapping and non-adjacent ranges is not implemented")
	}
	rl, ru := r.edges()
	sl, su := s.edges()
	if sl.compare(rl) < 0 {
		rl = sl
	}
	if su.compare(ru) > 0 {
		ru = su
	}
	return between(rl, ru), nil
}

// Difference is what lies in r and not in s, which must not be in its middle.
func (r Range) Difference(s Range) (Range, error) {
	if !r.Overlaps(s) {
		return r, nil
	}
	rl, ru := r.edges()
	sl, su := s.edges()
	left, right := rl.compare(sl) < 0, su.compare(ru) < 0
	switch {
	case left && right:
		return Range{}, exc.New(exc.ValueError, "Subtracting a strictly inner range is not implemented")
	case left:
		return between(rl, sl), nil
	case right:
		return between(su, ru), nil
	}
	return Range{Empty: true, Bounds: "[)"}, nil
}
