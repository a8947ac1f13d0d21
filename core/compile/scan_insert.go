package compile

import (
	"alchemysh/core"
)

// usesSequence reports whether a default's sequence is taken from on this database.
func (k *crud) usesSequence(d *core.Default) bool {
	return k.c.f.Sequences && (!d.Sequence.Optional || !k.c.f.SequencesOptional)
}

// prefetch writes the parameter of a default that is computed beforehand.
func (k *crud) prefetch(col *core.Column, d *core.Default, name string) []piece {
	return k.c.capture(func() {
		b := &core.Bind{Key: name, Type: col.ExprType(), Crud: true}
		k.c.bind(b)
		i := k.c.byBind[b]
		k.dml.Prefetch = append(k.dml.Prefetch, Prefetch{Column: col, Default: d, Param: i})
		if _, taken := k.dml.ColumnParams[col.Key]; !taken {
			k.dml.ColumnParams[col.Key] = i
		}
	})
}

func (k *crud) sqlValue(e core.Expr) []piece { return k.c.capture(func() { k.c.Operand(e, nil) }) }

func (k *crud) scanInsert(cols []*core.Column) {
	for _, col := range cols {
		key := col.Key
		if a, ok := k.given[key]; ok {
			name := key
			if k.multi {
				name += "_m0"
			}
			k.assign(col, name, a, false)
			delete(k.given, key)
			continue
		}
		if k.required[key] {
			k.assign(col, key, core.Assignment{}, true)
			delete(k.required, key)
			continue
		}
		s := col.Schema
		if s == nil {
			continue
		}
		switch {
		case s.PrimaryKey && k.needKeys:
			k.keyDefault(col)
		case s.Default != nil:
			k.columnDefault(col, s.Default)
		case s.ServerDefault != nil || s.Computed != nil || s.Identity != nil:
			if k.returnDefaults[col] {
				k.fetch = append(k.fetch, col)
			} else if !s.PrimaryKey {
				k.dml.Postfetch = append(k.dml.Postfetch, col)
			}
		case k.returnDefaults[col]:
			k.fetch = append(k.fetch, col)
		}
	}
}

// keyDefault finds the value of a primary key column that was given none.
func (k *crud) keyDefault(col *core.Column) {
	d := col.Schema.Default
	if k.implicit {
		switch {
		case d == nil:
			if col == k.table.AutoincrementColumn() || col.Schema.ServerDefault != nil || col.Schema.Identity != nil {
				k.fetch = append(k.fetch, col)
			}
		case d.Sequence != nil:
			if k.usesSequence(d) {
				k.add(col, k.sqlValue(&core.NextValue{Sequence: d.Sequence}))
			}
			k.fetch = append(k.fetch, col)
		case d.SQL != nil:
			k.add(col, k.sqlValue(d.SQL))
			k.fetch = append(k.fetch, col)
		default:
			k.add(col, k.prefetch(col, d, col.Key))
		}
		return
	}
	if d != nil && (d.Sequence == nil || k.usesSequence(d)) {
		k.add(col, k.prefetch(col, d, col.Key))
	}
}

func (k *crud) columnDefault(col *core.Column, d *core.Default) {
	switch {
	case d.Sentinel && !k.ordered():
	case d.Sequence != nil:
		if k.usesSequence(d) {
			k.add(col, k.sqlValue(&core.NextValue{Sequence: d.Sequence}))
			k.fetchOrPostKey(col)
		}
	case d.SQL != nil:
		k.add(col, k.sqlValue(d.SQL))
		k.fetchOrPostKey(col)
	default:
		k.add(col, k.prefetch(col, d, col.Key))
	}
}

func (k *crud) fetchOrPostKey(col *core.Column) {
	if k.returnDefaults[col] || !col.PrimaryKey() {
		k.fetchOrPost(col)
	}
}
