package compile

import "strings"

// ParamStyle is how places of parameters are written.
type ParamStyle uint8

// The styles: SQLAlchemy's, and the two of the wire.
const (
	Named    ParamStyle = iota // :name
	QMark                      // ?
	PyFormat                   // %(name)s
	Format                     // %s
	Dollar                     // $1, on the wire only
)

func (s ParamStyle) positional() bool     { return s == QMark || s == Format }
func (s ParamStyle) positionalWire() bool { return s != Dollar && s != Named && s != PyFormat }

func (s ParamStyle) placeholder(name string) string {
	switch s {
	case QMark:
		return "?"
	case PyFormat:
		return "%(" + name + ")s"
	case Format:
		return "%s"
	}
	return ":" + name
}

// escapeBindName replaces what the name of a parameter cannot contain, as
// SQLAlchemy does.
func escapeBindName(name string) string {
	if !strings.ContainsAny(name, "%():.[] ") {
		return name
	}
	return strings.NewReplacer("%", "P", "(", "A", ")", "Z", ":", "C", ".", "_", "[", "_", "]", "_", " ", "_").Replace(name)
}

// escapePercent doubles % where the style gives it a meaning.
func escapePercent(s string, style ParamStyle) string {
	if style != PyFormat && style != Format || !strings.Contains(s, "%") {
		return s
	}
	return strings.ReplaceAll(s, "%", "%%")
}
