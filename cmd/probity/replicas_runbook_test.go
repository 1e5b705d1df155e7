package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/projections/pgtest"
)

// A ledger is moved to replicas and back by the runbook's own commands.
func TestReplicasBeginAsTheRunbookSays(t *testing.T) {
	postgres := pgtest.Database(t)
	runScripts(t, []string{"testdata/replicas/runbook.txtar"}, func(env *testscript.Env) { env.Setenv("POSTGRES", postgres) })
}
