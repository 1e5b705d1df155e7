package graphql_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/graphql/live"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func (s *streamed) now() uint64 { return uint64(ok(s.views.Position(context.Background()))) }

// train records an event about the officer and returns its position.
func (s *streamed) train(id string) uint64 {
	r := s.do("hr:R1", id, officer.CompleteTraining{Course: "integrity", Hours: 1})
	return uint64(r.Position)
}

// events lists what the principal may see of the ledger behind a position, by
// their positions.
func (s *streamed) events(t *testing.T, who projections.Principal, after uint64) []string {
	t.Helper()
	var out []string
	cursor := ""
	for {
		list := ok(s.views.As(who).Events(t.Context(), projections.EventFilter{Order: projections.RecordedAsc}, projections.Page{First: 100, After: cursor}))
		for _, e := range list.Items {
			if uint64(e.Position) > after {
				out = append(out, e.Position.String())
			}
		}
		if !list.HasNextPage {
			return out
		}
		cursor = list.Cursor(len(list.Items) - 1)
	}
}

func TestWhoFollowsIsToldWhatIsRecorded(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, open := range transports {
		t.Run(name, func(t *testing.T) {
			timeline := open(s, auditor, fmt.Sprintf(`subscription { timeline(ref: {type: OFFICER, id: "P1"}, after: "%d") { position entry { as event { position kind subject { id } } } } }`, s.now()))
			defer timeline.stop()
			some := open(s, inspector, fmt.Sprintf(`subscription { events(filter: {kinds: ["officer.training_completed.v1"]}, after: "%d") { position event { kind } } }`, s.now()))
			defer some.stop()
			s.train("P2")
			at := s.train("P1")
			g := timeline.next(t)
			want := fmt.Sprintf(`{"data":{"timeline":{"position":"%d","entry":{"as":["subject"],"event":{"position":"%d","kind":"officer.training_completed.v1","subject":{"id":"P1"}}}}}}`, at, at)
			if strings.TrimSpace(g.raw) != want {
				t.Errorf("timeline: %s\nwant %s", g.raw, want)
			}
			if name == "server-sent events" && g.id != fmt.Sprint(at) {
				t.Errorf("id of the event: %q", g.id)
			}
			for range 2 {
				if g := some.next(t); g.kind() != "officer.training_completed.v1" {
					t.Errorf("events: %s", g.raw)
				}
			}
		})
	}
}

func TestWarningsAndObligationsAreFollowed(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, open := range transports {
		t.Run(name, func(t *testing.T) {
			id := "C-" + name[:3]
			warnings := open(s, inspector, fmt.Sprintf(`subscription { warnings(unit: "D1", after: "%d") { position event { kind } warning { id status score } } }`, s.now()))
			defer warnings.stop()
			owed := open(s, auditor, fmt.Sprintf(`subscription { obligations(unit: "D1", after: "%d") { position event { kind } moves { move obligation { clock subject { id } } } } }`, s.now()))
			defer owed.stop()
			s.on("2024-05-27")
			s.do("inspector:I2", "W-"+id, warning.Raise{Rule: "rotation", Version: "1", Unit: "W1", Score: 90, Explanation: "x"})
			s.do("inspector:I2", "V-"+id, warning.Raise{Rule: "rotation", Version: "1", Unit: "D2", Score: 90, Explanation: "x"}) // elsewhere
			s.do("inspector:I2", "W-"+id, warning.Acknowledge{Note: "seen"})
			for _, kind := range []string{"warning.raised.v2", "warning.acknowledged.v1"} {
				if g := warnings.next(t); g.kind() != kind || !strings.Contains(g.raw, `"id":"W-`+id) {
					t.Errorf("warnings: %s, want %s", g.raw, kind)
				}
			}
			var moves []string
			for !slices.ContainsFunc(moves, func(m string) bool { return strings.HasPrefix(m, "SETTLED") }) {
				g := owed.next(t)
				for _, m := range g.data["obligations"]["moves"].([]any) {
					move := m.(map[string]any)
					o := move["obligation"].(map[string]any)
					if subject := o["subject"].(map[string]any)["id"]; subject == "W-"+id {
						moves = append(moves, fmt.Sprint(move["move"], " ", o["clock"]))
					}
				}
			}
			if !slices.Contains(moves, "STARTED warning.acknowledge") || !slices.Contains(moves, "SETTLED warning.acknowledge") {
				t.Errorf("obligations moved: %q", moves)
			}
		})
	}
}

