package agency_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// watch is a district with an engine at night that the test is.
type watch struct {
	*house
	recorder *ledger.Recorder
	nights   []time.Time
	read     []ledger.Decoded // what is recorded, as far as it was read
	sent     []string         // instructions of the district's own, in order
}

// own are the ids of the district's own instructions.
var own = regexp.MustCompile(`"id":"demo-\d+-\d{6}"`)

func playWatched(t *testing.T, plan agency.Plan, engine func(*watch, time.Time) error) (*watch, error) {
	t.Helper()
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{house: &house{store: ledgertest.NewMemory(), codec: ledger.NewCodec(catalog.New(), "agency.test")}}
	t.Cleanup(func() { w.store.Close() })
	plan.Clock = agency.NewClock()
	w.recorder = ledger.NewRecorder(ledger.RecorderConfig{
		Store: w.store, Signer: signer, Codec: w.codec, Book: domain.CN2024(), Reactions: reactions.All(), Now: plan.Clock.Now,
	})
	if engine != nil {
		plan.Night = func(ctx context.Context, now time.Time) ([]domain.Recorded, error) {
			w.nights = append(w.nights, now)
			before := len(w.all(t))
			if err := engine(w, now); err != nil {
				return nil, err
			}
			var out []domain.Recorded
			for _, e := range w.all(t)[before:] {
				out = append(out, e.Recorded)
			}
			return out, nil
		}
	}
	w.story, err = agency.Build(t.Context(), plan, func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
		line, err := ledger.MarshalInstruction(in)
		if err != nil {
			return ledger.Receipt{}, err
		}
		if own.Match(line) {
			w.sent = append(w.sent, string(line))
		}
		return w.recorder.Record(ctx, in)
	}, nil)
	return w, err
}

// all returns every event, and reads those alone that are new.
func (w *watch) all(t *testing.T) []ledger.Decoded {
	t.Helper()
	from := ledger.Start
	if n := len(w.read); n > 0 {
		from = w.read[n-1].Position
	}
	for s, err := range w.store.ReadAll(t.Context(), from) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		w.read = append(w.read, d)
	}
	return w.read
}

// give records a command of the system.
func (w *watch) give(id, subject string, c domain.Command) error {
	_, err := w.recorder.Record(context.Background(), domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: subject, Actor: domain.ActorSystem, Role: domain.RoleSystem}})
	return err
}

// small is the smallest history that has nights.
func small() agency.Plan {
	return agency.Plan{Agencies: []string{agency.Tax}, Officers: agency.MinEach, Years: 1, End: end}
}

