package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// The program is killed at any moment while it moves a ledger, there and back:
// the same command goes on, and in the end all is there.
func TestAMigrationOutlivesKills(t *testing.T) {
	if testing.Short() {
		t.Skip("killing a program over and over is for a full run")
	}
	t.Parallel()
	server := kurrenttest.Start(t, kurrenttest.Options{})
	data := t.TempDir()
	program := func(ctx context.Context, args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, "probity", append(args, "--data", data)...) // killed when ctx ends
		cmd.Env = append(os.Environ(), "PROBITY_PASSPHRASE=", "PROBITY_PASSPHRASE_FILE=", "PROBITY_STORE=")
		if args[0] == "submit" {
			var commands bytes.Buffer
			for i := range 1500 {
				fmt.Fprintf(&commands, `{"id":"c%d","command":"unit.establish","subject":"u%d","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`+"\n", i, i)
			}
			cmd.Stdin = &commands
		}
		return cmd.CombinedOutput()
	}
	if out, err := program(t.Context(), "submit", "--plain-key", "-"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	from := "embedded"
	for _, to := range []string{server.URL(), "embedded"} {
		killed := 0
		for try := 0; ; try++ {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(try*50+rand.IntN(300))*time.Millisecond)
			out, err := program(ctx, "migrate", "--from", from, "--to", to)
			over := ctx.Err() != nil
			cancel()
			if err == nil {
				break
			}
			if !over && !strings.Contains(string(out), "in use") {
				t.Fatalf("to %s: %v\n%s", to, err, out)
			}
			killed++
		}
		t.Logf("killed %d times on the way to %s", killed, to)
		if out, err := program(t.Context(), "verify", "--store", to); err != nil || !strings.Contains(string(out), "OK: ") || !strings.Contains(string(out), "1500") {
			t.Fatalf("verify: %v\n%s", err, out)
		}
		if out, err := program(t.Context(), "submit", "--store", to, "-"); err != nil || strings.Contains(string(out), `"recorded":false`) {
			t.Fatalf("submit: %v\n%s", err, out)
		}
		from = to
	}
}
