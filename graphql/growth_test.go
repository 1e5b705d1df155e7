package graphql_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

// growthQueries names the number of queries of the test below; a million take
// some minutes.
const growthQueries = "PROBITY_TEST_QUERIES"

// What answers leave behind does not grow with their number. One question in
// fifty is a document that was never met, so that every cache is full and has
// to let go.
func TestMemoryDoesNotGrowWithTheNumberOfQueries(t *testing.T) {
	n := 3000
	if given := os.Getenv(growthQueries); given != "" {
		n = ok(strconv.Atoi(given))
	}
	a := shared()
	ask := func(i int) {
		query := `query F($id: ID!) { officer(id: $id) { name unit { name } recordFile { status posts { from } head { hash } } timeline(first: 5) { edges { cursor node { as event { id kind } } } } } }`
		if i%50 == 0 {
			query = fmt.Sprintf(`query F($id: ID!) { a%d: officer(id: $id) { name rank timeline(first: 2) { totalCount } } }`, i)
		}
		r := a.service.Do(t.Context(), auditor, overhttp.Request{Query: query, Variables: map[string]any{"id": []string{"P1", "P2", "P101"}[i%3]}})
		if len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
		if r.Release != nil && i%7 > 0 {
			r.Release()
		}
	}
	heap := func() int64 {
		runtime.GC()
		runtime.GC() // what a pool let go of in the first
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const warm = 50 * 1500 // more documents than any cache holds
	for i := 0; i < warm; i += 50 {
		ask(i)
	}
	for i := range 500 {
		ask(i)
	}
	before := heap()
	for i := range n {
		ask(warm + i)
	}
	after := heap()
	t.Logf("heap %d KiB, after %d queries %d KiB", before>>10, n, after>>10)
	if grown := after - before; grown > 2<<20 {
		t.Errorf("the heap grew by %d KiB over %d queries", grown>>10, n)
	}
}
