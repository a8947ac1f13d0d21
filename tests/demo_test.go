package tests

import (
	"regexp"
	"strings"
	"testing"
)

var memoryPrompt = regexp.MustCompile(`memory=\*?>$`)

// TestDemo types each of the ten things that the demo proposes.
func TestDemo(t *testing.T) {
	c := startConsole(t, 80, 60, t.TempDir(), "demo")
	c.wait("memory=>")
	printed := c.text()
	prompt := func(screen string) bool { return memoryPrompt.MatchString(screen) }
	for _, thing := range []struct {
		try, want string
	}{
		{`\dt`, "product_tag | table\n review      | table\n tag         | table\n(10 rows)"},
		{`\d orders`, "customer_id"},
		{"select state, count(*) from orders group by state;", "rows)"},
		{"select(t.product.c.name, t.product.c.price):limit(3)", "SELECT product.name, product.price\nFROM product\n LIMIT :param_1\n"},
		{"conn:execute(_):all()", "{('Assam, 50 g', decimal('3.85')), "},
		{`\sqlecho on`, ""},
		{"stmt = select(t.category.c.name, func.count()):join(t.product)", ""},
		{"stmt = stmt:group_by(t.category.c.name)", ""},
		{"print(stmt)", "FROM category JOIN product ON category.id = product.category_id"},
		{"for name, n in conn:execute(stmt) do print(name, n) end", "\nTea     24\n"},
		{`inspector:get_foreign_keys("order_line")`, "eferred_table = 'orders'"},
		{`\er`, "product_id -> product"},
		{"c = session:get(classes.customer, 1)", "WHERE customer.id = ?"},
		{"c.first_name, c.country.name, #c.orders_collection", "'Netherlands'"},
		{`name = "O'Brien"`, ""},
		{"select * from customer where last_name = :name;", "O'Brien"},
	} {
		if !strings.Contains(printed, thing.try) {
			t.Errorf("the demo does not propose %q", thing.try)
		}
		c.send("\x0c") // an empty screen
		c.until(func(screen string) bool { return prompt(screen) && len(screen) < 20 }, "empty screen")
		c.send(thing.try + "\r")
		c.until(func(screen string) bool {
			return prompt(screen) && strings.Contains(screen, thing.want) && len(screen) > 20
		}, thing.want)
	}
}
