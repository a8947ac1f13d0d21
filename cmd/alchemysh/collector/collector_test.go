package collector

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// pace is the percentage that holds.
func pace() int {
	p := debug.SetGCPercent(usual)
	debug.SetGCPercent(p)
	return p
}

// TestPace: much that lives brings Go's own pace, little the relaxed one again.
func TestPace(t *testing.T) {
	if os.Getenv("GOGC") != "" {
		t.Skip("$GOGC is set: it holds instead")
	}
	if got := pace(); got != relaxed {
		t.Fatalf("at the start %d", got)
	}
	wait := func(want int) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); pace() != want; {
			if time.Now().After(deadline) {
				t.Fatalf("the pace is %d with %d bytes alive, want %d", pace(), live(), want)
			}
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}
	big := make([]byte, 2*small)
	wait(usual)
	runtime.KeepAlive(big)
	big = nil
	wait(relaxed)
}
