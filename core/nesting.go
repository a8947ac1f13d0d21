package core

import "alchemysh/core/exc"

// DeepestNesting bounds how deep nodes may stand within each other. Whatever goes
// through a statement calls itself for each level, and a stack that overflows ends
// a Go program. What people and generators write stays far below: SQLite allows
// 1,000 levels, Python's SQLAlchemy fewer.
const DeepestNesting = 20_000

// CheckNesting raises a CompileError when depth is beyond DeepestNesting.
func CheckNesting(depth int) {
	if depth > DeepestNesting {
		exc.Raise(exc.CompileError, "SQL expression nested more than %d levels deep; and_(…), or_(…) and union(…) take any number of parts on one level", DeepestNesting)
	}
}