// Each consumer goes away and comes back at random while events are recorded,
// and must see each event that it may see once, in order.
func TestEachSeesEachEventOnceThoughItGoesAndComes(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	begin := s.now()
	const recorded = 250
	var consumers sync.WaitGroup
	type consumer struct {
		who  projections.Principal
		seen []string
	}
	var all []*consumer
	last := make(chan struct{}) // closed when all is recorded
	final := uint64(0)
	for i, who := range []projections.Principal{auditor, inspector, clerk, as(domain.RoleOfficer, "P1"), as(domain.RoleOfficer, "P2"), auditor} {
		c := &consumer{who: who}
		all = append(all, c)
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		consumers.Go(func() {
			after := fmt.Sprint(begin)
			for {
				query := fmt.Sprintf(`subscription { events(after: "%s") { position event { kind } } }`, after)
				var f *follower
				switch random.IntN(3) {
				case 0:
					f = s.overSocket(who, query)
				case 1:
					f = s.overEvents(who, query, "")
				default: // what the header says goes before the argument
					f = s.overEvents(who, fmt.Sprintf(`subscription { events(after: "%d") { position event { kind } } }`, begin), after)
				}
				for range 1 + random.IntN(40) {
					select {
					case g := <-f.results:
						after = g.position()
						c.seen = append(c.seen, after)
					case <-time.After(time.Duration(random.IntN(30)) * time.Millisecond):
					}
				}
				// What was sent and not read is as lost as what is on its way.
				f.stop()
				select {
				case <-last:
					if len(c.seen) >= len(s.events(t, who, begin)) {
						return
					}
				default:
				}
			}
		})
	}
	random := rand.New(rand.NewPCG(seed, 99))
	for range recorded {
		final = s.train([]string{"P1", "P2", "P107"}[random.IntN(3)])
		if random.IntN(10) == 0 {
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		}
	}
	s.settle(final)
	close(last)
	consumers.Wait()
	for _, c := range all {
		want := s.events(t, c.who, begin)
		if diff := cmp.Diff(want, c.seen); diff != "" {
			t.Errorf("%s %s (-may see +was sent):\n%s", c.who.Role, c.who.Subject, diff)
		}
		if c.who.Role == domain.RoleAuditor && len(c.seen) != recorded {
			t.Errorf("an auditor saw %d events of %d", len(c.seen), recorded)
		}
	}
}

func TestCatchingUpGoesThroughTheWholeLedger(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, open := range transports {
		for _, who := range []projections.Principal{auditor, clerk, as(domain.RoleOfficer, "P2")} {
			want := s.events(t, who, 0)
			f := open(s, who, `subscription { events(after: 0) { position event { kind } } }`)
			var seen []string
			for range want {
				seen = append(seen, f.next(t).position())
			}
			f.stop()
			if diff := cmp.Diff(want, seen); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, who.Role, diff)
			}
		}
	}
}

func TestASubscriptionShowsWhatQueriesShow(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, open := range transports {
		t.Run(name, func(t *testing.T) {
			at := s.now()
			query := fmt.Sprintf(`subscription { events(after: "%d") { position event { kind subject { id } } } }`, at)
			own := open(s, as(domain.RoleOfficer, "P2"), query)
			defer own.stop()
			personnel := open(s, clerk, query)
			defer personnel.stop()
			elsewhere := open(s, as(domain.RoleInspector, "I9", "D2"), query)
			defer elsewhere.stop()
			s.on("2024-05-20")
			s.do("inspector:I2", "M-"+name[:3], misconduct.Open{Origin: misconduct.OriginInspection, Unit: "W1", Officers: []domain.OfficerID{"P107"}, Conduct: "gifts"})
			s.train("P1")
			s.train("P2")
			if g := own.next(t); !strings.Contains(g.raw, `"id":"P2"`) {
				t.Errorf("an officer is shown %s", g.raw)
			}
			if g := elsewhere.next(t); !strings.Contains(g.raw, `"id":"P2"`) {
				t.Errorf("an inspector of another department is shown %s", g.raw)
			}
			for _, id := range []string{"P1", "P2"} { // and neither the case nor that an inquiry is open
				if g := personnel.next(t); !strings.Contains(g.raw, `"id":"`+id+`"`) || g.kind() != "officer.training_completed.v1" {
					t.Errorf("personnel is shown %s", g.raw)
				}
			}
		})
	}
}

func TestWhoIsRecusedIsShownNoMore(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, open := range transports {
		t.Run(name, func(t *testing.T) {
			who := as(domain.RoleInspector, "P15"+map[string]string{"websocket": "7"}[name], "A")
			f := open(s, who, fmt.Sprintf(`subscription { events(after: "%d") { position event { subject { id } } } }`, s.now()))
			defer f.stop()
			s.train("P1")
			if g := f.next(t); !strings.Contains(g.raw, `"id":"P1"`) {
				t.Fatal(g.raw)
			}
			s.do("officer:P1", "P1", officer.DeclareInterest{Nature: "spouse", Officer: domain.OfficerID(who.Subject)})
			s.train("P1")
			s.train("P2")
			if g := f.next(t); !strings.Contains(g.raw, `"id":"P2"`) {
				t.Errorf("after the interest was declared: %s", g.raw)
			}
		})
	}
}

