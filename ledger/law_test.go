package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// The statute is a room whose events change the rulebook in force, and the
// ruled one whose commands say by which rulebook they were decided.
type statute struct{}

type enacted struct {
	Version string `json:"version"`
}

func (enacted) Kind() domain.Kind          { return "statute.enacted.v1" }
func (enacted) Apply(*statute, domain.Act) {}
func (enacted) Name() domain.CommandName   { return "statute.enact" }
func (enacted) By() []domain.Role          { return []domain.Role{domain.RoleHR} }
func (c enacted) Decide(statute, domain.Act, *domain.Rulebook) ([]domain.Event, error) {
	return []domain.Event{c}, nil
}

type ruled struct{}

type judged struct {
	Version string `json:"version"`
}

func (judged) Kind() domain.Kind        { return "ruled.judged.v1" }
func (judged) Apply(*ruled, domain.Act) {}

type judge struct{}

func (judge) Name() domain.CommandName { return "ruled.judge" }
func (judge) By() []domain.Role        { return []domain.Role{domain.RoleHR} }
func (judge) Decide(_ ruled, _ domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	return []domain.Event{judged{book.Version}}, nil
}

// parliament is a fake house of rulebooks: version n is in force once it is
// enacted, and the versions enacted before a moment decided what was
// recorded at it.
type parliament struct {
	mu      sync.Mutex
	now     string
	history []domain.Recorded
	refuse  error
}

func (p *parliament) book(version string) *domain.Rulebook {
	return &domain.Rulebook{ID: "law", Version: version}
}

func (p *parliament) At(time.Time) *domain.Rulebook {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.book(p.now)
}

func (p *parliament) rulemaking() *ledger.Rulemaking {
	return &ledger.Rulemaking{
		Room:  "statute",
		Admit: func(domain.Act, []domain.Event) error { return p.refuse },
		Enacted: func(events []domain.Recorded) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.history = append(p.history, events...)
			p.now = events[len(events)-1].Event.(enacted).Version
		},
		Then: func(at time.Time) *domain.Rulebook {
			p.mu.Lock()
			defer p.mu.Unlock()
			version := "0"
			for _, e := range p.history {
				if e.Act.RecordedAt.Before(at) {
					version = e.Event.(enacted).Version
				}
			}
			return p.book(version)
		},
	}
}

func newParliament(t *testing.T) (*lampBench, *parliament, *ledger.Recorder) {
	b, p := newLampBench(t), &parliament{now: "0"}
	b.codec = ledger.NewCodec(domain.NewCatalog(
		domain.NewAggregate("statute", "法", []domain.EventOf[statute]{enacted{}}, []domain.CommandOf[statute]{enacted{}}),
		domain.NewAggregate("ruled", "案", []domain.EventOf[ruled]{judged{}}, []domain.CommandOf[ruled]{judge{}}),
	), "probity.test/law")
	return b, p, b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Book, cfg.Rulemaking = p, p.rulemaking() })
}

func by(id, subject string, c domain.Command) domain.Instruction {
	return domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: subject, Actor: "hr-li", Role: domain.RoleHR}}
}

func TestTheRulebookOfTheMomentOfRecordingDecides(t *testing.T) {
	b, p, r := newParliament(t)
	record := func(in domain.Instruction) ledger.Receipt {
		t.Helper()
		receipt, err := r.Record(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		b.clock.move(time.Hour)
		return receipt
	}
	record(by("1", "S", enacted{"1"}))
	before := record(by("2", "A", judge{}))
	record(by("3", "S", enacted{"2"}))
	backdated := by("4", "A", judge{})
	backdated.Act.OccurredAt = b.clock.Now().Add(-24 * time.Hour)
	record(backdated)

	want := []string{"law/0 0", "law 1", "law 1", "law/2 2"}
	var got []string
	for i, d := range b.events(t) {
		version := want[i][len(want[i])-1:]
		if e, ok := d.Event.(judged); ok {
			version = e.Version
		}
		got = append(got, d.Act.Rulebook+" "+version)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decided under (-want +got):\n%s", diff)
	}

	// What was decided by a former rulebook is compared by that one.
	again := record(by("2", "A", judge{}))
	if !again.Repeated || again.Events[0] != before.Events[0] {
		t.Errorf("the repeat is %+v", again)
	}
	p.history = nil // and where it is not known any more, the act alone
	if again := record(by("2", "A", judge{})); !again.Repeated {
		t.Errorf("the repeat is %+v", again)
	}
	other := by("2", "A", judge{})
	other.Act.Actor = "hr-wu"
	if _, err := r.Record(t.Context(), other); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("another's instruction of the same id: %v", err)
	}
}

