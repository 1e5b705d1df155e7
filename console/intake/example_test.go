package intake_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/probity-ledger/probity/console/intake"
)

// desk takes everything and tells nothing.
type desk struct{ intake.Desk }

func (desk) Agencies(context.Context) ([]intake.Agency, error) {
	return []intake.Agency{{ID: "HG", Name: "Customs"}}, nil
}

func Example() {
	pages, err := intake.New(intake.Config{Desk: desk{}, Origin: "ledger.example"})
	if err != nil {
		log.Fatal(err)
	}
	defer pages.Close()
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/public/complaint", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "<option value=\"HG\">Customs</option>"))
	// Output: 200 true
}

func ExampleCodeOf() {
	fmt.Println(intake.CodeOf("00112233445566778899aabbccddeeff"))
	// Output: 8709562309729158
}
