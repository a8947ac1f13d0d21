package inspect

import (
	"context"
	"slices"
	"sort"
	"strings"

	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// Inspector answers questions about one database.
type Inspector struct {
	q      ddl.Querier // nil between the questions of one on an engine
	open   func(context.Context, func(ddl.Querier) error) error
	name   string
	bound  string // the engine, for messages
	reader Reader
	cache  map[any]any
	scopes []question // the keys of whole scopes in the cache
	// Warn is told what SQLAlchemy warns of.
	Warn func(message string)
}

// New makes an Inspector on a connection.
func New(q ddl.Querier) (*Inspector, error) {
	r, ok := q.Dialect().(Reader)
	if !ok {
		return nil, exc.New(exc.NoInspectionAvailable, "the %s dialect cannot read a database's catalogue", q.Dialect().Name())
	}
	return &Inspector{q: q, reader: r, name: q.Dialect().Name(), cache: map[any]any{}}, nil
}

// ClearCache forgets all that was read.
func (in *Inspector) ClearCache() { in.cache, in.scopes = map[any]any{}, nil }

// question is the key under which an answer is remembered.
type question struct {
	what, name, schema string
	kinds              Kind
	lifetime           Lifetime
}

func remember[T any](ctx context.Context, in *Inspector, k question, ask func() (T, error)) (T, error) {
	if v, ok := in.cache[k]; ok {
		return v.(T), nil
	}
	v, err := connected(ctx, in, ask)
	if err == nil {
		in.cache[k] = v
	}
	return v, err
}

// connected runs ask on a connection: the inspector's own, or, for one on an
// engine, another for each question.
func connected[T any](ctx context.Context, in *Inspector, ask func() (T, error)) (v T, err error) {
	if in.q != nil || in.open == nil {
		return ask()
	}
	err = in.open(ctx, func(q ddl.Querier) error {
		in.q = q
		defer func() { in.q = nil }()
		v, err = ask()
		return err
	})
	return v, err
}

// Within runs f with one connection for all its questions.
func (in *Inspector) Within(ctx context.Context, f func() error) error {
	_, err := connected(ctx, in, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// DefaultSchema is the schema of unqualified names.
func (in *Inspector) DefaultSchema(ctx context.Context) (string, error) {
	return remember(ctx, in, question{what: "default schema"}, func() (string, error) { return in.reader.DefaultSchema(ctx, in.q) })
}

// SchemaNames are the schemas.
func (in *Inspector) SchemaNames(ctx context.Context) ([]string, error) {
	return remember(ctx, in, question{what: "schemas"}, func() ([]string, error) { return in.reader.SchemaNames(ctx, in.q) })
}

func (in *Inspector) relations(ctx context.Context, schema string, k Kind, l Lifetime) ([]string, error) {
	return remember(ctx, in, question{"relations", "", schema, k, l}, func() ([]string, error) {
		return in.reader.RelationNames(in.with(ctx), in.q, Scope{Schema: schema, Kinds: k, Lifetime: l})
	})
}

// TableNames are the tables of a schema.
func (in *Inspector) TableNames(ctx context.Context, schema string) ([]string, error) {
	return in.relations(ctx, schema, Tables, Lasting)
}

// ViewNames are the views of a schema.
func (in *Inspector) ViewNames(ctx context.Context, schema string) ([]string, error) {
	return in.relations(ctx, schema, Views, Lasting)
}

// MaterializedViewNames are the materialized views of a schema.
func (in *Inspector) MaterializedViewNames(ctx context.Context, schema string) ([]string, error) {
	return in.relations(ctx, schema, MaterializedViews, Lasting)
}

// TempTableNames are the connection's temporary tables.
func (in *Inspector) TempTableNames(ctx context.Context) ([]string, error) {
	return in.relations(ctx, "", Tables, Temporary)
}

// TempViewNames are the connection's temporary views.
func (in *Inspector) TempViewNames(ctx context.Context) ([]string, error) {
	return in.relations(ctx, "", Views, Temporary)
}

// ViewDefinition is the text of a view.
func (in *Inspector) ViewDefinition(ctx context.Context, view, schema string) (string, error) {
	return remember(ctx, in, question{what: "view", name: view, schema: schema}, func() (string, error) {
		text, found, err := in.reader.ViewDefinition(ctx, in.q, view, schema)
		if err == nil && !found {
			err = NoSuchTable(view, schema)
		}
		return text, err
	})
}

// SequenceNames are the sequences of a schema.
func (in *Inspector) SequenceNames(ctx context.Context, schema string) ([]string, error) {
	r, ok := in.reader.(SequenceReader)
	if !ok {
		return nil, unsupported(in, "get_sequence_names")
	}
	return remember(ctx, in, question{what: "sequences", schema: schema}, func() ([]string, error) { return r.SequenceNames(ctx, in.q, schema) })
}

// Enums are the enumerations of a schema; "*" for all schemas.
func (in *Inspector) Enums(ctx context.Context, schema string) ([]*Enum, error) {
	r, ok := in.reader.(NamedTypeReader)
	if !ok {
		return nil, exc.New(exc.AttributeError, "'Inspector' object has no attribute 'get_enums'")
	}
	return remember(ctx, in, question{what: "enums", schema: schema}, func() ([]*Enum, error) { return r.Enums(ctx, in.q, schema) })
}

// Domains are the domains of a schema; "*" for all schemas.
func (in *Inspector) Domains(ctx context.Context, schema string) ([]*Domain, error) {
	r, ok := in.reader.(NamedTypeReader)
	if !ok {
		return nil, exc.New(exc.AttributeError, "'Inspector' object has no attribute 'get_domains'")
	}
	return remember(ctx, in, question{what: "domains", schema: schema}, func() ([]*Domain, error) { return r.Domains(ctx, in.q, schema) })
}

// ForeignTableNames are the tables of a schema that stand for those of other servers.
func (in *Inspector) ForeignTableNames(ctx context.Context, schema string) ([]string, error) {
	r, ok := in.reader.(ForeignTableReader)
	if !ok {
		return nil, exc.New(exc.AttributeError, "'Inspector' object has no attribute 'get_foreign_table_names'")
	}
	return remember(ctx, in, question{what: "foreign tables", schema: schema}, func() ([]string, error) { return r.ForeignTableNames(ctx, in.q, schema) })
}

// TableOID is the number by which the catalogue knows a relation.
func (in *Inspector) TableOID(ctx context.Context, table, schema string) (int64, error) {
	r, ok := in.reader.(OIDReader)
	if !ok {
		return 0, exc.New(exc.AttributeError, "'Inspector' object has no attribute 'get_table_oid'")
	}
	return remember(ctx, in, question{what: "oid", name: table, schema: schema}, func() (int64, error) {
		oid, found, err := r.TableOID(ctx, in.q, table, schema)
		if err == nil && !found {
			err = in.hinted(ctx, in.absent(table, schema), table, schema)
		}
		return oid, err
	})
}

func unsupported(in *Inspector, method string) error {
	return exc.New(exc.NotImplementedError, "the %s dialect has no %s()", in.name, method)
}

// scopeKey identifies a scope of many relations.
func scopeKey(what string, s Scope) question {
	return question{what, strings.Join(s.Names, "\x00"), s.Schema, s.Kinds, s.Lifetime}
}

// covers reports whether a scope that was read has a name in it, be there such
// a relation or not.
func (k question) covers(name string) bool {
	return k.name == "" || slices.Contains(strings.Split(k.name, "\x00"), name)
}

// one reads about one relation; a whole schema that was read before serves too.
func one[T any](ctx context.Context, in *Inspector, what, name, schema string, read func(context.Context, ddl.Querier, Scope) (*Of[T], error), absent func() (T, error)) (T, error) {
	k := question{what: what, name: name, schema: schema}
	return remember(ctx, in, k, func() (T, error) {
		for _, c := range in.scopes {
			if c.schema != schema || c.what != "all "+what || !c.covers(name) {
				continue
			}
			all, _ := in.cache[c].(*Of[T])
			if found, ok := all.Get(name); ok {
				return found, nil
			}
			if in.known(name, c) {
				return absent()
			}
		}
		all, err := read(in.with(ctx), in.q, Scope{Schema: schema, Names: []string{name}, Kinds: AnyKind, Lifetime: AnyLifetime})
		if err != nil {
			var none T
			return none, err
		}
		if v, ok := all.Get(name); ok {
			return v, nil
		}
		return absent()
	})
}

// known reports whether the scope that was read had the relation in it.
func (in *Inspector) known(name string, c question) bool {
	columns, _ := in.cache[question{"all columns", c.name, c.schema, c.kinds, c.lifetime}].(*Of[[]*Column])
	_, ok := columns.Get(name)
	if ok {
		in.cache[question{what: "has table", name: name, schema: c.schema}] = true
	}
	return ok
}

// many reads about all relations of a scope.
func many[T any](ctx context.Context, in *Inspector, what string, s Scope, read func(context.Context, ddl.Querier, Scope) (*Of[T], error)) (*Of[T], error) {
	k := scopeKey("all "+what, s)
	return remember(ctx, in, k, func() (*Of[T], error) {
		all, err := read(in.with(ctx), in.q, s)
		if err == nil {
			in.scopes = append(in.scopes, k)
		}
		return all, err
	})
}

// missing is the answer for a relation without anything of a kind: an error if
// there is no such relation.
func missing[T any](ctx context.Context, in *Inspector, name, schema string, empty T) func() (T, error) {
	return func() (T, error) {
		there, err := in.HasTable(ctx, name, schema)
		if err == nil && !there {
			err = in.hinted(ctx, in.absent(name, schema), name, schema)
		}
		return empty, err
	}
}

// hinted adds the nearest names of relations to the error of one that is not
// there. SQLAlchemy does not ask for them, so nobody sees that we do.
func (in *Inspector) hinted(ctx context.Context, absent error, name, schema string) error {
	names := func() (known []string, err error) {
		for _, k := range []Kind{Tables, Views} {
			found, err := in.reader.RelationNames(in.with(ctx), in.q, Scope{Schema: schema, Kinds: k, Lifetime: Lasting})
			if err != nil {
				return nil, err
			}
			known = append(known, found...)
		}
		return known, nil
	}
	e := exc.Of(absent)
	c, ok := in.q.(*engine.Connection)
	if e == nil || !ok {
		return absent
	}
	var known []string
	if err := c.Quietly(func() (err error) { known, err = names(); return err }); err != nil {
		return absent
	}
	if near := exc.Nearest(name, known); len(near) > 0 {
		e.Detail = map[string]string{"hint": "did you mean " + strings.Join(near, ", ") + "?"}
	}
	return absent
}

// absent is the error of a table that is not there, as the dialect words it.
func (in *Inspector) absent(name, schema string) error {
	if w, ok := in.reader.(interface {
		NoSuchTable(name, schema string) error
	}); ok {
		return w.NoSuchTable(name, schema)
	}
	return NoSuchTable(name, schema)
}

// Columns are the columns of a table or view.
func (in *Inspector) Columns(ctx context.Context, table, schema string) ([]*Column, error) {
	return one(ctx, in, "columns", table, schema, in.reader.Columns, missing[[]*Column](ctx, in, table, schema, nil))
}

// PrimaryKey is the primary key of a table.
func (in *Inspector) PrimaryKey(ctx context.Context, table, schema string) (*PrimaryKey, error) {
	return one(ctx, in, "key", table, schema, in.reader.PrimaryKeys, missing(ctx, in, table, schema, &PrimaryKey{}))
}

// ForeignKeys are the foreign keys of a table.
func (in *Inspector) ForeignKeys(ctx context.Context, table, schema string) ([]*ForeignKey, error) {
	return one(ctx, in, "foreign keys", table, schema, in.reader.ForeignKeys, missing[[]*ForeignKey](ctx, in, table, schema, nil))
}

// Indexes are the indexes of a table.
func (in *Inspector) Indexes(ctx context.Context, table, schema string) ([]*Index, error) {
	return one(ctx, in, "indexes", table, schema, in.reader.Indexes, missing[[]*Index](ctx, in, table, schema, nil))
}

// Uniques are the unique constraints of a table.
func (in *Inspector) Uniques(ctx context.Context, table, schema string) ([]*Unique, error) {
	return one(ctx, in, "uniques", table, schema, in.reader.Uniques, missing[[]*Unique](ctx, in, table, schema, nil))
}

// Checks are the CHECK constraints of a table.
func (in *Inspector) Checks(ctx context.Context, table, schema string) ([]*Check, error) {
	return one(ctx, in, "checks", table, schema, in.reader.Checks, missing[[]*Check](ctx, in, table, schema, nil))
}

// Comment is a table's comment, nil for none.
func (in *Inspector) Comment(ctx context.Context, table, schema string) (*string, error) {
	r, ok := in.reader.(CommentReader)
	if !ok {
		return nil, unsupported(in, "get_table_comment")
	}
	return one(ctx, in, "comment", table, schema, r.Comments, missing[*string](ctx, in, table, schema, nil))
}

// TableOptions are the options that made the table: "mysql_engine" …
func (in *Inspector) TableOptions(ctx context.Context, table, schema string) (types.Object, error) {
	r, ok := in.reader.(OptionReader)
	if !ok {
		return types.Object{}, unsupported(in, "get_table_options")
	}
	return one(ctx, in, "options", table, schema, r.TableOptions, missing(ctx, in, table, schema, types.Object{}))
}

// The same for all relations of a scope.

// MultiColumns are the columns of all relations of the scope.
func (in *Inspector) MultiColumns(ctx context.Context, s Scope) (*Of[[]*Column], error) {
	return many(ctx, in, "columns", s, in.reader.Columns)
}

// MultiPrimaryKeys are the primary keys of all relations of the scope.
func (in *Inspector) MultiPrimaryKeys(ctx context.Context, s Scope) (*Of[*PrimaryKey], error) {
	return many(ctx, in, "key", s, in.reader.PrimaryKeys)
}

// MultiForeignKeys are the foreign keys of all relations of the scope.
func (in *Inspector) MultiForeignKeys(ctx context.Context, s Scope) (*Of[[]*ForeignKey], error) {
	return many(ctx, in, "foreign keys", s, in.reader.ForeignKeys)
}

// MultiIndexes are the indexes of all relations of the scope.
func (in *Inspector) MultiIndexes(ctx context.Context, s Scope) (*Of[[]*Index], error) {
	return many(ctx, in, "indexes", s, in.reader.Indexes)
}

// MultiUniques are the unique constraints of all relations of the scope.
func (in *Inspector) MultiUniques(ctx context.Context, s Scope) (*Of[[]*Unique], error) {
	return many(ctx, in, "uniques", s, in.reader.Uniques)
}

// MultiChecks are the CHECK constraints of all relations of the scope.
func (in *Inspector) MultiChecks(ctx context.Context, s Scope) (*Of[[]*Check], error) {
	return many(ctx, in, "checks", s, in.reader.Checks)
}

// MultiComments are the comments of all relations of the scope.
func (in *Inspector) MultiComments(ctx context.Context, s Scope) (*Of[*string], error) {
	r, ok := in.reader.(CommentReader)
	if !ok {
		return nil, unsupported(in, "get_multi_table_comment")
	}
	return many(ctx, in, "comment", s, r.Comments)
}

// MultiTableOptions are the options of all relations of the scope.
func (in *Inspector) MultiTableOptions(ctx context.Context, s Scope) (*Of[types.Object], error) {
	r, ok := in.reader.(OptionReader)
	if !ok {
		return &Of[types.Object]{}, nil
	}
	return many(ctx, in, "options", s, r.TableOptions)
}

// HasTable asks anew each time it was not true before: a table may have been
// made since.
func (in *Inspector) HasTable(ctx context.Context, name, schema string) (bool, error) {
	return remember(ctx, in, question{what: "has table", name: name, schema: schema}, func() (bool, error) {
		return in.reader.HasTable(in.with(ctx), in.q, name, schema)
	})
}

// HasSchema reports whether there is such a schema.
func (in *Inspector) HasSchema(ctx context.Context, name string) (bool, error) {
	return connected(ctx, in, func() (bool, error) { return in.reader.HasSchema(ctx, in.q, name) })
}

// HasSequence reports whether there is such a sequence.
func (in *Inspector) HasSequence(ctx context.Context, name, schema string) (bool, error) {
	return connected(ctx, in, func() (bool, error) { return in.reader.HasSequence(ctx, in.q, name, schema) })
}

// HasType reports whether there is such a type.
func (in *Inspector) HasType(ctx context.Context, name, schema string) (bool, error) {
	return connected(ctx, in, func() (bool, error) { return in.reader.HasType(ctx, in.q, name, schema) })
}

// HasIndex reports whether a table has such an index.
func (in *Inspector) HasIndex(ctx context.Context, table, index, schema string) (bool, error) {
	there, err := in.HasTable(ctx, table, schema)
	if err != nil || !there {
		return false, err
	}
	list, err := in.Indexes(ctx, table, schema)
	for _, x := range list {
		if x.Name == index {
			return true, err
		}
	}
	return false, err
}

// SortedTable is a table with the names of the foreign keys that it can be
// created with; the last of a list has no table, and those that close cycles.
type SortedTable struct {
	Name string // "" for the last
	Keys []SortedKey
}

// SortedKey is a foreign key: its table, and its name.
type SortedKey struct{ Table, Name string }

// SortedTables are the tables of a schema in order of dependency.
func (in *Inspector) SortedTables(ctx context.Context, schema string) ([]SortedTable, error) {
	tables, err := in.TableNames(ctx, schema)
	if err != nil {
		return nil, err
	}
	tables = slices.Sorted(slices.Values(tables)) // SQLAlchemy goes by the foreign keys, which come by the names of tables
	keys, err := in.MultiForeignKeys(ctx, Scope{Schema: schema, Kinds: Tables})
	if err != nil {
		return nil, err
	}
	needs := map[string]map[string]bool{}
	known := map[string]bool{}
	for _, t := range tables {
		known[t] = true
	}
	for _, t := range tables {
		needs[t] = map[string]bool{}
		list, _ := keys.Get(t)
		for _, k := range list {
			if k.ReferredTable != t && known[k.ReferredTable] && k.ReferredSchema == schema {
				needs[t][k.ReferredTable] = true
			}
		}
	}
	order, late := dependencyOrder(tables, needs)
	var out []SortedTable
	last := SortedTable{}
	for _, t := range order {
		list, _ := keys.Get(t)
		s := SortedTable{Name: t}
		for _, k := range list {
			if late[t] && k.ReferredTable != t {
				last.Keys = append(last.Keys, SortedKey{t, k.Name})
			} else {
				s.Keys = append(s.Keys, SortedKey{t, k.Name})
			}
		}
		sort.SliceStable(s.Keys, func(i, j int) bool { return s.Keys[i].Name < s.Keys[j].Name })
		out = append(out, s)
	}
	return append(out, last), nil
}

// dependencyOrder puts names after what they need; those on a cycle are late:
// their needs are not counted.
func dependencyOrder(names []string, needs map[string]map[string]bool) (order []string, late map[string]bool) {
	done := map[string]bool{}
	late = map[string]bool{}
	for len(order) < len(names) {
		var ready []string
	next:
		for _, n := range names {
			if done[n] {
				continue
			}
			for need := range needs[n] {
				if !done[need] {
					continue next
				}
			}
			ready = append(ready, n)
		}
		for _, n := range ready {
			done[n] = true
		}
		order = append(order, ready...)
		if len(ready) > 0 {
			continue
		}
		progress := false
		for _, n := range names {
			if !done[n] && reaches(n, n, needs, map[string]bool{}) {
				late[n], progress = true, true
			}
		}
		for n := range late {
			needs[n] = nil
		}
		if !progress {
			break
		}
	}
	return order, late
}

func reaches(from, to string, needs map[string]map[string]bool, seen map[string]bool) bool {
	for n := range needs[from] {
		if n == to {
			return true
		}
		if !seen[n] {
			seen[n] = true
			if reaches(n, to, needs, seen) {
				return true
			}
		}
	}
	return false
}
