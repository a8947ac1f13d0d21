package orm

import "alchemysh/core/types"

func equalValues(a, b any) bool { return types.Equal(a, b) }

// compareKeys orders primary key values.
func compareKeys(a, b any) int {
	if c, ok := types.Compare(a, b); ok {
		return c
	}
	return 0
}
