package traceback_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/traceback"
)

func TestNothingFollowsOnWhatWasNeverTraced(t *testing.T) {
	var scenarios []domaintest.Scenario
	for _, c := range []domain.Command{
		traceback.Weigh{Link: "L1", Weight: 80, Reason: "alone"}, traceback.Clear{Link: "L1", Reason: "on leave"}, traceback.Conclude{Opinion: "as traced"},
		traceback.HandOn{Link: "L1"}, traceback.Excuse{Link: "L1", Reason: "slight"}, traceback.Close{},
	} {
		by := leader
		switch c.(type) {
		case traceback.Weigh, traceback.Clear:
			by = inspector
		}
		scenarios = append(scenarios, domaintest.Scenario{Name: string(c.Name()), When: c, As: by, Refused: domain.CodeNotFound, Field: "subject"})
	}
	domaintest.Run(t, traceback.Room, append(scenarios,
		domaintest.Scenario{
			Name: "a concluded trace is not weighed again", Given: settled(),
			When: traceback.Weigh{Link: "L1", Weight: 80, Reason: "alone"}, As: inspector,
			Refused: domain.CodeState,
		},
		domaintest.Scenario{
			Name: "a trace under way excuses nobody", Given: chain(direct),
			When: traceback.Excuse{Link: "L1", Reason: "slight"}, As: leader,
			Refused: domain.CodeState,
		},
	))
}
