package repl

import (
	"context"
	"errors"
	"strings"

	"alchemysh/repl/render"
	"alchemysh/repl/transfer"
)

// tableMaker is what a Database may add: a table like one of another database,
// in its own types.
type tableMaker interface {
	CreateLike(ctx context.Context, from Database, table, as string) error
}

// copyBetween moves rows between the shell's database and another, which it
// closes. here is a table, or with "to" a query in parentheses; there is the
// table of the other database, "" for the same name.
func (s *Shell) copyBetween(ctx context.Context, direction, here string, other Database, there string, o transfer.Options) (n int, err error) {
	defer func() { err = errors.Join(err, other.Close()) }()
	db, err := s.Database(ctx)
	if err != nil {
		return 0, err
	}
	source, target, from, to := db, other, strings.TrimSpace(here), there
	if direction == "from" {
		source, target, from, to = other, db, there, strings.TrimSpace(here)
		if from == "" {
			from, _ = splitColumns(to)
		}
	}
	query := strings.HasPrefix(from, "(")
	if to == "" {
		if query {
			return 0, usageError(`\copy: table=NAME says where the rows of a query go`)
		}
		to = from
	}
	text, args := copied(from), []any(nil)
	if direction == "to" {
		if text, args, err = s.bind(text); err != nil {
			return 0, err
		}
	}
	res, err := source.Query(ctx, text, args)
	if err != nil {
		return 0, err
	}
	defer res.Close()
	render.Spell(res)
	p := s.progress("rows", 0)
	defer p.done()
	l := &loader{s: s, db: target, source: from, onError: o.OnError, progress: p,
		rows: &resultSource{rows: &counted{Rows: res, progress: p}, same: source.Dialect() == target.Dialect()}}
	if maker, ok := target.(tableMaker); ok && !query {
		l.create = func(ctx context.Context, table string) error { return maker.CreateLike(ctx, source, from, table) }
	}
	return l.load(ctx, to)
}

// resultSource gives the rows of a result to a loader.
type resultSource struct {
	rows render.Rows
	same bool // the database that they go to spells values alike
	line int
}

// Columns names the columns.
func (r *resultSource) Columns() []string {
	var names []string
	for _, c := range r.rows.Columns() {
		names = append(names, c.Name)
	}
	return names
}

// Infer names the kinds by the types that the database tells.
func (r *resultSource) Infer(int) ([]string, error) {
	var kinds []string
	for _, c := range r.rows.Columns() {
		kind := "text"
		for _, k := range []struct{ part, kind string }{
			{"INTERVAL", "text"}, {"POINT", "text"}, {"RANGE", "text"}, {"_", "text"}, {"INT", "integer"}, {"BOOL", "boolean"}, {"NUMERIC", "number"}, {"DECIMAL", "number"},
			{"FLOAT", "number"}, {"DOUBLE", "number"}, {"REAL", "number"}, {"TIMESTAMP", "timestamp"}, {"DATETIME", "timestamp"}, {"DATE", "date"},
		} {
			if strings.Contains(strings.ToUpper(c.Type), k.part) {
				kind = k.kind
				break
			}
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// Next gives the next row, in values that every driver takes.
func (r *resultSource) Next([]string) ([]any, int, error) {
	values, err := r.rows.Next()
	if err != nil {
		return nil, r.line, err
	}
	r.line++
	row := make([]any, len(values))
	for i, v := range values {
		row[i] = r.value(v)
	}
	return row, r.line, nil
}

func (r *resultSource) value(v any) any {
	switch x := v.(type) {
	case nil, string, bool, int64, uint64, float64, []byte:
		return v
	case render.Spelt:
		if !x.JSON && !x.Number && !r.same {
			if list, ok := x.Value().([]any); ok {
				return render.JSON(list)
			}
		}
		return x.Text
	case []any:
		return render.JSON(x)
	}
	return render.Text(v)
}
