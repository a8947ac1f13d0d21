package engine

import (
	"slices"

	"alchemysh/core/exc"
	"alchemysh/core/types"
)

// inParameterOrder puts the rows that RETURNING gave into the order of the
// parameters: by the sentinel's value where the parameters have one, else by
// the number that the server gave, which counts up.
func (x *Execution) inParameterOrder(params [][]any, rows [][]any) ([][]any, error) {
	dml := x.dml()
	if len(rows) != len(params) {
		return nil, exc.New(exc.InvalidRequestError, "Sentinel-keyed result set did not produce correct number of rows %d; produced %d.  When using insertmanyvalues and RETURNING, sentinel columns must be unique.", len(params), len(rows))
	}
	if len(dml.SentinelResults) == 0 {
		return rows, nil
	}
	if len(dml.SentinelParams) == 0 {
		at := dml.SentinelResults[0]
		slices.SortStableFunc(rows, func(a, b []any) int {
			n, _ := types.Compare(a[at], b[at])
			return n
		})
		return rows, nil
	}
	byKey := make(map[string][]any, len(rows))
	for _, row := range rows {
		key := make([]any, len(dml.SentinelResults))
		for i, at := range dml.SentinelResults {
			key[i] = row[at]
		}
		byKey[types.HashKey(key)] = row
	}
	out := make([][]any, len(params))
	for i, values := range params {
		key := make([]any, len(dml.SentinelParams))
		for j, at := range dml.SentinelParams {
			key[j] = values[at]
		}
		row, ok := byKey[types.HashKey(key)]
		if !ok {
			return nil, exc.New(exc.InvalidRequestError, "Can't match sentinel values in result set to parameter sets; key %s was not found. There may be a mismatch between the datatype passed to the DBAPI driver vs. that which it returns in a result row.  Ensure the given Python value matches the expected result type *exactly*, taking care to not rely upon implicit conversions which may occur such as when using strings in place of UUID or integer values, etc. ", TupleRepr(key))
		}
		out[i] = row
	}
	return out, nil
}
