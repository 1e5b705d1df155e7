package clocks_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/misconduct"
)

func limited() *domain.Rulebook {
	book := domain.CN2024()
	book.Limitation.Complete = domain.Term{Length: 1, Unit: domain.Years, Source: "POBR"}
	return book
}

func TestTheLimitationOfEachOfficerIsAClock(t *testing.T) {
	opened := past{"2024-03-04", misconduct.Opened{Officers: []domain.OfficerID{"P1"}}, ""}
	for _, tt := range []struct {
		name  string
		given []past
		want  []string
	}{
		{"tolled from day to day", []past{opened,
			{"2024-05-06", misconduct.TollingBegan{Officer: "P1", From: day("2024-05-01")}, ""}, {"2024-08-05", misconduct.TollingEnded{Officer: "P1", To: day("2024-07-31")}, ""}},
			[]string{"misconduct.limitation[P1] 2024-03-04 to 2025-06-04"}},
		{"from the discovery", []past{opened, {"2024-03-06", misconduct.DiscoveryRecorded{Officer: "P1", On: day("2024-01-10")}, ""}},
			[]string{"misconduct.limitation[P1] 2024-01-10 to 2025-01-10"}},
		{"a discovery recorded after a pause moves the day with it", []past{opened,
			{"2024-05-01", misconduct.TollingBegan{Officer: "P1", From: day("2024-05-01")}, ""}, {"2024-05-10", misconduct.TollingEnded{Officer: "P1", To: day("2024-05-10")}, ""},
			{"2024-05-13", misconduct.DiscoveryRecorded{Officer: "P1", On: day("2024-01-10")}, ""}},
			[]string{"misconduct.limitation[P1] 2024-01-10 to 2025-01-20"}},
		{"while against nobody, and for whom is identified then", []past{{"2024-03-04", misconduct.Opened{Unit: "U1"}, ""},
			{"2024-09-02", misconduct.ScopeWidened{Officers: []domain.OfficerID{"P1"}}, ""}, {"2024-10-07", misconduct.ScopeWidened{Officers: []domain.OfficerID{"P2"}}, ""}},
			[]string{"misconduct.limitation 2024-03-04 to 2025-03-04 stopped 2024-09-02", "misconduct.limitation[P1] 2024-03-04 to 2025-03-04", "misconduct.limitation[P2] 2024-10-07 to 2025-10-07"}},
		{"notice to one leaves the other's", []past{{"2024-03-04", misconduct.Opened{Officers: []domain.OfficerID{"P1", "P2"}}, ""}, {"2024-06-03", misconduct.NoticeGiven{Officer: "P1"}, ""}},
			[]string{"misconduct.limitation[P1] 2024-03-04 to 2025-03-04 stopped 2024-06-03", "misconduct.limitation[P2] 2024-03-04 to 2025-03-04"}},
		{"further conduct after notice begins anew", []past{opened, {"2024-06-03", misconduct.NoticeGiven{Officer: "P1"}, ""}, {"2024-09-02", misconduct.ConductAdded{Officers: []domain.OfficerID{"P1"}}, ""}},
			[]string{"misconduct.limitation[P1] 2024-03-04 to 2025-03-04 stopped 2024-06-03", "misconduct.limitation[P1] 2024-09-02 to 2025-09-02"}},
		{"of a case that began in the first form", []past{{"2024-03-04", misconduct.OpenedV1{Officers: []domain.OfficerID{"P1"}}, ""}},
			[]string{"misconduct.limitation[P1] 2024-03-04 to 2025-03-04"}},
		{"a referral alone tolls nothing", []past{opened, {"2024-05-06", misconduct.ReferredToProsecutor{Officer: "P1"}, ""}},
			[]string{"misconduct.limitation[P1] 2024-03-04 to 2025-03-04"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := clocks.Fold(limited(), recorded(tt.given))
			if diff := cmp.Diff(tt.want, only(list, "misconduct.limitation")); diff != "" {
				t.Errorf("clocks (-want +got):\n%s", diff)
			}
		})
	}
}

// In any history the clock of an officer ends on the very day up to which the
// room allows notice.
func TestTheClockAgreesWithTheRoomOnTheLimitation(t *testing.T) {
	book, officers := limited(), []domain.OfficerID{"P1", "P2"}
	compared := 0
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		today := day("2024-03-04")
		history := []past{{today.String(), misconduct.Opened{Officers: officers[:rnd.IntN(3)]}, ""}}
		tolled := map[domain.OfficerID]domain.Date{}
		for range 12 {
			today = today.AddDays(rnd.IntN(40))
			o := officers[rnd.IntN(2)]
			var e domain.Event
			switch rnd.IntN(6) {
			case 0:
				e = misconduct.ScopeWidened{Officers: []domain.OfficerID{o}}
			case 1:
				e = misconduct.NoticeGiven{Officer: o}
			case 2:
				e = misconduct.DiscoveryRecorded{Officer: o, On: day("2024-01-05").AddDays(rnd.IntN(59))}
			default:
				if from, on := tolled[o]; on {
					e = misconduct.TollingEnded{Officer: o, To: from.AddDays(rnd.IntN(today.DaysPast(from) + 1))}
					delete(tolled, o)
				} else {
					tolled[o] = today.AddDays(-rnd.IntN(10))
					e = misconduct.TollingBegan{Officer: o, From: tolled[o]}
				}
			}
			state := fold(history)
			if p := state.Officers; !contains(p, o) {
				e = misconduct.ScopeWidened{Officers: []domain.OfficerID{o}}
				delete(tolled, o)
			} else if _, runs := state.LastDay(o, today, book); !runs && e.Kind() != (misconduct.ScopeWidened{}).Kind() {
				delete(tolled, o)
				continue // the room records nothing of a limitation that does not run
			}
			if _, told := e.(misconduct.NoticeGiven); told {
				if _, on := tolled[o]; on {
					continue // the end of a pause is recorded before
				}
			}
			history = append(history, past{today.String(), e, ""})
		}
		state := fold(history)
		for _, c := range clocks.Fold(book, recorded(history)) {
			if c.Name != "misconduct.limitation" || !c.Open() || c.Key == "" || !c.TolledSince.IsZero() {
				continue
			}
			compared++
			if last, runs := state.LastDay(domain.OfficerID(c.Key), today, book); !runs || last != c.Due {
				t.Errorf("seed %d: the clock of %s ends on %s, the room allows notice up to %s (%v) after %s", seed, c.Key, c.Due, last, runs, tell(history))
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d clocks were compared", compared)
	}
}

func fold(history []past) misconduct.Case {
	state := misconduct.Room.NewState()
	for _, r := range recorded(history) {
		misconduct.Room.Apply(state, r.Event, r.Act)
	}
	return *state.(*misconduct.Case)
}

func contains(officers []domain.OfficerID, o domain.OfficerID) bool {
	for _, x := range officers {
		if x == o {
			return true
		}
	}
	return false
}

func tell(history []past) string {
	s := ""
	for _, p := range history {
		s += fmt.Sprintf("\n%s %T%+v", p.day, p.e, p.e)
	}
	return s
}
