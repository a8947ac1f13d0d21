package ddl

import (
	"context"
	"errors"
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// Options vary create and drop.
type Options struct {
	// Checkfirst asks whether a thing is there before it is made or dropped.
	Checkfirst bool
	// Tables narrows CreateAll and DropAll to some tables, if TablesGiven.
	Tables      []*core.Table
	TablesGiven bool
	// SchemaTranslate replaces schema names.
	SchemaTranslate map[string]string
	// Warn is told what SQLAlchemy warns of.
	Warn func(message string)
}

// runner makes or drops one thing and what belongs to it.
type runner struct {
	ctx      context.Context
	x        Executor
	dialect  Dialect
	o        Options
	metadata bool // a whole MetaData is at work
	seen     map[string]bool
	made     []string
}

func newRunner(ctx context.Context, x Executor, o Options) *runner {
	return &runner{ctx: ctx, x: x, dialect: of(x.Dialect()), o: o, seen: map[string]bool{}}
}

func (r *runner) execute(s core.DDLStatement) error {
	if err := r.x.ExecuteDDL(r.ctx, s); err != nil {
		return r.tell(err)
	}
	switch s := s.(type) {
	case *core.CreateTable:
		r.made = append(r.made, s.Table.FullName())
	case *core.DropTable:
		r.made = append(r.made, s.Table.FullName())
	}
	return nil
}

// tell adds to a lost connection's error what had been done until then.
func (r *runner) tell(err error) error {
	if e := exc.Of(err); e != nil && e.ConnectionInvalidated && len(r.made) > 0 {
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		e.Detail["done"] = strings.Join(r.made, ", ")
		e.Message += " (done before: " + e.Detail["done"] + ")"
	}
	return err
}

func (r *runner) schema(name string) string {
	if to, ok := r.o.SchemaTranslate[name]; ok {
		return to
	}
	return name
}

// exists asks the database, if anybody wants to know and it can tell.
func (r *runner) exists(ask func(Catalogue, Querier) (bool, error)) (bool, error) {
	cat, ok := r.dialect.(Catalogue)
	q, can := r.x.(Querier)
	if !ok || !can {
		return false, nil
	}
	return ask(cat, q)
}

func (r *runner) hasTable(t *core.Table) (bool, error) {
	return r.exists(func(c Catalogue, q Querier) (bool, error) { return c.HasTable(r.ctx, q, t.Name, r.schema(t.Schema)) })
}

// canCreate: it is not there yet, or nobody asks.
func (r *runner) canCreate(t *core.Table) (bool, error) {
	if !r.o.Checkfirst {
		return true, nil
	}
	there, err := r.hasTable(t)
	return !there, err
}

func (r *runner) canDrop(t *core.Table) (bool, error) {
	if !r.o.Checkfirst {
		return true, nil
	}
	return r.hasTable(t)
}

// tables are those that CreateAll or DropAll is about, whichever are wanted.
func (r *runner) tables(m *core.MetaData, wanted func(*core.Table) (bool, error)) ([]*core.Table, error) {
	all := m.Tables()
	if r.o.TablesGiven {
		all = r.o.Tables
	}
	var out []*core.Table
	for _, t := range all {
		ok, err := wanted(t)
		if err != nil {
			return nil, r.tell(err)
		}
		if ok {
			out = append(out, t)
		}
	}
	return out, nil
}

// fire tells the listeners of an event.
func (r *runner) fire(name string, target any, tables []*core.Table) error {
	event := core.DDLEvent{Name: name, Target: target, Connection: r.x, Dialect: r.x.Dialect().Name(), Tables: tables, Checkfirst: r.o.Checkfirst}
	for _, f := range core.ListenersOf(name, target) {
		switch f := f.(type) {
		case core.DDLListener:
			if err := f(event); err != nil {
				return err
			}
		case func(core.DDLEvent) error:
			if err := f(event); err != nil {
				return err
			}
		case core.DDLStatement:
			ok, err := shouldRun(f, event)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := r.execute(against(f, target)); err != nil {
				return err
			}
		}
	}
	return nil
}

// within executes a statement between the two events of its kind, "create" or
// "drop", of what it is about.
func (r *runner) within(kind string, target any, s core.DDLStatement) error {
	if err := r.fire("before_"+kind, target, nil); err != nil {
		return err
	}
	if err := r.execute(s); err != nil {
		return err
	}
	return r.fire("after_"+kind, target, nil)
}

func shouldRun(s core.DDLStatement, event core.DDLEvent) (bool, error) {
	when := s.When()
	if when == nil {
		return true, nil
	}
	if len(when.Dialects) > 0 && !slices.Contains(when.Dialects, event.Dialect) {
		return false, nil
	}
	if when.Callable != nil {
		return when.Callable(s, event.Target, event)
	}
	return true, nil
}

// against makes a DDL() that of the table for which it is executed.
func against(s core.DDLStatement, target any) core.DDLStatement {
	d, ok := s.(*core.DDL)
	if !ok || d.Target != nil {
		return s
	}
	bound := *d
	bound.Target = target
	return &bound
}

// CreateAll makes everything in m that is not there yet: types, sequences,
// tables with their indexes and comments, foreign keys of cycles.
func CreateAll(ctx context.Context, x Executor, m *core.MetaData, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	r.metadata = true
	tables, err := r.tables(m, r.canCreate)
	if err != nil {
		return err
	}
	sorted, apart, err := Sort(tables, nil)
	if err != nil {
		return err
	}
	var sequences []*core.Sequence
	for _, s := range m.Sequences {
		if s.Column != nil {
			continue
		}
		ok, err := r.canCreateSequence(s)
		if err != nil {
			return err
		}
		if ok {
			sequences = append(sequences, s)
		}
	}
	if err := r.createTypes(m.Tables()); err != nil {
		return err
	}
	made := tablesOf(sorted)
	if err := r.fire("before_create", m, made); err != nil {
		return err
	}
	for _, s := range sequences {
		if err := r.within("create", s, &core.CreateSequence{Sequence: s}); err != nil {
			return err
		}
	}
	for _, t := range sorted {
		if err := r.createTable(t.Table, t.ForeignKeys, true); err != nil {
			return err
		}
	}
	if r.dialect.Features().AlterConstraints {
		for _, fk := range apart {
			if err := r.within("create", fk, &core.AddConstraint{Constraint: fk}); err != nil {
				return err
			}
		}
	}
	return r.fire("after_create", m, made)
}

func tablesOf(sorted []Ordered) []*core.Table {
	out := make([]*core.Table, len(sorted))
	for i, o := range sorted {
		out[i] = o.Table
	}
	return out
}

// Create makes one table.
func Create(ctx context.Context, x Executor, t *core.Table, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if ok, err := r.canCreate(t); err != nil || !ok {
		return err
	}
	return r.createTable(t, nil, false)
}

func (r *runner) createTable(t *core.Table, fks []*core.ForeignKeyConstraint, selected bool) error {
	if !r.metadata {
		if err := r.createTypes([]*core.Table{t}); err != nil {
			return err
		}
	}
	if err := r.fire("before_create", t, nil); err != nil {
		return err
	}
	for _, col := range t.Columns().All() {
		if d := col.Schema.Default; d != nil && d.Sequence != nil {
			ok, err := r.canCreateSequence(d.Sequence)
			if err != nil {
				return err
			}
			if ok {
				if err := r.within("create", d.Sequence, &core.CreateSequence{Sequence: d.Sequence}); err != nil {
					return err
				}
			}
		}
	}
	if err := r.execute(r.creation(t, fks, selected)); err != nil {
		return err
	}
	for _, x := range t.Indexes {
		if err := r.within("create", x, &core.CreateIndex{Index: x}); err != nil {
			return err
		}
	}
	if f := r.dialect.Features(); f.Comments && !f.InlineComments {
		if err := r.comment(t); err != nil {
			return err
		}
	}
	return r.fire("after_create", t, nil)
}

// creation is CREATE TABLE, CREATE VIEW for a view, or CREATE TABLE AS.
func (r *runner) creation(t *core.Table, fks []*core.ForeignKeyConstraint, selected bool) core.DDLStatement {
	if made, ok := t.CreatedBy, t.CreatedBy != nil; ok {
		return made
	}
	if !r.dialect.Features().AlterConstraints {
		fks, selected = nil, false
	}
	return &core.CreateTable{Table: t, ForeignKeys: fks, Selected: selected}
}

func (r *runner) comment(t *core.Table) error {
	if t.HasComment || t.Comment != "" {
		if err := r.execute(&core.SetTableComment{Table: t}); err != nil {
			return err
		}
	}
	for _, col := range t.Columns().All() {
		if col.Schema.HasComment || col.Schema.Comment != "" {
			if err := r.execute(&core.SetColumnComment{Column: col}); err != nil {
				return err
			}
		}
	}
	if !r.dialect.Features().ConstraintComments {
		return nil
	}
	for _, k := range t.Constraints {
		if k.Named().Comment != "" {
			if err := r.execute(&core.SetConstraintComment{Constraint: k}); err != nil {
				return err
			}
		}
	}
	return nil
}

// DropAll drops everything in m that is there, in the opposite order.
func DropAll(ctx context.Context, x Executor, m *core.MetaData, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	r.metadata = true
	tables, err := r.tables(m, r.canDrop)
	if err != nil {
		return err
	}
	alters := r.dialect.Features().AlterConstraints
	sorted, apart, err := Sort(tables, func(fk *core.ForeignKeyConstraint) bool {
		n, _ := core.NameOf(fk)
		return !alters || n.Name == ""
	})
	var cycle *CycleError
	switch {
	case errors.As(err, &cycle) && !alters:
		if o.Warn != nil {
			o.Warn("Can't sort tables for DROP; an unresolvable foreign key dependency exists between tables: " + strings.Join(cycle.Tables, ", ") +
				"; and backend does not support ALTER.  To restore at least a partial sort, apply use_alter=true to ForeignKey and ForeignKeyConstraint objects involved in the cycle to mark these as known cycles that will be ignored.")
		}
		sorted = nil
		for i := len(tables) - 1; i >= 0; i-- { // dropped in the given order
			sorted = append(sorted, Ordered{Table: tables[i]})
		}
	case errors.As(err, &cycle):
		return exc.New(exc.CircularDependencyError, "Can't sort tables for DROP; an unresolvable foreign key dependency exists between tables: %s.  Please ensure that the ForeignKey and ForeignKeyConstraint objects involved in the cycle have names so that they can be dropped using DROP CONSTRAINT.", strings.Join(cycle.Tables, ", "))
	case err != nil:
		return err
	}
	var sequences []*core.Sequence
	for _, s := range m.Sequences {
		ok, err := r.canDropSequence(s)
		if err != nil {
			return err
		}
		if ok {
			sequences = append(sequences, s)
		}
	}
	slices.Reverse(sorted)
	gone := tablesOf(sorted)
	if err := r.fire("before_drop", m, gone); err != nil {
		return err
	}
	if alters {
		for _, fk := range apart {
			if err := r.within("drop", fk, &core.DropConstraint{Constraint: fk}); err != nil {
				return err
			}
		}
	}
	for _, t := range gone {
		if err := r.dropTable(t); err != nil {
			return err
		}
	}
	for _, s := range sequences {
		if s.Column != nil {
			if ok, err := r.canDropSequence(s); err != nil || !ok {
				if err != nil {
					return err
				}
				continue
			}
		}
		if err := r.within("drop", s, &core.DropSequence{Sequence: s}); err != nil {
			return err
		}
	}
	if err := r.dropTypes(m.Tables()); err != nil {
		return err
	}
	return r.fire("after_drop", m, gone)
}

// Drop drops one table.
func Drop(ctx context.Context, x Executor, t *core.Table, o Options) (err error) {
	defer exc.Catch(&err)
	r := newRunner(ctx, x, o)
	if ok, err := r.canDrop(t); err != nil || !ok {
		return err
	}
	return r.dropTable(t)
}

func (r *runner) dropTable(t *core.Table) error {
	if err := r.fire("before_drop", t, nil); err != nil {
		return err
	}
	if err := r.execute(removal(t)); err != nil {
		return err
	}
	if !r.metadata {
		for _, col := range t.Columns().All() {
			if d := col.Schema.Default; d != nil && d.Sequence != nil {
				ok, err := r.canDropSequence(d.Sequence)
				if err != nil {
					return err
				}
				if ok {
					if err := r.within("drop", d.Sequence, &core.DropSequence{Sequence: d.Sequence}); err != nil {
						return err
					}
				}
			}
		}
	}
	if err := r.fire("after_drop", t, nil); err != nil {
		return err
	}
	if !r.metadata {
		return r.dropTypes([]*core.Table{t})
	}
	return nil
}

func removal(t *core.Table) core.DDLStatement {
	if v, ok := t.CreatedBy.(*core.CreateView); ok {
		return &core.DropView{Table: t, Materialized: v.Materialized}
	}
	if t.IsView {
		return &core.DropView{Table: t}
	}
	return &core.DropTable{Table: t}
}
