package engine

import (
	"database/sql/driver"
	"errors"
	"io"
)

// RowsAffected is what the listener counted.
func (o *Outcome) RowsAffected() (int64, error) { return o.RowCount, nil }

// LastInsertId is the row id that the listener saw, if it did.
func (o *Outcome) LastInsertId() (int64, error) {
	if !o.HasLastRowID {
		return 0, errors.New("no row id")
	}
	return o.LastRowID, nil
}

// rows are the outcome's rows as a driver would give them.
func (o *Outcome) rows() driver.Rows { return &outcomeRows{Outcome: o} }

type outcomeRows struct {
	*Outcome
	at int
}

func (r *outcomeRows) Columns() []string { return r.Names }
func (r *outcomeRows) Close() error      { return nil }

func (r *outcomeRows) Next(dest []driver.Value) error {
	if r.at == len(r.Rows) {
		return io.EOF
	}
	copy(dest, r.Rows[r.at])
	r.at++
	return nil
}

func (r *outcomeRows) ColumnTypeDatabaseTypeName(i int) string {
	if i < len(r.Types) {
		return r.Types[i]
	}
	return ""
}

func (r *outcomeRows) Result() driver.Result { return r.Outcome }
