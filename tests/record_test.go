package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPromptRecord: what \record writes at a terminal in colour verifies, and
// as Lua runs.
func TestPromptRecord(t *testing.T) {
	home := t.TempDir()
	c := startConsole(t, 80, 50, home, "--color=always")
	c.wait("memory=>")
	prompt := func(screen string) bool { return memoryPrompt.MatchString(screen) }
	record := func(file string) {
		for _, entry := range []string{
			`\record ` + file,
			`users = Table("users", MetaData(), Column("id", Integer, {primary_key = true}), Column("name", String))`,
			`users:create(engine)`,
			`conn:execute(insert(users):values{name = "ed"}).rowcount`,
			`select * from users;`,
			"for row in conn:execute(select(users.c.name)) do\rprint(row.name)\rend",
			`\sqlecho on`,
			`conn:execute(select(users.c.id)):all()`,
			`\sqlecho off`,
			`conn:rollback()`,
			`users:drop(engine)`,
			`\record off`,
		} {
			c.send("\x0c" + entry + "\r")
			c.until(func(screen string) bool { return prompt(screen) && strings.Count(screen, "\n") > 0 }, "prompt after "+entry)
		}
	}
	record("walk.md")
	record("again.lua")
	c.send("\\q\r")
	if got := c.status(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	text := read(t, filepath.Join(home, "walk.md"))
	if strings.Contains(text, "\x1b") {
		t.Errorf("colours are in the file: %q", text)
	}
	for _, want := range []string{"> select * from users;\n id | name\n", ">>   print(row.name)\n", "\ned\n", "FROM users"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, args := range [][]string{{"verify", "walk.md"}, {"sqlite://", "again.lua"}} {
		cmd := exec.Command(binary(t), args...)
		cmd.Dir, cmd.Env = home, append(clean(home), "PATH="+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}
