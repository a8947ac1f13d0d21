package compile

import (
	"strconv"
	"strings"
	"sync/atomic"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Kind says what a compiled statement does.
type Kind uint8

// The kinds of statement.
const (
	OtherKind Kind = iota // an expression, a statement by hand
	SelectKind
	InsertKind
	UpdateKind
	DeleteKind
	DDLKind
)

// Compiled is a statement as SQL for one dialect. It depends on the structure
// of the statement alone, never on the values of its parameters, so that
// statements with equal keys share it.
type Compiled struct {
	Dialect   Dialect
	Statement core.Node
	Kind      Kind

	// Params are the parameters in the order of their first mention; a name
	// stands once.
	Params []Param
	// Results are the columns of the rows, in order; nil when the text does
	// not tell (a statement by hand).
	Results []ResultColumn
	// Matching is how the rows of the cursor are matched to Results.
	Matching Matching
	// DML is what an INSERT, UPDATE or DELETE needs besides; nil for others.
	DML *DML
	// PlainText: the statement is text() and nothing else.
	PlainText bool
	// Options are execution options found on the statement.
	Options core.Options
	// Key and Binds are the cache key and its parameters, if the caller made them.
	Key   string
	Binds []*core.Bind

	template []piece
	shared   [][][]int                // places of parameters of expressions that are alike
	inline   bool                     // some parameters are no placeholders on the wire
	plain    atomic.Pointer[Rendered] // when no parameter is expanded: rendered once
	rendered bool                     // the template is SQLAlchemy's text already
}

// Param is one parameter of a compiled statement.
type Param struct {
	Name string
	// Unescaped is the name before what a name in SQL cannot contain was
	// replaced: positional styles, which write none, list it.
	Unescaped string
	Bind      *core.Bind
	Impl      types.Impl
	// Expanding: its value is a list, rendered as one parameter for each element.
	Expanding bool
	// Literal: its value is rendered into the SQL at execution.
	Literal bool
	// Tuple is the number of elements in each item of an expanding tuple, else 0.
	Tuple int
	// Elements are the conversions of a tuple's elements.
	Elements []types.Impl
	// KeyIndex is the parameter's place among the Binds of the cache key, -1 if none.
	KeyIndex int
	// Crud: it is the value of a column of INSERT or UPDATE.
	Crud bool
}

// ResultColumn is one column of the rows.
type ResultColumn struct {
	Name    string      // as the database will call it
	Key     string      // the name before truncation
	Targets []core.Expr // expressions by which a row can be asked for it
	Names   []string    // further names by which it can be asked for
	Type    types.Type
}

// piece is text, or the place of a parameter (Param >= 0).
type piece struct {
	text  string
	param int
	cast  string // rendered after the parameter, or after each of an expanded one
	// inline: the driver gets the value in its text, where the server takes no
	// placeholder.
	inline bool
	// pyformat: it is shown in that style, whatever the dialect's is.
	pyformat bool
	// values marks the start (1) and the end (2) of the VALUES tuple of an
	// INSERT that can be repeated.
	values int8
}

// Rendered is a statement with the values' shape known: IN lists expanded.
type Rendered struct {
	// SQL is SQLAlchemy's rendering: what the echo shows.
	SQL string
	// Wire is what the driver takes.
	Wire string
	// Args are the arguments in the order of Wire's placeholders.
	Args []Arg
	// Names are all parameter names in order, for the echo of named styles.
	Names []Arg
	// sent says which of Args the driver takes, when it is not all of them.
	sent []bool
}

// Sent are those of the arguments, given in the order of Args, that have a
// placeholder in Wire.
func (r *Rendered) Sent(args []any) []any {
	if r.sent == nil {
		return args
	}
	var out []any
	for i, v := range args {
		if r.sent[i] {
			out = append(out, v)
		}
	}
	return out
}

// Arg is one argument: element Item (and, of a tuple, Element) of the value of
// a parameter; Item is -1 for the value itself.
type Arg struct {
	Param   int
	Item    int
	Element int
	Row     int // of a batch, -1 outside its tuple
	Name    string
	Impl    *types.Impl
}

// Value picks the argument's value out of the parameters' values.
func (a Arg) Value(values []any) any {
	v := values[a.Param]
	if a.Item < 0 {
		return v
	}
	list := v.([]any)
	v = list[a.Item]
	if a.Element >= 0 {
		v = v.([]any)[a.Element]
	}
	return v
}

// String is the SQL as SQLAlchemy shows it, parameters in the dialect's style
// and expanding ones unexpanded.
func (c *Compiled) String() string {
	var b strings.Builder
	f := c.Dialect.Features()
	for _, p := range c.template {
		if p.param < 0 {
			if c.rendered {
				b.WriteString(p.text)
			} else {
				b.WriteString(escapePercent(p.text, f.Style))
			}
			continue
		}
		prm := &c.Params[p.param]
		if prm.Expanding || prm.Literal {
			b.WriteString(postcompileMark(prm.Name))
			continue
		}
		style := f.Style
		if p.pyformat {
			style = PyFormat
		}
		b.WriteString(style.placeholder(prm.Name))
		b.WriteString(p.cast)
	}
	return b.String()
}

func postcompileMark(name string) string { return "__[POSTCOMPILE_" + name + "]" }

// PositionTuple are the parameter names in the order of their places, for
// positional styles; nil for named ones.
func (c *Compiled) PositionTuple() []string {
	if !c.Dialect.Features().Style.positional() {
		return nil
	}
	var names []string
	if c.rendered {
		unescaped := map[string]string{}
		for _, p := range c.Params {
			unescaped[p.Name] = p.Unescaped
		}
		for _, a := range c.plain.Load().Args {
			names = append(names, unescaped[a.Name])
		}
		return names
	}
	for _, p := range c.template {
		if p.param >= 0 {
			names = append(names, c.Params[p.param].Unescaped)
		}
	}
	return names
}

// Values are the parameters' values: those given by name in params first, then
// those of binds (the parameters of an equal statement's key, in order; nil:
// the compiled statement's own). A required one without a value is an
// InvalidRequestError; group is its number in an executemany, 0 for none.
func (c *Compiled) Values(binds []*core.Bind, params map[string]any, group int) ([]any, error) {
	out := make([]any, len(c.Params))
	for i := range c.Params {
		p := &c.Params[i]
		if params != nil {
			if v, ok := params[p.Bind.Key]; ok && !p.Bind.Unique {
				out[i] = v
				continue
			}
			if v, ok := params[p.Name]; ok {
				out[i] = v
				continue
			}
		}
		if p.Bind.Required {
			if group > 0 {
				return nil, exc.New(exc.InvalidRequestError, "A value is required for bind parameter '%s', in parameter group %d", p.Bind.Key, group)
			}
			return nil, exc.New(exc.InvalidRequestError, "A value is required for bind parameter '%s'", p.Bind.Key)
		}
		b := p.Bind
		if binds != nil && p.KeyIndex >= 0 && p.KeyIndex < len(binds) {
			b = binds[p.KeyIndex]
		}
		out[i] = b.Value
		if b.Callable != nil {
			v, err := called(b)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
	}
	return out, nil
}

// called is the value that a parameter's function gives now.
func called(b *core.Bind) (v any, err error) {
	defer exc.Catch(&err)
	return b.Callable(), nil
}

// Defaults are the values that the statement itself brings: compile().params.
// A required parameter is nil.
func (c *Compiled) Defaults() (names []string, values []any) {
	for i := range c.Params {
		p := &c.Params[i]
		v := p.Bind.Value
		if p.Bind.Callable != nil {
			v = p.Bind.Callable()
		}
		names, values = append(names, p.Name), append(values, v)
	}
	return names, values
}

// Expands reports whether any parameter's shape depends on its value.
func (c *Compiled) Expands() bool {
	for i := range c.Params {
		if c.Params[i].Expanding || c.Params[i].Literal {
			return true
		}
	}
	return false
}

// Render writes the statement for the given values: IN lists become as many
// parameters as they have elements.
func (c *Compiled) Render(values []any) (*Rendered, error) {
	if r := c.plain.Load(); r != nil {
		return r, nil
	}
	r, err := c.render(c.template, values)
	if err == nil && !c.Expands() {
		c.plain.Store(r)
	}
	return r, err
}

// RenderAlone is RenderOne for a statement that is executed once: what the
// driver is given may also have fewer placeholders than there are parameters,
// so that of the arguments only those that the result's Sent picks are its.
func (c *Compiled) RenderAlone(values []any) (*Rendered, error) {
	same := c.same(values)
	if same == nil && !c.inline {
		return c.RenderOne(values)
	}
	w := c.newWriter(values)
	w.recast, w.alone, w.same = c.recast(values), true, same
	return w.write(c.template)
}

// RenderOne is Render for the values of a single execution, in which the casts
// of parameters may depend on their values.
func (c *Compiled) RenderOne(values []any) (*Rendered, error) {
	if !c.recast(values) {
		return c.Render(values)
	}
	w := c.newWriter(values)
	w.recast = true
	return w.write(c.template)
}

// recast reports whether a cast on the wire depends on these values.
func (c *Compiled) recast(values []any) bool {
	for i := range c.Params {
		p := &c.Params[i]
		if f := p.Impl.WireCastOf; f != nil && !p.Literal && (p.Expanding || f(values[i]) != p.Impl.WireCast) {
			return true
		}
	}
	return false
}

// writer lays out one rendering.
type writer struct {
	c      *Compiled
	values []any
	sql    strings.Builder
	wire   strings.Builder
	style  ParamStyle
	wirest ParamStyle
	out    *Rendered
	seen   map[string]int // named style: place on the wire of each name
	row    int            // of the batch being written
	recast bool           // casts depend on values
	alone  bool           // Wire may have fewer placeholders than there are arguments
	sent   int            // how many arguments the driver takes
	same   map[int]int    // parameters that stand on the wire as another one
}

func (c *Compiled) render(template []piece, values []any) (*Rendered, error) {
	return c.newWriter(values).write(template)
}

func (c *Compiled) newWriter(values []any) *writer {
	f := c.Dialect.Features()
	return &writer{c: c, values: values, style: f.Style, wirest: f.Wire, out: &Rendered{}, seen: map[string]int{}, row: -1}
}

func (w *writer) write(template []piece) (*Rendered, error) {
	for _, p := range template {
		if p.param < 0 {
			w.text(p.text)
			continue
		}
		if err := w.param(p); err != nil {
			return nil, err
		}
	}
	w.out.SQL, w.out.Wire = w.sql.String(), w.wire.String()
	return w.out, nil
}

func (w *writer) text(s string) {
	w.sql.WriteString(escapePercent(s, w.style))
	w.wire.WriteString(s)
}

// place writes the place of an argument. On the wire it is a placeholder of its
// own, or that of the parameter that it is the same as, or its value.
func (w *writer) place(a Arg, cast string, inline bool) {
	if a.Row = w.row; w.row >= 0 {
		a.Name += "__" + strconv.Itoa(w.row)
	}
	w.sql.WriteString(w.style.placeholder(a.Name))
	w.sql.WriteString(cast)
	n, again := w.seen[a.Name]
	if !again {
		w.out.Names = append(w.out.Names, a)
	}
	if !again || w.wirest.positionalWire() {
		w.out.Args = append(w.out.Args, a)
		literal := ""
		if inline && w.alone {
			literal = w.inlined(a)
		}
		if n = w.send(a, literal == ""); literal != "" {
			w.wire.WriteString(literal)
			return
		}
		w.seen[a.Name] = n
	}
	if w.wirest == Dollar {
		w.wire.WriteByte('$')
		w.wire.WriteString(strconv.Itoa(n))
	} else {
		w.wire.WriteByte('?')
	}
	if cast == "" && a.Impl != nil {
		cast = a.Impl.WireCast
		if w.recast && a.Impl.WireCastOf != nil {
			cast = a.Impl.WireCastOf(a.Value(w.values))
		}
	}
	w.wire.WriteString(cast)
}

// send gives the number on the wire of the argument that was just added, and
// notes whether the driver takes it.
func (w *writer) send(a Arg, sent bool) int {
	if !w.alone {
		return len(w.out.Args)
	}
	if to, ok := w.same[a.Param]; ok {
		name := w.c.Params[to].Name + strings.TrimPrefix(a.Name, w.c.Params[a.Param].Name)
		if n, there := w.seen[name]; there {
			w.out.sent = append(w.out.sent, false)
			return n
		}
		w.seen[name] = w.sent + 1
	}
	w.out.sent = append(w.out.sent, sent)
	if sent {
		w.sent++
	}
	return w.sent
}

// inlined is an argument's value as the server's text; "" where it has none.
func (w *writer) inlined(a Arg) string {
	if a.Impl == nil {
		return ""
	}
	s, err := LiteralValue(*a.Impl, a.Value(w.values))
	if err != nil {
		return ""
	}
	return s
}

func (w *writer) param(p piece) error {
	prm := &w.c.Params[p.param]
	if !prm.Expanding {
		if prm.Literal {
			s, err := LiteralValue(prm.Impl, w.values[p.param])
			if err != nil {
				return err
			}
			w.text(s)
			return nil
		}
		w.place(Arg{Param: p.param, Item: -1, Element: -1, Name: prm.Name, Impl: &prm.Impl}, p.cast, p.inline)
		return nil
	}
	list, ok := asList(w.values[p.param])
	if !ok {
		return exc.New(exc.ArgumentError, "expanding parameter '%s' takes a list, got %s", prm.Name, types.Repr(w.values[p.param]))
	}
	w.values[p.param] = list
	if len(list) == 0 {
		w.text(w.c.Dialect.EmptySet(prm))
		return nil
	}
	for i, item := range list {
		if i > 0 {
			w.text(", ")
		}
		if prm.Tuple == 0 {
			if prm.Literal {
				s, err := LiteralValue(prm.Impl, item)
				if err != nil {
					return err
				}
				w.text(s)
				continue
			}
			w.place(Arg{Param: p.param, Item: i, Element: -1, Name: prm.Name + "_" + strconv.Itoa(i+1), Impl: &prm.Impl}, p.cast, p.inline)
			continue
		}
		elements, ok := asList(item)
		if !ok {
			return exc.New(exc.ArgumentError, "expanding parameter '%s' takes a list of tuples, got %s", prm.Name, types.Repr(item))
		}
		list[i] = elements
		if i == 0 && w.c.Dialect.Features().TupleInValues {
			w.text("VALUES ")
		}
		w.text("(")
		for j := range elements {
			if j > 0 {
				w.text(", ")
			}
			impl := &prm.Impl
			if j < len(prm.Elements) {
				impl = &prm.Elements[j]
			}
			if prm.Literal {
				s, err := LiteralValue(*impl, elements[j])
				if err != nil {
					return err
				}
				w.text(s)
				continue
			}
			w.place(Arg{Param: p.param, Item: i, Element: j, Name: prm.Name + "_" + strconv.Itoa(i+1) + "_" + strconv.Itoa(j+1), Impl: impl}, "", false)
		}
		w.text(")")
	}
	return nil
}

// Lister is a value of the binding layer that is a list: a row, a tuple.
type Lister interface{ List() []any }

func asList(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case Lister:
		return v.List(), true
	case types.Object:
		if v.Len() == 0 { // an empty table is a list without elements
			return []any{}, true
		}
	}
	return nil, false
}

// LiteralValue is v as SQL text, as a dialect planned it.
func LiteralValue(impl types.Impl, v any) (string, error) {
	if v == nil && !impl.HandlesNull {
		return "NULL", nil
	}
	if impl.Literal == nil {
		return "", exc.New(exc.CompileError, "No literal value renderer is available for literal value \"%s\" with datatype %s", types.Repr(v), standardName(impl.Type))
	}
	s, err := impl.Literal(v)
	if err != nil {
		return "", exc.New(exc.CompileError, "Could not render literal value \"%s\" with datatype %s; see parent stack trace for more detail.", types.Repr(v), standardName(impl.Type))
	}
	return s, nil
}

// standardName is how an error calls a type: as the default dialect does.
func standardName(t types.Type) string {
	if t == nil {
		return "NULL"
	}
	if s, err := types.DDL(t); err == nil {
		return s
	}
	return t.String()
}
