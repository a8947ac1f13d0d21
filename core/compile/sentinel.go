package compile

import (
	"slices"

	"alchemysh/core"
	"alchemysh/core/exc"
)

// ordered reports whether the rows of RETURNING are to be put in the order of
// the parameters.
func (k *crud) ordered() bool {
	return k.insert != nil && k.dml.SortByParameterOrder && k.c.opts.Executemany && !k.dml.Upsert &&
		(len(k.opts.ReturningList) > 0 || k.implicit)
}

// sentinels finds the columns that put the rows of RETURNING into the order of
// the parameters, when an INSERT of many rows was asked for that, and adds them
// to RETURNING, where they may be for the second time then.
func (k *crud) sentinels(cols []core.Expr) []core.Expr {
	d := k.dml
	if !k.ordered() || k.table.PK == nil || len(k.table.PK.Cols) == 0 {
		return cols
	}
	keys := k.table.PK.Cols
	auto := k.table.AutoincrementColumn()
	switch own := k.table.SentinelColumn(); {
	case own != nil:
		k.checkSentinel(own)
		if own != auto {
			keys = []*core.Column{own}
		}
	case auto != nil && k.c.f.AutoincrementOrder == NoOrder: // also where the rows have keys
		return cols
	case auto != nil:
		keys = []*core.Column{auto}
	}
	for _, key := range keys {
		if i, ok := d.ColumnParams[key.Key]; ok {
			d.SentinelParams = append(d.SentinelParams, i)
		}
	}
	switch {
	case len(d.SentinelParams) == len(keys):
		d.Order = BySentinel
	case auto != nil && len(d.SentinelParams) == 0:
		d.SentinelParams, d.Order = nil, k.c.f.AutoincrementOrder
		keys = []*core.Column{auto}
	default:
		d.SentinelParams = nil
	}
	if d.Order == NoOrder {
		return cols
	}
	cols = slices.Clone(cols)
	for _, key := range keys {
		d.SentinelResults = append(d.SentinelResults, len(cols))
		cols = append(cols, key)
	}
	d.SentinelExtra = len(keys)
	return cols
}

// checkSentinel refuses a column that was marked as a sentinel and cannot tell
// which row is which.
func (k *crud) checkSentinel(col *core.Column) {
	s, name := col.Schema, columnPath(col)
	numbers := s.Identity != nil || s.Default != nil && s.Default.Sequence != nil
	switch {
	case s.Default == nil && s.ServerDefault == nil && s.Identity == nil && s.Nullable:
		exc.Raise(exc.InvalidRequestError, "Column %s has been marked as a sentinel column with no default generation function; it at least needs to be marked nullable=False assuming user-populated sentinel values will be used.", name)
	case s.ServerDefault != nil && s.Default == nil && s.Identity == nil:
		exc.Raise(exc.InvalidRequestError, "Column %s can't be a sentinel column because it uses an explicit server side default that's not the Identity() default.", name)
	case (numbers || col == k.table.AutoincrementColumn() && s.Default == nil) && k.c.f.AutoincrementOrder == NoOrder:
		exc.Raise(exc.InvalidRequestError, "Column %s can't be explicitly marked as a sentinel column when using the %s dialect, as the particular type of default generation on this column is not currently compatible with this dialect's specific INSERT..RETURNING syntax which can receive the server-generated value in a deterministic way.  To remove this error, remove insert_sentinel=True from primary key autoincrement columns; these columns are automatically used as sentinels for supported dialects in any case.", name, k.c.d.Name())
	}
}
