package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"alchemysh/tests/servers"
)

// TestPromptPassword: \password asks unseen and twice, the server has the
// password then, and nothing keeps it: screen, history, echo, errors.
func TestPromptPassword(t *testing.T) {
	const secret = `gEh3im'\"pw`
	for _, s := range []*servers.Server{&servers.PostgreSQL, &servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			u, home := s.Empty(t, "password"), t.TempDir()
			create, drop := "create user alchemysh_pw;", "drop user alchemysh_pw;"
			if s.Dialect == "mysql" {
				create, drop = "create user alchemysh_pw@'%'; grant all on *.* to alchemysh_pw@'%';", "drop user alchemysh_pw@'%';"
			}
			c := startConsole(t, 80, 24, home, u)
			c.wait("=>")
			c.send("\\set ON_ERROR_STOP off\r" + drop + "\r" + create + "\r\\echo ready\r")
			c.wait("ready\nalchemysh_password=>")
			user := "alchemysh_pw"
			if s.Dialect == "mysql" {
				user += "@%"
			}
			c.send("\\sqlecho full\r\\password " + user + "\r")
			c.wait("Enter new password for user \"" + user + "\":")
			c.send(secret + "\r")
			c.wait("Enter it again:")
			c.send("other\r")
			c.see("did not match; nothing is changed")
			c.send("\\password " + user + "\r")
			c.wait("Enter new password for user \"" + user + "\":")
			c.send(secret + "\r")
			c.wait("Enter it again:")
			c.send(secret + "\r")
			c.see("The password is changed.")
			if s.Dialect == "postgresql" {
				c.send("select rolpassword like 'SCRAM-SHA-256$4096:%$%:%' as hashed from pg_authid where rolname = 'alchemysh_pw';\r")
				c.see(" true")
			} else { // it opens the door
				inside := strings.Replace(u, "root@", "alchemysh_pw:gEh3im%27%5C%22pw@", 1)
				cmd := exec.Command(binary(t), inside, "-c", "select current_user()")
				cmd.Env = clean(home)
				if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "alchemysh_pw@") {
					t.Errorf("%s %v", out, err)
				}
			}
			// A refusal shows neither the password nor its hash.
			c.send("\\password no_such_user\r")
			c.wait("Enter new password for user \"no_such_user\":")
			c.send(secret + "\r")
			c.wait("Enter it again:")
			c.send(secret + "\r")
			c.see("ALTER USER no_such_user … '***'")
			c.send("\\errverbose\r\\echo end\r")
			c.wait("end\nalchemysh_password=>")
			screen := c.text()
			c.send(drop + "\r\\q\r")
			c.status()
			kept, err := os.ReadFile(filepath.Join(home, "alchemysh/history.jsonl"))
			if err != nil {
				t.Error(err)
			}
			for _, text := range []string{screen, string(kept)} {
				if strings.Contains(text, "gEh3im") || strings.Contains(text, "SCRAM-SHA-256$4096:") && !strings.Contains(text, "4096:%") {
					t.Errorf("the password is kept:\n%s", text)
				}
			}
		})
	}
}
