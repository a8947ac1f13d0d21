// Package scripts holds the Lua and the walkthroughs that people read, as the
// program carries them: the lessons of `alchemysh tutorial` and the sample
// database of `alchemysh demo`.
package scripts

import "embed"

// Lessons holds lessons/*.md and the fixtures beside them.
//
//go:embed lessons
var Lessons embed.FS

// Shop makes the sample database: a Lua script that wants an engine.
//
//go:embed demo/shop.lua
var Shop string
