package repl

// The groups of \?.
const (
	generalGroup = "General"
	bufferGroup  = "The last statement"
	infoGroup    = "What is in the database"
	formatGroup  = "How results are shown"
	ioGroup      = "Files and output"
	txGroup      = "Transactions and the session"
	varGroup     = "Variables"
	ifGroup      = "Conditions"
)

func allCommands() []*command {
	return []*command{
		{name: `\q`, aliases: []string{`\quit`, ".quit", ".exit"}, group: generalGroup, args: "[STATUS]", help: "leave, with an exit status", run: quitCommand},
		{name: `\?`, aliases: []string{".help"}, group: generalGroup, args: "[COMMAND]", help: "this list, or one command", complete: "command", run: listCommands},
		{name: `\h`, group: generalGroup, args: "[STATEMENT]", help: "the form of a SQL statement", complete: "statement", run: sqlHelp},
		{name: `\tutorial`, group: generalGroup, args: "[LESSON] [--list]", help: "the course, in a session of its own", run: tutorialCommand},
		{name: `\help`, group: generalGroup, args: "[NAME]", help: "help on a name of the Lua API", run: luaHelp},
		{name: `\timing`, aliases: []string{".timer"}, group: generalGroup, args: "[on|off]", help: "show how long each statement takes", complete: "on|off", run: pset("timing")},
		{name: `\errverbose`, group: generalGroup, help: "the last error with all that is known of it", run: errverbose},
		{name: `\!`, aliases: []string{".shell", ".system"}, group: generalGroup, args: "[COMMAND]", help: "run a command of the operating system", run: osCommand},
		{name: `\cd`, aliases: []string{".cd"}, group: generalGroup, args: "[DIR]", help: "change the working directory", complete: "file", run: changeDirectory},
		{name: `\s`, group: generalGroup, args: "[FILE]", help: "show the history, or write it to a file", complete: "file", run: showHistory},

		{name: `\c`, aliases: []string{`\connect`, ".open"}, group: infoGroup, args: "[URL|FILE|NAME]", help: "connect to another database", complete: "file", run: connect},
		{name: `\conninfo`, group: infoGroup, help: "the connection", run: conninfo},
		{name: `\l`, aliases: []string{".databases"}, group: infoGroup, help: "list the databases", plus: true, run: listDatabases},
		{name: `\d`, group: infoGroup, args: "[NAME]", help: "describe a table or view; without a name list all", complete: "table", plus: true, run: describe},
		{name: `\dt`, aliases: []string{".tables"}, group: infoGroup, args: "[PATTERN]", help: "list tables", complete: "table", plus: true, run: listRelations(TableKind)},
		{name: `\dv`, group: infoGroup, args: "[PATTERN]", help: "list views", complete: "table", plus: true, run: listRelations(ViewKind)},
		{name: `\dm`, group: infoGroup, args: "[PATTERN]", help: "list materialized views", plus: true, run: listRelations(MatViewKind)},
		{name: `\di`, aliases: []string{".indexes", ".indices"}, group: infoGroup, args: "[PATTERN]", help: "list indexes", plus: true, run: listRelations(IndexKind)},
		{name: `\ds`, group: infoGroup, args: "[PATTERN]", help: "list sequences", plus: true, run: listRelations(SequenceKind)},
		{name: `\dn`, group: infoGroup, help: "list schemas", plus: true, run: listSchemas},
		{name: `\df`, aliases: []string{`\da`}, group: infoGroup, args: "[PATTERN]", help: "list functions", plus: true, run: listing("functions", "Name")},
		{name: `\sf`, group: infoGroup, args: "FUNCTION", help: "the source of a function", run: source("function")},
		{name: `\sv`, group: infoGroup, args: "VIEW", help: "the source of a view", complete: "table", run: source("view")},
		{name: `\du`, aliases: []string{`\dg`}, group: infoGroup, args: "[PATTERN]", help: "list roles", plus: true, run: listing("roles", "Role name")},
		{name: `\dT`, group: infoGroup, args: "[PATTERN]", help: "list data types", plus: true, run: listing("types", "Name")},
		{name: `\dp`, aliases: []string{`\z`}, group: infoGroup, args: "[PATTERN]", help: "list who may do what", run: listing("privileges", "Name")},
		{name: `\dx`, group: infoGroup, args: "[PATTERN]", help: "list extensions", plus: true, run: listing("extensions", "Name")},
		{name: `\er`, group: infoGroup, args: "[mermaid|dot|text]", help: "the schema as a diagram", run: erDiagram},

		{name: `\g`, group: bufferGroup, args: "[FILE | |COMMAND]", help: "run the statement (or the last one), its result to a file or a program", complete: "file", run: goCommand},
		{name: `\gx`, aliases: []string{`\G`}, group: bufferGroup, args: "[FILE | |COMMAND]", help: "as \\g, one line per value", complete: "file", run: goCommand},
		{name: `\gset`, group: bufferGroup, args: "[PREFIX]", help: "the single row of the result into Lua variables", run: gset},
		{name: `\gexec`, group: bufferGroup, help: "run each value of the result as a statement", run: gexec},
		{name: `\gdesc`, group: bufferGroup, help: "the columns of the result, without running the statement", run: gdesc},
		{name: `\watch`, group: bufferGroup, args: "[SECONDS] [c=TIMES]", help: "run the statement again and again", run: watch},
		{name: `\crosstabview`, group: bufferGroup, args: "[ROWS COLUMNS VALUES]", help: "the result as a pivot table", run: crosstab},
		{name: `\chart`, group: bufferGroup, args: "[bars|histogram|line] [[LABEL] VALUE]", help: "draw the result", complete: "chart", run: chart},
		{name: `\explain`, group: bufferGroup, args: "[STATEMENT]", help: "the plan of a statement; \\explain+ runs it and shows what it took", plus: true, run: explain},
		{name: `\tolua`, group: bufferGroup, args: "[SELECT | TABLE]", help: "a SELECT, or a table, as SQLAlchemy in Lua", complete: "table", run: toLua},
		{name: `\try`, group: bufferGroup, args: "STATEMENT", help: "run a statement in a savepoint, show its effect, then keep it or not", run: try},
		{name: `\e`, aliases: []string{`\edit`}, group: bufferGroup, args: "[FILE]", help: "edit the last statement or a file, then run it", complete: "file", run: editCommand},
		{name: `\w`, aliases: []string{`\write`}, group: bufferGroup, args: "FILE", help: "write the last statement to a file", complete: "file", run: writeLast},
		{name: `\r`, aliases: []string{`\reset`}, group: bufferGroup, help: "forget the last statement", run: resetLast},
		{name: `\p`, aliases: []string{`\print`}, group: bufferGroup, help: "show the last statement", run: printLast},

		{name: `\x`, group: formatGroup, args: "[on|off|auto]", help: "one line per value", complete: "on|off", run: pset("expanded")},
		{name: `\a`, group: formatGroup, help: "switch between aligned and unaligned", run: toggleAligned},
		{name: `\t`, group: formatGroup, args: "[on|off]", help: "rows only, without header and footer", complete: "on|off", run: pset("tuples_only")},
		{name: `\H`, group: formatGroup, help: "switch HTML output", run: toggleHTML},
		{name: `\f`, aliases: []string{".separator"}, group: formatGroup, args: "[STRING]", help: "the separator of unaligned output", run: pset("fieldsep")},
		{name: `\C`, group: formatGroup, args: "[TITLE]", help: "title over tables", run: pset("title")},
		{name: `\pset`, aliases: []string{".show"}, group: formatGroup, args: "[OPTION [VALUE]]", help: "an option of the output; without one list all", complete: "option", run: psetCommand},
		{name: `\mode`, aliases: []string{".mode"}, group: formatGroup, args: "FORMAT [TABLE]", help: "the format: \\pset format", complete: "format", run: mode},
		{name: ".headers", aliases: []string{".header"}, group: formatGroup, args: "on|off", help: "header above rows", complete: "on|off", run: headers},
		{name: ".nullvalue", group: formatGroup, args: "STRING", help: "how NULL is shown", run: pset("null")},

		{name: `\o`, aliases: []string{".output"}, group: ioGroup, args: "[FILE | |COMMAND]", help: "send all results to a file or a program; without one, back to the screen", complete: "file", run: output},
		{name: `\once`, aliases: []string{".once"}, group: ioGroup, args: "FILE | |COMMAND", help: "send the next result to a file or a program", complete: "file", run: outputOnce},
		{name: `\i`, aliases: []string{`\include`, `\.`, ".read"}, group: ioGroup, args: "FILE [ARGS]", help: "run a file", complete: "file", run: include},
		{name: `\ir`, group: ioGroup, args: "FILE", help: "run a file beside the one that runs", complete: "file", run: include},
		{name: `\copy`, group: ioGroup, args: "TABLE|(QUERY) to|from FILE [csv|tsv|json|jsonl] [OPTION=VALUE …]", help: "rows to a file or from it", complete: "table", run: copyCommand},
		{name: ".import", group: ioGroup, args: "FILE TABLE", help: "rows from a file: \\copy TABLE from FILE", complete: "file", run: importCommand},
		{name: `\dump`, aliases: []string{".dump"}, group: ioGroup, args: "[TABLE …]", help: "tables and rows as SQL", complete: "table", run: dump},
		{name: `\schema`, aliases: []string{".schema"}, group: infoGroup, args: "[TABLE]", help: "the CREATE statements", complete: "table", run: schema},
		{name: ".backup", group: ioGroup, args: "FILE", help: "copy the SQLite database to a file", complete: "file", run: backup},
		{name: `\echo`, group: ioGroup, args: "[-n] [TEXT]", help: "write to standard output", run: echo},
		{name: `\qecho`, aliases: []string{".print"}, group: ioGroup, args: "[-n] [TEXT]", help: "write where results go", run: echo},
		{name: `\warn`, group: ioGroup, args: "[-n] [TEXT]", help: "write to standard error", run: echo},
		{name: `\record`, group: ioGroup, args: "FILE.md|FILE.lua | off", help: "keep what is typed, and what it gives, in a file", complete: "file", run: record},

		{name: `\begin`, group: txGroup, help: "begin a transaction", run: begin},
		{name: `\commit`, group: txGroup, help: "commit it", run: commit},
		{name: `\rollback`, group: txGroup, help: "roll it back", run: rollback},
		{name: `\sqlecho`, aliases: []string{".echo"}, group: txGroup, args: "on|off|full|debug", help: "show the SQL that is sent", complete: "echo", run: sqlEcho},
		{name: `\session`, group: txGroup, help: "the unit of work: new, dirty and deleted objects, the identity map, what a flush would send", run: session},
		{name: `\models`, group: txGroup, help: "the mapped classes", run: models},

		{name: `\set`, group: varGroup, args: "[NAME [VALUE]]", help: "set a variable; without one list all", complete: "variable", run: setVariable},
		{name: `\prompt`, group: varGroup, args: "[TEXT] NAME", help: "ask for the value of a variable", complete: "variable", run: promptVariable},
		{name: `\getenv`, group: varGroup, args: "NAME ENV", help: "a variable from the environment", run: getenv},
		{name: `\setenv`, group: varGroup, args: "ENV [VALUE]", help: "set a variable of the environment", run: setenv},
		{name: `\if`, group: ifGroup, args: "CONDITION", help: "run what follows if true: on, off, a variable, an expression of Lua", run: ifCommand},
		{name: `\elif`, group: ifGroup, args: "CONDITION", help: "else if", run: elifCommand},
		{name: `\else`, group: ifGroup, help: "else", run: elseCommand},
		{name: `\endif`, group: ifGroup, help: "the end of \\if", run: endifCommand},
		{name: `\password`, group: generalGroup, args: "[USER]", help: "change a password; it is asked for, unseen", run: passwordCommand},
		{name: `\unset`, group: varGroup, args: "NAME", help: "forget a variable", complete: "variable", run: unsetVariable},
	}
}
