package core

import (
	"strconv"
	"strings"
)

// LabelStyle says how the columns of a query are named.
type LabelStyle uint8

// SQLAlchemy's label styles.
const (
	LabelDisambiguate LabelStyle = iota // the name; a repeated one gets a number
	LabelNone                           // the names as they are
	LabelTablename                      // table_column
)

// Named is a column of a query with the names that it goes by.
type Named struct {
	X Expr
	// Required is the label it must be written with; "" for none.
	Required Name
	// Fallback labels it where an expression must have a name.
	Fallback Name
	// Key is under which a subquery of the query offers it.
	Key string
	// Repeated: the same column stood in the list before.
	Repeated bool
}

type identified interface{ id() uint64 }

func exprID(e Expr) uint64 {
	switch e := Plain(e).(type) {
	case identified:
		return e.id()
	case *BoolConst:
		if e.Value {
			return 2
		}
	}
	return 1
}

// exprName is the name an expression has by itself.
func exprName(e Expr) Name {
	switch e := Plain(e).(type) {
	case *Column:
		return e.Name
	case *Label:
		return e.Name
	case *Func:
		return Name(e.Name)
	case *NextValue:
		return "next_value"
	case *FuncColumn:
		return Name(e.Name)
	case *TableValued:
		n, _ := FromName(e.Of)
		return n
	case *Custom:
		return Name(e.Name)
	}
	return ""
}

// wrapped is the expression after which e is named, nil if e is no wrapper.
func wrapped(e Expr) Expr {
	switch e := Plain(e).(type) {
	case *Cast:
		return e.X
	case *TypeCoerce:
		return e.X
	case *AsBool:
		return e.X
	}
	return nil
}

// OwnName is the label that e has without being given one; "" for none.
func OwnName(e Expr) Name {
	switch e := Plain(e).(type) {
	case *Column, *Label, *FuncColumn, *TableValued:
		return exprName(e)
	case *Custom:
		if e.Column {
			return exprName(e)
		}
	}
	return ""
}

func anonLabel(e Expr, seed Name, index int) Name {
	id := exprID(e)
	if index > 0 {
		id, seed = id<<16|uint64(index), seed+"_"
	}
	if seed == "" {
		seed = "anon"
	}
	return anonymous(id, seed)
}

// AnonName is the numbered name of e: max_1, anon_1; a wrapper has the name of
// what it wraps.
func AnonName(e Expr) Name {
	e = Plain(e)
	if w := wrapped(e); w != nil {
		if _, text := Plain(w).(*Text); !text {
			if n := OwnName(w); n != "" {
				return n
			}
			return AnonName(w)
		}
	}
	return anonLabel(e, exprName(e), 0)
}

func dedupeName(e Expr, index int) Name {
	e = Plain(e)
	if w := wrapped(e); w != nil {
		if n := OwnName(w); n != "" {
			return anonLabel(e, n+"_", 0)
		}
		return dedupeQualified(e, index)
	}
	if n := exprName(e); n != "" {
		return anonLabel(e, n, index)
	}
	return dedupeQualified(e, index)
}

func dedupeQualified(e Expr, index int) Name {
	n := QualifiedName(e)
	if n == "" {
		n = "anon"
	}
	return anonLabel(e, n, index)
}

// QualifiedName is table_column, for LabelTablename; "" for what has no table.
func QualifiedName(e Expr) Name {
	switch e := Plain(e).(type) {
	case *Column:
		return qualify(e, e.Name)
	case *Label:
		return e.Name
	case *FuncColumn, *TableValued:
		return exprName(e)
	}
	if w := wrapped(e); w != nil {
		return QualifiedName(w)
	}
	return ""
}

func qualifiedKey(c *Column) Name {
	if c.Key != "" && c.Key != string(c.Name) {
		return qualify(c, Name(c.Key))
	}
	return qualify(c, c.Name)
}