func TestNightsChangeNothingElse(t *testing.T) {
	without, err := playWatched(t, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	with, err := playWatched(t, small(), func(w *watch, now time.Time) error {
		if n++; n%9 != 1 {
			return nil
		}
		return w.give(fmt.Sprint("night-", n), fmt.Sprint("W-", n), warning.Raise{Rule: "steps.skipped", Version: "1", Unit: "SW", Explanation: "made up"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(without.sent, with.sent); diff != "" {
		t.Errorf("what the district does by itself is changed by warnings (-without +with):\n%.2000s", diff)
	}
	if len(with.all(t)) <= len(without.all(t)) {
		t.Error("nobody answered")
	}
}

func TestNightsAreWorkingDaysSinceEarlyWarningIsInUse(t *testing.T) {
	w, err := playWatched(t, small(), func(*watch, time.Time) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	cal := domain.CN2024().Calendar
	first := cal.Day(end).AddMonths(-agency.WatchMonths)
	want := []domain.Date{}
	for d := first; !d.After(cal.Day(end)); d = d.AddDays(1) {
		if cal.IsWorkday(d) {
			want = append(want, d)
		}
	}
	var got []domain.Date
	for _, at := range w.nights {
		if local := at.In(cal.Zone); local.Hour() != 6 {
			t.Errorf("a night ends at %s", local)
		}
		got = append(got, cal.Day(at))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nights (-want +got):\n%s", diff)
	}
}

func TestANightThatFailsEndsThePlay(t *testing.T) {
	broken := errors.New("the disk is gone")
	if _, err := playWatched(t, small(), func(*watch, time.Time) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// People answer what was raised, in order, each by the end that is told of the
// rule; and nobody in a warning about themselves.
func TestWarningsAreAnswered(t *testing.T) {
	raised, escalated := warning.Raised{}.Kind(), warning.Escalated{}.Kind()
	acknowledged, reviewed, known := warning.Acknowledged{}.Kind(), warning.Reviewed{}.Kind(), warning.OutcomeKnown{}.Kind()
	acted, dismissed := warning.ActedOn{}.Kind(), warning.Dismissed{}.Kind()
	for _, c := range []struct {
		name    string
		raise   warning.Raise
		want    []domain.Kind
		outcome warning.Outcome
	}{
		{"one that is borne out", warning.Raise{Rule: "procedure.single_person"}, []domain.Kind{raised, acknowledged, reviewed, acted, known}, warning.OutcomeTrue},
		{"one that is not", warning.Raise{Rule: "pair.approval", Officer: "SW-0007"}, []domain.Kind{raised, acknowledged, reviewed, dismissed, known}, warning.OutcomeFalse},
		{"one that nobody can judge", warning.Raise{Rule: "amount.near_limit", Officer: "SW-0007"}, []domain.Kind{raised, acknowledged, reviewed, dismissed, known}, warning.OutcomeUnclear},
		{"one that nobody takes up in time", warning.Raise{Rule: "pair.trade", Officer: "SW-0021"}, []domain.Kind{raised, escalated, acknowledged, reviewed, acted, known}, warning.OutcomeTrue},
		{"one that is left to the visitor", warning.Raise{Rule: "amount.split", Officer: "SW-0021"}, []domain.Kind{raised, escalated}, ""},
		{"one of a clock that runs out", warning.Raise{Rule: "clock:plan.target", Score: 100}, []domain.Kind{raised, acknowledged, reviewed, acted, known}, warning.OutcomeTrue},
		{"one of a clock that does not", warning.Raise{Rule: "clock:plan.target", Score: 70}, []domain.Kind{raised, acknowledged, reviewed, dismissed, known}, warning.OutcomeFalse},
		{"one of a rule that nobody knows", warning.Raise{Rule: "gossip"}, []domain.Kind{raised, acknowledged, reviewed, dismissed, known}, warning.OutcomeFalse},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.raise.Version, c.raise.Unit, c.raise.Explanation = "1", "SW", "made up"
			n, due := 0, domain.Date{}
			cal := domain.CN2024().Calendar
			w, err := playWatched(t, small(), func(w *watch, now time.Time) error {
				if n++; n == 5 {
					due = domain.CN2024().Warning.Acknowledge.After(cal.Day(now), cal)
					return w.give("raise", "W-1", c.raise)
				}
				if n > 5 && cal.Day(now).After(due) && !slices.Contains(w.kinds(t), acknowledged) && !slices.Contains(w.kinds(t), escalated) {
					return w.give("escalate", "W-1", warning.Escalate{To: domain.RoleLeader, Reason: "nobody took it up"})
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := w.kinds(t); !slices.Equal(got, c.want) {
				t.Errorf("its life is %v, want %v", got, c.want)
			}
			var last warning.Outcome
			for _, e := range w.all(t) {
				if e.Stream != "warning-W-1" {
					continue
				}
				if c.raise.Officer != "" && e.Act.Actor == domain.ActorID(c.raise.Officer) {
					t.Errorf("%s by whom it is about", e.Event.Kind())
				}
				if o, ok := e.Event.(warning.OutcomeKnown); ok {
					last = o.Outcome
				}
			}
			told := w.story.Followed
			i := slices.IndexFunc(told, func(f *agency.Followed) bool { return f.Warning == "W-1" })
			if last != c.outcome || i < 0 || told[i].Outcome != c.outcome || told[i].Open != (c.outcome == "") || told[i].Agency != "SW" {
				t.Errorf("the outcome is %q, told is %+v", last, told)
			}
		})
	}
}

// kinds are those of the events of the warning, in order.
func (w *watch) kinds(t *testing.T) []domain.Kind {
	return kindsOf(w.all(t), domain.Ref{Type: "warning", ID: "W-1"})
}
