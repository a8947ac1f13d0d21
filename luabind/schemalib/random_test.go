package schemalib_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"alchemysh/tests/servers"
)

// randomSchema is the Lua of a catalogue m made by chance, which all three
// databases take; what one of them lacks is left out there.
func randomSchema(r *rand.Rand, dialect string) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	chance := func(percent int) bool { return r.IntN(100) < percent }
	names := []string{"alpha", "Beta", "order", "été", "two words", "select", "x_1", "user", "group", "limit"}
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	kinds := []string{"Integer", "BigInteger", "SmallInteger", "String(20)", "String(255)", "Text", "Boolean", "Date", "DateTime", "Time", "Float", "Double",
		"Numeric(10, 2)", "Numeric(5)", "LargeBinary", "JSON", "Uuid", "Interval"}
	if dialect == "postgresql" {
		kinds = append(kinds, "postgresql.JSONB", "ARRAY(Integer)", "ARRAY(String(5))", "postgresql.INET", "postgresql.INT4RANGE", "DateTime{timezone = true}", "postgresql.BIT(4)", "postgresql.TSVECTOR")
	}
	if dialect == "mysql" {
		kinds = append(kinds, "mysql.INTEGER{unsigned = true}", "mysql.TINYINT(4)", "mysql.YEAR", `mysql.SET("a", "b")`, "mysql.MEDIUMTEXT", "mysql.DATETIME{fsp = 6}", "mysql.BIT(3)")
	}
	options := func(o []string) string {
		if len(o) == 0 {
			return ""
		}
		return ", {" + strings.Join(o, ", ") + "}"
	}
	var b strings.Builder
	b.WriteString("m = MetaData()\n")
	type made struct {
		name string
		keys []string // of its primary key
	}
	var tables []made
	for i := range 2 + r.IntN(4) {
		tab := made{name: names[i]}
		fmt.Fprintf(&b, "t = Table(%q, m", tab.name)
		if chance(25) {
			tab.keys = []string{"k1", "K 2"}
			b.WriteString(`,
  Column("k1", Integer, {primary_key = true, autoincrement = false}),
  Column("K 2", Integer, {primary_key = true, autoincrement = false})`)
		} else {
			tab.keys = []string{"id"}
			identity := ""
			if chance(20) && dialect == "postgresql" {
				identity = fmt.Sprintf(", Identity{start = %d, always = %v}", 1+r.IntN(9), chance(50))
			}
			b.WriteString(",\n  Column(\"id\", Integer" + identity + ", {primary_key = true})")
		}
		var plain []string // columns that an index may be on
		for j := range 1 + r.IntN(7) {
			name, kind := fmt.Sprintf("c%d", j), kinds[r.IntN(len(kinds))]
			if chance(20) {
				name = fmt.Sprintf("%s %d", pick("From", "é", "where", "A"), j)
			}
			var o []string
			if chance(40) {
				o = append(o, "nullable = false")
			}
			switch {
			case !chance(40):
			case kind == "Integer" || kind == "BigInteger" || kind == "SmallInteger":
				o = append(o, fmt.Sprintf("server_default = text(%q)", fmt.Sprint(r.IntN(100)-50)))
			case strings.HasPrefix(kind, "String"):
				o = append(o, fmt.Sprintf("server_default = %q", pick("", "it's", "NULL", "a, b", "now()", "5", "%", `"q"`, `b\\s`, "ü")))
			case kind == "Boolean":
				o = append(o, "server_default = "+pick("true_()", "false_()"))
			case kind == "DateTime":
				o = append(o, "server_default = func.now()")
			}
			if dialect != "sqlite" && chance(25) {
				o = append(o, fmt.Sprintf("comment = %q", pick("plain", "it's", "50 %", "two\\nlines", "back\\\\slash", ":name")))
			}
			fmt.Fprintf(&b, ",\n  Column(%q, %s%s)", name, kind, options(o))
			if kind == "Integer" || kind == "BigInteger" || kind == "String(20)" || kind == "Date" || strings.HasPrefix(kind, "Numeric") {
				plain = append(plain, name)
			}
		}
		if chance(30) {
			fmt.Fprintf(&b, ",\n  Column(\"n\", Integer), Column(\"twice\", Integer, Computed(\"n * 2\", {persisted = true}))")
		}
		if chance(40) {
			fmt.Fprintf(&b, ",\n  Column(\"amount\", Integer), CheckConstraint(%q, {name = %q})", pick("amount > 0", "amount <> 7 OR amount IS NULL", "amount IN (1, 2, 3)", "amount BETWEEN 1 AND 5"), fmt.Sprintf("ck_%d", i))
		}
		to := tab // itself, or one before
		if len(tables) > 0 && chance(70) {
			to = tables[r.IntN(len(tables))]
		}
		if chance(70) {
			var own, other []string
			for _, k := range to.keys {
				own = append(own, fmt.Sprintf("%q", "ref "+k))
				other = append(other, fmt.Sprintf("%q", to.name+"."+k))
				fmt.Fprintf(&b, ",\n  Column(%q, Integer)", "ref "+k)
			}
			var o []string
			if chance(80) {
				o = append(o, fmt.Sprintf("name = %q", fmt.Sprintf("fk_%d", i)))
			}
			if chance(50) {
				o = append(o, "ondelete = "+pick(`"CASCADE"`, `"SET NULL"`))
			}
			if chance(30) {
				o = append(o, `onupdate = "CASCADE"`)
			}
			if chance(20) && dialect != "mysql" {
				o = append(o, `deferrable = true, initially = "DEFERRED"`)
			}
			fmt.Fprintf(&b, ",\n  ForeignKeyConstraint({%s}, {%s}%s)", strings.Join(own, ", "), strings.Join(other, ", "), options(o))
		}
		if len(plain) > 0 && chance(60) {
			o := ""
			if chance(40) {
				o = ", {unique = true}"
			}
			fmt.Fprintf(&b, ",\n  Index(\"ix_%d\", %q%s)", i, plain[0], o)
		}
		if len(plain) > 1 && chance(60) {
			fmt.Fprintf(&b, ",\n  UniqueConstraint(%q, %q, {name = \"uq_%d\"})", plain[0], plain[1], i)
		}
		if dialect != "sqlite" && chance(40) {
			fmt.Fprintf(&b, ",\n  {comment = %q}", pick("it's", "plain", "100 % sure", "tab\\there"))
		}
		b.WriteString(")\n")
		if len(plain) > 1 && chance(30) {
			fmt.Fprintf(&b, "Index(\"iy_%d\", t.c[%q], t.c[%q]:desc())\n", i, plain[1], plain[0])
		}
		if len(plain) > 0 && chance(30) && dialect != "mysql" {
			fmt.Fprintf(&b, "Index(\"iz_%d\", t.c[%q], {%s_where = t.c[%q] ~= nil})\n", i, plain[0], dialect, plain[0])
		}
		tables = append(tables, tab)
	}
	return b.String()
}

// TestRandomSchemas creates schemas made by chance, compares them with the
// database, makes them again by the code that is generated from it, and drops them.
func TestRandomSchemas(t *testing.T) {
	servers.Each(t, "schemalib_random", func(t *testing.T, s servers.Server, url string) {
		for seed := range uint64(6) {
			schema := randomSchema(rand.New(rand.NewPCG(seed, 5)), s.Dialect)
			got := run(t, url, "engine = create_engine(URL)\n"+schema+`
				local function differences(what, m) for c in m:diff(engine) do print(what, c.kind, c.table, c.column, c.name, c.old, c.new, c.sql) end end
				m:create_all(engine)
				differences("created", m)
				assert(load(generate_code(engine)))()
				differences("generated", metadata)
				metadata:drop_all(engine)
				print(inspect(engine):get_table_names())
				metadata:create_all(engine)
				differences("again", metadata)
				differences("first", m)
				m:drop_all(engine)
				print(inspect(engine):get_table_names())
				engine:dispose()
			`)
			if got != "{}\n{}\n" {
				t.Errorf("seed %d: %s\n%s", seed, got, schema)
			}
		}
	})
}
