package input

// Token is a piece of SQL without its white space and comments.
type Token struct {
	// Kind is "word", "name" (quoted), "string", "param" or "symbol".
	Kind string
	Text string
	Pos  int
	Open bool // the text ended inside it
}

// Tokens cuts a SQL text into its tokens.
func Tokens(sql string, syntax Syntax) []Token {
	s := &scanner{syntax: syntax, text: sql}
	var out []Token
	for {
		t, ok := s.next()
		if !ok {
			return out
		}
		kind := ""
		switch t.kind {
		case word:
			kind = "word"
		case name:
			kind = "name"
		case quoted, dollar:
			kind = "string"
		case param:
			kind = "param"
		case symbol:
			kind = "symbol"
		default:
			continue
		}
		out = append(out, Token{kind, sql[t.start:t.end], t.start, t.open != ""})
	}
}
