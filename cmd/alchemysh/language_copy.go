package main

import (
	"context"

	"alchemysh/luabind/bind"
	"alchemysh/repl"
	"alchemysh/repl/database"
)

// defineCopy makes copy_to and copy_from, which are \copy for scripts.
func (l *language) defineCopy(ctx context.Context, shell *repl.Shell) {
	run := func(a *bind.Args, direction, here, there, table string) (any, error) {
		n, err := shell.Copy(ctx, direction, here, there, copyOptions(a, table))
		if err != nil {
			return nil, err
		}
		return int64(n), nil
	}
	l.Bind().SetGlobal("copy_to", bind.Func(`copy_to(source{}, target, *, format=nil, header=true, delimiter=nil, null=nil, table=nil, on_error="stop")`,
		"Write the rows of a table, a select() or a \"(SELECT …)\" to a file (csv, tsv, json, jsonl, by its name) or into another database (a URL, a file). Gives their number.",
		`copy_to("track", "track.csv")`, func(a *bind.Args) (any, error) {
			source, err := copySource(ctx, shell, a)
			if err != nil {
				return nil, err
			}
			return run(a, "to", source, a.String("target"), "table")
		}))
	l.Bind().SetGlobal("copy_from", bind.Func(`copy_from(table, source, *, format=nil, header=true, delimiter=nil, null=nil, source_table=nil, on_error="stop")`,
		"Put the rows of a file, or of a table of another database, into a table, all or none; it is made if it is not there. Gives their number.",
		`copy_from("track", "track.csv", {on_error = "skip"})`, func(a *bind.Args) (any, error) {
			return run(a, "from", a.String("table"), a.String("source"), "source_table")
		}))
}

// copyOptions are the keyword arguments as \copy spells them; table is the name
// of the one that names the table of the other database.
func copyOptions(a *bind.Args, table string) []string {
	var options []string
	for name, key := range map[string]string{"format": "format", "delimiter": "delimiter", "null": "null", "on_error": "on-error", table: "table"} {
		if a.Has(name) {
			options = append(options, key+"="+a.String(name))
		}
	}
	if !a.Bool("header") {
		options = append(options, "noheader")
	}
	return options
}

// copySource is what \copy reads: a table, or a query in parentheses.
func copySource(ctx context.Context, shell *repl.Shell, a *bind.Args) (string, error) {
	db, err := shell.Database(ctx)
	if err != nil {
		return "", err
	}
	d, ok := db.(*database.Database)
	if text, plain := a.Any("source").(string); plain || !ok {
		return text, nil
	}
	return d.CopySource(a.Any("source"))
}
