package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "history.jsonl")
	h, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"select 1;", "select 1;", "for i = 1, 2 do\n  print(i)\nend", "  ", "x = 1"} {
		if err := h.Add(text); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"select 1;", "for i = 1, 2 do\n  print(i)\nend", "x = 1"}
	if got := h.Entries(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	again, err := Open(path)
	if err != nil || !slices.Equal(again.Entries(), want) {
		t.Errorf("%q %v", again.Entries(), err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSeveralShells(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	var wg sync.WaitGroup
	const shells, entries = 8, 50
	for s := range shells {
		wg.Go(func() {
			h, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range entries {
				if err := h.Add(fmt.Sprintf("shell %d entry %d %s", s, i, strings.Repeat("x", 300))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	h, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(h.Entries()); got != shells*entries {
		t.Errorf("%d entries of %d", got, shells*entries)
	}
}

func TestCorruptAndUnwritable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "history.jsonl")
	if err := os.WriteFile(path, []byte("garbage\x00\xff\n{\"text\":\"kept\"}\n{\"text\":\"torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := Open(path)
	if err != nil || !slices.Equal(h.Entries(), []string{"kept"}) {
		t.Errorf("%q %v", h.Entries(), err)
	}
	h, err = Open(filepath.Join(dir, "history.jsonl", "below"))
	if err == nil {
		t.Error("a directory that is a file gave no error")
	}
	if err := h.Add("x"); err != nil || !slices.Equal(h.Entries(), []string{"x"}) {
		t.Errorf("not kept in memory: %q %v", h.Entries(), err)
	}
}

func TestSecrets(t *testing.T) {
	for _, text := range []string{
		`engine = create_engine("postgresql://ed:s3cret@host/db")`, `\c mysql+pymysql://root:pw@localhost/x`,
		"alter user ed password 'x';", "create user ed identified by 'x'", `psycopg2.connect{password = "x"}`, "set password = 'x'",
		`api_key = "abc"`,
	} {
		if !Secret(text) {
			t.Errorf("kept: %s", text)
		}
	}
	for _, text := range []string{
		"select * from users", `create_engine("sqlite:///x.db")`, `create_engine("postgresql://localhost/x")`,
		`Column("password", String)`, "postgresql://ed:***@host/db",
	} {
		if Secret(text) {
			t.Errorf("lost: %s", text)
		}
	}
}
