package core

import "alchemysh/core/exc"

// FromObjects are the FROM objects that a node needs: the tables of its
// columns, a join and its sides. What a nested query needs is its own affair.
func FromObjects(n Node) []From {
	var out []From
	collectFroms(n, &out)
	return out
}

func collectFroms(n Node, out *[]From) {
	Walk(n, func(n Node) bool {
		switch n := n.(type) {
		case *Column:
			if n.Table != nil {
				*out = append(*out, PlainFrom(n.Table))
			}
			return false
		case *TableValued:
			*out = append(*out, PlainFrom(n.Of))
			return false
		case *Join:
			*out = append(*out, n)
			collectFroms(n.Left, out)
			collectFroms(n.Right, out)
			return false
		case *AnnotatedFrom:
			return true
		case From:
			*out = append(*out, n)
			return false
		case *ScalarSelect, *ScalarValues, *Exists, Query:
			return false
		}
		return true
	})
}

// hidden are the FROM objects that f contains and that need not stand beside it.
func hidden(f From) []From {
	j, ok := f.(*Join)
	if !ok {
		return nil
	}
	var out []From
	collectFroms(j.Left, &out)
	collectFroms(j.Right, &out)
	return out
}

// selectFroms is what a SELECT's FROM list is made of, computed once.
type selectFroms struct {
	froms []From
	err   *exc.Error
}

// Froms is the FROM list before correlation: joins in their places, the rest
// in the order of mention.
func (s *Select) Froms() []From {
	if s.froms == nil {
		f := &selectFroms{}
		func() {
			defer func() {
				switch p := recover().(type) {
				case nil:
				case *exc.Error:
					f.err = p
				default:
					panic(p)
				}
			}()
			f.froms = s.computeFroms()
		}()
		s.froms = f
	}
	if s.froms.err != nil {
		panic(s.froms.err)
	}
	return s.froms.froms
}

func (s *Select) computeFroms() []From {
	clauses := make([]From, len(s.FromObjects))
	for i, f := range s.FromObjects {
		clauses[i] = PlainFrom(f)
	}
	for _, j := range s.Joins {
		clauses = s.placeJoin(clauses, j)
	}
	all := clauses
	for _, n := range s.Raw {
		collectFroms(n, &all)
	}
	for _, e := range s.Criteria {
		collectFroms(e, &all)
	}
	return NormalizeFroms(all)
}

// NormalizeFroms drops repetitions and what stands inside a join.
func NormalizeFroms(all []From) []From {
	seen := map[From]bool{}
	var froms []From
	for _, f := range all {
		if !seen[f] {
			seen[f] = true
			froms = append(froms, f)
		}
	}
	drop := map[From]bool{}
	for _, f := range froms {
		for _, h := range hidden(f) {
			drop[h] = true
		}
	}
	if len(drop) == 0 {
		return froms
	}
	kept := froms[:0]
	for _, f := range froms {
		if !drop[f] {
			kept = append(kept, f)
		}
	}
	return kept
}

// placeJoin adds one join step to the FROM clauses.
func (s *Select) placeJoin(clauses []From, j JoinStep) []From {
	target, ok := j.Target.(From)
	if !ok {
		exc.Raise(exc.ArgumentError, "Join target, typically a FROM expression, expected, got %T.", j.Target)
	}
	right := PlainFrom(target)
	index := -1
	var left From
	if j.Left != nil {
		left = PlainFrom(j.Left)
		matches := clausesThatContain(clauses, left)
		if len(matches) > 1 {
			exc.Raise(exc.InvalidRequestError, "Can't identify which entity in which to assign the left side of this join.   Please use a more specific ON clause.")
		}
		if len(matches) == 1 {
			index = matches[0]
			left = clauses[index]
		}
	} else if len(clauses) > 0 {
		matches := ClausesToJoinFrom(clauses, right, j.On)
		checkJoinMatches(len(matches), right)
		index = matches[0]
		left = clauses[index]
	} else {
		var all []From
		beside := s.Raw
		if j.Beside != nil {
			beside = j.Beside
		}
		for _, n := range beside {
			collectFroms(n, &all)
		}
		for _, e := range s.Criteria {
			collectFroms(e, &all)
		}
		seen := map[From]bool{}
		var potential []From
		for _, f := range all {
			if !seen[f] {
				seen[f] = true
				potential = append(potential, f)
			}
		}
		matches := ClausesToJoinFrom(potential, right, j.On)
		checkJoinMatches(len(matches), right)
		left = potential[matches[0]]
	}
	on := j.On
	if on == nil {
		on = JoinCondition(left, right, nil)
	}
	join := &Join{Left: left, Right: right, On: on, Outer: j.Outer, Full: j.Full}
	if index >= 0 {
		out := append([]From(nil), clauses...)
		out[index] = join
		return out
	}
	return append(clauses, join)
}

