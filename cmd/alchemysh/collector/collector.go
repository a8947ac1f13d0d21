// Package collector sets the pace of Go's garbage collector for a shell: importing
// it is all. $GOGC, where it is given, holds instead.
//
// What Lua and results make dies at once for the most part, and little lives:
// collecting a small heap half as often as Go does by itself saved a quarter of
// the time of loading objects and rows (docs/benchmarks.md), and most of what a
// start collects. A large heap keeps Go's own pace, so that memory never grows
// to five times of what lives.
//
// It is a package of its own because packages are initialized in the order of
// their paths: this one comes before those that fill the tables of the language.
package collector

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	relaxed = 400 // percent of what lives may be made before it is collected
	usual   = 100
	// small is the size in bytes of what lives below which the pace is relaxed.
	small = 64 << 20
)

// cycle is garbage: its finalizer runs once after each collection.
type cycle struct {
	pace int
	_    [16]byte // too big to share a block with others, which would keep it alive
}

func init() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(relaxed)
	runtime.SetFinalizer(&cycle{pace: relaxed}, (*cycle).ended)
}

// ended adjusts the pace to what a collection left alive.
func (c *cycle) ended() {
	if next := paceFor(live()); next != c.pace {
		c.pace = next
		debug.SetGCPercent(next)
	}
	runtime.SetFinalizer(c, (*cycle).ended)
}

func paceFor(bytes uint64) int {
	if bytes < small {
		return relaxed
	}
	return usual
}

// live is the number of bytes that the last collection found alive.
func live() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return small // unknown: Go's own pace
	}
	return s[0].Value.Uint64()
}
