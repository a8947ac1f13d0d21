// Package walk holds walkthroughs: Markdown that reads well on any forge, whose
// code runs and whose output is checked, echo included.
//
//	---
//	alchemysh: 1
//	db: sqlite
//	---
//	Prose.
//	```alchemysh
//	> users = Table("users", MetaData(), Column("id", Integer))
//	> print(select(users))
//	SELECT users.id
//	FROM users
//	```
//
// Parse reads one, Runner executes it over a Session (the shell, in the
// program; anything, in a test), Result.Diff says where what came differs from
// what is written, and Update rewrites only that.
//
// A transcript fence (alchemysh) has inputs after "> " and ">> ", and below
// each what it shows. A lua or sql fence is one script; the output fence after
// it, if there is one, is what it prints. All code of a file runs in one Lua
// state on one fresh database. Fences of other languages are prose.
//
// The words after a fence's language:
//
//	setup          run it; what it shows is not compared, but it must not fail
//	hidden         run and compared, but not for readers: a player leaves it out
//	skip           not run
//	fail           an error must come
//	error~="RE"    an error must come whose text matches
//	unordered      the lines shown may come in any order
//	dialect=A,B    only on these databases; with the id of another block, in its place
//	session=new    a new Lua state and a new database from here on
//	timeout=2s     stop it after so long
//	id=NAME        names the block
//
// Shown text is compared line by line without blanks at the end. A line "..."
// stands for any lines, "[...]" in a line for a mark such as [cached since
// 0.4s ago], 0x... for an address in memory.
package walk
