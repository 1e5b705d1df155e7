package overhttp_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/probity-ledger/probity/graphql/overhttp"
)

func ExampleNew() {
	handler, err := overhttp.New(overhttp.Config{
		Execute: func(ctx context.Context, req overhttp.Request) *overhttp.Response {
			return &overhttp.Response{HasData: true, Data: map[string]string{"asked": req.Query}}
		},
	})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(`{"query":"{ officer }"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	fmt.Print(w.Code, " ", w.Body)
	// Output: 200 {"data":{"asked":"{ officer }"}}
}
