package orm

import (
	"alchemysh/core"
	"alchemysh/core/types"
)

func equalValues(a, b any) bool { return types.Equal(a, b) }

// compareKeys orders primary key values.
func compareKeys(a, b any) int {
	if c, ok := types.Compare(a, b); ok {
		return c
	}
	return 0
}

// literalColumn is a piece of SQL in the columns clause: the 1 of SELECT 1.
func literalColumn(text string) *core.Column {
	return &core.Column{Name: core.Name(text), Key: text, Literal: true, Type: &types.NullType{}}
}
