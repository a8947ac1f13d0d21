package repl

import (
	"context"
	"sort"
	"strings"
)

// statements are the forms that \h shows, in the words the three databases share.
var statements = map[string]string{
	"SELECT": `[WITH [RECURSIVE] name [(column, …)] AS (query) [, …]]
SELECT [ALL | DISTINCT] expression [[AS] name] [, …]
  [FROM table [[AS] alias] [[LEFT | RIGHT | FULL | CROSS] JOIN table ON condition] [, …]]
  [WHERE condition]
  [GROUP BY expression [, …]] [HAVING condition]
  [WINDOW name AS (definition)]
  [{UNION | INTERSECT | EXCEPT} [ALL] select]
  [ORDER BY expression [ASC | DESC] [, …]]
  [LIMIT count] [OFFSET start]
  [FOR UPDATE]                       -- not on SQLite`,
	"INSERT": `INSERT INTO table [(column, …)]
  {VALUES (expression, …) [, …] | query | DEFAULT VALUES}
  [ON CONFLICT [(column, …)] DO {NOTHING | UPDATE SET column = expression [, …] [WHERE condition]}]
                                     -- MySQL: ON DUPLICATE KEY UPDATE column = expression
  [RETURNING expression [, …]]       -- not on MySQL`,
	"UPDATE": `UPDATE table [[AS] alias]
  SET column = expression [, …]
  [FROM table [, …]]                 -- not on MySQL
  [WHERE condition]
  [RETURNING expression [, …]]       -- not on MySQL, MariaDB`,
	"DELETE": `DELETE FROM table [[AS] alias]
  [WHERE condition]
  [RETURNING expression [, …]]       -- not on MySQL`,
	"CREATE TABLE": `CREATE [TEMPORARY] TABLE [IF NOT EXISTS] table (
  column type [PRIMARY KEY] [NOT NULL] [UNIQUE] [DEFAULT expression] [CHECK (condition)]
    [REFERENCES table (column) [ON DELETE action] [ON UPDATE action]]
    [GENERATED ALWAYS AS (expression) [STORED]],
  …,
  [CONSTRAINT name] PRIMARY KEY (column, …),
  [CONSTRAINT name] FOREIGN KEY (column, …) REFERENCES table (column, …)
)
CREATE TABLE table AS query`,
	"CREATE INDEX":   `CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table (column [ASC | DESC] [, …]) [WHERE condition]`,
	"CREATE VIEW":    `CREATE [OR REPLACE] VIEW name [(column, …)] AS query    -- SQLite: IF NOT EXISTS in place of OR REPLACE`,
	"CREATE TRIGGER": "CREATE TRIGGER name {BEFORE | AFTER} {INSERT | UPDATE | DELETE} ON table FOR EACH ROW …",
	"ALTER TABLE": `ALTER TABLE table
  {RENAME TO name | RENAME [COLUMN] column TO name
  | ADD [COLUMN] column type … | DROP [COLUMN] column
  | ALTER [COLUMN] column {SET | DROP} {DEFAULT | NOT NULL}      -- PostgreSQL
  | ADD CONSTRAINT name … | DROP CONSTRAINT name}                -- not on SQLite`,
	"DROP":      "DROP {TABLE | VIEW | INDEX | TRIGGER} [IF EXISTS] name [CASCADE]",
	"BEGIN":     "BEGIN [TRANSACTION]        -- SQLite: BEGIN IMMEDIATE takes the write lock at once",
	"COMMIT":    "COMMIT",
	"ROLLBACK":  "ROLLBACK [TO [SAVEPOINT] name]",
	"SAVEPOINT": "SAVEPOINT name … RELEASE SAVEPOINT name",
	"WITH":      "WITH [RECURSIVE] name [(column, …)] AS (query) [, …] {SELECT | INSERT | UPDATE | DELETE} …",
	"VALUES":    "VALUES (expression, …) [, …] [ORDER BY …] [LIMIT count]",
	"EXPLAIN":   "EXPLAIN statement          -- \\explain shows the plan on every database",
	"PRAGMA":    "PRAGMA [schema.]name [= value]                                   -- SQLite",
	"COPY":      "COPY table FROM STDIN      -- PostgreSQL; \\copy works on every database",
	"GRANT":     "GRANT privilege [, …] ON object TO role                          -- not on SQLite",
	"TRUNCATE":  "TRUNCATE [TABLE] table                                           -- SQLite: DELETE FROM table",
	"MERGE":     "MERGE INTO table USING source ON condition WHEN [NOT] MATCHED THEN {UPDATE SET … | INSERT …}   -- PostgreSQL 15",
	"VACUUM":    "VACUUM [table]                                                   -- SQLite, PostgreSQL",
	"WINDOW":    "function(…) OVER ([PARTITION BY expression, …] [ORDER BY expression, …] [{ROWS | RANGE} BETWEEN start AND end])",
	"CASE":      "CASE [expression] WHEN condition THEN result [WHEN …] [ELSE result] END",
}

func statementNames() []string {
	var names []string
	for n := range statements {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func sqlHelp(_ context.Context, s *Shell, c call) error {
	topic := strings.ToUpper(strings.TrimRight(c.args, "; "))
	if topic == "" {
		return s.emit("\\h STATEMENT shows one of\n  " + strings.Join(statementNames(), "\n  ") + "\n")
	}
	var found []string
	for _, n := range statementNames() {
		if n == topic || strings.HasPrefix(n, topic+" ") {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		return usageError(`\h: nothing on %s%s`, topic, nearest(topic, statementNames()))
	}
	var b strings.Builder
	for i, n := range found {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(n + "\n" + statements[n] + "\n")
	}
	return s.emit(b.String())
}
