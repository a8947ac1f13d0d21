// Package bench measures ours beside the floor, plain database/sql on the
// same driver, in one run:
//
//	go test -run '^$' -bench . ./tests/bench
//
// Each benchmark has a sub-benchmark for each way of doing the same work:
// plain (database/sql), go (core through Go) and lua (through the shell's Lua).
// Only the ratios within a run mean anything; docs/benchmarks.md records them.
package bench
