package database

import (
	"context"
	"strings"

	"alchemysh/core/exc"
	"alchemysh/repl/render"
)

// listing is a question to the catalogue whose answer is shown as it comes.
type listing struct {
	title string
	sql   map[string]string // by dialect; $schema stands for the pattern's schema
}

// listings are what \df and its kin ask.
var listings = map[string]listing{
	"functions": {"List of functions", map[string]string{
		"postgresql": `SELECT n.nspname AS "Schema", p.proname AS "Name", pg_get_function_result(p.oid) AS "Result data type",
			pg_get_function_arguments(p.oid) AS "Argument data types",
			CASE p.prokind WHEN 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' ELSE 'func' END AS "Type"
			FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
			WHERE CASE WHEN $schema = '' THEN pg_function_is_visible(p.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
			ELSE n.nspname = $schema END ORDER BY 1, 2, 4`,
		"mysql": `SELECT routine_schema AS "Schema", routine_name AS "Name", dtd_identifier AS "Result data type",
			(SELECT group_concat(concat_ws(' ', p.parameter_mode, p.parameter_name, p.dtd_identifier) ORDER BY p.ordinal_position SEPARATOR ', ')
			FROM information_schema.parameters p WHERE p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name
			AND p.ordinal_position > 0) AS "Argument data types", lower(routine_type) AS "Type"
			FROM information_schema.routines r WHERE routine_schema = CASE WHEN $schema = '' THEN database() ELSE $schema END ORDER BY 1, 2`,
		"sqlite": `SELECT name AS "Name", CASE type WHEN 'w' THEN 'window' WHEN 'a' THEN 'agg' ELSE 'func' END AS "Type",
			CASE WHEN min(narg) < 0 THEN 'any' ELSE group_concat(DISTINCT narg) END AS "Arguments"
			FROM pragma_function_list WHERE $schema = '' GROUP BY name, type ORDER BY 1`,
	}},
	"roles": {"List of roles", map[string]string{
		"postgresql": `SELECT rolname AS "Role name", concat_ws(', ', CASE WHEN rolsuper THEN 'Superuser' END, CASE WHEN NOT rolinherit THEN 'No inheritance' END,
			CASE WHEN rolcreaterole THEN 'Create role' END, CASE WHEN rolcreatedb THEN 'Create DB' END,
			CASE WHEN NOT rolcanlogin THEN 'Cannot login' END, CASE WHEN rolreplication THEN 'Replication' END) AS "Attributes",
			ARRAY(SELECT b.rolname::text FROM pg_auth_members m JOIN pg_roles b ON m.roleid = b.oid WHERE m.member = r.oid) AS "Member of"
			FROM pg_roles r WHERE rolname !~ '^pg_' AND $schema = '' ORDER BY 1`,
		"mysql": `SELECT replace(grantee, '''', '') AS "Role name", concat_ws(', ', CASE WHEN max(privilege_type = 'SUPER') THEN 'Superuser' END,
			CASE WHEN max(privilege_type = 'CREATE USER') THEN 'Create role' END, CASE WHEN max(privilege_type = 'CREATE') THEN 'Create DB' END,
			CASE WHEN max(privilege_type LIKE 'REPLICATION%') THEN 'Replication' END) AS "Attributes"
			FROM information_schema.user_privileges WHERE $schema = '' GROUP BY grantee ORDER BY 1`,
	}},
	"types": {"List of data types", map[string]string{
		"postgresql": `SELECT n.nspname AS "Schema", format_type(t.oid, NULL) AS "Name",
			CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' ELSE 'base' END AS "Kind",
			CASE t.typtype WHEN 'e' THEN (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
			WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS "Elements", obj_description(t.oid, 'pg_type') AS "Description"
			FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
			WHERE (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid))
			AND NOT EXISTS (SELECT 1 FROM pg_type el WHERE el.oid = t.typelem AND el.typarray = t.oid)
			AND CASE WHEN $schema = '' THEN pg_type_is_visible(t.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
			ELSE n.nspname = $schema END AND t.typtype <> 'm' ORDER BY 1, 2`,
	}},
	"privileges": {"Access privileges", map[string]string{
		"postgresql": `SELECT n.nspname AS "Schema", c.relname AS "Name",
			CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END AS "Type",
			array_to_string(c.relacl, E'\n') AS "Access privileges"
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
			AND CASE WHEN $schema = '' THEN pg_table_is_visible(c.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
			ELSE n.nspname = $schema END ORDER BY 1, 2`,
		"mysql": `SELECT table_schema AS "Schema", table_name AS "Name", replace(grantee, '''', '') AS "Grantee",
			group_concat(privilege_type ORDER BY privilege_type SEPARATOR ', ') AS "Access privileges"
			FROM information_schema.table_privileges WHERE table_schema = CASE WHEN $schema = '' THEN database() ELSE $schema END
			GROUP BY table_schema, table_name, grantee ORDER BY 1, 2, 3`,
	}},
	"extensions": {"List of installed extensions", map[string]string{
		"postgresql": `SELECT x.extname AS "Name", x.extversion AS "Version", n.nspname AS "Schema", obj_description(x.oid, 'pg_extension') AS "Description"
			FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE $schema = '' ORDER BY 1`,
		"sqlite": `SELECT compile_options AS "Name" FROM pragma_compile_options WHERE $schema = '' AND compile_options LIKE 'ENABLE%' ORDER BY 1`,
		"mysql":  `SELECT plugin_name AS "Name", plugin_version AS "Version", plugin_type AS "Type" FROM information_schema.plugins WHERE $schema = '' AND plugin_library IS NOT NULL ORDER BY 1`,
	}},
}