func checkJoinMatches(n int, right From) {
	switch {
	case n > 1:
		exc.Raise(exc.InvalidRequestError, "Can't determine which FROM clause to join from, there are multiple FROMS which can join to this entity. Please use the .select_from() method to establish an explicit left side, as well as providing an explicit ON clause if not present already to help resolve the ambiguity.")
	case n == 0:
		exc.Raise(exc.InvalidRequestError, "Don't know how to join to %s. Please use the .select_from() method to establish an explicit left side, as well as providing an explicit ON clause if not present already to help resolve the ambiguity.", Describe(right))
	}
}

func clausesThatContain(clauses []From, f From) []int {
	var out []int
	for i, c := range clauses {
		for _, x := range append(FromObjects(c), c) {
			if x == f {
				out = append(out, i)
				break
			}
		}
	}
	return out
}

// ClausesToJoinFrom are the positions of the clauses from which a join to
// right can start: those whose columns, with right's, its ON speaks of, or that
// foreign keys connect. An ON that helps nobody leaves all of them.
func ClausesToJoinFrom(clauses []From, right From, on Expr) []int {
	targets := append([]From{right}, FromObjects(right)...)
	var mentioned []*Column
	if len(clauses) > 1 && on != nil {
		Walk(on, func(n Node) bool {
			if c, ok := n.(*Column); ok {
				mentioned = append(mentioned, c)
				return false
			}
			_, nested := n.(Query)
			return !nested
		})
	}
	var out []int
	for i, c := range clauses {
		for _, t := range targets {
			if t == c {
				continue
			}
			switch {
			case len(mentioned) > 0:
				if !covers(c, t, mentioned) {
					continue
				}
			case on == nil && !CanJoin(c, t):
				continue
			}
			out = append(out, i)
			break
		}
	}
	if len(out) > 1 {
		out = notHidden(clauses, out)
	}
	if len(out) == 0 && on != nil {
		for i := range clauses {
			out = append(out, i)
		}
	}
	return out
}

// covers reports whether every column is of a or of b.
func covers(a, b From, columns []*Column) bool {
	for _, c := range columns {
		if a.Columns().Index(c) < 0 && b.Columns().Index(c) < 0 {
			return false
		}
	}
	return true
}

func notHidden(clauses []From, idx []int) []int {
	drop := map[From]bool{}
	for _, c := range clauses {
		for _, h := range hidden(c) {
			drop[h] = true
		}
	}
	out := idx[:0]
	for _, i := range idx {
		if !drop[clauses[i]] {
			out = append(out, i)
		}
	}
	return out
}

// joinPairs finds the foreign keys between a and b, grouped by constraint in
// order of declaration.
type joinPairs struct {
	constraint *ForeignKeyConstraint
	pairs      [][2]*Column // referred, referring
}

