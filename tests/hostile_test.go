package tests

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"alchemysh/tests/servers"
)

// hostileRows makes a table of what files and terminals like to change.
const hostileRows = `
local dialect = engine.dialect.name
local t = Table("hostile", MetaData(),
  Column("id", Integer, {primary_key = true, autoincrement = false}), Column("s", Text), Column("v", String(200)), Column("n", Numeric(30, 10)),
  Column("f", Double), Column("b", BigInteger), Column("ok", Boolean), Column("d", Date), Column("dt", DateTime), Column("tm", Time),
  Column("bin", LargeBinary), Column("js", JSON))
t:create(engine)
local strings = {"", " ", "NULL", "null", "\\N", "\\.", "nil", "true", "0", "007", "1e5", '"', "'", '""', "''", ",", "\t", "\n", "\r", "\r\n",
  " lead", "trail ", "a,b", 'a "q", b', "two\nlines", "back\\slash", "\\n", "\\t", "\\x41", "tab\there", "é日本語🎉", "e\204\129", "\27[31mred\27[0m",
  "\1\2\127", "\239\187\191bom", "=1+1", "-1", "{}", "[1]", '{"a":1}', "\226\128\174rtl", ("x"):rep(60000), "a;b", "--", "/*", "%s", ":name", "?", "$1"}
local rows = {}
for i, s in ipairs(strings) do rows[i] = {s = s, v = s:sub(1, 100), bin = s, js = {k = s}} end
local function add(r) rows[#rows + 1] = r end
add{n = dialect ~= "sqlite" and decimal("12345678901234567890.0123456789") or decimal("12345.75"), f = 0.1, b = int64("9223372036854775807"), ok = true,
  d = date(1, 1, 1), dt = datetime(9999, 12, 31, 23, 59, 59), tm = time(23, 59, 59)}
add{n = decimal("-0.0000000001"), f = 1e300, b = int64("-9223372036854775808"), ok = false, d = date(9999, 12, 31), dt = datetime(1970, 1, 1), tm = time(0, 0, 0)}
add{f = 2.5e-300, n = decimal("0"), bin = "\0\255\254", js = {1, 2, {a = null}}}
add{f = 1/3, js = {x = {}}} add{js = "text"} add{js = 1.5} add{js = true} add{js = {}} add{bin = ""}
for i, r in ipairs(rows) do
  r.id = i
  for c in {"s", "v", "n", "f", "b", "ok", "d", "dt", "tm", "bin"} do if r[c] == nil then r[c] = null end end
  conn:execute(insert(t), r)
end
conn:commit()
print(#rows)
`

// ownTypes are tables of types of one database.
var ownTypes = map[string]string{
	"postgresql": `create table own (id int, a json, b jsonb, arr int[], iv interval, u uuid, n numeric, tz timestamptz, ts timestamp, d date, inet inet,
  ok bool, f float8, bits bit(3), r int4range, m money, ch char(5), ta text[]);
insert into own values
  (1, '"str"', '"str"', '{1,null}', '1 year 2 days 03:04:05.5', '12345678-1234-5678-1234-567812345678', 'NaN', '2024-01-02 03:04:05.123456+02', 'infinity',
   '-infinity', '::1/64', true, 'Infinity', '101', '[1,5)', '12.50', 'ab', array['a,b','q"uote',NULL,'','null','NULL']),
  (2, '1.50', '{"a": 12345678901234567890.12}', '{}', '-1 mon', null, '12345678901234567890.5', '0044-03-15 12:00:00+00 BC', '0001-01-01', '0044-03-15 BC',
   '10.0.0.1', false, 'NaN', '000', 'empty', '-1', '', '{{a,b},{c,d}}'),
  (3, '12345678901234567890', '"1.5"', '{{1,2},{3,4}}', '1 mon -1 day +00:00:01', null, '1.10', '2024-07-02 03:04:05', '294276-12-31 23:59:59.999999',
   '5874897-12-31', null, null, '-0', null, '(,3]', null, 'a''b', array['back\slash','{x}',' ']);`,
	"mysql": `create table own (id int primary key, t time(3), u bigint unsigned, y year, e enum('a','b'), st set('x','y'), bi bit(8), de decimal(65,30), tb tinyint(1), d datetime(6));
insert into own values
  (1, '838:59:59', 18446744073709551615, 2024, 'a', 'x,y', b'10101010', 12345678901234567890123456789012345.123456789012345678901234567890, 2, '0001-01-01 00:00:00.000001'),
  (2, '-25:00:00.5', 0, 1901, 'b', '', b'0', -0.5, 0, '9999-12-31 23:59:59.999999'), (3, null, null, null, null, null, null, null, null, null);`,
}

// TestHostileValues: what goes to a file of any format comes back the same, on
// every database.
func TestHostileValues(t *testing.T) {
	servers.Each(t, "hostile", func(t *testing.T, s servers.Server, u string) {
		dir := t.TempDir()
		run := func(args ...string) string {
			t.Helper()
			cmd := exec.Command(binary(t), append([]string{u, "--csv"}, args...)...)
			cmd.Dir, cmd.Env = dir, clean(dir)
			var errs strings.Builder
			cmd.Stderr = &errs
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%.200q: %v\n%.2000s", args, err, errs.String())
			}
			return string(out)
		}
		write := func(name, text string) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		run(write("make.lua", hostileRows))
		tables := []string{"hostile"}
		if sql := ownTypes[s.Dialect]; sql != "" {
			run(write("own.sql", sql))
			tables = append(tables, "own")
		}
		for _, table := range tables {
			want := run("-c", fmt.Sprintf("select * from %s order by id", table))
			for _, format := range []string{"csv", "tsv", "json", "jsonl"} {
				back, file := "back_"+format+table, table+"."+format
				like := "create table " + back + " as select * from " + table + " where 1 = 0"
				if s.Dialect == "mysql" {
					like = "create table " + back + " like " + table
				}
				run("-c", `\copy `+table+" to "+file, "-c", like, "-c", `\copy `+back+" from "+file)
				if got := run("-c", fmt.Sprintf("select * from %s order by id", back)); got != want {
					t.Errorf("%s by %s: %s", table, format, firstDifference(want, got))
				}
			}
		}
	})
}
