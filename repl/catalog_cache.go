package repl

import (
	"context"
	"sync"
	"time"
)

// catalogCache holds what completion needs to know of the database. It is
// filled in the background, so that a Tab never waits for the server.
type catalogCache struct {
	shell *Shell

	mu      sync.Mutex
	tables  []Relation
	columns map[string][]string // by table
	schemas []string
	stale   bool
	loading bool
}

func newCatalogCache(s *Shell) *catalogCache {
	return &catalogCache{shell: s, columns: map[string][]string{}, stale: true}
}

// refresh marks the cache as out of date: a DDL statement ran.
func (c *catalogCache) refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stale = true
}

// catalogTime bounds what loading the catalog may take.
const catalogTime = 10 * time.Second

// load reads the catalog anew when it is out of date. The prompt calls it
// while it waits for the person to type, never while a key is handled.
func (c *catalogCache) load(ctx context.Context) {
	db := c.shell.DB
	c.mu.Lock()
	if db == nil || !c.stale || c.loading || db.State() != Idle {
		c.mu.Unlock()
		return
	}
	c.stale, c.loading = false, true
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, catalogTime)
	defer cancel()
	tables, err := db.Catalog().Relations(ctx, "", TableKind, ViewKind, MatViewKind)
	schemas, _ := db.Catalog().Schemas(ctx) // without them only schema names are not proposed
	columns, _ := db.Catalog().Columns(ctx) // likewise
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loading = false
	if err == nil {
		c.tables, c.schemas, c.columns = tables, schemas, columns
	}
}

// snapshot gives what is known now.
func (c *catalogCache) snapshot() (tables []Relation, schemas []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tables, c.schemas
}

func (c *catalogCache) columnsOf(table string) ([]string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cols, ok := c.columns[table]
	return cols, ok
}
