package graphql_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/projections"
)

func TestUnsealingAsksWhoMayRecord(t *testing.T) {
	a := shared()
	var asked []string
	var log strings.Builder
	service := ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Unseal: func(_ context.Context, who projections.Principal, id domain.ComplaintID, reason string) (*graphql.Unsealed, error) {
			asked = append(asked, string(who.Role)+" "+who.Subject+" "+string(id)+" "+reason)
			switch id {
			case "C9":
				return nil, domain.Refuse(domain.CodeNotFound, "complaint", "there is no complaint C9")
			case "C8":
				return nil, errors.New("the medium is broken")
			}
			return &graphql.Unsealed{Complaint: id, Event: "e1", Name: "林静雯"}, nil
		}}))
	who := projections.Principal{Subject: "T1", Role: domain.RoleIntake, Units: []domain.UnitID{"A"}}
	do := func(query string) (string, []overhttp.Error) {
		r := service.Do(t.Context(), who, overhttp.Request{Query: query})
		return string(ok(json.Marshal(r.Data))), r.Errors
	}
	data, errs := do(`mutation { unsealReporter(complaint: "C1", reason: "to ask") { complaint event name phone } }`)
	if want := `{"unsealReporter":{"complaint":"C1","event":"e1","name":"林静雯","phone":null}}`; data != want || len(errs) > 0 {
		t.Errorf("got %s, %v", data, errs)
	}
	for id, code := range map[string]string{"C9": "NOT_FOUND", "C8": "INTERNAL"} {
		data, errs := do(`mutation { unsealReporter(complaint: "` + id + `", reason: "to ask") { name } }`)
		if data != `{"unsealReporter":null}` || len(errs) != 1 || errs[0].Extensions["code"] != code {
			t.Errorf("%s: %s, %v", id, data, errs)
		}
	}
	if len(asked) != 3 || asked[0] != "intake T1 C1 to ask" {
		t.Errorf("asked %q", asked)
	}
	if strings.Contains(log.String(), "林") {
		t.Errorf("logged %s", log.String())
	}
	// Without anybody who records, nothing is opened.
	r := a.try(who, `mutation { unsealReporter(complaint: "C1", reason: "to ask") { name } }`)
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "FORBIDDEN" {
		t.Errorf("%s, %v", r.Data, r.Errors)
	}
}
