package servers_test

import (
	"database/sql"
	"strings"
	"testing"

	"alchemysh/tests/servers"
)

// TestEmpty makes a database twice: the second time nothing of the first is left.
func TestEmpty(t *testing.T) {
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			admin := s.Require(t)
			unlock, err := admin.Lock("servers")
			if err != nil {
				t.Fatal(err)
			}
			defer unlock()
			url := s.Empty(t, "servers")
			if !strings.HasPrefix(url, s.Dialect+"://") || !strings.HasSuffix(url, "/alchemysh_servers") {
				t.Fatalf("URL %q", url)
			}
			if !exists(t, admin.DB(), s.Dialect) {
				t.Fatal("the database was not made")
			}
			if err := admin.Drop("alchemysh_servers"); err != nil {
				t.Fatal(err)
			}
			if exists(t, admin.DB(), s.Dialect) {
				t.Fatal("the database was not dropped")
			}
		})
	}
}

func exists(t *testing.T, db *sql.DB, dialect string) bool {
	t.Helper()
	query := "SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'alchemysh_servers'"
	if dialect == "postgresql" {
		query = "SELECT count(*) FROM pg_database WHERE datname = 'alchemysh_servers'"
	}
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n == 1
}
