package inspect

import (
	"context"

	"alchemysh/core/ddl"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Kind is a kind of relation; kinds add up.
type Kind uint8

// The kinds.
const (
	Tables Kind = 1 << iota
	Views
	MaterializedViews
	AnyKind = Tables | Views | MaterializedViews
)

// Lifetime tells temporary relations from others.
type Lifetime uint8

// The lifetimes.
const (
	Lasting Lifetime = iota
	Temporary
	AnyLifetime
)

// Scope says of which relations to read: those named, or, with no names, all
// of the kinds. Schema is "" for the default one.
type Scope struct {
	Schema   string
	Names    []string
	Kinds    Kind
	Lifetime Lifetime
}

// Single reports whether the scope is one relation.
func (s Scope) Single() bool { return len(s.Names) == 1 }

// Reader reads one database's catalogue. Each method answers for all relations
// of the scope; those without anything to tell may be missing in the answer.
type Reader interface {
	ddl.Catalogue
	DefaultSchema(ctx context.Context, q ddl.Querier) (string, error)
	SchemaNames(ctx context.Context, q ddl.Querier) ([]string, error)
	RelationNames(ctx context.Context, q ddl.Querier, s Scope) ([]string, error)
	ViewDefinition(ctx context.Context, q ddl.Querier, view, schema string) (text string, found bool, err error)

	Columns(ctx context.Context, q ddl.Querier, s Scope) (*Of[[]*Column], error)
	PrimaryKeys(ctx context.Context, q ddl.Querier, s Scope) (*Of[*PrimaryKey], error)
	ForeignKeys(ctx context.Context, q ddl.Querier, s Scope) (*Of[[]*ForeignKey], error)
	Indexes(ctx context.Context, q ddl.Querier, s Scope) (*Of[[]*Index], error)
	Uniques(ctx context.Context, q ddl.Querier, s Scope) (*Of[[]*Unique], error)
	Checks(ctx context.Context, q ddl.Querier, s Scope) (*Of[[]*Check], error)
}

// CommentReader is a Reader of a database that keeps comments on tables.
type CommentReader interface {
	Comments(ctx context.Context, q ddl.Querier, s Scope) (*Of[*string], error)
}

// OptionReader is a Reader of a database whose tables have options.
type OptionReader interface {
	TableOptions(ctx context.Context, q ddl.Querier, s Scope) (*Of[types.Object], error)
}

// SequenceReader is a Reader of a database that has sequences.
type SequenceReader interface {
	SequenceNames(ctx context.Context, q ddl.Querier, schema string) ([]string, error)
}

// NamedTypeReader is a Reader of a database with types of its own making.
// Schema "*" is all schemas.
type NamedTypeReader interface {
	Enums(ctx context.Context, q ddl.Querier, schema string) ([]*Enum, error)
	Domains(ctx context.Context, q ddl.Querier, schema string) ([]*Domain, error)
}

// ForeignTableReader is a Reader of a database with tables that stand for those
// of other servers.
type ForeignTableReader interface {
	ForeignTableNames(ctx context.Context, q ddl.Querier, schema string) ([]string, error)
}

// OIDReader is a Reader of a database that numbers its relations.
type OIDReader interface {
	TableOID(ctx context.Context, q ddl.Querier, table, schema string) (oid int64, found bool, err error)
}

// Of maps relations to what was read of them, in the order of reading.
type Of[T any] struct {
	names []string
	of    map[string]T
}

// Set stores what was read of a relation.
func (o *Of[T]) Set(name string, v T) {
	if o.of == nil {
		o.of = map[string]T{}
	}
	if _, again := o.of[name]; !again {
		o.names = append(o.names, name)
	}
	o.of[name] = v
}

// Get gives what was read of a relation.
func (o *Of[T]) Get(name string) (T, bool) {
	if o == nil {
		var none T
		return none, false
	}
	v, ok := o.of[name]
	return v, ok
}

// Names are the relations, in order.
func (o *Of[T]) Names() []string {
	if o == nil {
		return nil
	}
	return o.names
}

// Each reads relation by relation, for databases that cannot answer for many.
func Each[T any](names []string, read func(name string) (T, error)) (*Of[T], error) {
	out := &Of[T]{}
	for _, n := range names {
		v, err := read(n)
		if err != nil {
			return nil, err
		}
		out.Set(n, v)
	}
	return out, nil
}

// NoSuchTable is the error of a relation that is not there.
func NoSuchTable(name, schema string) error {
	if schema != "" {
		name = schema + "." + name
	}
	return exc.New(exc.NoSuchTableError, "%s", name)
}

type inspectorKey struct{}

// with lets a Reader look into the Inspector's memory while it reads: SQLite
// has to ask for the same text again and again.
func (in *Inspector) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, inspectorKey{}, in)
}

// Known is what the inspector that is asking has learnt before, nil if nothing.
func Known[T any](ctx context.Context, what, name, schema string) *T {
	in, _ := ctx.Value(inspectorKey{}).(*Inspector)
	if in == nil {
		return nil
	}
	if v, ok := in.cache[question{what: what, name: name, schema: schema}].(T); ok {
		return &v
	}
	return nil
}

// Learn stores what a Reader found out on the way.
func Learn[T any](ctx context.Context, what, name, schema string, v T) {
	if in, _ := ctx.Value(inspectorKey{}).(*Inspector); in != nil {
		in.cache[question{what: what, name: name, schema: schema}] = v
	}
}

// Warn tells the inspector that is asking what SQLAlchemy warns of.
func Warn(ctx context.Context, message string) {
	if in, _ := ctx.Value(inspectorKey{}).(*Inspector); in != nil && in.Warn != nil {
		in.Warn(message)
	}
}
