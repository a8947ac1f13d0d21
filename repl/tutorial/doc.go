// Package tutorial teaches in the real shell: it plays lessons, which are
// walkthroughs with tasks, and checks what a learner did by its effect.
//
// A lesson is a file of package walk. Its parts become steps:
//
//	prose up to the next "## " heading          read
//	a transcript, a lua or sql fence            run: Enter runs what is shown
//	```alchemysh do  + ```check                 do: a task, its answer, its checks
//	```alchemysh fix + ```check                 fix: the same, for code that is broken
//	```alchemysh predict (+ ```check)           predict the SQL or the output first
//	```choose                                   choose one of several
//
// The transcript of a task is its answer; walk verifies it like any other, and
// the learner sees it only when they ask.
//
// Player is the interactive course, Play goes through a lesson without a
// person (the answers must be accepted, the wrong answers refused), Grade
// holds learners' files against the checks. The state of a step is always
// reached in one way: a new session, the fixture, and the inputs of the steps
// before. So a learner can drop every table and take the lesson up again.
package tutorial
