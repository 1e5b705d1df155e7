package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/probity-ledger/probity/console"
)

func Example() {
	// Whoever has no token is the public; what they ask is answered here, and by
	// GraphQL in the house.
	pages, err := console.New(console.Config{Origin: "ledger.example", Enter: func(*http.Request, string) (console.Visitor, error) {
		return console.Visitor{Role: "public", Ask: func(_ context.Context, q console.Question) console.Answer {
			return console.Answer{Data: json.RawMessage(`{"disclosures":{"totalCount":0,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false},"nodes":[]}}`)}
		}}, nil
	}})
	if err != nil {
		log.Fatal(err)
	}
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/console/disclosures", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "<h1>Disclosures</h1>"))
	// Output: 200 true
}
