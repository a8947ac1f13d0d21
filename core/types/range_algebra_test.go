package types

import "testing"

func TestRangeAlgebra(t *testing.T) {
	ints := func(l, u any, bounds string) Range { return Range{Lower: l, Upper: u, Bounds: bounds} }
	one, three, five, nine := int64(1), int64(3), int64(5), int64(9)
	a, b := ints(one, five, "[)"), ints(three, nine, "[]")
	if got := a.Intersection(b); got.String() != "[3,5)" {
		t.Error(got)
	}
	if got, err := a.Union(b); err != nil || got.String() != "[1,10)" {
		t.Error(got, err)
	}
	if got, err := a.Difference(b); err != nil || got.String() != "[1,3)" {
		t.Error(got, err)
	}
	if got, err := b.Difference(a); err != nil || got.String() != "[5,10)" {
		t.Error(got, err)
	}
	if _, err := ints(one, nine, "[]").Difference(ints(three, five, "[]")); err == nil {
		t.Error("a hole")
	}
	if _, err := ints(one, three, "[)").Union(ints(five, nine, "[)")); err == nil {
		t.Error("a gap")
	}
	touch := ints(five, nil, "[)")
	if !a.AdjacentTo(touch) || a.Overlaps(touch) || !a.StrictlyLeftOf(touch) || !touch.StrictlyRightOf(a) || touch.AdjacentTo(b) {
		t.Error("touching")
	}
	if !ints(one, int64(4), "[]").AdjacentTo(touch) {
		t.Error("whole numbers touch with no number between them")
	}
	x, y := Range{Lower: MustDecimal("1"), Upper: MustDecimal("4"), Bounds: "[]"}, Range{Lower: MustDecimal("5")}
	if x.AdjacentTo(y) {
		t.Error("decimals have others between them")
	}
	if !a.ContainsRange(ints(one, int64(4), "[]")) || a.ContainsRange(b) || !a.ContainsRange(Range{Empty: true}) || (Range{Empty: true}).ContainsRange(a) {
		t.Error("containing")
	}
	if !ints(three, three, "[)").IsEmpty() || ints(three, three, "[]").IsEmpty() || !ints(three, int64(4), "()").IsEmpty() {
		t.Error("empty")
	}
	if !a.NotExtendRightOf(b) || a.NotExtendLeftOf(b) || !b.NotExtendLeftOf(a) {
		t.Error("extending")
	}
	if !b.Contains(nine) || a.Contains(five) || a.Contains("x") || !touch.Contains(int64(1<<60)) {
		t.Error("a value in a range")
	}
}

func TestRangeEqual(t *testing.T) {
	r := func(lower, upper any, bounds string) Range {
		r, err := NewRange(lower, upper, bounds)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		a, b Range
		want bool
	}{
		{r(int64(1), int64(5), "[)"), r(int64(1), int64(4), "[]"), true},
		{r(int64(0), nil, "(]"), r(int64(1), nil, "[)"), true},
		{r(1.0, 5.0, "[)"), r(1.0, 5.0, "[]"), false},
		{r(1.0, 5.0, "[)"), r(1.0, 5.0, "[)"), true},
		{Range{Empty: true}, r(int64(1), int64(5), "[)"), false},
		{Range{Empty: true}, Range{Empty: true, Bounds: "()"}, true},
	} {
		if got := Equal(c.a, c.b); got != c.want {
			t.Errorf("%v = %v: %v", c.a, c.b, got)
		}
		if c.want && HashKey(c.a) != HashKey(c.b) {
			t.Errorf("%v and %v are equal and have different keys", c.a, c.b)
		}
	}
}
