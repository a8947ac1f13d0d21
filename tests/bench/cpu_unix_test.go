//go:build unix

package bench

import (
	"syscall"
	"time"
)

// cpu is the time that this process has used, on all cores: other work on the
// machine does not count.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
