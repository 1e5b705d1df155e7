package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/cmd/house/cluster"
	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
	"github.com/probity-ledger/probity/projections/pgtest"
)

// What the runbook says of replicas: nothing is lost on the way to them and
// back.
func TestReplicasBeginAsTheRunbookSays(t *testing.T) {
	postgres := pgtest.Database(t)
	runScripts(t, []string{"testdata/replicas/runbook.txtar"}, func(env *testscript.Env) { env.Setenv("POSTGRES", postgres) })
}

// madeUpFor FOLDER: waits until the leader of $POSTGRES has made up for all
// that nobody alive is settled with.
func madeUpFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: made-up-for FOLDER")
	}
	origin := strings.TrimSpace(ts.ReadFile(filepath.Join(args[0], "origin")))
	c, err := cluster.Open(context.Background(), ts.Getenv("POSTGRES"), cluster.Options{Origin: origin})
	ts.Check(err)
	defer c.Close()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		left, err := c.LeftOver(context.Background())
		ts.Check(err)
		if len(left) == 0 {
			return
		}
	}
	ts.Fatalf("something is left over still")
}

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
	script := strings.ReplaceAll(read("testdata/script/runbook.txtar")+read("testdata/replicas/runbook.txtar"), "'", `"`)
	script = regexp.MustCompile(`(?m)( --addr \$ADDR)? &[a-z]*&$`).ReplaceAllString(script, "") // how a test runs what has no end
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
