package engine

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alchemysh/core/exc"
)

// URL says where a database is: dialect+driver://user:password@host:port/database?option=value.
// It is a value; Set and its kin return a changed copy. What was not written is nil.
type URL struct {
	DriverName string
	Username   *string
	Password   *string
	Host       *string
	Port       *int
	Database   *string
	Query      map[string][]string
}

var urlPattern = regexp.MustCompile(`(?s)^([\w+]+)://` +
	`(?:([^:/]*)(:([^@]*))?@)?` +
	`(?:(?:\[([^/?]+)\]|([^/:?]+))?(?::([^/?]*))?)?` +
	`(/([^?]*))?` +
	`(?:\?(.*))?$`)

// ParseURL reads a URL; SQLAlchemy's make_url.
func ParseURL(text string) (*URL, error) {
	m := urlPattern.FindStringSubmatchIndex(text)
	if m == nil {
		return nil, exc.New(exc.ArgumentError, "Could not parse SQLAlchemy URL from given URL string")
	}
	group := func(n int) *string {
		if m[2*n] < 0 {
			return nil
		}
		s := text[m[2*n]:m[2*n+1]]
		return &s
	}
	u := &URL{DriverName: *group(1), Username: unquoted(group(2)), Password: unquoted(group(4)), Host: group(6), Database: group(9)}
	if v6 := group(5); v6 != nil {
		u.Host = v6
	}
	if p := group(7); p != nil && *p != "" {
		n, err := strconv.Atoi(*p)
		if err != nil {
			return nil, exc.New(exc.ValueError, "invalid literal for int() with base 10: '%s'", *p)
		}
		u.Port = &n
	}
	if q := group(10); q != nil {
		u.Query = parseQuery(*q)
	}
	return u, nil
}

func unquoted(s *string) *string {
	if s == nil {
		return nil
	}
	t, err := url.PathUnescape(*s)
	if err != nil {
		return s
	}
	return &t
}

// parseQuery keeps the order of repeated names and drops empty values, as
// Python's parse_qsl does.
func parseQuery(text string) map[string][]string {
	out := map[string][]string{}
	for _, pair := range strings.Split(text, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if v == "" {
			continue
		}
		if s, err := url.QueryUnescape(k); err == nil {
			k = s
		}
		if s, err := url.QueryUnescape(v); err == nil {
			v = s
		}
		out[k] = append(out[k], v)
	}
	return out
}

// Render writes the URL, the password as *** if hide is set.
func (u *URL) Render(hide bool) string {
	var b strings.Builder
	b.WriteString(u.DriverName)
	b.WriteString("://")
	if u.Username != nil {
		b.WriteString(quotePart(*u.Username))
		if u.Password != nil {
			b.WriteByte(':')
			if hide {
				b.WriteString("***")
			} else {
				b.WriteString(quotePart(*u.Password))
			}
		}
		b.WriteByte('@')
	}
	if u.Host != nil {
		if strings.Contains(*u.Host, ":") {
			b.WriteString("[" + *u.Host + "]")
		} else {
			b.WriteString(*u.Host)
		}
	}
	if u.Port != nil {
		b.WriteString(":" + strconv.Itoa(*u.Port))
	}
	if u.Database != nil {
		b.WriteString("/" + *u.Database)
	}
	if len(u.Query) > 0 {
		sep := "?"
		for _, k := range slices.Sorted(maps.Keys(u.Query)) {
			for _, v := range u.Query[k] {
				b.WriteString(sep + quotePlus(k) + "=" + quotePlus(v))
				sep = "&"
			}
		}
	}
	return b.String()
}

// String hides the password.
func (u *URL) String() string { return u.Render(true) }

// quotePart escapes what has a meaning in a URL, but neither " " nor "+".
func quotePart(s string) string { return quoteExcept(s, "_.-~ +") }

func quotePlus(s string) string {
	return strings.ReplaceAll(quoteExcept(s, "_.-~ "), " ", "+")
}

func quoteExcept(s, safe string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(safe, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		b.Write([]byte{'%', hex[c>>4], hex[c&15]})
	}
	return b.String()
}

// BackendName is the dialect: what stands before a "+".
func (u *URL) BackendName() string {
	name, _, _ := strings.Cut(u.DriverName, "+")
	return name
}

// DriverPart is the driver: what stands after a "+", "" if nothing does.
func (u *URL) DriverPart() string {
	_, driver, _ := strings.Cut(u.DriverName, "+")
	return driver
}

// Clone is a copy whose query can be changed.
func (u *URL) Clone() *URL {
	n := *u
	n.Query = make(map[string][]string, len(u.Query))
	for k, v := range u.Query {
		n.Query[k] = slices.Clone(v)
	}
	return &n
}

// Equal reports whether both say the same, passwords included.
func (u *URL) Equal(v *URL) bool {
	return v != nil && u.Render(false) == v.Render(false)
}

// UpdateQuery lays options over those of the URL; with extend, repeated names
// gain values instead of losing them.
func (u *URL) UpdateQuery(with map[string][]string, extend bool) *URL {
	n := u.Clone()
	for k, v := range with {
		if extend {
			n.Query[k] = append(n.Query[k], v...)
		} else {
			n.Query[k] = slices.Clone(v)
		}
	}
	return n
}

// UpdateQueryString is UpdateQuery with options written as "a=1&b=2".
func (u *URL) UpdateQueryString(text string, extend bool) *URL {
	return u.UpdateQuery(parseQuery(text), extend)
}

// WithoutQuery drops options.
func (u *URL) WithoutQuery(names ...string) *URL {
	n := u.Clone()
	for _, k := range names {
		delete(n.Query, k)
	}
	return n
}

// ConnectArguments are the parts of the URL that are given, by the names that a
// DBAPI has for them. Database, user and password may be called otherwise.
func (u *URL) ConnectArguments(database, username, password string) map[string]any {
	out := map[string]any{}
	for name, part := range map[string]*string{"host": u.Host, database: u.Database, username: u.Username, password: u.Password} {
		if part != nil && *part != "" {
			out[name] = *part
		}
	}
	if u.Port != nil && *u.Port != 0 {
		out["port"] = int64(*u.Port)
	}
	return out
}

// QueryValue is an option as it was given: one value, or a list of them.
func (u *URL) QueryValue(name string) any {
	v := u.Query[name]
	if len(v) == 1 {
		return v[0]
	}
	list := make([]any, len(v))
	for i := range v {
		list[i] = v[i]
	}
	return list
}

// Option is the last value of an option, and whether it is there.
func (u *URL) Option(name string) (string, bool) {
	v := u.Query[name]
	if len(v) == 0 {
		return "", false
	}
	return v[len(v)-1], true
}
