// Package walk reads and verifies walkthroughs: Markdown whose code runs and
// whose output is checked, echo included.
//
// A walkthrough renders well on any forge and stays true, because the tests
// run it:
//
//	---
//	alchemysh: 1
//	db: sqlite://
//	---
//	Prose.
//	```alchemysh
//	> 20 + 1
//	21
//	```
//
// Parse reads one; Verify runs its steps in a Session (the real shell, which
// this package does not know) and compares what each shows with what is
// written. A line "..." stands for any lines, "[...]" for the echo's timing.
package walk
