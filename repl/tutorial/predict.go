package tutorial

import (
	"strings"

	"alchemysh/repl/walk"
)

// expected is what a prediction is held against: the SQL that the block sent,
// or what it showed where it sent none.
func expected(a *attempt) (text string, isSQL bool) {
	if len(a.sent) > 0 {
		return strings.Join(a.sent, ";\n"), true
	}
	text = strings.Join(walk.Lines(a.shown), "\n")
	return text, looksLikeSQL(text)
}

func looksLikeSQL(text string) bool {
	word, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(text)), " ")
	switch word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "ALTER":
		return true
	}
	return false
}

// foretold judges a prediction. The remark teaches where it was nearly right.
func foretold(prediction, text string, isSQL bool) (right bool, remark string) {
	if !isSQL {
		shown := strings.Join(strings.Fields(prediction), " ") == strings.Join(strings.Fields(text), " ")
		return shown, ""
	}
	want := normalise(text)
	switch {
	case normalise(prediction) == want:
		return true, ""
	case normalise(withParameters(prediction)) == normalise(withParameters(text)):
		return true, "Right, but for one thing: values do not stand in the SQL, they travel beside it as parameters."
	}
	return false, ""
}
