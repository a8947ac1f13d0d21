package compile

// Compiler writes one statement.
type Compiler struct{}
