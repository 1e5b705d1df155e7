package house

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

// What docs/recording.md asks is answered as it says.
func TestTheExamplesOfRecordingHold(t *testing.T) {
	o := newOffice(t)
	s := serve(t, o.House)
	who := projections.Principal{Subject: "R1", Role: domain.RoleHR, Units: []domain.UnitID{"U0"}}
	raw, err := os.ReadFile("../../docs/recording.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)-d '(\\{[^\n]*\\})'\n```\n```json\n(.*?)\n```").FindAllSubmatch(raw, -1)
	if len(examples) != 4 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, e := range examples {
		var request struct{ Query string }
		if err := json.Unmarshal(e[1], &request); err != nil {
			t.Fatal(err)
		}
		r := s.service.Do(t.Context(), who, overhttp.Request{Query: request.Query})
		got := map[string]any{"data": r.Data}
		var errs []any
		for _, e := range r.Errors {
			errs = append(errs, map[string]any{"message": e.Message, "extensions": e.Extensions})
		}
		if errs != nil {
			got["errors"] = errs
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var is, says any
		if err := json.Unmarshal(text, &is); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(e[2], &says); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(says, is); diff != "" {
			t.Errorf("%s (-says +is):\n%s", request.Query, diff)
		}
	}
}
