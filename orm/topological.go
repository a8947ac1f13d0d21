package orm

import (
	"fmt"
	"strings"
)

// edge says that before must come before after.
type edge[T comparable] struct{ before, after T }

// cycleError is what a sort gives when there is no order.
type cycleError[T comparable] struct{ items []T }

func (e *cycleError[T]) Error() string {
	names := make([]string, len(e.items))
	for n, x := range e.items {
		names[n] = fmt.Sprint(x)
	}
	return "Circular dependency detected. (" + strings.Join(names, ", ") + ")"
}

// sortLevels puts items into levels: everything in a level depends on earlier
// levels only. Within a level the items keep their order.
func sortLevels[T comparable](edges []edge[T], items []T) ([][]T, error) {
	needs := map[T]map[T]bool{}
	for _, e := range edges {
		if needs[e.after] == nil {
			needs[e.after] = map[T]bool{}
		}
		needs[e.after][e.before] = true
	}
	left := make(map[T]bool, len(items))
	for _, x := range items {
		left[x] = true
	}
	todo := items
	var levels [][]T
	for len(todo) > 0 {
		var level, rest []T
		for _, x := range todo {
			free := true
			for n := range needs[x] {
				if left[n] {
					free = false
					break
				}
			}
			if free {
				level = append(level, x)
			} else {
				rest = append(rest, x)
			}
		}
		if len(level) == 0 {
			return nil, &cycleError[T]{todo}
		}
		for _, x := range level {
			delete(left, x)
		}
		levels = append(levels, level)
		todo = rest
	}
	return levels, nil
}

// cycles finds the items that can reach themselves.
func cycles[T comparable](edges []edge[T], items []T) map[T]bool {
	next := map[T][]T{}
	for _, e := range edges {
		next[e.before] = append(next[e.before], e.after)
	}
	// Tarjan's strongly connected components, iterative in spirit but
	// recursive in form: the graph has one node for each mapper and relationship.
	index, low := map[T]int{}, map[T]int{}
	on := map[T]bool{}
	var stack []T
	out := map[T]bool{}
	count := 0
	var visit func(x T)
	visit = func(x T) {
		count++
		index[x], low[x] = count, count
		stack = append(stack, x)
		on[x] = true
		self := false
		for _, y := range next[x] {
			if y == x {
				self = true
			}
			if index[y] == 0 {
				visit(y)
				low[x] = min(low[x], low[y])
			} else if on[y] {
				low[x] = min(low[x], index[y])
			}
		}
		if low[x] == index[x] {
			var part []T
			for {
				y := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				on[y] = false
				part = append(part, y)
				if y == x {
					break
				}
			}
			if len(part) > 1 || self {
				for _, y := range part {
					out[y] = true
				}
			}
		}
	}
	for _, x := range items {
		if index[x] == 0 {
			visit(x)
		}
	}
	return out
}
