//go:build !linux

package link

import "testing"

// Isolate skips the test: only Linux lets a test take a network apart.
func Isolate(t *testing.T, _ func(*testing.T)) { t.Skip("no network to take apart: this is not Linux") }
