package compile

import (
	"fmt"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Options vary one compilation.
type Options struct {
	// ColumnKeys are the keys of the parameters that an INSERT or UPDATE will be
	// executed with; HasColumnKeys tells "none" from "not known".
	ColumnKeys    []string
	HasColumnKeys bool
	// Executemany: it will run with many sets of parameters.
	Executemany bool
	// SchemaTranslate replaces schema names; "" is the default schema.
	SchemaTranslate map[string]string
	// LiteralBinds renders every value into the SQL.
	LiteralBinds bool
	// RenderPostcompile expands IN lists with the values that the statement has.
	RenderPostcompile bool
	// NoTable leaves tables off column names: CHECK, index expressions.
	NoTable bool
	// Key and Binds are the statement's cache key and its parameters.
	Key   string
	Binds []*core.Bind
}

// Compile turns a statement, or any expression or FROM object, into SQL.
// CompileError and the like come back as errors.
func Compile(d Dialect, n core.Node, o Options) (out *Compiled, err error) {
	defer exc.Catch(&err)
	if s, ok := n.(core.DDLStatement); ok && compileDDL != nil {
		return compileDDL(d, s, o)
	}
	c := newCompiler(d, o)
	c.statement = n
	return c.compile(n), nil
}

// RegisterDDL names the function that compiles statements that the compiler
// does not know itself: CREATE, ALTER, DROP. Package ddl calls it when it is
// initialised, since it stands above this one.
func RegisterDDL(f func(Dialect, core.Statement, Options) (*Compiled, error)) { compileDDL = f }

var compileDDL func(Dialect, core.Statement, Options) (*Compiled, error)

// NewText is a compiled statement of finished SQL.
func NewText(d Dialect, k Kind, s core.Node, sql string) *Compiled {
	return &Compiled{Dialect: d, Statement: s, Kind: k, template: []piece{{text: sql, param: -1}}}
}

// Inline is an expression or query as a part of DDL: values written out, %
// left single.
func Inline(d Dialect, n core.Node, o Options) (sql string, err error) {
	defer exc.Catch(&err)
	o.LiteralBinds = true
	c := newCompiler(d, o)
	c.statement = n
	out := c.compile(n)
	for _, p := range out.template {
		if p.param >= 0 {
			return "", exc.New(exc.CompileError, "Bind parameter '%s' without a renderable value not allowed here.", out.Params[p.param].Name)
		}
		sql += p.text
	}
	return sql, nil
}

func newCompiler(d Dialect, o Options) *Compiler {
	c := &Compiler{d: d, f: d.Features(), q: d.Quoting(), opts: o, byName: map[string]int{}, byBind: map[*core.Bind]int{}}
	c.cx.literal = o.LiteralBinds
	c.cx.bare = o.NoTable
	return c
}

// Compiler writes one statement. Output, parameters and context live in it; the
// hooks of a dialect write through its methods.
type Compiler struct {
	d         Dialect
	f         *Features
	q         *Quoting
	opts      Options
	statement core.Node
	depth     int // of what is being written

	// What has been written: finished pieces, and the text since the last.
	pieces []piece
	held   []piece    // what hold wrote aside and is no text
	plain  core.Node  // to be written without a rule
	at     queryPlace // of the query that is being written
	text   strings.Builder

	params []Param
	byName map[string]int
	byBind map[*core.Bind]int
	shared [][][]int // of shareParameters
	inline bool      // some parameter is written by InlineOnWire
	keyIdx map[*core.Bind]int

	anon      core.AnonNames
	truncated map[truncation]string
	truncNext map[string]int

	stack []*frame
	cx    context
	ctes  cteState

	results   []ResultColumn
	matching  Matching
	plainText bool
	kind      Kind
	dml       *DML
	options   core.Options
}

// context is what an expression inherits from where it stands.
type context struct {
	columns bool // in a column list
	inLabel bool // inside a labelled expression
	literal bool // values are written out
	bare    bool // no table before column names
	operand bool // beside an operator
	execute bool // values are written out when the statement is executed
	// wrapped is the parameter around which its type's expression is written.
	wrapped *core.Bind
	// wireCast is for parameters that neither SQLAlchemy nor their type casts.
	wireCast string
	// inline: parameters are values on the wire.
	inline bool
	// pyformat: parameters are shown as PostgreSQL's, in what is only its.
	pyformat bool
	// labelAs is the label to be written by its name only.
	labelAs core.Expr
	// result: the next column or label is a column of the result.
	result  bool
	targets []core.Expr
	names   []string
	// repeated: a column before it is the same, and the one that is meant by it.
	repeated bool
}

// below is the context of a query that stands in this one.
func (cx *context) below() context { return context{literal: cx.literal, operand: cx.operand} }

// frame is one query of the nest that is being written.
type frame struct {
	correlate []core.From
	asfrom    []core.From
	query     core.Node
	resolve   *labelResolver
	// compoundResult: the first query of the compound names the result.
	compoundResult bool
	nestedResult   bool
	columns        int      // of the first query of a compound
	schemaNames    []string // names of the tables in FROM that have a schema
}

// Dialect is the database that is written for.
func (c *Compiler) Dialect() Dialect { return c.d }

// deeper is one level further into what is written.
func (c *Compiler) deeper() {
	c.depth++
	core.CheckNesting(c.depth)
}

// Write appends SQL text.
func (c *Compiler) Write(parts ...string) {
	for _, s := range parts {
		c.text.WriteString(s)
	}
}

func (c *Compiler) flush() {
	if c.text.Len() > 0 {
		c.pieces = append(c.pieces, piece{text: c.text.String(), param: -1})
		c.text.Reset()
	}
}

// capture runs f and gives what it wrote instead of writing it.
func (c *Compiler) capture(f func()) []piece {
	c.flush()
	outer := c.pieces
	c.pieces = nil
	f()
	c.flush()
	got := c.pieces
	c.pieces = outer
	return got
}

func (c *Compiler) emit(ps []piece) {
	c.flush()
	c.pieces = append(c.pieces, ps...)
}

// Capture runs f and reports whether it wrote anything, and writes that with
// prefix before it.
func (c *Compiler) prefixed(prefix string, f func()) {
	if ps := c.capture(f); len(ps) > 0 {
		c.Write(prefix)
		c.emit(ps)
	}
}

// within runs f in a changed context.
func (c *Compiler) within(change func(*context), f func()) {
	old := c.cx
	change(&c.cx)
	f()
	c.cx = old
}

// Bare runs f with columns written without their tables.
func (c *Compiler) Bare(f func()) { c.within(func(x *context) { x.bare = true }, f) }

// Literally runs f with values written out.
func (c *Compiler) Literally(f func()) { c.within(func(x *context) { x.literal = true }, f) }

// CastOnWire runs f; parameters without a cast that it writes have this one in
// the text for the driver.
func (c *Compiler) CastOnWire(cast string, f func()) {
	c.within(func(x *context) { x.wireCast = cast }, f)
}

// InlineOnWire runs f where the server takes no placeholders: parameters that
// it writes are values in the text for the driver, and stay parameters in what
// is shown.
func (c *Compiler) InlineOnWire(f func()) {
	c.within(func(x *context) { x.inline = true }, f)
}

func (c *Compiler) compile(n core.Node) *Compiled {
	if len(c.opts.Binds) > 0 {
		c.keyIdx = make(map[*core.Bind]int, len(c.opts.Binds))
		for i, b := range c.opts.Binds {
			if _, dup := c.keyIdx[b]; !dup {
				c.keyIdx[b] = i
			}
		}
	}
	switch n := n.(type) {
	case *core.Insert:
		c.kind, c.options = InsertKind, n.Options
		c.insert(n, true)
	case *core.Update:
		c.kind, c.options = UpdateKind, n.Options
		c.update(n, true)
	case *core.Delete:
		c.kind, c.options = DeleteKind, n.Options
		c.delete(n, true)
	case core.Query:
		c.kind, c.options = SelectKind, n.ExecutionOptions()
		c.query(n, queryPlace{compound: -1})
	case *core.Text:
		c.options = n.Options
		c.plainText = true
		c.Expr(n)
	case *core.Func:
		c.kind, c.options = SelectKind, n.Options
		c.Expr(n)
	case core.Expr:
		c.Expr(n)
	case *core.Table:
		// a table by itself is no SQL
	case *core.Values:
		c.ValuesRows(n)
	case *core.Join:
		c.from(n)
	case *core.CTE:
		c.cteElement(n)
	case *core.Alias:
		c.standaloneAlias(n)
	case core.From:
		c.from(n)
	default:
		exc.Raise(exc.UnsupportedCompilation, "Compiler can't render element of type %T", n)
	}
	c.flush()
	out := &Compiled{Dialect: c.d, Statement: c.statement, Kind: c.kind, Params: c.params, Results: c.results, Matching: c.matching,
		DML: c.dml, PlainText: c.plainText, Options: c.options, Key: c.opts.Key, Binds: c.opts.Binds, template: c.pieces,
		shared: c.shared, inline: c.inline}
	if c.opts.RenderPostcompile {
		return out.expanded()
	}
	return out
}

// expanded is the statement with IN lists written for the values it has.
func (c *Compiled) expanded() *Compiled {
	_, values := c.Defaults()
	r, err := c.Render(values)
	if err != nil {
		panic(err)
	}
	n := &Compiled{Dialect: c.Dialect, Statement: c.Statement, Kind: c.Kind, Results: c.Results, Matching: c.Matching,
		DML: c.DML, PlainText: c.PlainText, Options: c.Options, Key: c.Key, Binds: c.Binds}
	n.plain.Store(r)
	for _, a := range r.Names {
		b := &core.Bind{Key: a.Name, Value: a.Value(values), Type: c.Params[a.Param].Bind.Type}
		of := c.Params[a.Param]
		n.Params = append(n.Params, Param{Name: a.Name, Unescaped: of.Unescaped + strings.TrimPrefix(a.Name, of.Name), Bind: b, Impl: *a.Impl, KeyIndex: -1})
	}
	n.template = []piece{{text: r.SQL, param: -1}}
	n.rendered = true
	return n
}

// Raise fails the compilation.
func (c *Compiler) Raise(format string, args ...any) { exc.Raise(exc.CompileError, format, args...) }

// truncation is one name of one class, cut to the length that is allowed.
type truncation struct {
	class string
	name  core.Name
}

// ident resolves an anonymous or made-up name and cuts it to the longest that
// the database takes, numbering what was cut.
func (c *Compiler) ident(class string, name core.Name) string {
	if s, ok := c.truncated[truncation{class, name}]; ok {
		return s
	}
	s := c.anon.Resolve(name)
	if limit := c.f.labelLength() - 6; c.f.MaxIdentifier > 0 && len(s) > limit {
		if c.truncNext == nil {
			c.truncNext = map[string]int{}
		}
		c.truncNext[class]++
		s = fmt.Sprintf("%s_%x", s[:max(limit, 0)], c.truncNext[class])
	}
	if c.truncated == nil {
		c.truncated = map[truncation]string{}
	}
	c.truncated[truncation{class, name}] = s
	return s
}

// name writes out a given name as it is and an anonymous one resolved.
func (c *Compiler) resolve(class string, name core.Name) string {
	if !name.IsAnonymous() {
		return string(name)
	}
	return c.ident(class, name)
}

// Quote quotes an identifier where it must be.
func (c *Compiler) Quote(name string) string { return c.q.Identifier(name) }

// quoteAs quotes by the wish of the person who named it.
func (c *Compiler) quoteAs(name string, force core.Quoting) string {
	switch force {
	case core.QuoteAlways:
		return c.q.Force(name)
	case core.QuoteNever:
		return name
	}
	return c.q.Identifier(name)
}

// schemaOf is the schema of a table after translation, quoted; "" for none.
func (c *Compiler) schemaOf(t *core.Table) string {
	s, translated := t.Schema, false
	if c.opts.SchemaTranslate != nil {
		if to, ok := c.opts.SchemaTranslate[t.Schema]; ok {
			s, translated = to, true
		}
	}
	if s == "" || c.q.OmitSchema {
		return ""
	}
	if !translated {
		return c.quoteAs(s, t.SchemaQuote)
	}
	return c.Quote(s)
}

// TableName is a table's name with its schema, quoted.
func (c *Compiler) TableName(t *core.Table) string {
	name := c.quoteAs(t.Name, t.Quote)
	if s := c.schemaOf(t); s != "" {
		return s + "." + name
	}
	return name
}

// bind writes a parameter, registering it on its first mention.
func (c *Compiler) bind(b *core.Bind) {
	if x := c.bindExpression(b); x != nil {
		c.within(func(cx *context) { cx.wrapped = b }, func() { c.Expr(x) })
		return
	}
	if c.cx.literal {
		c.literalBind(b)
		return
	}
	i, ok := c.byBind[b]
	if !ok {
		i = c.register(b)
	}
	p := &c.params[i]
	if p.Impl.BindCast == "" && p.Impl.WireCast == "" {
		p.Impl.WireCast = c.cx.wireCast
	}
	c.flush()
	if p.Expanding {
		c.Write("(")
		c.flush()
		c.pieces = append(c.pieces, piece{param: i, cast: p.Impl.BindCast})
		c.Write(")")
		return
	}
	c.pieces = append(c.pieces, piece{param: i, cast: p.Impl.BindCast, inline: c.cx.inline, pyformat: c.cx.pyformat})
	c.inline = c.inline || c.cx.inline
}

func (c *Compiler) register(b *core.Bind) int {
	unescaped := c.resolveBind(b)
	name := escapeBindName(unescaped)
	if i, ok := c.byName[name]; ok {
		old := &c.params[i]
		if old.Bind != b {
			switch {
			case distinctBind(old.Bind) || distinctBind(b):
				c.Raise("Bind parameter '%s' conflicts with unique bind parameter of the same name", name)
			case old.Expanding != b.Expanding:
				c.Raise("Can't reuse bound parameter name '%s' in both 'expanding' (e.g. within an IN expression) and non-expanding contexts.  If this parameter is to receive a list/array value, set 'expanding=true' on it for expressions that aren't IN, otherwise use a different parameter name.", name)
			case old.Crud && b.Crud:
				c.Raise("Encountered unsupported case when compiling an INSERT or UPDATE statement.  If this is a multi-table UPDATE statement, please provide string-named arguments to the values() method with distinct names; support for multi-table UPDATE statements that target multiple tables for UPDATE is very limited")
			case old.Crud || b.Crud:
				c.Raise("bindparam() name '%s' is reserved for automatic usage in the VALUES or SET clause of this insert/update statement.   Please use a name other than column name when using bindparam() with insert() or update() (for example, 'b_%s').", b.Key, b.Key)
			}
		}
		if old.Bind == b {
			c.byBind[b] = i
			return i
		}
	}
	p := Param{Name: name, Unescaped: unescaped, Bind: b, Expanding: b.Expanding, Literal: b.LiteralExecute || c.cx.execute, KeyIndex: -1, Crud: b.Crud}
	c.typeParam(&p, b)
	if k, ok := c.keyIdx[b]; ok {
		p.KeyIndex = k
	}
	i, again := c.byName[name]
	if again { // the last parameter of a name is what gives the value
		c.params[i] = p
	} else {
		i = len(c.params)
		c.params = append(c.params, p)
		c.byName[name] = i
	}
	c.byBind[b] = i
	return i
}

// distinctBind reports whether a parameter shares its name with no other: it is
// unique, or the plain value of a column in VALUES or SET.
func distinctBind(b *core.Bind) bool { return b.Unique || b.Crud && !b.Required }

func (c *Compiler) typeParam(p *Param, b *core.Bind) {
	if tt, ok := b.Type.(*types.TupleType); ok && b.Expanding {
		p.Tuple = len(tt.Types)
		if list, ok := asList(b.Value); ok && len(list) > 0 {
			if first, ok := asList(list[0]); ok {
				p.Tuple = len(first)
				for j, v := range first {
					t := types.Of(v)
					if j < len(tt.Types) {
						t = core.CoerceCompared(tt.Types[j], v)
					}
					p.Elements = append(p.Elements, ImplOf(c.d, t))
				}
			}
		}
		if p.Elements == nil {
			for _, t := range tt.Types {
				p.Elements = append(p.Elements, ImplOf(c.d, t))
			}
		}
		p.Impl = types.Impl{Type: b.Type}
		return
	}
	t := b.Type
	if t == nil {
		t = types.Of(b.Value)
	}
	p.Impl = ImplOf(c.d, t)
}

// resolveBind is a parameter's name before it is escaped.
func (c *Compiler) resolveBind(b *core.Bind) string {
	n := b.Name()
	if n.IsAnonymous() {
		return c.ident("bindparam", n)
	}
	return string(n)
}

// literalBind writes the parameter's value out.
func (c *Compiler) literalBind(b *core.Bind) {
	if b.Value == nil && b.Callable == nil {
		if b.Expanding {
			c.Write("(NULL)")
			return
		}
		c.Write("NULL")
		return
	}
	v := b.Value
	if b.Callable != nil {
		v = b.Callable()
	}
	t := b.Type
	if t == nil {
		t = types.Of(v)
	}
	p := Param{Bind: b, Expanding: b.Expanding, Literal: true}
	c.typeParam(&p, b)
	if !b.Expanding {
		s, err := LiteralValue(ImplOf(c.d, t), v)
		if err != nil {
			panic(err)
		}
		c.Write(s)
		return
	}
	one := &Compiled{Dialect: c.d, Params: []Param{p}}
	w := &writer{c: one, values: []any{v}, style: Named, wirest: QMark, out: &Rendered{}, seen: map[string]int{}, row: -1}
	c.Write("(")
	if err := w.param(piece{}); err != nil {
		panic(err)
	}
	c.Write(w.sql.String(), ")")
}

// Value writes v as a literal of type t.
func (c *Compiler) Value(v any, t types.Type) {
	s, err := LiteralValue(ImplOf(c.d, t), v)
	if err != nil {
		panic(err)
	}
	c.Write(s)
}

// TypeName writes a type's name.
func (c *Compiler) TypeName(t types.Type) {
	s, err := c.d.TypeName(t)
	if err != nil {
		panic(err)
	}
	c.Write(s)
}
