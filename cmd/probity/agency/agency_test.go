package agency_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// end is a Monday evening, after office hours.
var end = time.Date(2025, time.March, 31, 12, 0, 0, 0, time.UTC)

// house is a whole ledger in memory, and what went into it.
type house struct {
	store   ledger.Store
	codec   *ledger.Codec
	keys    *ledger.Keyring
	story   *agency.Story
	stream  [sha256.Size]byte // digest of every instruction sent, in order
	refused []string          // reactions that a rule refused
	days    []int             // as told by progress
}

func build(t testing.TB, plan agency.Plan) *house {
	t.Helper()
	h, err := tryBuild(t, plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// tryBuild builds the plan; between, when set, may answer an instruction in
// the ledger's place.
func tryBuild(t testing.TB, plan agency.Plan, between func(domain.Instruction) error) (*house, error) {
	t.Helper()
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{store: ledgertest.NewMemory(), codec: ledger.NewCodec(catalog.New(), "agency.test")}
	t.Cleanup(func() { h.store.Close() })
	if h.keys, err = ledger.NewKeyring(signer.Public()); err != nil {
		t.Fatal(err)
	}
	plan.Clock = agency.NewClock()
	recorder := ledger.NewRecorder(ledger.RecorderConfig{
		Store: h.store, Signer: signer, Codec: h.codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: plan.Clock.Now,
		ReactionRefused: func(cause domain.Recorded, in domain.Instruction, err error) {
			h.refused = append(h.refused, fmt.Sprintf("%s on %s after %s: %v", in.Command.Name(), in.Act.Subject, cause.Event.Kind(), err))
		},
	})
	sent := sha256.New()
	h.story, err = agency.Build(t.Context(), plan, func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		line, err := ledger.MarshalInstruction(in)
		if err != nil {
			return ledger.Receipt{}, err
		}
		fmt.Fprintf(sent, "%s %s\n", plan.Clock.Now(), line)
		if between != nil {
			if err := between(in); err != nil {
				return ledger.Receipt{}, err
			}
		}
		return recorder.Record(ctx, in)
	}, func(done, total int) { h.days = append(h.days, done) })
	sent.Sum(h.stream[:0])
	return h, err
}

// events returns every event of the ledger in order of position.
func (h *house) events(t testing.TB) []ledger.Decoded {
	t.Helper()
	var out []ledger.Decoded
	for s, err := range h.store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// stream returns the kinds of the events of one aggregate, in order.
func kindsOf(events []ledger.Decoded, ref domain.Ref) []domain.Kind {
	var out []domain.Kind
	for _, e := range events {
		if e.Stream == ref.Stream() {
			out = append(out, e.Event.Kind())
		}
	}
	return out
}

// untoldRooms lists the rooms whose stories the agency does not play, and
// untold single kinds, each with the reason. What does occur may not be listed.
var (
	untoldRooms = map[string]string{
		"key": "whoever enrols a key signs with it, and the play gives unsigned commands alone",
	}
	untold = map[domain.Kind]string{
		"rulebook.amended.v1":    "the rules the play is judged by stay as they are while it lasts",
		"rulebook.superseded.v1": "as amended",

		"misconduct.discovery_recorded.v1": "cn-2024 has no limitation",
		"misconduct.tolling_began.v1":      "cn-2024 has no limitation",
		"misconduct.tolling_ended.v1":      "cn-2024 has no limitation",

		"officer.outside_post_cleared.v1": "nobody who left asks for a post outside",

		"misconduct.finding_proposed.v1":  earlierForm,
		"misconduct.finding_confirmed.v1": earlierForm,
		"misconduct.appeal_decided.v1":    earlierForm,
		"misconduct.rereviewed.v1":        earlierForm,
		"misconduct.analysed.v1":          earlierForm,
		"sanction.proposed.v1":            earlierForm,
		"sanction.imposed.v1":             earlierForm,
		"sanction.varied.v1":              earlierForm,
		"warning.raised.v1":               earlierForm,
		"misconduct.opened.v1":            earlierForm,
		"warning.grouped.v1":              earlierForm,
		"warning.escalated.v1":            earlierForm,

		"complaint.reporter_sealed.v1":   "an identity is sealed by the house, which holds the vault, before it is recorded; the play records and has none",
		"complaint.reporter_unsealed.v1": "as sealed",
		"complaint.reporter_erased.v1":   "as sealed",
		"complaint.receipt_given.v1":     "what is kept of a code is made by the house; 'probity demo' records it beside the play",
		"complaint.question_asked.v1":    "as sealed, and beside the play",
		"complaint.reply_given.v1":       "as asked",
	}
)

const earlierForm = "nothing decides the first form any more"

// checkKinds looks for every kind of event there is.
func checkKinds(t *testing.T, h *house) {
	t.Helper()
	seen, told := map[domain.Kind]int{}, map[string]int{}
	for _, e := range h.events(t) {
		seen[e.Event.Kind()]++
		told[e.Event.Kind().Room()]++
	}
	for _, room := range catalog.New().Aggregates {
		for _, kind := range room.Events {
			if untoldRooms[room.Name] == "" && untold[kind.Kind] == "" && seen[kind.Kind] == 0 {
				t.Errorf("%s never occurs", kind.Kind)
			}
		}
	}
	for name, why := range untoldRooms {
		if told[name] > 0 || catalog.New().Room(name) == nil {
			t.Errorf("%s is listed (%s), but occurs %d times", name, why, told[name])
		}
	}
	for kind, why := range untold {
		if seen[kind] > 0 {
			t.Errorf("%s is listed (%s), but occurs %d times", kind, why, seen[kind])
		}
	}
}

func TestSeeds(t *testing.T) {
	seeds := uint64(3)
	if testing.Short() {
		seeds = 2
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		t.Run(fmt.Sprintf("seed %d plays without an unexpected refusal and verifies", seed), func(t *testing.T) {
			h := build(t, agency.Plan{Seed: seed, End: end})
			report, err := ledger.Verify(t.Context(), h.store, ledger.VerifyConfig{Codec: h.codec, Keys: h.keys})
			if err != nil {
				t.Fatal(err)
			}
			if report.Events != h.story.Events {
				t.Errorf("the story tells of %d events, the ledger holds %d", h.story.Events, report.Events)
			}
			if report.Events < 10_000 || report.Events > 14_000 {
				t.Errorf("%d events, want 10,000 to 14,000 of the default plan", report.Events)
			}
			for _, refused := range h.refused {
				t.Errorf("a reaction was refused: %s", refused)
			}
			if h.story.RefusedOnPurpose < 3 {
				t.Errorf("%d attempts were refused on purpose, want at least the planted ones", h.story.RefusedOnPurpose)
			}
			checkTimes(t, h.events(t), end.AddDate(-2, 0, 0), end)
			checkPlanted(t, h)
			checkTroubles(t, h)
			if seed == agency.DefaultSeed {
				checkKinds(t, h)
				checkArticles(t, h)
				checkSpread(t, h)
			}
		})
	}
}

// checkTimes holds the two times of every event against the calendar.
func checkTimes(t *testing.T, events []ledger.Decoded, begin, end time.Time) {
	t.Helper()
	cal, last := domain.CN2024().Calendar, begin.AddDate(0, 0, -1)
	for _, e := range events {
		at := e.Act.RecordedAt
		switch local := at.In(cal.Zone); {
		case at.Before(last):
			t.Fatalf("%s was recorded at %s, after an event of %s", e.ID, at, last)
		case at.After(end):
			t.Fatalf("%s was recorded at %s, after the end of the history", e.ID, at)
		case e.Act.OccurredAt.After(at):
			t.Fatalf("%s occurred at %s and was recorded at %s", e.ID, e.Act.OccurredAt, at)
		case e.Act.Role == domain.RoleSystem: // works at night, too
		case !cal.IsWorkday(cal.Day(at)) || local.Hour() < 8 || local.Hour() > 17:
			t.Fatalf("%s was recorded at %s, when nobody is at work", e.ID, local)
		}
		last = at
	}
}

// checkPlanted looks for the turning points of every planted story.
func checkPlanted(t *testing.T, h *house) {
	t.Helper()
	events := h.events(t)
	for _, c := range []struct {
		story string
		ref   func(agency.Planted) domain.Ref
		want  []domain.Kind // in this order, others between
	}{
		{"demerit-to-release", officerOf, []domain.Kind{"officer.inquiry_opened.v1", "officer.inquiry_closed.v1", "officer.restriction_lifted.v1", "officer.promoted.v1"}},
		{"demerit-to-release", sanctionOf, []domain.Kind{"sanction.proposed.v2", "sanction.imposed.v2", "sanction.released.v1"}},
		{"demerit-to-release", func(p agency.Planted) domain.Ref { return p.Complaint.Ref() }, []domain.Kind{"complaint.received.v1", "complaint.concluded.v1", "complaint.answered.v1"}},
		{"appeal-varied", sanctionOf, []domain.Kind{"sanction.imposed.v2", "sanction.appealed.v1", "sanction.varied.v2"}},
		{"appeal-varied", officerOf, []domain.Kind{"officer.certificate_suspended.v1", "officer.certificate_restored.v1"}},
		{"case-dismissed", caseOf, []domain.Kind{"misconduct.opened.v2", "misconduct.dismissed.v1", "misconduct.archived.v1"}},
		{"reward-revoked", func(p agency.Planted) domain.Ref { return p.Reward.Ref() }, []domain.Kind{"reward.granted.v1", "reward.revoked.v1"}},
		{"imported-history", officerOf, []domain.Kind{"officer.imported.v1", "officer.appointed.v1", "officer.inquiry_opened.v1"}},
		{"imported-history", sanctionOf, []domain.Kind{"sanction.imported.v1"}},
		{"dismissal", caseOf, []domain.Kind{"misconduct.referred_to_prosecutor.v1", "misconduct.finding_confirmed.v2"}},
		{"dismissal", officerOf, []domain.Kind{"officer.suspended_from_duty.v1", "officer.certificate_revoked.v1", "officer.separated.v1"}},
		{"missed-target", func(p agency.Planted) domain.Ref { return p.Plan.Ref() }, []domain.Kind{"plan.adopted.v1", "plan.target_missed.v1", "plan.stage_report_filed.v1",
			"plan.stage_report_deliberated.v1", "plan.miss_held_to_account.v1", "plan.stage_closed.v1"}},
		{"missed-target", traceOf, []domain.Kind{"traceback.opened.v1", "traceback.link_traced.v1", "traceback.link_traced.v1", "traceback.concluded.v1",
			"traceback.handed_on.v1", "traceback.handed_on.v1", "traceback.closed.v1"}},
		{"missed-target", func(p agency.Planted) domain.Ref { return reactions.SanctionOfLink(p.Traceback, "L90").Ref() },
			[]domain.Kind{"sanction.proposed.v2", "sanction.imposed.v2", "sanction.released.v1"}},
		{"skipped-hearing", func(p agency.Planted) domain.Ref { return p.Enforcement.Ref() }, []domain.Kind{"enforcement.opened.v1", "enforcement.hearing_asked.v1",
			"enforcement.override_asked.v1", "enforcement.step_overridden.v1", "enforcement.decided.v1", "enforcement.reviewed.v1", "enforcement.fault_reviewed.v1"}},
		{"skipped-hearing", func(p agency.Planted) domain.Ref {
			return domain.Ref{Type: "disclosure", ID: "GS-" + string(p.Enforcement)}
		},
			[]domain.Kind{"disclosure.due.v1", "disclosure.published.v1", "disclosure.withdraw_required.v1", "disclosure.withdrawn.v1"}},
		{"skipped-hearing", traceOf, []domain.Kind{"traceback.opened.v1", "traceback.link_traced.v1", "traceback.link_traced.v1", "traceback.concluded.v1",
			"traceback.handed_on.v1", "traceback.handed_on.v1", "traceback.closed.v1"}},
		{"expired-certificate", officerOf, []domain.Kind{"officer.certificate_issued.v1", "officer.certificate_issued.v1"}},
		{"discretion-outlier", func(p agency.Planted) domain.Ref { return p.Warning.Ref() },
			[]domain.Kind{"warning.raised.v2", "warning.acknowledged.v1", "warning.reviewed.v1", "warning.acted_on.v1", "warning.outcome_known.v1"}},
		{"programme-cycle", cycleOf, []domain.Kind{"programme.opened.v1", "programme.baseline_assessed.v1", "programme.scheme_adopted.v1", "programme.guidance_issued.v1",
			"programme.survey_opened.v1", "programme.survey_tokens_issued.v1", "programme.survey_answered.v1", "programme.survey_closed.v1",
			"programme.result_evaluated.v1", "programme.practice_published.v1", "programme.closed.v1"}},
		{"anonymous-complaint", func(p agency.Planted) domain.Ref { return p.Complaint.Ref() }, []domain.Kind{"complaint.received.v1", "complaint.concluded.v1", "complaint.answered.v1"}},
		{"anonymous-complaint", caseOf, []domain.Kind{"misconduct.opened.v2", "misconduct.finding_confirmed.v2"}},
		{"survey-2015", cycleOf, []domain.Kind{"programme.imported.v1", "programme.survey_imported.v1"}},
	} {
		got := kindsOf(events, c.ref(planted(t, h, c.story)))
		rest := c.want
		for _, kind := range got {
			if len(rest) > 0 && kind == rest[0] {
				rest = rest[1:]
			}
		}
		if len(rest) > 0 {
			t.Errorf("story %s: %v is missing (in this order) from %v", c.story, rest, got)
		}
	}
	if got := kindsOf(events, officerOf(planted(t, h, "clean-record"))); len(got) != 10 {
		t.Errorf("the clean record has %d lines, want 10: %v", len(got), got)
	}
	for _, p := range h.story.Planted {
		if !p.Complete || len(kindsOf(events, p.Ref)) == 0 || p.TitleZh == "" || p.TitleEn == "" {
			t.Errorf("story %s is not complete, or not to be found: %+v", p.Name, p)
		}
	}
}

func officerOf(p agency.Planted) domain.Ref  { return p.Officer.Ref() }
func sanctionOf(p agency.Planted) domain.Ref { return p.Sanction.Ref() }
func traceOf(p agency.Planted) domain.Ref    { return p.Traceback.Ref() }
func cycleOf(p agency.Planted) domain.Ref    { return p.Programme.Ref() }
func caseOf(p agency.Planted) domain.Ref     { return p.Case.Ref() }

func planted(t testing.TB, h *house, name string) agency.Planted {
	t.Helper()
	for _, p := range h.story.Planted {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no story %s", name)
	return agency.Planted{}
}
