package house

import (
	"os"
	"runtime/debug"
)

// How a server uses memory unless GOGC or GOMEMLIMIT say otherwise: it lets
// garbage grow to a few times the little that lives, which shortens the
// slowest answers, and collects harder before it takes more than the limit.
const (
	serverGCPercent   = 400
	serverMemoryLimit = 160 << 20 // bytes
)

// TuneMemory sets the garbage collector of a process that serves.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(serverGCPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(serverMemoryLimit)
	}
}
