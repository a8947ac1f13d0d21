package compile

import (
	"reflect"
	"slices"

	"alchemysh/core"
)

// shareParameters finds the expressions with parameters that stand in a query
// more than once, as those of GROUP BY do in its columns. A server that is given
// placeholders knows two of them to be equal only if they are one placeholder;
// drivers that write literals, as psycopg2 does, have no such difficulty.
//
// What is found are places, not values: Compiled is shared by statements of one
// structure, so whether the values are equal is seen when one is rendered.
func (c *Compiler) shareParameters(s *core.Select) {
	if !c.f.SharedParameters || !s.IsDistinct && len(s.DistinctOn) == 0 && len(s.Grouping) == 0 {
		return
	}
	places := map[string][][]int{}
	var keys []string
	for _, e := range slices.Concat(s.DistinctOn, s.Selected(), s.Grouping, s.HavingList, s.Ordering) {
		core.Walk(e, func(n core.Node) bool {
			x, ok := n.(core.Expr)
			if !ok {
				return false // a query inside has its own rows
			}
			switch x.(type) {
			case *core.Bind, *core.Exists, *core.ScalarSelect:
				return false
			case *core.Label, *core.LabelRef, *core.Annotated, *core.Grouping, *core.ExprList, *core.Tuple:
				return true // no type of its own tells what the parameters in it are
			}
			key, binds, _ := core.Key(x)
			place := c.placeOf(binds)
			if place == nil {
				return len(binds) > 0
			}
			if places[key] == nil {
				keys = append(keys, key)
			}
			places[key] = append(places[key], place)
			return true
		})
	}
	for _, key := range keys {
		if len(places[key]) > 1 {
			c.shared = append(c.shared, places[key])
		}
	}
}

// placeOf are the parameters of these binds, nil where one is none.
func (c *Compiler) placeOf(binds []*core.Bind) []int {
	var place []int
	for _, b := range binds {
		i, ok := c.byBind[b]
		if !ok {
			return nil
		}
		place = append(place, i)
	}
	return place
}

// same gives to parameters the one in whose place on the wire they stand: in
// expressions that are alike and have equal values.
func (c *Compiled) same(values []any) map[int]int {
	var same map[int]int
	of := func(i int) int {
		if j, ok := same[i]; ok {
			return j
		}
		return i
	}
	for _, places := range c.shared {
		for i, place := range places {
			for _, earlier := range places[:i] {
				if !slices.EqualFunc(place, earlier, func(a, b int) bool { return reflect.DeepEqual(values[a], values[b]) }) {
					continue
				}
				for k := range place {
					from, to := of(place[k]), of(earlier[k])
					if from == to {
						continue
					}
					if same == nil {
						same = map[int]int{}
					}
					for other, stands := range same {
						if stands == from {
							same[other] = to
						}
					}
					same[from] = to
				}
				break
			}
		}
	}
	return same
}
