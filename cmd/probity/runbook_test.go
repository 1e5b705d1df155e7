package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// startCluster NAME: starts a KurrentDB for the script, empty, and puts its
// address into $NAME.
func startCluster(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cluster NAME")
	}
	server, err := kurrenttest.Listen("127.0.0.1:0", kurrenttest.Options{})
	ts.Check(err)
	ts.Defer(func() {
		if err := server.Close(); err != nil {
			ts.Logf("stop the cluster: %v", err)
		}
	})
	ts.Setenv(args[0], server.URL())
}

// Who is woken at night follows the runbook word by word: each of its commands
// is run by the script, in the same order.
func TestTheRunbookIsWhatTheScriptRuns(t *testing.T) {
	read := func(name string) string {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	script := strings.ReplaceAll(read("testdata/script/runbook.txtar"), "'", `"`)
	commands, block := 0, ""
	for line := range strings.Lines(read("../../deploy/RUNBOOK.md")) {
		line = strings.TrimSpace(line)
		if mark, ok := strings.CutPrefix(line, "```"); ok {
			block = mark
			continue
		}
		if block != "sh" || !strings.HasPrefix(line, "probity ") {
			if block == "text" && strings.HasPrefix(line, "probity ") {
				t.Errorf("a command of ours is in a block that nothing runs:\n%s", line)
			}
			continue
		}
		commands++
		_, after, found := strings.Cut(script, " "+line+"\n")
		if !found {
			t.Fatalf("the script does not run, after what comes before it in the runbook:\n%s", line)
		}
		script = after
	}
	if commands < 20 {
		t.Errorf("only %d commands found in the runbook", commands)
	}
}
