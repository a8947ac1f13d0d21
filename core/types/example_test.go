package types_test

import (
	"fmt"
	"strings"

	"alchemysh/core/types"
)

func Example() {
	price := &types.Numeric{Precision: 8, Scale: new(2)}
	sql, _ := types.DDL(price)
	fmt.Println(price, "is", sql)

	kind := types.Lookup("", "Enum").Must("small", "large")
	_, err := types.Default(kind).Bind("huge")
	fmt.Println(err)

	total, _ := types.MustDecimal("10.50").Mul(types.MustDecimal("3"))
	fmt.Println(types.Repr([]any{total, "it's", nil}))
	// Output:
	// Numeric(precision=8, scale=2) is NUMERIC(8, 2)
	// LookupError: 'huge' is not among the defined enum values. Enum name: nil. Possible values: small, large
	// {decimal('31.50'), "it's", null}
}

func ExampleDecimal() {
	a, b := types.MustDecimal("0.10"), types.MustDecimal("3")
	product, _ := a.Mul(b)
	third, _ := types.MustDecimal("1").Quo(b)
	rounded, _ := third.Quantize(2)
	fmt.Println(product, third, rounded, types.Equal(product, 0.3))
	// Output: 0.30 0.3333333333333333333333333333 0.33 true
}

func ExampleDateTime() {
	born, _ := types.ParseDateTime("2024-02-28T23:30:00+01:00")
	later := born.Add(types.NewInterval(0, 3600, 0))
	fmt.Println(later)
	fmt.Println(later.In(types.UTC).ISO())
	fmt.Println(types.Repr(later.Sub(born)))
	// Output:
	// 2024-02-29 00:30:00+01:00
	// 2024-02-28T23:30:00+00:00
	// interval{seconds = 3600}
}

func ExampleRange() {
	office := types.Range{Lower: int64(9), Upper: int64(17)}
	lunch := types.Range{Lower: int64(12), Upper: int64(13)}
	fmt.Println(office, office.Contains(int64(17)), office.ContainsRange(lunch), office.Intersection(types.Range{Lower: int64(16)}))
	// Output: [9,17) false true [16,17)
}

func ExampleWithVariant() {
	t, _ := types.WithVariant(types.TEXT.Plain(), types.Lookup("mysql", "LONGTEXT").Plain(), "mysql")
	fmt.Println(t, types.Variant(t, "mysql"), types.Variant(t, "sqlite"))
	// Output: TEXT() LONGTEXT() TEXT()
}

func ExampleNewDecorator() {
	upper := types.NewDecorator(&types.Decoration{
		Name: "Upper",
		ProcessBind: func(_ *types.Decorator, v any, _ string) (any, error) {
			return strings.ToUpper(v.(string)), nil
		},
		CacheOK: true,
	}, types.VARCHAR.Must(10), "")
	sent, _ := types.Default(upper).Bind("quiet")
	fmt.Println(upper, sent)
	// Output: Upper(length=10) QUIET
}