// scanPairs finds the foreign keys of child that refer to parent.
func scanPairs(child, parent From, out *[]joinPairs) error {
	for _, c := range child.Columns().All() {
		for _, fk := range c.ForeignKeys() {
			target, err := fk.Resolve()
			if err != nil {
				name, _ := fk.TargetName()
				for _, f := range append(FromObjects(parent), parent) {
					if t, ok := f.(*Table); ok && t.Name == name {
						return err
					}
				}
				continue
			}
			ref, ok := correspondingExact(parent, target)
			if !ok {
				continue
			}
			placed := false
			for i := range *out {
				if (*out)[i].constraint == fk.Constraint {
					(*out)[i].pairs = append((*out)[i].pairs, [2]*Column{ref, c})
					placed = true
				}
			}
			if !placed {
				*out = append(*out, joinPairs{fk.Constraint, [][2]*Column{{ref, c}}})
			}
		}
	}
	return nil
}

// correspondingExact finds the column of f that is, or stands for, target.
func correspondingExact(f From, target *Column) (*Column, bool) {
	for _, c := range f.Columns().All() {
		if c == target {
			return c, true
		}
	}
	for _, c := range f.Columns().All() {
		if len(c.Proxies) == 0 {
			continue
		}
		set := map[Expr]bool{}
		lineage(c, set)
		if set[target] {
			return c, true
		}
	}
	return nil, false
}

// findPairs looks from the innermost left side outwards, as Join does.
func findPairs(left, right From, subset From) ([]joinPairs, error) {
	var out []joinPairs
	for _, l := range []From{subset, left} {
		if l == nil {
			continue
		}
		if err := scanPairs(right, l, &out); err != nil {
			return nil, err
		}
		if l != right {
			if err := scanPairs(l, right, &out); err != nil {
				return nil, err
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out, nil
}

// CanJoin reports whether foreign keys connect a and b.
func CanJoin(a, b From) bool {
	var subset From
	if j, ok := a.(*Join); ok {
		subset = j.Right
	}
	pairs, err := findPairs(a, b, subset)
	return err == nil && len(pairs) > 0
}

// JoinCondition infers ON from the foreign keys between a and b. subset, if not
// nil, is the part of a that is preferred: a join's right side.
// NoForeignKeysError and AmbiguousForeignKeysError are raised.
func JoinCondition(a, b From, subset From) Expr {
	if j, ok := a.(*Join); ok && subset == nil {
		subset = j.Right
	}
	found, err := findPairs(a, b, subset)
	if err != nil {
		panic(err)
	}
	if len(found) > 1 {
		exc.Raise(exc.AmbiguousForeignKeysError, "Can't determine join between '%s' and '%s'; tables have more than one foreign key constraint relationship between them. Please specify the 'onclause' of this join explicitly.", Describe(a), Describe(b))
	}
	if len(found) == 0 {
		hint := ""
		if _, nested := b.(*Join); nested {
			hint = " Perhaps you meant to convert the right side to a subquery using alias()?"
		}
		exc.Raise(exc.NoForeignKeysError, "Can't find any foreign key relationships between '%s' and '%s'.%s", Describe(a), Describe(b), hint)
	}
	var crit []Expr
	for _, p := range found[0].pairs {
		crit = append(crit, Eq(p[0], p[1]))
	}
	return And(crit...)
}

// NewJoin is left.join(right, on): without on, it is inferred.
func NewJoin(left, right From, on Expr, outer, full bool) *Join {
	left, right = PlainFrom(left), PlainFrom(right)
	if on == nil {
		on = JoinCondition(left, right, nil)
	}
	return &Join{Left: left, Right: right, On: on, Outer: outer, Full: full}
}

// Describe names a FROM object for a message.
func Describe(f From) string {
	switch f := PlainFrom(f).(type) {
	case *Table:
		return f.Name
	case *Join:
		return "Join object on " + Describe(f.Left) + " and " + Describe(f.Right)
	case *Alias:
		if of, ok := f.Of.(From); ok && f.Anonymous && f.Kind == PlainAlias {
			return "Anonymous alias of " + Describe(of)
		}
	}
	if n, ok := FromName(f); ok {
		if n.IsAnonymous() {
			return "anon_1"
		}
		return string(n)
	}
	return "FROM"
}