// Listing answers one of listings, for a schema; "" is the default one.
func (d *Database) Listing(ctx context.Context, what, schema string) (title string, rows *render.Slice, err error) {
	dialect := d.Dialect()
	if dialect == "mariadb" {
		dialect = "mysql"
	}
	sql, ok := listings[what].sql[dialect]
	if !ok {
		return "", nil, exc.New(exc.NotImplementedError, "%s has no %s", dialect, what)
	}
	literal := "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(schema) + "'"
	if dialect != "mysql" {
		literal = "'" + strings.ReplaceAll(schema, "'", "''") + "'"
	}
	rows, err = d.table(ctx, strings.ReplaceAll(sql, "$schema", literal))
	return listings[what].title, rows, err
}

// sources are how databases give the source of a function or a view.
var sources = map[string]map[string]string{
	"postgresql": {
		"function": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = $1 AND prokind <> 'a' AND pg_function_is_visible(oid) ORDER BY oid",
		"view":     "SELECT 'CREATE VIEW ' || oid::regclass || ' AS' || chr(10) || pg_get_viewdef(oid) FROM pg_class WHERE relname = $1 AND relkind IN ('v', 'm') AND pg_table_is_visible(oid)",
	},
	"mysql": {
		"function": `SELECT concat('CREATE ', routine_type, ' ', routine_name, char(10), routine_definition) FROM information_schema.routines
			WHERE routine_name = ? AND routine_schema = database()`,
		"view": "SELECT concat('CREATE VIEW ', table_name, ' AS', char(10), view_definition) FROM information_schema.views WHERE table_name = ? AND table_schema = database()",
	},
	"sqlite": {"view": "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?"},
}

// Source is the CREATE statement of a function or a view.
func (d *Database) Source(ctx context.Context, kind, name string) ([]string, error) {
	dialect := d.Dialect()
	if dialect == "mariadb" {
		dialect = "mysql"
	}
	sql, ok := sources[dialect][kind]
	if !ok {
		return nil, exc.New(exc.NotImplementedError, "%s has no %ss with a source", dialect, kind)
	}
	rows, err := d.rows(ctx, sql, name)
	var out []string
	for _, r := range rows {
		out = append(out, str(r[0]))
	}
	return out, err
}
