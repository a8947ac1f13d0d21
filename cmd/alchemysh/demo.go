package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"

	"alchemysh/repl"
)

// demoSQL makes the tables of a small shop and fills them.
//
//go:embed demo.sql
var demoSQL string

func init() {
	subcommands["demo"] = subcommand{"a prompt on a small shop's database, in memory", demo}
}

// demo is the prompt on a database that is filled already. What follows the
// word are the usual options.
func demo(args []string) int {
	o, err := parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "alchemysh demo:", err)
		return repl.StatusError
	}
	if o.target == "" {
		o.target = "sqlite://"
	}
	return start(o, func(ctx context.Context, p *program) error {
		quiet := p.shell.Quiet
		p.shell.Quiet = true
		err := p.shell.Run(ctx, demoSQL, repl.Source{Name: "demo.sql", SQLOnly: true})
		p.shell.Quiet = quiet
		if err == nil && p.interactive && !o.quiet {
			fmt.Fprintln(p.out, `A shop: customers, orders, items, products. \d lists them, \er draws them.
Try:  select name, city from customers;
      customers = Table("customers", metadata, {autoload_with = engine})
      conn:execute(select(customers.c.name):where(customers.c.city == "Kraków"))`)
		}
		return err
	})
}
