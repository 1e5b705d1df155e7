package house

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger/notary/answer"
	"github.com/probity-ledger/probity/projections"
)

// What a paper says of its answer is what the receipt is signed for, and the
// same question gets the same answer later.
func TestAPaperIsHeldAgainstItsReceipt(t *testing.T) {
	h := newConsolePages(t).house
	service, err := h.GraphQL(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	who := projections.Principal{Subject: "a1", Role: domain.RoleAuditor}
	at := time.Now().UTC().Format(time.RFC3339Nano)
	ask := func(signs bool) *console.Proof {
		t.Helper()
		q := console.Question{Document: console.PaperDocuments()["officers"], Variables: map[string]any{"id": "P1", "at": at}, Purpose: "test", Prove: true}
		got := answered(q, service.Do(t.Context(), who, overhttp.Request{Query: q.Document, Variables: q.Variables, ReadOnly: true, Extensions: extensions(q, signs)}))
		if len(got.Errors) > 0 || got.Proof == nil {
			t.Fatalf("%+v", got)
		}
		return got.Proof
	}
	first := ask(true)
	said, _, head, err := answer.Verify([]byte(first.Receipt), h.Trust)
	if err != nil {
		t.Fatal(err)
	}
	variables, err := json.Marshal(map[string]string{"id": "P1", "at": at})
	if err != nil {
		t.Fatal(err)
	}
	if string(said.Result) != first.Digest || said.Position.String() != first.Position || said.Checkpoint != first.Checkpoint || head.Size != said.Events ||
		said.FitsQuery(console.PaperDocuments()["officers"]) != nil || said.FitsVariables(variables) != nil {
		t.Errorf("the receipt says %+v, the paper %+v", said, first)
	}
	if _, err := h.Recorder.Record(t.Context(), domain.Instruction{ID: "later", Command: officer.CompleteTraining{Course: "law", Hours: 2}, Act: domain.Act{Subject: "P1", Actor: "somebody", Role: domain.RoleHR}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if later := ask(false); later.Digest != first.Digest || later.Position == first.Position || later.Receipt != "" {
		t.Errorf("asked again as of the same moment: %+v, at first %+v", later, first)
	}
}

// A paper that is made without a server shows what its reader may see, and its
// reading is noted.
func TestPapersWithoutAServer(t *testing.T) {
	c := newConsolePages(t)
	h := c.house
	log := slog.New(slog.DiscardHandler)
	order := console.Order{Kind: "officers", ID: "P1", Language: "zh", Purpose: "yearly talk"}
	for _, nobody := range []projections.Principal{{Subject: "P2", Role: domain.RoleOfficer}, {Subject: "h9", Role: domain.RoleHR, Units: []domain.UnitID{"B"}}, {Role: domain.RolePublic}} {
		if raw, err := h.Paper(t.Context(), nobody, order, log); !errors.Is(err, console.ErrNoPaper) {
			t.Errorf("%s %s is shown %d bytes, %v", nobody.Role, nobody.Subject, len(raw), err)
		}
	}
	raw, err := h.Paper(t.Context(), projections.Principal{Subject: "h1", Role: domain.RoleHR, Units: []domain.UnitID{"A"}}, order, log)
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	if !strings.Contains(page, "签名回执") || strings.Contains(page, "<script") || strings.Contains(page, "\u202e") || !strings.Contains(page, `<span class="unseen">U+202E</span>`) {
		t.Errorf("%.2000s", page)
	}
	if err := h.RecordReadings(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := h.Views.CatchUp(t.Context(), h.Store, nil); err != nil {
		t.Fatal(err)
	}
	status, own := c.get(t, "/", asOfficer)
	if status != http.StatusOK || strings.Count(own, "yearly talk") != 1 || strings.Contains(own, "h9") {
		t.Errorf("the officer is told: %s", own)
	}
}
