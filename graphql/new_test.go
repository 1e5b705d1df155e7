package graphql_test

import (
	"os"
	"testing"

	"github.com/probity-ledger/probity/graphql"
)

func BenchmarkNew(b *testing.B) {
	a := shared()
	for b.Loop() {
		ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec}))
	}
}

func BenchmarkIntrospection(b *testing.B) {
	query := string(ok(os.ReadFile("guard/testdata/introspection.graphql")))
	a := shared()
	n := 0
	for b.Loop() {
		n = len(a.ask(b, public, query))
	}
	b.ReportMetric(float64(n), "bytes")
}
