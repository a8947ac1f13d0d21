package repl

import (
	"context"
	"regexp"
	"strings"
	"time"

	"alchemysh/core/exc"
	"alchemysh/repl/input"
)

// unknownTable and unknownColumn find the name that a database did not know
// in what it says of it.
var (
	unknownTable = regexp.MustCompile("no such table: (?:\\w+\\.)?(\\w+)|relation \"(?:\\w+\\.)?(\\w+)\" does not exist|" +
		"Table '(?:\\w+\\.)?(\\w+)' doesn't exist")
	unknownColumn = regexp.MustCompile("no such column: (?:\\w+\\.)?(\\w+)|column \"?(?:\\w+\\.)?(\\w+)\"? does not exist|" +
		"has no column named (\\w+)|column \"(\\w+)\" of relation|Unknown column '(?:\\w+\\.)?(\\w+)'")
)

// otherwise are statements of MySQL's, and the commands that answer the same
// everywhere.
var otherwise = map[string]string{"desc": `hint: \d NAME describes a table`, "describe": `hint: \d NAME describes a table`, "show": `hint: \dt lists the tables`}

// hintTime bounds what looking for nearest names may take.
const hintTime = time.Second

// hint offers the nearest names for a table or column that does not exist; ""
// when there is nothing to offer.
func (s *Shell) hint(err error) string {
	e := exc.Of(err)
	if e == nil || s.DB == nil || s.DB.State() == Lost {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), hintTime)
	defer cancel()
	if other := otherwise[input.Verb(e.Statement, s.reader.Syntax)]; other != "" && s.DB.Dialect() != "mysql" && s.DB.Dialect() != "mariadb" {
		if words := strings.Fields(strings.ToLower(e.Statement)); len(words) > 1 && (words[0] != "show" || strings.HasPrefix(words[1], "table")) {
			return other
		}
	}
	var name string
	var known []string
	if name = firstGroup(unknownTable, e.Message); name != "" {
		tables, _ := s.catalog.snapshot()
		if len(tables) == 0 {
			tables, _ = s.DB.Catalog().Relations(ctx, "", TableKind, ViewKind) // no hint without an answer
		}
		for _, t := range tables {
			known = append(known, t.Name)
		}
	} else if name = firstGroup(unknownColumn, e.Message); name != "" {
		columns, _ := s.DB.Catalog().Columns(ctx) // no hint without an answer
		tables, _ := s.DB.Catalog().Relations(ctx, "", TableKind, ViewKind)
		named, _ := sourcesOf(e.Statement, tables)
		seen := map[string]bool{}
		for _, t := range named {
			for _, c := range columns[t] {
				if !seen[c] {
					seen[c] = true
					known = append(known, c)
				}
			}
		}
	}
	if name == "" {
		return ""
	}
	return nearest(name, known)
}

func firstGroup(re *regexp.Regexp, text string) string {
	for i, g := range re.FindStringSubmatch(text) {
		if i > 0 && g != "" {
			return g
		}
	}
	return ""
}