func TestThePublicCannotSubscribe(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, want := range map[string]string{"server-sent events": "401", "websocket": "StatusCode(4403)"} {
		f := transports[name](s, public, `subscription { events { position } }`)
		if said := f.ended(t); !strings.HasPrefix(said, want) || !strings.Contains(said, "sign in") {
			t.Errorf("%s: %s", name, said)
		}
		f.stop()
	}
	stream, r := s.service.Subscribe(t.Context(), signin.Public(), overhttp.Request{Query: `subscription { events { position } }`})
	if stream != nil || code(t, r) != "FORBIDDEN" {
		t.Errorf("in process: %v", r)
	}
}

func TestWhatIsWrongWithASubscriptionIsSaid(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	for name, open := range transports {
		for query, want := range map[string]string{
			`subscription { events(filter: {kinds: ["no.such.v1"]}) { position } }`: "BAD_USER_INPUT",
			`subscription { events(after: "-1") { position } }`:                     "GRAPHQL_VALIDATION_FAILED",
			`subscription { events { position } warnings { position } }`:            "GRAPHQL_VALIDATION_FAILED",
			`subscription { `: "GRAPHQL_PARSE_FAILED",
			`mutation { prepare(instruction: "{}") { prepared } }`:                              "METHOD_NOT_ALLOWED",
			`subscription Q($id: ID!) { timeline(ref: {type: OFFICER, id: $id}) { position } }`: "BAD_USER_INPUT",
		} {
			f := open(s, auditor, query)
			if g := f.next(t); len(g.errs) != 1 || g.errs[0].Extensions["code"] != want {
				t.Errorf("%s, %s: %s, want %s", name, query, g.raw, want)
			}
			f.stop()
		}
		f := open(s, auditor, `{ me { subject } }`)
		if g := f.next(t); strings.TrimSpace(g.raw) != `{"data":{"me":{"subject":"X"}}}` || f.ended(t) != "complete" {
			t.Errorf("%s: a query: %s", name, g.raw)
		}
		f.stop()
	}
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	who := signin.Principal{Subject: "X", Role: domain.RoleAuditor, Expires: time.Now().Add(300*time.Millisecond - signin.Leeway)}
	stream, r := s.service.Subscribe(t.Context(), who, overhttp.Request{Query: `subscription { events { position } }`})
	if stream == nil {
		t.Fatal(r.Errors)
	}
	defer stream.Close()
	at := s.train("P1")
	if r, err := stream.Next(t.Context(), time.Minute); err != nil || len(r.Errors) > 0 || stream.Position() != at {
		t.Fatalf("before: %v, %v, position %d", r, err, stream.Position())
	}
	_, err := stream.Next(t.Context(), time.Minute)
	ended, is := errors.AsType[*live.Ended](err)
	if !is || ended.Reason.Extensions["code"] != "UNAUTHENTICATED" || !strings.Contains(ended.Reason.Message, "expired") {
		t.Errorf("ended by %v", err)
	}
}

// unreadable is a store whose streams cannot be read.
type unreadable struct{ ledger.Store }

func (unreadable) ReadStream(context.Context, string, ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) { yield(ledger.Stored{}, errors.New("no")) }
}

func TestAnItemMayHaveErrors(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	service := ok(newServiceOver(s.agency, unreadable{s.store}))
	stream, _ := service.Subscribe(t.Context(), signin.Principal{Subject: "X", Role: domain.RoleAuditor}, overhttp.Request{Query: `subscription { events { position event { id envelope { raw } } } }`})
	defer stream.Close()
	for range 2 {
		s.train("P1")
		r, err := stream.Next(t.Context(), time.Minute)
		if err != nil || !r.HasData || len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "INTERNAL" {
			t.Fatalf("%+v, %v", r, err)
		}
	}
}

func TestManySubscriptionsLeaveNothingBehind(t *testing.T) {
	s := newStreamed(t, live.Limits{})
	s.settle(s.train("P1")) // the views follow
	before := goleak.IgnoreCurrent()
	for i := range 1000 {
		stream, r := s.service.Subscribe(t.Context(), signin.Principal{Subject: "X", Role: domain.RoleAuditor}, overhttp.Request{Query: fmt.Sprintf(`subscription { timeline(ref: {type: OFFICER, id: "P%d"}, after: 1) { position } }`, i)})
		if stream == nil {
			t.Fatal(r.Errors)
		}
		if _, err := stream.Next(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		stream.Close()
	}
	goleak.VerifyNone(t, before)
	for i := range 20 {
		for _, open := range transports {
			f := open(s, auditor, fmt.Sprintf(`subscription { timeline(ref: {type: OFFICER, id: "P%d"}) { position } }`, i))
			f.stop()
		}
	}
}
