package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Backup and restore are killed at any moment: what is left of a backup is
// either whole or refused, and what is left of a restore either whole or not
// opened.
func TestBackupAndRestoreAreKilled(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 3
	}
	data := filepath.Join(t.TempDir(), "data")
	program := func(data string, args ...string) *exec.Cmd {
		cmd := exec.Command("probity", append(args, "--data", data)...)
		cmd.Env = append(os.Environ(), "PROBITY_PASSPHRASE=", "PROBITY_PASSPHRASE_FILE=")
		return cmd
	}
	must := func(cmd *exec.Cmd) string {
		t.Helper()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
		return string(out)
	}
	// killed runs a program and kills it at a moment within the time it takes.
	killed := func(cmd *exec.Cmd, takes time.Duration) {
		t.Helper()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		killer := time.AfterFunc(rand.N(takes), func() { cmd.Process.Kill() })
		cmd.Wait() // its end is the point
		killer.Stop()
	}
	var commands bytes.Buffer
	const n = 2000
	for i := range n {
		fmt.Fprintf(&commands, `{"id":"c%d","command":"unit.establish","subject":"u%d","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}`+"\n", i, i)
	}
	submit := program(data, "submit", "--plain-key", "-")
	submit.Stdin = &commands
	must(submit)

	whole := filepath.Join(t.TempDir(), "whole")
	began := time.Now()
	must(program(data, "backup", "--out", whole))
	took := time.Since(began)
	began = time.Now()
	must(program(filepath.Join(t.TempDir(), "again"), "restore", whole))
	restoring := time.Since(began)

	refused, restored := 0, 0
	for range rounds {
		out := filepath.Join(t.TempDir(), "b")
		killed(program(data, "backup", "--out", out), took)
		again := filepath.Join(t.TempDir(), "again")
		report, err := program(again, "restore", out).CombinedOutput()
		switch {
		case err == nil && bytes.Contains(report, []byte("OK: ")):
			restored++
		case err != nil && (strings.Contains(string(report), "not a whole backup") || strings.Contains(string(report), "no such file")):
			refused++
		default:
			t.Fatalf("%v\n%s", err, report)
		}
		killed(program(filepath.Join(again, "killed"), "restore", whole), restoring)
		report, err = program(filepath.Join(again, "killed"), "verify").CombinedOutput()
		if err != nil && !strings.Contains(string(report), "did not come to its end here") && !strings.Contains(string(report), "there is no ledger here") {
			t.Fatalf("%v\n%s", err, report)
		}
		if err == nil && !strings.Contains(string(report), fmt.Sprintf("events    %d ", n)) {
			t.Fatalf("a restore that was killed left\n%s", report)
		}
	}
	t.Logf("%d of the backups were refused, %d whole", refused, restored)
	if refused == 0 {
		t.Error("no backup was killed before it was whole")
	}
	must(program(data, "verify"))
}
