package corelib

import (
	"slices"
	"strings"

	"alchemysh/core"
	"alchemysh/core/exc"
	"alchemysh/luabind/bind"
)

// ofStatements refuses options that are of connections.
func ofStatements(o core.Options) error {
	if _, given := o["isolation_level"]; given {
		return exc.New(exc.ArgumentError, "'isolation_level' execution option may only be specified on Connection.execution_options(), or per-engine using the isolation_level argument to create_engine().")
	}
	if _, given := o["compiled_cache"]; given {
		return exc.New(exc.ArgumentError, "'compiled_cache' execution option may only be specified on Connection.execution_options(), not per statement.")
	}
	return nil
}

func optionsOf(a *bind.Args) core.Options {
	o := core.Options{}
	for _, k := range a.Keywords() {
		o[k.Name] = ExecutionOption(a.Call, k.Name, k.Value)
	}
	return o
}

func withOptions(s core.Statement, o core.Options) core.Statement {
	switch s := s.(type) {
	case *core.Select:
		return s.Change(func(s *core.Select) { s.Options = s.Options.With(o) })
	case *core.CompoundSelect:
		return s.Change(func(s *core.CompoundSelect) { s.Options = s.Options.With(o) })
	case *core.TextualSelect:
		n := *s
		n.Options = n.Options.With(o)
		return &n
	case *core.Text:
		n := *s
		n.Options = n.Options.With(o)
		return &n
	case *core.Func:
		n := *s
		n.Options = n.Options.With(o)
		return &n
	case *core.Insert:
		return s.Change(func(s *core.Insert) { s.Options = s.Options.With(o) })
	case *core.Update:
		return s.Change(func(s *core.Update) { s.Options = s.Options.With(o) })
	case *core.Delete:
		return s.Change(func(s *core.Delete) { s.Options = s.Options.With(o) })
	}
	return s
}

func withNotes(s core.Statement, notes []core.Keyed) core.Statement {
	switch s := s.(type) {
	case *core.Select:
		return s.Change(func(s *core.Select) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.CompoundSelect:
		return s.Change(func(s *core.CompoundSelect) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.TextualSelect:
		n := *s
		n.Notes = append(slices.Clip(s.Notes), notes...)
		return &n
	case *core.Insert:
		return s.Change(func(s *core.Insert) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.Update:
		return s.Change(func(s *core.Update) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	case *core.Delete:
		return s.Change(func(s *core.Delete) { s.Notes = append(slices.Clip(s.Notes), notes...) })
	}
	return s
}

// queryClass is what all queries answer to.
func is[T any](v any) bool {
	_, ok := v.(T)
	return ok
}

// NoProperty is the error of a name that filter_by() does not find. Its message
// is SQLAlchemy's; the nearest name is a hint beside it.
func NoProperty(of, name string, known []string) error {
	e := exc.New(exc.InvalidRequestError, "Entity namespace for \"%s\" has no property \"%s\"", of, name)
	if s := bind.Suggest(name, known); s != "" {
		e.Detail = map[string]string{"hint": strings.TrimPrefix(s, "; ")}
	}
	return e
}
