package engine

import (
	"alchemysh/core"
	"alchemysh/core/compile"
	"alchemysh/core/exc"
)

// Rowcount is the number of rows that the statement changed, -1 if that is
// not known.
func (r *Result) Rowcount() int64 { return r.rowcount }

// LastRowID is the driver's number of the row that was inserted last: nil
// where the driver has none.
func (r *Result) LastRowID() (any, error) {
	if r.exec == nil || !r.exec.hasLastRowID {
		return nil, nil
	}
	return r.exec.lastRowID, nil
}

// IsInsert reports whether the statement was an INSERT construct.
func (r *Result) IsInsert() bool {
	return r.exec != nil && r.exec.Compiled != nil && r.exec.Compiled.Kind == compile.InsertKind
}

func (r *Result) insert(asked string) (*Execution, *compile.DML, error) {
	x := r.exec
	switch {
	case x == nil || x.Compiled == nil:
		return nil, nil, exc.New(exc.InvalidRequestError, "Statement is not a compiled expression construct.")
	case x.Compiled.Kind != compile.InsertKind:
		return nil, nil, exc.New(exc.InvalidRequestError, "Statement is not an insert() expression construct.")
	case x.Compiled.DML.Returning:
		return nil, nil, exc.New(exc.InvalidRequestError, "Can't call %s when returning() is used.", asked)
	}
	return x, x.Compiled.DML, nil
}

// InsertedPrimaryKey is the key of the row that was inserted.
func (r *Result) InsertedPrimaryKey() (Row, error) {
	if x := r.exec; x != nil && x.Many {
		return Row{}, exc.New(exc.InvalidRequestError, "This statement was an executemany call; if primary key returning is supported, please use .inserted_primary_key_rows.")
	}
	rows, err := r.insertedKeys("inserted_primary_key")
	if err != nil || len(rows) == 0 {
		return Row{}, err
	}
	return rows[0], nil
}

// InsertedPrimaryKeyRows are the keys of the rows that were inserted.
func (r *Result) InsertedPrimaryKeyRows() ([]Row, error) {
	return r.insertedKeys("inserted_primary_key_rows")
}

func (r *Result) insertedKeys(asked string) ([]Row, error) {
	x, dml, err := r.insert(asked)
	if err != nil {
		return nil, err
	}
	meta := x.keyRowMeta(dml)
	out := make([]Row, len(x.values))
	for set := range x.values {
		out[set] = Row{meta, x.key(dml, set)}
	}
	return out, nil
}

func (x *Execution) keyRowMeta(dml *compile.DML) *Meta {
	if x.keyMeta == nil {
		keys := make([]string, len(dml.PrimaryKey))
		targets := make([][]core.Expr, len(dml.PrimaryKey))
		for i, k := range dml.PrimaryKey {
			keys[i], targets[i] = k.Column.Key, []core.Expr{k.Column}
		}
		x.keyMeta = NewMeta(keys).WithTargets(targets)
	}
	return x.keyMeta
}

// key is the primary key of the row of one set; nil in places not known.
func (x *Execution) key(dml *compile.DML, set int) []any {
	out := make([]any, len(dml.PrimaryKey))
	if dml.MultipleValues && !dml.ImplicitReturning {
		return out
	}
	for i, k := range dml.PrimaryKey {
		if k.Result >= 0 && set < len(x.returned) {
			out[i] = x.returned[set][k.Result]
			continue
		}
		if k.Param >= 0 && set < len(x.values) {
			out[i] = x.values[set][k.Param]
		}
		if out[i] == nil && dml.LastRowID && x.hasLastRowID && !x.Many && (k.Auto || k.Column == dml.Table.AutoincrementColumn()) {
			out[i] = x.lastRowID
		}
	}
	return out
}

// ReturnedDefaults are the values that the server made, by return_defaults();
// a Row that is not Valid if there are none.
func (r *Result) ReturnedDefaults() (Row, error) {
	rows, err := r.ReturnedDefaultsRows()
	if err != nil || len(rows) == 0 {
		return Row{}, err
	}
	return rows[0], nil
}

// ReturnedDefaultsRows are the values that the server made for each row.
func (r *Result) ReturnedDefaultsRows() ([]Row, error) {
	x := r.exec
	if x == nil || x.Compiled == nil {
		return nil, notCompiled()
	}
	if x.returnedMeta == nil {
		return nil, nil
	}
	out := make([]Row, len(x.returned))
	for i, v := range x.returned {
		out[i] = Row{x.returnedMeta, v}
	}
	return out, nil
}

func notCompiled() error {
	return exc.New(exc.InvalidRequestError, "Statement is not a compiled expression construct.")
}

// LastInsertedParams are the parameters of an INSERT as they were sent, by
// name: a map, or a list of maps for an executemany.
func (r *Result) LastInsertedParams() (any, error) {
	return r.lastParams(compile.InsertKind, "insert")
}

// LastUpdatedParams is the same for an UPDATE.
func (r *Result) LastUpdatedParams() (any, error) {
	return r.lastParams(compile.UpdateKind, "update")
}

func (r *Result) lastParams(kind compile.Kind, name string) (any, error) {
	x := r.exec
	switch {
	case x == nil || x.Compiled == nil:
		return nil, notCompiled()
	case x.Compiled.Kind != kind:
		return nil, exc.New(exc.InvalidRequestError, "Statement is not an %s() expression construct.", name)
	}
	if !x.Many {
		return x.parameters(0), nil
	}
	out := make([]any, len(x.values))
	for i := range x.values {
		out[i] = x.parameters(i)
	}
	return out, nil
}

// changes is the plan of an INSERT or UPDATE.
func (r *Result) changes() (*compile.DML, error) {
	switch {
	case r.exec == nil || r.exec.Compiled == nil:
		return nil, notCompiled()
	case r.exec.Compiled.Kind != compile.InsertKind && r.exec.Compiled.Kind != compile.UpdateKind:
		return nil, exc.New(exc.InvalidRequestError, "Statement is not an insert() or update() expression construct.")
	}
	return r.exec.Compiled.DML, nil
}

// PostfetchCols are the columns that the server gave a value that is not known.
func (r *Result) PostfetchCols() ([]*core.Column, error) {
	dml, err := r.changes()
	if err != nil {
		return nil, err
	}
	return dml.Postfetch, nil
}

// PrefetchCols are the columns whose default was computed beforehand.
func (r *Result) PrefetchCols() ([]*core.Column, error) {
	dml, err := r.changes()
	if err != nil {
		return nil, err
	}
	out := make([]*core.Column, len(dml.Prefetch))
	for i, p := range dml.Prefetch {
		out[i] = p.Column
	}
	return out, nil
}

// SupportsSaneRowcount reports whether the driver counts the rows of UPDATE
// and DELETE that matched.
func (r *Result) SupportsSaneRowcount() bool {
	return r.exec == nil || r.exec.Conn.Engine.Dialect.Features().RowcountSane
}

// SupportsSaneMultiRowcount reports the same of many sets.
func (r *Result) SupportsSaneMultiRowcount() bool {
	return r.exec == nil || r.exec.Conn.Engine.Dialect.Features().MultiRowcountSane
}
