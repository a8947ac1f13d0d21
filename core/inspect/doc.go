// Package inspect reads what is in a database.
//
// An Inspector answers SQLAlchemy's questions (get_columns, get_foreign_keys,
// has_table …) with records. What it has read it remembers until ClearCache.
// Reflect makes core Tables of the records.
//
//	in := inspect.New(conn)
//	names, err := in.TableNames(ctx, "")
//	columns, err := in.Columns(ctx, "users", "")
//
// How a database keeps its catalogue is the business of a Reader, which every
// dialect implements. A Reader answers for one table or for all tables of a
// schema alike, with one query for each kind of thing where the database allows.
package inspect
