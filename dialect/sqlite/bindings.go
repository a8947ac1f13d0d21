package sqlite

import (
	"strconv"
	"strings"

	"alchemysh/core/engine"
	"alchemysh/core/exc"
)

// CheckForm refuses what Python's sqlite3 refuses and the driver lets pass:
// more or fewer values than there are places for them, names for places without
// one, several statements at once.
func (*Dialect) CheckForm(sql string, names []string, values int) error {
	s := scan(sql)
	switch {
	case s.several && engine.FirstWord(sql) != "CREATE": // a trigger's body has semicolons
		return exc.New(exc.ProgrammingError, "You can only execute one statement at a time.")
	case names != nil:
		if s.unnamed > 0 {
			return exc.New(exc.ProgrammingError, "Binding %d has no name, but you supplied a dictionary (which has only names).", s.unnamed)
		}
	case s.places != values:
		return exc.New(exc.ProgrammingError, "Incorrect number of bindings supplied. The current statement uses %d, and there are %d supplied.", s.places, values)
	}
	return nil
}

// CheckMany refuses anything but changes of rows.
func (*Dialect) CheckMany(sql string) error {
	switch engine.FirstWord(sql) {
	case "INSERT", "UPDATE", "DELETE", "REPLACE":
		return nil
	}
	return exc.New(exc.ProgrammingError, "executemany() can only execute DML statements.")
}

// scanned is what a look over a statement's text tells.
type scanned struct {
	places  int  // places for values, numbered as SQLite does
	unnamed int  // the first place without a name, 0 if all have one
	several bool // something stands after the first ";"
}

func scan(sql string) scanned {
	var out scanned
	named := map[string]bool{}
	ended := false
	for i := 0; i < len(sql); {
		ch := sql[i]
		from := i
		switch {
		case strings.IndexByte(" \t\r\n\f", ch) >= 0:
			i++
			continue
		case strings.HasPrefix(sql[i:], "--"):
			i += past(sql[i:], "\n")
			continue
		case strings.HasPrefix(sql[i:], "/*"):
			i += 2
			i += past(sql[i:], "*/")
			continue
		case ch == ';':
			ended = true
			i++
			continue
		}
		if ended {
			out.several = true
			return out
		}
		switch {
		case ch == '\'' || ch == '"' || ch == '`': // a doubled quote begins the next string
			i++
			i += past(sql[i:], string(ch))
		case ch == '[':
			i += past(sql[i:], "]")
		case ch == '?':
			for i++; i < len(sql) && isDigit(sql[i]); i++ {
			}
			n, _ := strconv.Atoi(sql[from+1 : i])
			if i == from+1 {
				n = out.places + 1
			}
			out.places = max(out.places, n)
			if out.unnamed == 0 {
				out.unnamed = n
			}
		case ch == ':' || ch == '@' || ch == '$':
			for i++; i < len(sql) && isWord(sql[i]); i++ {
			}
			if name := sql[from:i]; len(name) > 1 && !named[name] {
				named[name] = true
				out.places++
			}
		case isWord(ch):
			for i++; i < len(sql) && (isWord(sql[i]) || sql[i] == '$'); i++ {
			}
		default:
			i++
		}
	}
	return out
}

// past is the length of the text up to the end of what is looked for.
func past(s, end string) int {
	if n := strings.Index(s, end); n >= 0 {
		return n + len(end)
	}
	return len(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isWord(c byte) bool {
	return c == '_' || isDigit(c) || c|32 >= 'a' && c|32 <= 'z' || c >= 0x80
}
