// Package input decides what a person typed: Lua, SQL or a command of the
// shell, and whether it is whole or wants another line.
//
// One prompt serves the three. A Reader is given the text so far and takes
// complete items off its front:
//
//	r := input.Reader{Syntax: input.SyntaxOf("postgresql"), Parse: lua.Parse}
//	item, rest, err := r.Next("select 1; x = 5")
//	// item.Kind == input.SQL, item.Text == "select 1", rest == " x = 5"
//
// SQL is cut at the semicolon that ends the statement: one outside strings,
// comments, dollar quotes, parentheses and the BEGIN … END body of a trigger
// or routine. The scanner that knows these also finds the :name parameters,
// which the shell binds and never splices.
package input
