package walk

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// attributes is what a word after a fence's language does.
var attributes = map[string]func(a *Attrs, value string) error{
	"setup":     flag(func(a *Attrs) { a.Setup = true }),
	"hidden":    flag(func(a *Attrs) { a.Hidden = true }),
	"skip":      flag(func(a *Attrs) { a.Skip = true }),
	"fail":      flag(func(a *Attrs) { a.Fail = true }),
	"unordered": flag(func(a *Attrs) { a.Unordered = true }),
	"do":        flag(func(a *Attrs) { a.Task = "do" }),
	"predict":   flag(func(a *Attrs) { a.Task = "predict" }),
	"fix":       flag(func(a *Attrs) { a.Task = "fix" }),
	"error~": func(a *Attrs, v string) (err error) {
		a.Fail = true
		a.Error, err = regexp.Compile(v)
		return err
	},
	"dialect": func(a *Attrs, v string) error {
		for _, name := range strings.Split(v, ",") {
			d := DialectOf(name)
			if d == "" || strings.Contains(name, ":") {
				return fmt.Errorf("%q is none of sqlite, postgresql, mysql", name)
			}
			a.Dialects = append(a.Dialects, d)
		}
		return nil
	},
	"session": func(a *Attrs, v string) error {
		if v != "new" {
			return fmt.Errorf("only session=new is known")
		}
		a.NewSession = true
		return nil
	},
	"timeout": func(a *Attrs, v string) (err error) {
		a.Timeout, err = time.ParseDuration(v)
		if err == nil && a.Timeout <= 0 {
			err = fmt.Errorf("a time above 0 is wanted")
		}
		return err
	},
	"id": func(a *Attrs, v string) error {
		if v == "" {
			return fmt.Errorf("a name is wanted")
		}
		a.ID = v
		return nil
	},
}

func flag(set func(*Attrs)) func(*Attrs, string) error {
	return func(a *Attrs, v string) error {
		if v != "" {
			return fmt.Errorf("it takes no value")
		}
		set(a)
		return nil
	}
}

var attribute = regexp.MustCompile(`^([a-z]+~?)(?:=("(?:[^"\\]|\\.)*"|[^\s"]*))?(?:[ \t]+|$)`)

// parseAttrs reads the words after a fence's language.
func parseAttrs(text string) (Attrs, error) {
	var a Attrs
	text = strings.TrimSpace(text)
	for text != "" {
		m := attribute.FindStringSubmatch(text)
		if m == nil {
			return a, fmt.Errorf("%q: words like setup, id=name or error~=\"text\" are wanted after the language", text)
		}
		text = text[len(m[0]):]
		name, value := m[1], m[2]
		if strings.HasPrefix(value, `"`) {
			v, err := strconv.Unquote(value)
			if err != nil { // a regular expression: \d is no escape of a string
				v = strings.ReplaceAll(value[1:len(value)-1], `\"`, `"`)
			}
			value = v
		}
		set, ok := attributes[name]
		if !ok {
			return a, fmt.Errorf("%s: no such attribute; there are setup, hidden, skip, fail, error~=, unordered, dialect=, session=new, timeout=, id=, do, predict, fix", name)
		}
		if err := set(&a, value); err != nil {
			return a, fmt.Errorf("%s: %w", strings.TrimSuffix(name, "~"), err)
		}
	}
	return a, nil
}
