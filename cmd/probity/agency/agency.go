// Package agency makes up the believable district that 'probity demo' serves:
// its customs, tax and market supervision, each with units, windows and posts,
// officers over several years, plans and their targets, training, norms,
// administrative acts, inspections, complaints, misconduct cases, sanctions
// and rewards; and the overseer, who stands outside.
//
// An agency is data: a profile of names, departments, duties, streams of acts
// and texts. The same scripts play every profile, each with dice of its own. A
// plan may name one agency alone; it is then told every story there is.
//
// Nothing is written around the rules. The district is played in simulated
// time: scripts, one for each life (an officer's training, a complaint, a
// case), sleep until their next step is due and then submit a command like
// anybody else. Every command is judged by the rulebook, and what follows by
// reaction is left to the reactions. A refusal nobody meant is an error;
// those made on purpose, such as a promotion while a sanction bars it, are
// counted.
//
//	clock := agency.NewClock()
//	recorder := ledger.NewRecorder(ledger.RecorderConfig{…, Now: clock.Now})
//	story, err := agency.Build(ctx, agency.Plan{End: time.Now(), Clock: clock}, recorder.Record, nil)
//
// In the last months early warning is in use: each night the ledger works by
// itself ([Plan.Night]), and people answer the warnings that it raised.
// [Story.Followed] tells how each ended.
//
// The same plan gives the same instructions, byte for byte; another seed
// gives another district. Recorded times rise from End minus the plan's years
// up to End. What would happen after End does not happen, so that there is
// work in progress.
//
// Build works alone and in sequence; only its Clock may be read by others
// meanwhile. On error the ledger holds what was recorded up to then.
package agency

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// The bounds and defaults of a plan.
const (
	DefaultOfficers = 120
	DefaultYears    = 2
	DefaultSeed     = 1

	// MinEach is the smallest agency in which the rules can keep those apart
	// who may not act twice: handlers, investigators, leaders, HR. MinOfficers
	// is the smallest district.
	MinEach     = 30
	MinOfficers = 3 * MinEach
	MaxOfficers = 9000
	MaxYears    = 30

	// WatchMonths is how long before the end of the history early warning came
	// into use.
	WatchMonths = 6
)

// Plan says what district to make up.
type Plan struct {
	// Agencies are those to play, by the names of [Agencies]; all when empty.
	Agencies []string
	// Officers is the number of places in the service of all agencies
	// together, MinEach for each of them to MaxOfficers; who leaves is
	// replaced. When zero, each agency has its part of DefaultOfficers.
	Officers int
	// Years is the length of the history, 1 to MaxYears; DefaultYears when
	// zero. The planted stories are complete from 2 years on.
	Years int
	// Seed chooses the district; DefaultSeed when zero.
	Seed uint64
	// End is the last moment of the history. Required.
	End time.Time
	// Clock is moved by Build; the recorder must read it. Required.
	Clock *Clock
	// Night, when set, is what the ledger does by itself before people come to
	// work, and returns what it recorded, in order. It is asked on every working
	// day of the last WatchMonths, since when early warning is in use in the
	// district; people then answer the warnings that were raised.
	Night func(ctx context.Context, now time.Time) ([]domain.Recorded, error)
}

// withDefaults fills in what is not said and refuses what cannot be done.
func (p Plan) withDefaults() (Plan, error) {
	if len(p.Agencies) == 0 {
		p.Agencies = Agencies()
	}
	for i, key := range p.Agencies {
		if profileOf(key) == nil || slices.Contains(p.Agencies[:i], key) {
			return p, fmt.Errorf("the plan's agencies are %q: name some of %q, each once", p.Agencies, Agencies())
		}
	}
	least := MinEach * len(p.Agencies)
	if p.Officers == 0 {
		p.Officers = DefaultOfficers / len(profiles) * len(p.Agencies)
	}
	if p.Years == 0 {
		p.Years = DefaultYears
	}
	if p.Seed == 0 {
		p.Seed = DefaultSeed
	}
	switch {
	case p.Officers < least || p.Officers > MaxOfficers:
		return p, fmt.Errorf("%d agencies with %d officers: make it %d to %d", len(p.Agencies), p.Officers, least, MaxOfficers)
	case p.Years < 1 || p.Years > MaxYears:
		return p, fmt.Errorf("a history of %d years: make it 1 to %d", p.Years, MaxYears)
	case p.End.IsZero():
		return p, fmt.Errorf("the plan does not say when its history ends")
	case p.Clock == nil:
		return p, fmt.Errorf("the plan has no clock")
	}
	p.End = p.End.UTC().Truncate(time.Microsecond)
	return p, nil
}

// Record is how instructions reach the ledger: (*ledger.Recorder).Record.
type Record = func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error)

// Build plays the plan into the ledger and tells what is in it. progress,
// when set, is told once for each simulated day how many of them are done.
//
// An error names the instruction that was refused or failed.
func Build(ctx context.Context, plan Plan, record Record, progress func(done, total int)) (*Story, error) {
	plan, err := plan.withDefaults()
	if err != nil {
		return nil, err
	}
	s, err := newSim(ctx, plan, record, progress)
	if err != nil {
		return nil, err
	}
	s.setUp()
	if err := s.run(); err != nil {
		return nil, err
	}
	return s.tell(), nil
}
