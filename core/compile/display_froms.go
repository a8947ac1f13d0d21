package compile

import (
	"alchemysh/core"
	"alchemysh/core/exc"
)

func contains(list []core.From, f core.From) bool {
	for _, x := range list {
		if x == f {
			return true
		}
	}
	return false
}

func subtract(a, b []core.From) []core.From {
	var out []core.From
	for _, f := range a {
		if !contains(b, f) {
			out = append(out, f)
		}
	}
	return out
}

func keep(froms []core.From, drop func(core.From) bool) []core.From {
	out := make([]core.From, 0, len(froms))
	for _, f := range froms {
		if !drop(f) {
			out = append(out, f)
		}
	}
	return out
}

// displayFroms is the FROM list after correlation: what an enclosing query
// supplies is left out.
func (c *Compiler) displayFroms(s *core.Select, explicit, implicit []core.From) []core.From {
	all := s.Froms()
	froms := all
	if len(s.CorrelateTo) > 0 {
		to := plainFroms(s.CorrelateTo)
		froms = keep(froms, func(f core.From) bool { return contains(explicit, f) && contains(to, f) })
	}
	if s.ExceptGiven {
		except := plainFroms(s.CorrelateExcept)
		froms = keep(froms, func(f core.From) bool { return contains(explicit, f) && !contains(except, f) })
	}
	if !s.NoAutoCorrelate && len(implicit) > 0 && len(froms) > 1 {
		froms = keep(froms, func(f core.From) bool { return contains(implicit, f) })
		if len(froms) == 0 {
			exc.Raise(exc.InvalidRequestError, "Select statement '<sqlalchemy.sql.selectable.Select object at %p>' returned no FROM clauses due to auto-correlation; specify correlate(<tables>) to control correlation manually.", s)
		}
	}
	return froms
}

func plainFroms(fs []core.From) []core.From {
	out := make([]core.From, len(fs))
	for i, f := range fs {
		out[i] = core.PlainFrom(f)
	}
	return out
}
