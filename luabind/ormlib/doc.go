// Package ormlib is SQLAlchemy's ORM in Lua: declarative classes, their
// instances and collections, sessions and queries, loader options, inspection
// and events. The work is done by package orm; here it gets its Lua spelling.
package ormlib
