package console

import (
	"os"
	"runtime/debug"
	"testing"
)

// Thousands of pages are made and read, and little is kept of any of them.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
