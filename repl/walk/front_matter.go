package walk

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// strList is one string or a list of them.
type strList []string

// UnmarshalYAML reads either form.
func (l *strList) UnmarshalYAML(unmarshal func(any) error) error {
	var many []string
	if err := unmarshal(&many); err == nil {
		*l = many
		return nil
	}
	var one string
	if err := unmarshal(&one); err != nil {
		return err
	}
	*l = strList{one}
	return nil
}

// frontMatter reads the lines between the first two "---"; it gives the index
// of the line after them.
func (p *parser) frontMatter() int {
	if len(p.lines) == 0 || strings.TrimRight(p.lines[0], " \t") != "---" {
		p.fail(1, `a walkthrough begins with front matter: a line "---", then alchemysh: 1`)
		return 0
	}
	end := 1
	for ; end < len(p.lines); end++ {
		if strings.TrimRight(p.lines[end], " \t") == "---" {
			break
		}
	}
	if end == len(p.lines) {
		p.fail(1, `the front matter does not end: a second line "---" is wanted`)
		return end
	}
	meta := &p.file.Meta
	if err := DecodeYAML(strings.Join(p.lines[1:end], "\n"), meta); err != nil {
		p.fail(1+max(err.Line, 1), "%s", err.Message)
		return end + 1
	}
	if meta.Version == 0 {
		p.fail(1, "the front matter lacks alchemysh: 1, the version of the format")
	} else if meta.Version != 1 {
		p.fail(1, "alchemysh: %d: this program reads version 1 of the format", meta.Version)
	}
	for _, db := range meta.DB {
		if DialectOf(db) == "" {
			p.fail(1, "db: %s: a URL, or one of sqlite, postgresql, mysql is wanted", db)
		}
	}
	if len(meta.DB) == 0 {
		meta.DB = strList{"sqlite"}
	}
	return end + 1
}

// DialectOf is the dialect that an entry of db: names, "" for none.
func DialectOf(db string) string {
	name, _, _ := strings.Cut(db, ":")
	name, _, _ = strings.Cut(name, "+")
	switch name {
	case "sqlite":
		return "sqlite"
	case "postgresql", "postgres":
		return "postgresql"
	case "mysql", "mariadb":
		return "mysql"
	}
	return ""
}

// YAMLError is a mistake in a piece of YAML.
type YAMLError struct {
	Line    int // within the piece, from 1; 0 unknown
	Message string
}

func (e *YAMLError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// longestYAML bounds a piece of YAML, in bytes. What people write is far shorter,
// and the library takes minutes for a million brackets.
const longestYAML = 64 << 10

// DecodeYAML reads a piece of YAML into a struct; a key that the struct does
// not have is a mistake.
func DecodeYAML(text string, into any) (e *YAMLError) {
	if len(text) > longestYAML {
		return &YAMLError{Message: fmt.Sprintf("YAML of %d bytes; at most %d are read", len(text), longestYAML)}
	}
	defer func() {
		if recover() != nil { // the library stumbles over some tags (db: !x y)
			e = &YAMLError{Message: "this is no YAML that can be read"}
		}
	}()
	err := yaml.UnmarshalWithOptions([]byte(text), into, yaml.Strict())
	if err == nil {
		return nil
	}
	e = &YAMLError{Message: firstLine(err.Error())}
	var at yaml.Error
	if errors.As(err, &at) {
		e.Message = at.GetMessage()
		if t := at.GetToken(); t != nil && t.Position != nil {
			e.Line = t.Position.Line
		}
	}
	return e
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
