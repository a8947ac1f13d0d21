package inspect_test

import (
	"context"
	"fmt"
	"testing"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/inspect"
	"alchemysh/core/types"
	"alchemysh/tests/servers"
)

// counting counts the questions that go to the server.
type counting struct {
	ddl.Querier
	asked int
}

func (c *counting) Rows(ctx context.Context, s core.Statement, params map[string]any) ([][]any, error) {
	c.asked++
	return c.Querier.Rows(ctx, s, params)
}

func (c *counting) DriverRows(ctx context.Context, sql string, args ...any) ([]string, [][]any, error) {
	c.asked++
	return c.Querier.DriverRows(ctx, sql, args...)
}

// TestRoundTripsOfReflection: on servers their number is that of the kinds of
// things there are to read, whatever the number of tables.
func TestRoundTripsOfReflection(t *testing.T) {
	const most = 12
	for _, s := range []servers.Server{servers.PostgreSQL, servers.MySQL} {
		t.Run(s.Dialect, func(t *testing.T) {
			url := s.Empty(t, "trips")
			made := core.NewMetaData()
			asked := map[int]int{}
			for _, n := range []int{2, 40} {
				e := begin(t, url, func(c *engine.Connection) {
					for i := len(made.Tables()); i < n; i++ {
						items := []core.SchemaItem{column("id", &types.Integer{}, key), column("name", &types.String{Length: 20}, unique)}
						if i > 0 {
							to := column("before", &types.Integer{})
							to.Schema.ForeignKeys = []*core.ForeignKey{{Target: fmt.Sprintf("t%d.id", i-1)}}
							items = append(items, to, &core.CheckConstraint{X: &core.Text{SQL: "name <> ''"}})
						}
						core.NewTable(fmt.Sprintf("t%d", i), made, "", items...)
					}
					if err := ddl.CreateAll(ctx, c, made, ddl.Options{Checkfirst: true}); err != nil {
						t.Fatal(err)
					}
				})
				c := must[*engine.Connection](t)(e.Connect(ctx))
				q := &counting{Querier: c}
				found := core.NewMetaData()
				if err := must[*inspect.Inspector](t)(inspect.New(q)).ReflectAll(ctx, found, inspect.ReflectOptions{}); err != nil {
					t.Fatal(err)
				}
				if err := c.Close(ctx); err != nil {
					t.Fatal(err)
				}
				if len(found.Tables()) != n || len(found.Tables()[1].ForeignKeyConstraints()) != 1 {
					t.Errorf("reflected %v", found.TableNames())
				}
				asked[n] = q.asked
			}
			if asked[2] != asked[40] || asked[40] > most {
				t.Errorf("%d questions for 2 tables, %d for 40; at most %d are expected for any number", asked[2], asked[40], most)
			}
		})
	}
}
