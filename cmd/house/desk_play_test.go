package house

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/graphqltest"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// served is a house whose views follow, with its GraphQL.
type served struct {
	*House
	t       *testing.T
	service *graphql.Service
	forms   *graphqltest.Forms
	log     *bytes.Buffer
}

func serve(t *testing.T, h *House) *served {
	t.Helper()
	s := &served{House: h, t: t, log: &bytes.Buffer{}}
	var err error
	if s.service, err = h.GraphQL(slog.New(slog.NewTextHandler(s.log, nil))); err != nil {
		t.Fatal(err)
	}
	if s.forms, err = graphqltest.NewForms(s.service.SDL()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Views.Run(ctx, h.Store) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return s
}

// give gives the instruction through its mutation, with more variables; the
// errors are those of the answer.
func (s *served) give(who projections.Principal, in domain.Instruction, more map[string]any) (*graphqltest.Answer, []overhttp.Error) {
	s.t.Helper()
	query, variables, err := s.forms.Of(in)
	if err != nil {
		s.t.Fatal(err)
	}
	for name, value := range more {
		variables[name] = value
	}
	return s.do(who, query, variables)
}

func (s *served) do(who projections.Principal, query string, variables map[string]any) (*graphqltest.Answer, []overhttp.Error) {
	s.t.Helper()
	r := s.service.Do(s.t.Context(), who, overhttp.Request{Query: query, Variables: variables})
	var out struct{ Did *graphqltest.Answer }
	if data, ok := r.Data.(json.RawMessage); ok {
		if err := json.Unmarshal(data, &out); err != nil {
			s.t.Fatal(err)
		}
	}
	return out.Did, r.Errors
}

// told is an error of an answer as a refusal.
func told(e overhttp.Error) *domain.Refusal {
	field, _ := e.Extensions["field"].(string)
	rule, _ := e.Extensions["rule"].(string)
	code, _ := e.Extensions["code"].(string)
	return &domain.Refusal{Code: domain.Code(code), Field: field, Rule: rule, Message: e.Message}
}

// A whole agency is played, each person within its units: every instruction
// must be let through that the rules let through, and a part of them is given
// by mutations. The ledger is then, byte for byte, the one that the same
// instructions give as they are.
func TestAnAgencyIsPlayedThroughMutations(t *testing.T) {
	t.Parallel()
	clock := agency.NewClock()
	h, err := Open(Config{Dir: fresh.in(t), Write: true, PlainKey: true, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	s := serve(t, h)
	plain := ledgertest.NewMemory()
	t.Cleanup(func() { plain.Close() })
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	recorder := ledger.NewRecorder(ledger.RecorderConfig{Store: plain, Signer: signer, Codec: h.Codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: clock.Now})

	const enough = 1000
	over := errors.New("the short tests have seen enough")
	given, n := map[domain.CommandName]int{}, 0
	play := func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		if n++; n > enough && testing.Short() {
			return ledger.Receipt{}, over
		}
		want, refusal := recorder.Record(ctx, in)
		who := inAgency(in)
		if in.Act.Role == domain.RoleSystem || in.Act.Role == domain.RolePublic {
			return h.Record(ctx, in) // clocks, and the reporters' own
		}
		// Each command at first, then now and then, so that all occur.
		if given[in.Command.Name()]++; given[in.Command.Name()] > 3 && n%8 != 0 {
			if err := h.Desk().admit(ctx, who, in); err != nil && refusal == nil {
				t.Errorf("%s on %s by %s %s is not let through: %v", in.Command.Name(), in.Act.Subject, in.Act.Role, in.Act.Actor, err)
			}
			return h.Record(ctx, in)
		}
		did, errs := s.give(who, in, nil)
		if len(errs) > 0 {
			if domain.RefusalCode(refusal) == "" {
				t.Errorf("%s on %s: %v", in.Command.Name(), in.Act.Subject, errs)
			}
			return ledger.Receipt{}, refusal
		}
		if refusal != nil || did.Stream != want.Stream || len(did.Events) != len(want.Events) || did.Events[0].ID != string(want.Events[0]) || did.Events[0].Kind != string(want.Kinds[0]) || !did.Recorded {
			t.Errorf("%s on %s: %+v, want %+v, %v", in.Command.Name(), in.Act.Subject, did, want, refusal)
		}
		return want, refusal
	}
	_, err = agency.Build(t.Context(), agency.Plan{Agencies: []string{agency.Customs}, Officers: agency.MinEach, Years: 1,
		End: time.Date(2025, time.March, 31, 12, 0, 0, 0, time.UTC), Clock: clock}, play, nil)
	if err != nil && !errors.Is(err, over) {
		t.Fatal(err)
	}
	if len(given) < 80 || n < enough {
		t.Errorf("only %d commands in %d instructions", len(given), n)
	}
	want, got := payloads(t, plain), payloads(t, h.Store)
	if len(want) != len(got) {
		t.Errorf("%d events, want %d", len(got), len(want))
	}
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Fatalf("event %d is\n%s\nand as given as it is\n%s", i, got[i], want[i])
		}
	}
}

// inAgency is who gives an instruction of the play: within the agency, and
// above it where the agency itself is begun and people come from outside.
func inAgency(in domain.Instruction) projections.Principal {
	who := projections.Principal{Subject: string(in.Act.Actor), Role: in.Act.Role, Units: []domain.UnitID{"HG"}}
	switch in.Act.Role {
	case domain.RoleOfficer, domain.RoleHandler, domain.RoleOverseer:
		who.Units = nil
	}
	name := in.Command.Name() // of a newcomer from another agency above all
	if in.Act.Role == domain.RoleImporter || strings.HasPrefix(in.Act.Subject, "HG") && name == "unit.establish" || name == "officer.appoint" || name == "activity.hold" {
		who.Units = []domain.UnitID{projections.AllUnits}
	}
	return who
}

func payloads(t *testing.T, store ledger.Store) (out []string) {
	t.Helper()
	for s, err := range store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := ledger.OpenEnvelope(s.Envelope)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(e.Payload))
	}
	return out
}
