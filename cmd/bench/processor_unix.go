//go:build unix

package main

import (
	"syscall"
	"time"
)

// processorTime is what this program has used of the processors, garbage
// collection included. What else the machine does is not in it.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
