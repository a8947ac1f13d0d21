package repl

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"alchemysh/repl/input"
)

// Complete proposes how to go on at byte pos of text. It never runs code and
// never asks the database.
func (s *Shell) Complete(text string, pos int) []Candidate {
	text = text[:pos]
	lineStart := strings.LastIndexByte(text, '\n') + 1
	line := text[lineStart:]
	trimmed := strings.TrimLeft(line, " \t")
	if strings.HasPrefix(trimmed, `\`) || strings.HasPrefix(trimmed, ".") && len(trimmed) > 1 && lineStart == 0 {
		return s.completeCommand(trimmed, pos-len(trimmed))
	}
	if s.inSQL(text) {
		return s.completeSQL(text)
	}
	found := s.Lua.Complete(text, pos)
	if m := lazyTables.FindStringSubmatch(text); m != nil {
		tables, _ := s.catalog.snapshot()
		for _, t := range tables {
			if strings.HasPrefix(t.Name, m[1]) && isName(t.Name) {
				found = append(found, Candidate{Text: t.Name, Start: pos - len(m[1]), Usage: t.Kind})
			}
		}
		return found
	}
	if start, word := wordBefore(text); strings.TrimSpace(text[:start]) == "" && word != "" { // a first word may begin SQL
		for _, v := range sortedVerbs {
			if strings.HasPrefix(v, strings.ToLower(word)) {
				found = append(found, Candidate{Text: likeCase(v, word), Start: start, Usage: "SQL"})
			}
		}
	}
	return found
}

// lazyTables are where the names of the database's tables can stand in Lua
// although no value has them yet.
var lazyTables = regexp.MustCompile(`(?:^|[^\w.:])(?:metadata\.tables|t|classes)\.(\w*)$`)

func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) || i == 0 && s[0] >= '0' && s[0] <= '9' {
			return false
		}
	}
	return s != ""
}

var sortedVerbs = func() []string {
	var names []string
	for v := range input.Verbs {
		names = append(names, v)
	}
	sort.Strings(names)
	return names
}()

// inSQL says that the end of text is inside a SQL statement.
func (s *Shell) inSQL(text string) bool {
	r := s.reader
	for {
		item, rest, err := r.Next(text)
		if err != nil || item == nil {
			break
		}
		if strings.TrimSpace(rest) == "" {
			return item.Kind == input.SQL && !strings.HasSuffix(strings.TrimSpace(text), ";")
		}
		text = rest
	}
	return r.IsSQL(text)
}

// likeCase spells a keyword as the person began it.
func likeCase(keyword, typed string) string {
	if typed != "" && typed == strings.ToUpper(typed) && typed != strings.ToLower(typed) {
		return strings.ToUpper(keyword)
	}
	return keyword
}

func wordBefore(text string) (int, string) {
	i := len(text)
	for i > 0 && (isNameByte(text[i-1])) {
		i--
	}
	return i, text[i:]
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func (s *Shell) completeCommand(line string, offset int) []Candidate {
	name, args, spaced := strings.Cut(line, " ")
	if !spaced {
		var found []Candidate
		for _, n := range commandNames() {
			if strings.HasPrefix(n, name) {
				k := commandTable[n]
				found = append(found, Candidate{Text: n, Start: offset, Usage: strings.TrimSpace(k.args + "  " + k.help)})
			}
		}
		return found
	}
	k := commandTable[strings.TrimSuffix(name, "+")]
	if k == nil {
		return nil
	}
	at := strings.LastIndexAny(args, " \t") + 1
	word := args[at:]
	start := offset + len(name) + 1 + at
	kind := k.complete
	if at > 0 { // further arguments
		switch {
		case kind == "option":
			first, _, _ := strings.Cut(args, " ")
			return matching(options[first].values, word, start, "")
		case k.name == `\copy`:
			if strings.Contains(args, " to ") || strings.Contains(args, " from ") {
				return files(word, start)
			}
			return matching([]string{"to", "from"}, word, start, "")
		case k.name == ".import":
			kind = "table"
		case k.name == `\explain` || k.name == `\try` || k.name == `\tolua`:
			return s.completeSQLWord(args, start)
		case kind != "file":
			return nil
		}
	}
	switch kind {
	case "file":
		return files(word, start)
	case "table":
		tables, _ := s.catalog.snapshot()
		var names []string
		for _, t := range tables {
			names = append(names, t.Name)
		}
		return matching(names, word, start, "")
	case "on|off":
		values := []string{"on", "off"}
		if k.name == `\x` {
			values = append(values, "auto")
		}
		return matching(values, word, start, "")
	case "echo":
		return matching([]string{"on", "off", "full", "debug"}, word, start, "")
	case "chart":
		return matching(chartKinds, word, start, "")
	case "format":
		return matching(options["format"].values, word, start, "")
	case "option":
		return matching(optionNames(), word, start, "")
	case "command":
		return matching(commandNames(), word, start, "")
	case "statement":
		return matching(statementNames(), strings.ToUpper(word), start, "")
	case "variable":
		var names []string
		for n := range s.Settings.Vars {
			names = append(names, n)
		}
		sort.Strings(names)
		return matching(names, word, start, "")
	}
	return nil
}

// matching are the names that begin with word.
func matching(names []string, word string, start int, usage string) []Candidate {
	var found []Candidate
	for _, n := range names {
		if len(n) >= len(word) && strings.EqualFold(n[:len(word)], word) {
			found = append(found, Candidate{Text: n, Start: start, Usage: usage})
		}
	}
	return found
}

// files are the files whose path begins with word.
func files(word string, start int) []Candidate {
	dir, prefix := filepath.Split(word)
	read := expandHome(dir)
	if read == "" {
		read = "."
	}
	entries, err := os.ReadDir(read)
	if err != nil {
		return nil // a directory that cannot be read has nothing to propose
	}
	var found []Candidate
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, ".") && prefix == "" {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		found = append(found, Candidate{Text: dir + name, Start: start})
	}
	return found
}

var (
	sqlKeywords = strings.Fields(`select from where group by having order limit offset insert into values update set delete
		join left right full outer inner cross natural on using as and or not null is in exists between like ilike
		distinct all any union intersect except case when then else end with recursive create table view index
		primary key foreign references unique check default constraint alter add column drop if cascade returning
		asc desc nulls first last over partition rows range count sum avg min max coalesce cast true false
		begin commit rollback savepoint explain analyze conflict do nothing for lateral window filter`)
	tableWord = regexp.MustCompile(`(?i)\b(?:from|join|into|update|table|references|truncate|describe|desc)\s+(?:only\s+)?["\x60]?[\w.]*$`)
	listWord  = regexp.MustCompile(`(?i)\bfrom\s+[\w\s,."\x60]*,\s*\w*$`)
	sqlToken  = regexp.MustCompile("\"[^\"]*\"|`[^`]*`|'[^']*'|[\\w.$]+|\\S")
)

func (s *Shell) completeSQL(text string) []Candidate {
	start, _ := wordBefore(text)
	return s.completeSQLWord(text, start)
}

// completeSQLWord proposes tables where a table is wanted, columns of the
// tables that the statement names, and keywords.
func (s *Shell) completeSQLWord(text string, start int) []Candidate {
	_, word := wordBefore(text)
	before := text[:len(text)-len(word)]
	tables, schemas := s.catalog.snapshot()
	named, aliases := sourcesOf(text, tables)
	if q, ok := strings.CutSuffix(before, "."); ok { // alias.column, schema.table
		_, owner := wordBefore(q)
		table := owner
		if t, ok := aliases[strings.ToLower(owner)]; ok {
			table = t
		}
		if cols, ok := s.catalog.columnsOf(table); ok {
			return s.identifiers(cols, before, word, start, table)
		}
		return nil
	}
	var found []Candidate
	if onWord.MatchString(text) {
		found = matching(s.joinConditions(text, tables), word, start, "")
	}
	if tableWord.MatchString(text) || listWord.MatchString(text) && !strings.Contains(strings.ToLower(text), "where") {
		for _, t := range tables {
			found = append(found, s.identifiers([]string{t.Name}, before, word, start, t.Kind)...)
		}
		return append(found, s.identifiers(schemas, before, word, start, "schema")...)
	}
	offered := map[string]bool{}
	for _, t := range named {
		cols, _ := s.catalog.columnsOf(t)
		for _, c := range s.identifiers(cols, before, word, start, t) {
			if !offered[c.Text] { // a name of several tables once
				offered[c.Text] = true
				found = append(found, c)
			}
		}
	}
	if word != "" {
		for _, k := range matching(sqlKeywords, word, start, "") {
			k.Text = likeCase(k.Text, word)
			found = append(found, k)
		}
		for _, t := range tables {
			found = append(found, s.identifiers([]string{t.Name}, before, word, start, t.Kind)...)
		}
	}
	return found
}

var (
	onWord     = regexp.MustCompile(`(?i)\bon\s+\w*$`)
	plainLower = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)
	plainMixed = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*$`)
)

// identifiers are the names that begin with word, quoted where SQL would read
// them as something else.
func (s *Shell) identifiers(names []string, before, word string, start int, usage string) []Candidate {
	found := matching(names, word, start, usage)
	open := strings.HasSuffix(before, `"`) || strings.HasSuffix(before, "`")
	plain := plainMixed
	if s.DB != nil && s.DB.Dialect() == "postgresql" {
		plain = plainLower
	}
	for i := range found {
		name := found[i].Text
		if _, verb := input.Verbs[strings.ToLower(name)]; !open && plain.MatchString(name) && !verb && !reserved[strings.ToLower(name)] {
			continue
		}
		found[i].Text = s.quote(name)
		if open {
			found[i].Start--
		}
	}
	return found
}

// reserved are keywords that name no table or column without quotes.
var reserved = func() map[string]bool {
	words := map[string]bool{"user": true, "group": true, "order": true}
	for _, w := range sqlKeywords {
		words[w] = true
	}
	for _, w := range strings.Fields("first last row rows range count sum avg min max coalesce cast key filter window nothing do conflict") {
		delete(words, w)
	}
	return words
}()

// joinConditions are what the last source of a statement may be joined to those
// before it on: a column of an id that both have, or the one's id and the
// other's reference to it.
func (s *Shell) joinConditions(text string, tables []Relation) []string {
	refs := sourceRefs(text, tables)
	if len(refs) < 2 {
		return nil
	}
	last := refs[len(refs)-1]
	var out []string
	for i := len(refs) - 2; i >= 0; i-- {
		mine, _ := s.catalog.columnsOf(last.table)
		theirs, _ := s.catalog.columnsOf(refs[i].table)
		for _, a := range mine {
			for _, b := range theirs {
				if joins(last.table, a, refs[i].table, b) {
					out = append(out, last.ref+"."+a+" = "+refs[i].ref+"."+b)
				}
			}
		}
	}
	return out
}

// joins says that two columns look as if they named the same row.
func joins(table, column, other, reference string) bool {
	column, reference = strings.ToLower(column), strings.ToLower(reference)
	refersTo := func(reference, table string) bool {
		for _, one := range []string{table, strings.TrimSuffix(table, "s"), strings.TrimSuffix(table, "es"), strings.TrimSuffix(table, "ies") + "y"} {
			if reference == strings.ToLower(one)+"_id" || reference == strings.ToLower(one)+"id" {
				return true
			}
		}
		return false
	}
	switch {
	case column == reference:
		return column != "id" && strings.HasSuffix(column, "id")
	case column == "id":
		return refersTo(reference, table)
	case reference == "id":
		return refersTo(column, other)
	}
	return false
}

// sourcesOf finds the tables that a statement reads, and what it calls them.
func sourcesOf(text string, tables []Relation) (named []string, aliases map[string]string) {
	aliases = map[string]string{}
	seen := map[string]bool{}
	for _, r := range sourceRefs(text, tables) {
		if !seen[r.table] {
			seen[r.table] = true
			named = append(named, r.table)
		}
		aliases[strings.ToLower(r.table)] = r.table
		aliases[strings.ToLower(r.ref)] = r.table
	}
	return named, aliases
}

// sourceRef is a table as a statement names it.
type sourceRef struct{ ref, table string }

// sourceRefs lists the known tables after FROM, JOIN, INTO and UPDATE in order,
// by their aliases where they have one.
func sourceRefs(text string, tables []Relation) []sourceRef {
	known := map[string]string{}
	for _, t := range tables {
		known[strings.ToLower(t.Name)] = t.Name
	}
	var refs []sourceRef
	list, wanted := false, false // a comma leads to another table; one comes now
	open := -1                   // the table that an alias may follow
	for _, token := range sqlToken.FindAllString(text, -1) {
		lower := strings.ToLower(token)
		switch {
		case lower == "from" || lower == "join" || lower == "into" || lower == "update":
			list, wanted, open = lower == "from" || list, true, -1
		case lower == "as" || lower == "only":
		case token == ",":
			wanted, open = list, -1
		case wanted:
			wanted = false
			name := strings.Trim(token, "\"`")
			if i := strings.LastIndexByte(name, '.'); i >= 0 {
				name = name[i+1:]
			}
			if t, ok := known[strings.ToLower(name)]; ok {
				refs = append(refs, sourceRef{t, t})
				open = len(refs) - 1
			}
		case reserved[lower]:
			list, open = list && (lower == "on" || lower == "and" || lower == "or"), -1
		case open >= 0 && plainMixed.MatchString(token):
			refs[open].ref = token
			open = -1
		default:
			open = -1
		}
	}
	return refs
}
