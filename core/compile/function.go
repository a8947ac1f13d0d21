package compile

import "alchemysh/core"

// keywordFunctions are written in capitals, without parentheses if they have
// no arguments.
var keywordFunctions = map[string]string{
	"current_date": "CURRENT_DATE", "current_time": "CURRENT_TIME", "current_timestamp": "CURRENT_TIMESTAMP",
	"current_user": "CURRENT_USER", "localtime": "LOCALTIME", "localtimestamp": "LOCALTIMESTAMP",
	"session_user": "SESSION_USER", "user": "USER", "sysdate": "sysdate",
	"cube": "CUBE", "rollup": "ROLLUP", "grouping_sets": "GROUPING SETS",
}

// bareFunctions are those of keywordFunctions that take no arguments.
var bareFunctions = map[string]bool{
	"current_date": true, "current_time": true, "current_timestamp": true, "current_user": true,
	"localtime": true, "localtimestamp": true, "session_user": true, "user": true, "sysdate": true,
}

// Func writes a function call.
func (c *Compiler) Func(x *core.Func) {
	if !c.d.Function(c, x) {
		c.call(x)
	}
	if x.Ordinality {
		c.Write(" WITH ORDINALITY")
	}
}

// call writes a function in the usual way: name(args).
func (c *Compiler) call(x *core.Func) {
	for _, p := range x.Package {
		c.Write(c.functionName(p, core.QuoteAsNeeded), ".")
	}
	word, isKeyword := keywordFunctions[x.Name]
	if isKeyword && len(x.Package) == 0 {
		c.Write(word)
		if bareFunctions[x.Name] && len(x.Args) == 0 {
			return
		}
	} else {
		c.Write(c.functionName(x.Name, x.Quote))
	}
	c.Arguments(x)
}

// Arguments writes the parenthesised arguments of a function.
func (c *Compiler) Arguments(x *core.Func) {
	c.Write("(")
	for i, a := range x.Args {
		if i > 0 {
			c.Write(", ")
		}
		c.Operand(a, core.CommaOp)
	}
	if len(x.OrderBy) > 0 {
		c.Write(" ORDER BY ")
		c.List(x.OrderBy)
	}
	c.Write(")")
}

// functionName quotes a function's name only when it cannot be written bare:
// capitals are left, since people write func.ST_Distance.
func (c *Compiler) functionName(name string, q core.Quoting) string {
	if q == core.QuoteAlways || q != core.QuoteNever && c.q.IllegalCharacters(name) {
		return c.q.Force(name)
	}
	return name
}
