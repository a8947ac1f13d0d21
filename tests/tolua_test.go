package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestToLua: what \\tolua writes gives the rows that the SQL gives.
func TestToLua(t *testing.T) {
	dir := t.TempDir()
	setup := filepath.Join(dir, "setup.sql")
	if err := os.WriteFile(setup, []byte(`
create table artist (id integer primary key, name varchar(50), "select" int);
create table Album (id integer primary key, artist_id int references artist (id), title text, price real, sold date);
insert into artist values (1, 'Bach', 7), (2, 'O''Brien', null), (3, 'none', 3);
insert into Album values (1, 1, 'Fuge', 4.5, '2020-01-02'), (2, 1, '100%', 12, null), (3, 2, null, 9.99, '2021-05-06');
`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run(t, dir, "a.db", "-f", setup); got.status != 0 {
		t.Fatal(got.stderr)
	}
	for _, sql := range []string{
		"select * from artist",
		"select name from artist where id = 2",
		`select id, "select" from artist where "select" > 3 or name like 'n%' order by id desc`,
		"select a.title, b.name from Album a join artist b on b.id = a.artist_id where b.name <> 'x' and a.price between 4 and 10 order by a.title nulls first, 2",
		"select b.name, count(a.id) as n, sum(price) from artist b left join album a on a.artist_id = b.id group by b.name having count(*) > 0 order by n desc, name",
		"select b.name from artist b left outer join album using (id) order by 1",
		"select distinct artist_id from album where title is not null and not (price < 3) order by artist_id",
		"select name from artist where id in (1, 3) and id not in (select artist_id from album where price > 9) order by name",
		"select name, (select count(*) from album x where x.artist_id = artist.id) as n from artist where exists (select 1 from album y where y.artist_id = artist.id) order by name",
		"select case when price > 10 then 'dear' when price > 5 then 'fair' else 'cheap' end as what, title || '!' as loud from album order by id limit 2 offset 1",
		"select case artist_id when 1 then 'one' end, -price * 2 + 1, (price + 1) * 2, 7 % 4, 1 - (2 - 3) from album order by id",
		"select name from artist union select title from album where title is not null order by 1",
		"with dear as (select * from album where price > 5) select d.title, artist.name from dear d, artist where d.artist_id = artist.id order by d.id",
		"select s.n from (select count(*) as n from album group by artist_id) as s order by s.n",
		"select upper(name), coalesce(\"select\", 0), cast(id as varchar(10)), cast(id as integer) + 1 from artist order by id",
		"select id, row_number() over (partition by artist_id order by price desc) as r from album order by id",
		"select 1 as one, 'a''b' as text, null as none, 1.5 as half",
		"select a.*, b.name from album a cross join artist b where a.id = 1 and b.id = 2",
		"select count(distinct artist_id) from album where title not like '%e' or title is null",
		"select count(*) from artist",
		"select name from artist where id = 1 union all select title from album where title is not null order by name limit 5",
		"select o.name from artist o join artist p on o.id < p.id order by o.id, p.id",
	} {
		want := run(t, dir, "a.db", "--csv", "-t", "-c", sql)
		code := run(t, dir, "a.db", "-c", `\tolua `+sql)
		if want.status != 0 || code.status != 0 {
			t.Errorf("%s\n%s%s", sql, want.stderr, code.stderr)
			continue
		}
		define, statement, both := strings.Cut(code.stdout, "\n\n")
		if !both {
			define, statement = "", code.stdout
		}
		define += "\nstatement = " + strings.TrimSpace(statement)
		if got := run(t, dir, "a.db", "--csv", "-t", "-e", define, "-c", "conn:execute(statement)"); got.stdout != want.stdout || got.status != 0 {
			t.Errorf("%s\n%s\ngot  %s%s\nwant %s", sql, code.stdout, got.stdout, got.stderr, want.stdout)
		}
	}
	for sql, why := range map[string]string{
		"select * from a right join b on a.x = b.x": "RIGHT JOIN",
		"select nothing from artist":                "the column nothing",
		"select x.id from artist":                   "x, which FROM does not name",
		"delete from artist":                        "SELECT is wanted",
		"select id from artist where":               "the end of the text",
	} {
		if got := run(t, dir, "a.db", "-c", `\tolua `+sql); got.status != 1 || !strings.Contains(got.stderr, why) {
			t.Errorf("%s: %d %s", sql, got.status, got.stderr)
		}
	}
	got := run(t, dir, "a.db", "-c", `\tolua artist`)
	if !strings.Contains(got.stdout, `Table("artist"`) || !strings.Contains(got.stdout, `["select"]`) && !strings.Contains(got.stdout, `"select"`) {
		t.Errorf("%s%s", got.stdout, got.stderr)
	}
}
