package core

import (
	"regexp"
	"strconv"
	"strings"

	"alchemysh/core/exc"
)

// DefaultNamingConvention names the indexes of index=true columns, as long as
// a MetaData has no convention of its own.
var DefaultNamingConvention = map[string]any{"ix": "ix_%(column_0_label)s"}

// ConventionToken is a function that a naming convention calls for a token of
// its own: naming_convention{my_token = function(constraint, table) … end}.
type ConventionToken func(item any, t *Table) (string, error)

// GivenName is the name of a constraint or index as the database will know it.
// Derived names, which a naming convention or conv() made, may be shortened to
// what the database takes; others are refused when they are too long.
type GivenName struct {
	Name    string
	Derived bool
	Quote   Quoting
}

// NameOf names a constraint, by the naming convention of its table's MetaData
// if there is one that applies. Name is "" for a constraint without a name.
func NameOf(k Constraint) (GivenName, error) {
	o := k.Named()
	n := namer{item: k, name: o.Name, refused: o.NoName}
	switch k := k.(type) {
	case *PrimaryKeyConstraint:
		n.kind, n.table, n.columns = "pk", k.Table, k.Cols
	case *UniqueConstraint:
		n.kind, n.table, n.columns = "uq", k.Table, k.Cols
	case *ForeignKeyConstraint:
		n.kind, n.table, n.columns, n.foreign = "fk", k.Table, k.Cols, k
	case *CheckConstraint:
		n.kind, n.table = "ck", k.Table
		if k.TypeColumn != nil {
			n.columns = []*Column{k.TypeColumn}
		} else if k.X != nil {
			n.columns = columnsIn(k.X)
		}
	case *ExcludeConstraint:
		n.table = k.Table
	}
	return n.resolve(o.Conv, o.Quote)
}

// IndexName names an index.
func IndexName(x *Index) (GivenName, error) {
	n := namer{item: x, kind: "ix", name: x.Name, table: x.Table}
	for _, e := range x.Exprs {
		n.columns = append(n.columns, columnsIn(e)...)
	}
	return n.resolve(x.Conv, x.Quote)
}

func columnsIn(e Expr) (out []*Column) {
	Walk(e, func(n Node) bool {
		if c, ok := n.(*Column); ok {
			if _, ok := c.Table.(*Table); ok {
				out = append(out, c)
			}
			return false
		}
		return true
	})
	return out
}

// namer fills in one template.
type namer struct {
	item    any
	kind    string
	name    string
	refused bool // name=nil was written
	table   *Table
	columns []*Column
	foreign *ForeignKeyConstraint
}

func (n *namer) resolve(final bool, q Quoting) (GivenName, error) {
	if final || n.table == nil || n.table.MetaData == nil {
		return GivenName{n.name, final, q}, nil
	}
	convention := n.table.MetaData.NamingConvention
	if convention == nil {
		convention = DefaultNamingConvention
	}
	template, ok := convention[n.kind].(string)
	if !ok || n.name != "" && !strings.Contains(template, "constraint_name") {
		return GivenName{n.name, false, q}, nil
	}
	name, err := Substitute(template, func(token string) (string, error) { return n.token(convention, token) })
	if err != nil {
		return GivenName{}, err
	}
	return GivenName{name, true, q}, nil
}

// Substitute replaces %(name)s and %% in a template.
func Substitute(template string, value func(name string) (string, error)) (string, error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(template, '%')
		if i < 0 || i+1 >= len(template) {
			b.WriteString(template)
			return b.String(), nil
		}
		b.WriteString(template[:i])
		rest := template[i+1:]
		if rest[0] == '%' {
			b.WriteByte('%')
			template = rest[1:]
			continue
		}
		end := strings.Index(rest, ")s")
		if rest[0] != '(' || end < 0 {
			return "", exc.New(exc.ValueError, "unsupported format character in %s", template[i:])
		}
		v, err := value(rest[1:end])
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		template = rest[end+2:]
	}
}

var columnToken = regexp.MustCompile(`^(.*_?column_)(\d+)(_?N)?(_.+)$`)

func (n *namer) token(convention map[string]any, token string) (string, error) {
	switch f := convention[token].(type) {
	case ConventionToken:
		return f(n.item, n.table)
	case func(item any, t *Table) (string, error):
		return f(n.item, n.table)
	}
	switch token {
	case "table_name":
		return n.table.Name, nil
	case "constraint_name":
		if n.name == "" {
			return "", exc.New(exc.InvalidRequestError, "Naming convention including %s token requires that constraint is explicitly named.", "%(constraint_name)s")
		}
		return n.name, nil
	case "referred_table_name":
		if n.foreign != nil {
			name, _ := n.foreign.Elements[0].TargetName()
			return name[strings.LastIndexByte(name, '.')+1:], nil
		}
	}
	m := columnToken.FindStringSubmatch(token)
	if m == nil {
		return "", exc.New(exc.KeyError, "'%s'", token)
	}
	attr := m[1] + "X" + m[4]
	if m[3] == "" {
		at, _ := strconv.Atoi(m[2])
		return n.column(token, attr, at)
	}
	var parts []string
	for i := range n.columns {
		p, err := n.column(token, attr, i)
		if err != nil {
			return "", err
		}
		parts = append(parts, p)
	}
	return strings.Join(parts, strings.TrimSuffix(m[3], "N")), nil
}

func (n *namer) column(token, attr string, at int) (string, error) {
	if at >= len(n.columns) {
		return "", nil
	}
	c := n.columns[at]
	switch attr {
	case "column_X_name":
		return string(c.Name), nil
	case "column_X_key":
		return c.Key, nil
	case "column_X_label":
		return ddlLabel(c), nil
	case "referred_column_X_name":
		if n.foreign != nil {
			to, err := n.foreign.Elements[at].Resolve()
			if err != nil {
				return "", err
			}
			return string(to.Name), nil
		}
	}
	return "", exc.New(exc.KeyError, "'%s'", token)
}

// ddlLabel is schema_table_column.
func ddlLabel(c *Column) string {
	t, ok := c.Table.(*Table)
	if !ok {
		return string(c.Name)
	}
	label := t.Name + "_" + string(c.Name)
	if t.Schema != "" {
		label = strings.ReplaceAll(t.Schema, ".", "_") + "_" + label
	}
	return label
}