func qualify(c *Column, name Name) Name {
	if c.Literal {
		return ""
	}
	if c.Table == nil {
		return name
	}
	table, ok := FromName(c.Table)
	if !ok {
		return name
	}
	label := table + "_" + name
	if t, ok := PlainFrom(c.Table).(*Table); ok && t.Schema != "" {
		label = Name(strings.ReplaceAll(t.Schema, ".", "_")) + "_" + label
	}
	cols := c.Table.Columns()
	if _, taken := cols.Get(string(label)); taken {
		base := label
		for n := 1; taken; n++ {
			label = base + "_" + Name(strconv.Itoa(n))
			_, taken = cols.Get(string(label))
		}
	}
	return label
}

// proxyKey is the key by which a subquery offers e; "" for an expression
// without a name.
func proxyKey(e Expr) string {
	if a, ok := e.(*Annotated); ok {
		if a.ProxyKey != "" {
			return a.ProxyKey
		}
		return proxyKey(a.X)
	}
	var n Name
	switch e := e.(type) {
	case *Column:
		n = Name(e.Key)
		if n == "" {
			n = e.Name
		}
	case *Bind:
		if !e.Unique {
			n = Name(e.Key)
		}
	default:
		if w := wrapped(e); w != nil {
			if _, text := Plain(w).(*Text); text {
				return ""
			}
			return proxyKey(w)
		}
		n = exprName(e)
	}
	if n.IsAnonymous() {
		return ""
	}
	return string(n)
}

// keyNaming gives each column of a query its key, as SQLAlchemy's
// _column_naming_convention does.
func keyNaming(style LabelStyle) func(Expr) string {
	var anon AnonNames
	seen := map[string]bool{}
	return func(e Expr) string {
		if _, ok := Plain(e).(*Text); ok {
			return ""
		}
		name := proxyKey(e)
		if style == LabelNone {
			if name == "" {
				return "_no_label"
			}
			return name
		}
		if style == LabelTablename {
			if c, ok := Plain(e).(*Column); ok {
				name = string(qualifiedKey(c))
				if Name(name).IsAnonymous() {
					name = anon.Resolve(Name(name))
				}
			}
		}
		switch {
		case name == "":
			name = "_no_label"
			if seen[name] {
				return anon.Resolve(anonLabel(e, "_no_label", 0))
			}
		case seen[name]:
			return anon.Resolve(anonLabel(e, Name(name), 0))
		}
		seen[name] = true
		return name
	}
}

// NameColumns names the columns of a query. dedupe also tells apart a column
// that stands in the list twice: wanted when it is written, not when a subquery
// offers its columns.
func NameColumns(cols []Expr, style LabelStyle, dedupe bool) []Named {
	key := keyNaming(style)
	taken := map[Name]Expr{}
	out := make([]Named, 0, len(cols))
	index := 1
	next := func(e Expr) Name {
		defer func() { index++ }()
		if style == LabelTablename {
			return dedupeQualified(e, index)
		}
		return dedupeName(e, index)
	}
	for _, e := range cols {
		n := Named{X: e}
		var effective Name
		_, isText := Plain(e).(*Text)
		c, isColumn := Plain(e).(*Column)
		switch {
		case isText, isColumn && c.Table == nil:
			// written as it is, whatever else has its name
		case style == LabelNone:
			if n.Fallback = OwnName(e); n.Fallback == "" {
				n.Fallback = AnonName(e)
			}
		default:
			if style == LabelTablename {
				effective = QualifiedName(e)
				n.Required, n.Fallback = effective, effective
			} else {
				effective = OwnName(e)
				n.Fallback = effective
			}
			if effective == "" {
				if a, ok := e.(*Annotated); ok && a.ProxyKey != "" && exprName(e) == "" {
					effective = Name(a.ProxyKey)
					n.Required, n.Fallback = effective, effective
				} else {
					n.Fallback = AnonName(e)
					if _, n.Repeated = taken[n.Fallback]; n.Repeated {
						n.Fallback = next(e)
					} else {
						taken[n.Fallback] = e
					}
					n.Required = ""
				}
			}
		}
		if effective != "" {
			if old, ok := taken[effective]; !ok {
				taken[effective] = e
			} else if Plain(old) != Plain(e) {
				label := AnonName(e)
				if style == LabelTablename {
					label = anonLabel(e, QualifiedName(e), 0)
				}
				if _, again := taken[label]; dedupe && again {
					label = next(e)
					n.Repeated = true
				} else {
					taken[label] = e
				}
				n.Required, n.Fallback = label, label
			} else if dedupe {
				label := next(e)
				n.Required, n.Fallback = label, label
				n.Repeated = true
			}
		}
		n.Key = key(e)
		out = append(out, n)
	}
	return out
}

