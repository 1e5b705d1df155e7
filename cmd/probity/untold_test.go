package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/probity-ledger/probity/ledger/seal/sealtest"
)

// untold FILE|FOLDER WORD…: none of the words lies in any file there, in
// whatever spelling. With a ! one of them must.
func untold(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: untold FILE|FOLDER WORD…")
	}
	found, err := sealtest.Traces(ts.MkAbs(args[0]), args[1:]...)
	ts.Check(err)
	if told := len(found) > 0; told != neg {
		ts.Fatalf("found %d traces: %s", len(found), strings.Join(found, "\n"))
	}
}
