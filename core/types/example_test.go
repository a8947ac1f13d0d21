package types_test

import (
	"fmt"

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