func TestWhatTheHouseDoesNotAdmitIsNotRecorded(t *testing.T) {
	b, p, r := newParliament(t)
	p.refuse = domain.Refuse(domain.CodeIncomplete, "version", "it is not printed yet")
	if _, err := r.Record(t.Context(), by("1", "S", enacted{"1"})); domain.RefusalCode(err) != domain.CodeIncomplete {
		t.Errorf("got %v", err)
	}
	if _, err := r.Record(t.Context(), by("2", "A", judge{})); err != nil {
		t.Errorf("another room is asked about: %v", err)
	}
	p.refuse = errors.New("the disk is gone")
	if _, err := r.Record(t.Context(), by("1", "S", enacted{"1"})); !errors.Is(err, p.refuse) {
		t.Errorf("got %v", err)
	}
	if n := len(b.events(t)); n != 1 || p.now != "0" {
		t.Errorf("%d events, version %s", n, p.now)
	}
	p.refuse = nil
	if _, err := r.Record(t.Context(), by("1", "S", enacted{"1"})); err != nil || p.now != "1" {
		t.Errorf("admitted: %v, version %s", err, p.now)
	}
	p.refuse = errors.New("asked again")
	if receipt, err := r.Record(t.Context(), by("1", "S", enacted{"1"})); err != nil || !receipt.Repeated {
		t.Errorf("the repeat is asked about: %+v, %v", receipt, err)
	}
}

// Sixty people act while the rules change five times: every event is decided
// by one rulebook, the one that was in force where it lies.
func TestRulesChangeBesideOtherCommands(t *testing.T) {
	b, _, r := newParliament(t)
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			for n := range 5 {
				if _, err := r.Record(t.Context(), by(fmt.Sprint(n), fmt.Sprintf("A%d", i%20), judge{})); err != nil && domain.RefusalCode(err) == "" {
					t.Error(err)
				}
			}
			if i%12 == 0 {
				if _, err := r.Record(t.Context(), by(fmt.Sprint("law", i), "S", enacted{fmt.Sprint(2 + i)})); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	now := "0"
	laws := 0
	for _, d := range b.events(t) {
		if want := domain.EditionOf("law", now); d.Act.Rulebook != want {
			t.Errorf("position %s names %s where %s was in force", d.Position, d.Act.Rulebook, want)
		}
		switch e := d.Event.(type) {
		case judged:
			if e.Version != now {
				t.Errorf("position %s was decided by version %s where %s was in force", d.Position, e.Version, now)
			}
		case enacted:
			now = e.Version
			laws++
		}
	}
	if laws != 5 {
		t.Errorf("%d laws", laws)
	}
}

// Whoever gives up waiting for a change of the rules must not leave it unknown
// whether they have changed.
func TestAChangeOfTheRulesIsWaitedFor(t *testing.T) {
	b, p, _ := newParliament(t)
	ctx, cancel := context.WithCancel(t.Context())
	store := &givingUp{b.memory, cancel}
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Store, cfg.Book, cfg.Rulemaking = store, p, p.rulemaking() })
	if _, err := r.Record(ctx, by("1", "S", enacted{"7"})); err != nil || p.now != "7" {
		t.Errorf("%v, version %s", err, p.now)
	}
}

// givingUp cancels the caller before it appends, and does not append for a
// caller who has gone.
type givingUp struct {
	ledger.Store
	cancel func()
}

func (g *givingUp) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	g.cancel()
	if ctx.Err() != nil {
		return ledger.Appended{}, ledger.ErrUnknownOutcome
	}
	return g.Store.Append(ctx, stream, expected, entries)
}