// proxies makes the columns that `into` offers for what it stands for.
func proxies(into From, of Node) *Columns {
	cols := &Columns{}
	switch of := of.(type) {
	case *Func:
		cols.add(of.Name, &Column{Name: Name(of.Name), Key: of.Name, Type: of.Type, Table: into, Proxies: []Expr{of}}, false)
	case From:
		src := of.Columns()
		for i, c := range src.All() {
			p := &Column{Name: c.Name, Key: c.Key, Type: c.ExprType(), Table: into, Quote: c.Quote, Proxies: []Expr{c}}
			if _, join := PlainFrom(of).(*Join); join {
				p.Name, p.Key = Name(src.keys[i]), src.keys[i]
			}
			cols.add(p.Key, p, false)
		}
	case *CompoundSelect:
		first := of.first()
		for i, n := range NameColumns(first.Selected(), labelStyleOf(of, first), false) {
			if _, text := Plain(n.X).(*Text); text {
				continue
			}
			p := proxyOf(into, n)
			for _, q := range of.Selects[1:] {
				if rest := q.Selected(); i < len(rest) {
					p.Proxies = append(p.Proxies, rest[i])
				}
			}
			cols.add(p.Key, p, false)
		}
	case *TextualSelect:
		for _, c := range of.Cols {
			n := Named{X: c, Key: proxyKey(c)}
			cols.add(n.Key, proxyOf(into, n), false)
		}
	case Query:
		for _, n := range NameColumns(of.Selected(), labelStyleOf(of, of), false) {
			if _, text := Plain(n.X).(*Text); text {
				continue
			}
			p := proxyOf(into, n)
			cols.add(p.Key, p, false)
		}
	case Returner:
		for _, n := range NameColumns(of.Returned(), LabelDisambiguate, false) {
			p := proxyOf(into, n)
			cols.add(p.Key, p, false)
		}
	}
	return cols
}

func proxyOf(into From, n Named) *Column {
	x := Plain(n.X)
	name := n.Required
	if name == "" {
		if name = OwnName(x); name == "" {
			name = n.Fallback
			if name == "" {
				name = AnonName(x)
			}
		}
	}
	p := &Column{Name: name, Key: n.Key, Type: x.ExprType(), Table: into, Proxies: []Expr{n.X}}
	switch x := x.(type) {
	case *Column:
		p.Quote = x.Quote
		p.Literal = x.Literal && p.Name == x.Name
	case *Label:
		p.Quote = x.Quote
	}
	if p.Key == "" {
		p.Key = string(name)
	}
	return p
}

func labelStyleOf(q, inner Query) LabelStyle {
	style := LabelDisambiguate
	if s, ok := inner.(*Select); ok {
		style = s.LabelStyle
	}
	if c, ok := q.(*CompoundSelect); ok && c.LabelStyle != LabelDisambiguate {
		style = c.LabelStyle
	}
	return style
}

// disambiguated is q with a label style under which names do not repeat, as a
// subquery needs it.
func disambiguated(q Query) Query {
	switch q := q.(type) {
	case *Select:
		if q.LabelStyle == LabelNone {
			n := *q
			n.LabelStyle = LabelDisambiguate
			return &n
		}
	case *CompoundSelect:
		n := *q
		n.Selects = make([]Query, len(q.Selects))
		for i, s := range q.Selects {
			n.Selects[i] = disambiguated(s)
		}
		return &n
	}
	return q
}
