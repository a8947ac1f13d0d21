package sqlite

import (
	"context"
	"database/sql/driver"
	"io"
	"testing"

	sqlite3 "modernc.org/sqlite"
)

func TestKeepText(t *testing.T) {
	c, err := new(sqlite3.Driver).Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	stored := []string{"2024-01-02 00:00:00", "2024-01-02 00:00:00.000000", "2024-01-02", "2024-01-02T03:04:05Z", "tomorrow"}
	ctx := context.Background()
	for _, declared := range []string{"DATETIME", "date", "TIMESTAMP"} {
		for _, text := range stored {
			exec := c.(driver.ExecerContext)
			for _, q := range []string{"DROP TABLE IF EXISTS t", "CREATE TABLE t (v " + declared + ")", "INSERT INTO t VALUES ('" + text + "')"} {
				if _, err := exec.ExecContext(ctx, q, nil); err != nil {
					t.Fatal(err)
				}
			}
			rows, err := c.(driver.QueryerContext).QueryContext(ctx, "SELECT v FROM t", nil)
			if err != nil {
				t.Fatal(err)
			}
			KeepText(rows)
			dest := make([]driver.Value, 1)
			if err := rows.Next(dest); err != nil {
				t.Fatal(err)
			}
			if dest[0] != text {
				t.Errorf("%s: %q came as %#v", declared, text, dest[0])
			}
			if err := rows.Next(dest); err != io.EOF {
				t.Error(err)
			}
			rows.Close()
		}
	}
	KeepText(nil) // another driver's rows
}
