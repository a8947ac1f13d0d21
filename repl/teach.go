package repl

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"

	"alchemysh/repl/render"
)

// RelationReporter is what an Evaluator may add: the relationships that lead to
// a table, as they are written in an option: User.addresses.
type RelationReporter interface {
	RelationsTo(table string) []string
}

// lessons counts the statements that one entry sends, to see habits that cost.
type lessons struct {
	mu   sync.Mutex
	sent map[string]int // by SQL
}

// hintAfter is how many statements that differ only in their parameters are a
// habit.
const hintAfter = 10

// Sent tells of a statement that an engine of Lua's has sent. Many means that it
// came with a list of parameters.
func (s *Shell) Sent(sql string, many bool) {
	l := &s.lessons
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent != nil && !many && len(l.sent) < 1000 {
		l.sent[sql]++
	}
}

// watchLessons counts anew; the function that it gives shows what there is to
// say.
func (s *Shell) watchLessons() (done func()) {
	if !s.Settings.on("HINTS") {
		return func() {}
	}
	l := &s.lessons
	l.mu.Lock()
	l.sent = map[string]int{}
	l.mu.Unlock()
	return func() {
		l.mu.Lock()
		sent := l.sent
		l.sent = nil
		l.mu.Unlock()
		for _, h := range s.hints(sent) {
			text := "Hint: " + render.Visible(h, false)
			if s.Color {
				text = "\x1b[2m" + text + "\x1b[0m"
			}
			fmt.Fprintln(s.Err, text)
		}
	}
}

var (
	selectFrom = regexp.MustCompile("(?is)^\\s*SELECT\\b.*?\\bFROM\\s+[\"`]?(?:\\w+[\"`]?\\.[\"`]?)?([^\\s\"`,(]+)[\"`]?.*\\bWHERE\\b")
	insertInto = regexp.MustCompile("(?is)^\\s*INSERT\\s+INTO\\s+[\"`]?(?:\\w+[\"`]?\\.[\"`]?)?([^\\s\"`(]+)[\"`]?.*\\bVALUES\\b")
	// catalogue is what reflection reads, which no option makes fewer.
	catalogue = regexp.MustCompile(`(?i)\b(?:sqlite_(?:temp_)?(?:master|schema)|pg_catalog|information_schema)\b`)
	returning = regexp.MustCompile(`(?i)\bRETURNING\b`)
)

// hints words what the statements of an entry show.
func (s *Shell) hints(sent map[string]int) []string {
	var habits []string
	for sql, n := range sent {
		if n >= hintAfter {
			habits = append(habits, sql)
		}
	}
	sort.Strings(habits)
	var out []string
	for _, sql := range habits {
		n := sent[sql]
		if catalogue.MatchString(sql) {
			continue
		}
		if m := selectFrom.FindStringSubmatch(sql); m != nil {
			out = append(out, s.loadingHint(m[1], n))
		} else if m := insertInto.FindStringSubmatch(sql); m != nil && !returning.MatchString(sql) { // a flush's, for the keys
			out = append(out, fmt.Sprintf("%d INSERTs into %s one by one; conn:execute(stmt, {{…}, {…}}) sends a list at once", n, m[1]))
		}
	}
	if len(out) > 0 {
		out[len(out)-1] += `  (\set HINTS off)`
	}
	return out
}

func (s *Shell) loadingHint(table string, n int) string {
	text := fmt.Sprintf("%d near-identical SELECTs on %s; ", n, table)
	if r, ok := s.Lua.(RelationReporter); ok {
		if names := r.RelationsTo(table); len(names) == 1 {
			return text + "selectinload(" + names[0] + ") makes it 2"
		} else if len(names) > 1 {
			return text + "selectinload makes it 2, of " + strings.Join(names, " or ")
		}
	}
	return text + "one with column:in_({…}), or a join, fetches them together"
}
