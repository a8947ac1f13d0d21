package corelib

import "alchemysh/core/compile"

// What SQLAlchemy calls the abilities of a dialect. Those of a dialect that is
// connected are what its server can do.
func init() {
	yes := func(name, doc string, f func(*compile.Features) bool) {
		dialectClass.Property(name, doc, func(d compile.Dialect) any { return f(d.Features()) })
	}
	yes("supports_alter", "Whether constraints are added by ALTER TABLE.", func(f *compile.Features) bool { return f.AlterConstraints })
	yes("supports_comments", "Whether tables and columns have comments.", func(f *compile.Features) bool { return f.Comments })
	yes("inline_comments", "Whether comments stand in CREATE TABLE.", func(f *compile.Features) bool { return f.InlineComments })
	yes("supports_constraint_comments", "Whether constraints have comments.", func(f *compile.Features) bool { return f.ConstraintComments })
	yes("supports_sequences", "Whether there are sequences.", func(f *compile.Features) bool { return f.Sequences })
	yes("sequences_optional", "Whether a sequence with optional = true is left out.", func(f *compile.Features) bool { return f.SequencesOptional })
	yes("supports_identity_columns", "Whether a column can be GENERATED AS IDENTITY.", func(f *compile.Features) bool { return f.Identity })
	yes("supports_native_boolean", "Whether true and false are values of its own.", func(f *compile.Features) bool { return f.NativeBoolean })
	yes("supports_native_enum", "Whether Enum is a type of its own.", func(f *compile.Features) bool { return f.NativeEnum })
	yes("supports_native_uuid", "Whether Uuid is a type of its own.", func(f *compile.Features) bool { return f.NativeUUID })
	yes("supports_schemas", "Whether tables can stand in schemas.", func(f *compile.Features) bool { return f.Schemas })
	yes("supports_default_values", "Whether there is INSERT … DEFAULT VALUES.", func(f *compile.Features) bool { return f.DefaultValues })
	yes("supports_default_metavalue", "Whether VALUES may have DEFAULT for a column.", func(f *compile.Features) bool { return f.DefaultToken != "" })
	yes("supports_empty_insert", "Whether there is INSERT … () VALUES ().", func(f *compile.Features) bool { return f.EmptyInsert && !f.DefaultValues })
	yes("supports_multivalues_insert", "Whether an INSERT can have many rows.", func(f *compile.Features) bool { return f.MultiValuesInsert })
	yes("insert_returning", "Whether there is INSERT … RETURNING.", func(f *compile.Features) bool { return f.InsertReturning })
	yes("update_returning", "Whether there is UPDATE … RETURNING.", func(f *compile.Features) bool { return f.UpdateReturning })
	yes("delete_returning", "Whether there is DELETE … RETURNING.", func(f *compile.Features) bool { return f.DeleteReturning })
	yes("insert_executemany_returning", "Whether an INSERT of many sets of parameters can return rows.", func(f *compile.Features) bool { return f.InsertManyReturning })
	yes("insert_executemany_returning_sort_by_parameter_order", "Whether those rows can come in the order of the parameters.", func(f *compile.Features) bool { return f.InsertManyReturning })
	yes("update_executemany_returning", "Whether an UPDATE of many sets of parameters can return rows.", func(*compile.Features) bool { return false })
	yes("delete_executemany_returning", "Whether a DELETE of many sets of parameters can return rows.", func(*compile.Features) bool { return false })
	yes("use_insertmanyvalues", "Whether many sets of parameters go as INSERTs of many rows.", func(f *compile.Features) bool { return f.InsertManyReturning || f.UseInsertManyValues })
	yes("use_insertmanyvalues_wo_returning", "Whether they do so without RETURNING.", func(f *compile.Features) bool { return f.UseInsertManyValues })
	yes("favor_returning_over_lastrowid", "Whether the key of a single new row comes by RETURNING though the driver tells it.", func(f *compile.Features) bool { return f.ReturningForSingle && !f.InsertReturning })
	yes("postfetch_lastrowid", "Whether the driver tells the key of a new row.", func(f *compile.Features) bool { return !f.ReturningForSingle })
	yes("cte_follows_insert", "Whether WITH stands after INSERT INTO.", func(f *compile.Features) bool { return f.CTEFollowsInsert })
	yes("supports_is_distinct_from", "True: there is IS DISTINCT FROM, however it is spelt.", func(*compile.Features) bool { return true })
	yes("tuple_in_values", "Whether (a, b) IN takes VALUES.", func(f *compile.Features) bool { return f.TupleInValues })
	yes("div_is_floordiv", "Whether integer / integer is an integer.", func(f *compile.Features) bool { return f.DivIsFloorDiv })
	yes("supports_simple_order_by_label", "Whether ORDER BY may name a label.", func(f *compile.Features) bool { return f.OrderByLabel })
	yes("supports_sane_rowcount", "Whether the number of changed rows is known.", func(f *compile.Features) bool { return f.RowcountSane })
	yes("supports_sane_multi_rowcount", "Whether it is known of many sets of parameters.", func(f *compile.Features) bool { return f.MultiRowcountSane })
	yes("supports_server_side_cursors", "Whether rows can be fetched from a cursor of the server.", func(f *compile.Features) bool { return f.ServerSideCursors })
	yes("supports_statement_cache", "True: compiled statements are kept.", func(*compile.Features) bool { return true })
	yes("supports_views", "True: there are views.", func(*compile.Features) bool { return true })
	dialectClass.
		Property("label_length", "The longest name that is made up, nil: as of other names.", func(d compile.Dialect) any { return positive(d.Features().LabelLength) }).
		Property("max_index_name_length", "The longest name of an index, nil: as of other names.", func(d compile.Dialect) any { return positive(d.Features().MaxIndexName) }).
		Property("max_constraint_name_length", "The longest name of a constraint, nil: as of other names.", func(d compile.Dialect) any { return positive(d.Features().MaxConstraintName) })
}

// positive is n, nil for 0.
func positive(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
