package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The program is killed at any moment while it records, again and again:
// what it acknowledged is there, what it did not may be repeated, and the
// ledger verifies.
func TestNothingAcknowledgedIsLostWhenTheProgramIsKilled(t *testing.T) {
	t.Parallel()
	rounds := 8
	if testing.Short() {
		rounds = 3
	}
	data := t.TempDir()
	program := func(args ...string) *exec.Cmd {
		cmd := exec.Command("probity", append(args, "--data", data)...)
		cmd.Env = append(os.Environ(), "PROBITY_PASSPHRASE=", "PROBITY_PASSPHRASE_FILE=")
		return cmd
	}
	const n = 3000
	var commands bytes.Buffer
	for i := range n {
		fmt.Fprintf(&commands, `{"id":"c%d","command":"unit.establish","subject":"u%d","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`+"\n", i, i)
	}
	acknowledged := map[string]bool{}
	receipts := t.TempDir()
	for round := range rounds {
		args := []string{"submit", "--plain-key", "-"}
		proved := round%2 == 1
		if proved {
			args = append(args, "--proof", receipts)
		}
		cmd := program(args...)
		cmd.Stdin = bytes.NewReader(commands.Bytes())
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := func() { cmd.Process.Kill() }
		killer := time.AfterFunc(time.Duration(50+rand.IntN(400))*time.Millisecond, kill)
		if proved { // however slow its start is, a receipt is given
			killer.Stop()
		}
		first := true
		for lines := bufio.NewScanner(out); lines.Scan(); first = false {
			if proved && first {
				killer = time.AfterFunc(time.Duration(rand.IntN(400))*time.Millisecond, kill)
			}
			var line submitted
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				break // cut short by the kill
			}
			if !line.Recorded {
				t.Fatalf("round %d: %s", round, lines.Text())
			}
			if !line.Repeated && acknowledged[line.ID] {
				t.Fatalf("round %d: %s was acknowledged before and is recorded anew", round, line.ID)
			}
			acknowledged[line.ID] = true
		}
		killer.Stop()
		cmd.Wait()
		report, err := program("verify").CombinedOutput()
		begun := len(acknowledged) > 0 || !bytes.Contains(report, []byte("there is no ledger here"))
		if err != nil && begun {
			t.Fatalf("round %d: %v\n%s", round, err, report)
		}
	}
	// A last whole run makes up for everything that was never recorded.
	cmd := program("submit", "-")
	cmd.Stdin = bytes.NewReader(commands.Bytes())
	if out, err := cmd.Output(); err != nil || bytes.Count(out, []byte(`"recorded":true`)) != n {
		t.Fatalf("the last run: %v", err)
	}
	out, err := program("verify", "--json").Output()
	if err != nil || !bytes.Contains(out, []byte(fmt.Sprintf(`"events": %d,`, n))) {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(acknowledged) == 0 {
		t.Fatal("every round was killed before it acknowledged anything")
	}
	// Whatever checkpoint a receipt was given under, the log continues it.
	logCopy := filepath.Join(t.TempDir(), "copy")
	if out, err := program("export", "log", "--out", logCopy).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	given, err := filepath.Glob(filepath.Join(receipts, "*.tlog-proof"))
	if err != nil || len(given) == 0 {
		t.Fatalf("no receipts were given (%v)", err)
	}
	for i := 0; i < len(given); i += 1 + len(given)/8 {
		raw, err := os.ReadFile(given[i])
		if err != nil {
			t.Fatal(err)
		}
		_, checkpoint, whole := bytes.Cut(raw, []byte("\n\n"))
		if !whole {
			continue // cut short by the kill
		}
		since := filepath.Join(t.TempDir(), "checkpoint")
		if err := os.WriteFile(since, checkpoint, 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := program("verify", "--log", logCopy, "--since", since).CombinedOutput(); err != nil {
			t.Fatalf("the log does not continue the checkpoint of %s: %v\n%s", given[i], err, out)
		}
	}
}
