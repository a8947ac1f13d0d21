package ormlib

import (
	"sync"

	"alchemysh/luabind/bind"
	"alchemysh/orm"
)

// LazyWatcher is told of a lazy load that asks the database.
type LazyWatcher func(s *orm.Session, r *orm.Relationship, i *orm.Instance)

var lazyWatchers sync.Map // *bind.State → LazyWatcher

// WatchLazyLoads has f told of every lazy load of the sessions of a state; nil
// ends it. The shell's notice about near-identical selects counts them.
func WatchLazyLoads(s *bind.State, f LazyWatcher) {
	if f == nil {
		lazyWatchers.Delete(s)
		return
	}
	lazyWatchers.Store(s, f)
}
