package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"alchemysh/luabind"
	"alchemysh/repl"
	"alchemysh/scripts"
)

func init() {
	subcommands["demo"] = subcommand{"the shell on a filled sample database", demoCommand}
}

const demoUsage = `Usage: alchemysh demo [OPTIONS] [URL | FILE.db]

Starts the shell on a sample shop: customers, products, orders, some thousands
of rows, the same every time. Without a database it is kept in memory.

Options:
%s`

// tenThings are what to try in the demo, the inputs where they can be copied
// from. The tests type each of them.
const tenThings = `The shop: country customer employee category product tag product_tag orders
order_line review. Tables are t.NAME, classes classes.NAME. Ten things to try:

  1  \dt                    the tables;  \d orders shows one of them
  2  select state, count(*) from orders group by state;
  3  select(t.product.c.name, t.product.c.price):limit(3)
                            SQLAlchemy: a statement is a value
  4  conn:execute(_):all()  _ is the last value: run it
  5  \sqlecho on            from now on, see all SQL that is sent
  6  stmt = select(t.category.c.name, func.count()):join(t.product)
     stmt = stmt:group_by(t.category.c.name)
     print(stmt)            the join found its condition itself
  7  for name, n in conn:execute(stmt) do print(name, n) end
  8  inspector:get_foreign_keys("order_line")
                            what points where;  \er draws all of it
  9  c = session:get(classes.customer, 1)
     c.first_name, c.country.name, #c.orders_collection
                            an object, and the objects that belong to it
 10  name = "O'Brien"
     select * from customer where last_name = :name;
                            SQL takes Lua's values, bound, never spliced

`

func demoCommand(args []string) int {
	f := pflag.NewFlagSet("demo", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	color := f.String("color", "auto", "auto, always, never")
	echo := f.String("echo", "off", "show the SQL that is sent: on, off, full, debug")
	quiet := f.BoolP("quiet", "q", false, "do not print the things to try")
	help := f.BoolP("help", "?", false, "this help")
	fail := func(err error) int {
		fmt.Fprintf(os.Stderr, "alchemysh demo: %s\n", repl.Describe(err))
		return repl.StatusError
	}
	if err := f.Parse(args); err != nil {
		return fail(err)
	}
	if *help || f.NArg() > 1 {
		fmt.Printf(demoUsage, f.FlagUsages())
		if *help {
			return 0
		}
		return repl.StatusError
	}
	target := f.Arg(0)
	if target == "" {
		target = "sqlite://"
	}
	o, err := parse([]string{target, "--echo=" + *echo, "--color=" + *color})
	if err != nil {
		return fail(err)
	}
	o.quiet = true
	return o.execute(func(ctx context.Context, p *program) error {
		if err := p.fillShop(ctx); err != nil {
			return err
		}
		if !*quiet {
			fmt.Fprint(p.out, tenThings)
		}
		return nil
	})
}

// fillShop makes the shop, unless it is there, and reflects it. Nothing of
// that is echoed.
func (p *program) fillShop(ctx context.Context) error {
	before := `local echo = engine.echo engine.echo = false __echo = echo`
	there := `__there = pcall(function() with(engine:connect(), function(c) c:exec_driver_sql("SELECT 1 FROM order_line WHERE 1 = 0") end) end)`
	after := `engine.echo = __echo __echo = nil __there = nil`
	run := func(name, text string) error {
		_, err := p.lua.State.Eval(ctx, luabind.Chunk{Name: name, Text: text, Script: true})
		return err
	}
	if err := run("demo", before); err != nil {
		return err
	}
	if err := run("demo", there); err != nil {
		return err
	}
	if found, _ := p.lua.Get("__there"); found != true {
		if err := run("shop.lua", scripts.Shop); err != nil {
			return err
		}
	}
	p.o.reflect = "*"
	if err := p.reflect(ctx); err != nil {
		return err
	}
	return run("demo", after)
}
