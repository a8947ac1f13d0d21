package ddl

import (
	"context"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// CreateIndex makes an index.
func CreateIndex(ctx context.Context, x Executor, index *core.Index, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if there, err := r.hasIndex(index); err != nil || there {
		return err
	}
	return r.within("create", index, &core.CreateIndex{Index: index})
}

// DropIndex drops an index.
func DropIndex(ctx context.Context, x Executor, index *core.Index, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if o.Checkfirst {
		if there, err := r.hasIndex(index); err != nil || !there {
			return err
		}
	}
	return r.within("drop", index, &core.DropIndex{Index: index})
}

// hasIndex asks only with checkfirst.
func (r *runner) hasIndex(x *core.Index) (bool, error) {
	if !r.o.Checkfirst || x.Table == nil {
		return false, nil
	}
	n, err := core.IndexName(x)
	if err != nil {
		return false, err
	}
	return r.exists(func(c Catalogue, q Querier) (bool, error) {
		return c.HasIndex(r.ctx, q, x.Table.Name, n.Name, r.schema(x.Table.Schema))
	})
}

// CreateSequence makes a sequence, where there are such.
func CreateSequence(ctx context.Context, x Executor, s *core.Sequence, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if ok, err := r.canCreateSequence(s); err != nil || !ok {
		return err
	}
	return r.within("create", s, &core.CreateSequence{Sequence: s})
}

// DropSequence drops a sequence.
func DropSequence(ctx context.Context, x Executor, s *core.Sequence, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if ok, err := r.canDropSequence(s); err != nil || !ok {
		return err
	}
	return r.within("drop", s, &core.DropSequence{Sequence: s})
}

func (r *runner) sequences(s *core.Sequence) bool {
	f := r.dialect.Features()
	return f.Sequences && !(s.Optional && f.SequencesOptional)
}

func (r *runner) hasSequence(s *core.Sequence) (bool, error) {
	return r.exists(func(c Catalogue, q Querier) (bool, error) { return c.HasSequence(r.ctx, q, s.Name, r.schema(s.Schema)) })
}

func (r *runner) canCreateSequence(s *core.Sequence) (bool, error) {
	if !r.sequences(s) || !r.o.Checkfirst {
		return r.sequences(s), nil
	}
	there, err := r.hasSequence(s)
	return !there, err
}

func (r *runner) canDropSequence(s *core.Sequence) (bool, error) {
	if !r.sequences(s) || !r.o.Checkfirst {
		return r.sequences(s), nil
	}
	return r.hasSequence(s)
}

// CreateType makes an ENUM or DOMAIN.
func CreateType(ctx context.Context, x Executor, t types.Type, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if !r.dialect.Features().NamedTypes {
		return nil
	}
	return r.createType(t)
}

// DropType drops an ENUM or DOMAIN.
func DropType(ctx context.Context, x Executor, t types.Type, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if !r.dialect.Features().NamedTypes {
		return nil
	}
	return r.dropType(t)
}

// namedTypes are the types of the tables' columns that CREATE TYPE makes, each once.
func (r *runner) namedTypes(tables []*core.Table) []types.Type {
	if !r.dialect.Features().NamedTypes {
		return nil
	}
	var out []types.Type
	seen := map[string]bool{}
	for _, t := range tables {
		for _, col := range t.Columns().All() {
			for _, n := range named(Carrier(col.ExprType(), r.dialect.Name()), r.dialect.Name()) {
				schema, name, _ := typeName(n)
				if key := schema + "." + name; !seen[key] {
					seen[key] = true
					out = append(out, n)
				}
			}
		}
	}
	return out
}

// named are the types to make for one: a domain over an enum needs both.
func named(t types.Type, dialect string) []types.Type {
	switch t := t.(type) {
	case *types.ARRAY:
		return named(Carrier(t.Item, dialect), dialect)
	case *types.Enum:
		if !t.NotNative && !t.NoCreateType && t.TypeName != "" {
			return []types.Type{t}
		}
	case *types.Domain:
		if !t.NoCreateType {
			return append(named(Carrier(t.DataType, dialect), dialect), t)
		}
	}
	return nil
}

func typeName(t types.Type) (schema, name string, ok bool) {
	switch t := t.(type) {
	case *types.Enum:
		return t.Schema, t.TypeName, true
	case *types.Domain:
		return t.Schema, t.TypeName, true
	}
	return "", "", false
}

func (r *runner) hasType(t types.Type) (bool, error) {
	schema, name, _ := typeName(t)
	return r.exists(func(c Catalogue, q Querier) (bool, error) { return c.HasType(r.ctx, q, name, r.schema(schema)) })
}

func (r *runner) createType(t types.Type) error {
	if r.o.Checkfirst {
		if there, err := r.hasType(t); err != nil || there {
			return err
		}
	}
	return r.execute(&core.CreateType{Type: t})
}

func (r *runner) dropType(t types.Type) error {
	if r.o.Checkfirst {
		if there, err := r.hasType(t); err != nil || !there {
			return err
		}
	}
	return r.execute(&core.DropType{Type: t})
}

func (r *runner) createTypes(tables []*core.Table) error {
	for _, t := range r.namedTypes(tables) {
		if err := r.createType(t); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) dropTypes(tables []*core.Table) error {
	list := r.namedTypes(tables)
	for i := len(list) - 1; i >= 0; i-- {
		if err := r.dropType(list[i]); err != nil {
			return err
		}
	}
	return nil
}
