package ormlib

import (
	"slices"
	"weak"

	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// openSessions are the sessions of one state that somebody may still use.
type openSessions struct{ list []weak.Pointer[orm.Session] }

type openSessionsKey struct{}

// remember notes a session for close_all_sessions().
func remember(state *bind.State, s *orm.Session) {
	open, ok := state.Kept[openSessionsKey{}].(*openSessions)
	if !ok {
		open = &openSessions{}
		state.Kept[openSessionsKey{}] = open
	}
	if n := len(open.list); n > 32 && n&(n-1) == 0 { // now and then: those that are gone
		open.list = slices.DeleteFunc(open.list, func(p weak.Pointer[orm.Session]) bool { return p.Value() == nil })
	}
	open.list = append(open.list, weak.Make(s))
}

// closeAll closes the sessions of a state.
func closeAll(state *bind.State) error {
	open, ok := state.Kept[openSessionsKey{}].(*openSessions)
	if !ok {
		return nil
	}
	for _, p := range slices.Clone(open.list) {
		if s := p.Value(); s != nil {
			if err := s.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}
