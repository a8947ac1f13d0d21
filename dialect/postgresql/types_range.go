package postgresql

import (
	"strings"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// boundOf reads the bounds of the named range type, or of its multirange.
func boundOf(name string) types.Convert {
	switch {
	case strings.HasPrefix(name, "INT"):
		return types.ReadInteger
	case strings.HasPrefix(name, "NUM"):
		return types.ReadDecimal
	case strings.HasPrefix(name, "DATE"):
		return types.ReadDate
	case strings.HasPrefix(name, "TS"):
		return types.ReadDateTime
	}
	return types.ReadText
}

func bindRange(v any) (any, error) {
	switch v.(type) {
	case types.Range, string:
		return v, nil
	}
	return nil, exc.New(exc.TypeError, "expected a Range, got %s", types.Repr(v))
}

func bindMultirange(v any) (any, error) {
	switch v := v.(type) {
	case types.Multirange, string:
		return v, nil
	case types.Range:
		return types.Multirange{v}, nil
	case []any:
		m := make(types.Multirange, len(v))
		for i, e := range v {
			r, ok := e.(types.Range)
			if !ok {
				return nil, exc.New(exc.TypeError, "expected a list of Ranges, got %s", types.Repr(v))
			}
			m[i] = r
		}
		return m, nil
	}
	return nil, exc.New(exc.TypeError, "expected a list of Ranges, got %s", types.Repr(v))
}

func rangeText(v any) string {
	if m, ok := v.(types.Multirange); ok {
		return m.String()
	}
	return types.Str(v)
}

func readRange(bound types.Convert) types.Convert {
	return func(v any) (any, error) {
		text, err := types.ReadText(v)
		s, ok := text.(string)
		if err != nil || !ok {
			return v, err
		}
		r, rest, err := parseRange(s, bound)
		if err == nil && rest != "" {
			err = notRange(s)
		}
		return r, err
	}
}

func readMultirange(bound types.Convert) types.Convert {
	return func(v any) (any, error) {
		text, err := types.ReadText(v)
		s, ok := text.(string)
		if err != nil || !ok {
			return v, err
		}
		if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
			return nil, notRange(s)
		}
		m := types.Multirange{}
		for rest := s[1 : len(s)-1]; rest != ""; {
			r, after, err := parseRange(rest, bound)
			if err != nil {
				return nil, err
			}
			m, rest = append(m, r), strings.TrimPrefix(after, ",")
		}
		return m, nil
	}
}

func notRange(s string) error { return exc.New(exc.ValueError, "not a range: %s", types.Quote(s)) }

// parseRange reads one range at the start of s and gives what follows it.
func parseRange(s string, bound types.Convert) (r types.Range, rest string, err error) {
	if after, ok := strings.CutPrefix(s, "empty"); ok {
		return types.Range{Empty: true, Bounds: "[)"}, after, nil
	}
	if s == "" || s[0] != '[' && s[0] != '(' {
		return r, "", notRange(s)
	}
	r.Bounds = s[:1]
	lower, at, ok := rangeBound(s, 1)
	if !ok || s[at] != ',' {
		return r, "", notRange(s)
	}
	upper, at, ok := rangeBound(s, at+1)
	if !ok || s[at] != ']' && s[at] != ')' {
		return r, "", notRange(s)
	}
	r.Bounds += s[at : at+1]
	for _, side := range []struct {
		text *string
		into *any
	}{{lower, &r.Lower}, {upper, &r.Upper}} {
		if side.text != nil {
			if *side.into, err = bound(*side.text); err != nil {
				return r, "", err
			}
		}
	}
	return r, s[at+1:], nil
}

// rangeBound reads a bound from s[at:]: nil when it is missing.
func rangeBound(s string, at int) (text *string, end int, ok bool) {
	var b strings.Builder
	present, quoted := false, false
	for ; at < len(s); at++ {
		switch c := s[at]; {
		case c == '\\' && at+1 < len(s):
			at++
			b.WriteByte(s[at])
		case c == '"' && quoted && at+1 < len(s) && s[at+1] == '"':
			at++
			b.WriteByte('"')
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ')' || c == ']'):
			if !present {
				return nil, at, true
			}
			out := b.String()
			return &out, at, true
		default:
			b.WriteByte(c)
		}
		present = true
	}
	return nil, at, false
}
