package tests

import "testing"

// TestPromptRemarks: what the prompt answers to habits and slips.
func TestPromptRemarks(t *testing.T) {
	c := startConsole(t, 80, 30, t.TempDir())
	c.wait("memory=>")
	for _, row := range []struct{ typed, want string }{
		{"selct * from t;", "parse error near '*'; did you mean select?\nmemory=>"},
		{"insrt into t values (1);", "did you mean insert?\nmemory=>"},
		{"source x.sql", `\i FILE runs a file` + "\nmemory=>"},
		{"enigne", "nil\nThere is no variable enigne: did you mean engine?\nmemory=>"},
		{"create table track (a int);", "CREATE TABLE\nmemory=>"},
		{"desc track;", `Hint: \d NAME describes a table`},
		{"show tables;", `Hint: \dt lists the tables`},
		// The SQL just typed is not repeated; that of a file would be.
		{"select * from trak;", "=> select * from trak;\nOperationalError: no such table: trak\nDid you mean track?\nmemory=>"},
		{"begin;", "BEGIN\nmemory=*>"},
		{"begin;", "WARNING:  there is already a transaction in progress\nBEGIN\nmemory=*>"},
		{"rollback;", "ROLLBACK\nmemory=>"},
		{"rollback;", "WARNING:  there is no transaction in progress\nROLLBACK\nmemory=>"},
		{"rows = {7}", "memory=> rows = {7}\nmemory=>"},
		{"rows[0]", "nil\nLua counts from 1: rows[1]\nmemory=>"},
		{`select 1 as a, 2 as b\G`, "-[ RECORD 1 ]\na | 1\nb | 2\nmemory=>"},
		{"\\if off\rselect 1/0;\r\\else\r\\echo shown\r\\endif", "memory=@> \\else\nmemory=> \\echo shown\nshown\nmemory=> \\endif\nmemory=>"},
		{"?", "help(x) explains x, \\h SELECT shows SQL.\nmemory=>"},
	} {
		c.send(row.typed + "\r")
		c.see(row.want)
	}
	c.send("select 1 \\watch 0.2\r")
	c.see("(every 0.2s)")
	c.send("\x03")
	c.wait("^C\nmemory=>")
	c.send("quit;\r")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}
