package graphql_test

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write schema.graphql")

// sharedDir holds the views of the shared agency.
var sharedDir string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "graphql-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	sharedDir = dir
	return m.Run()
}
