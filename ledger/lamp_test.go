package ledger_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// The lamp is the smallest room with what real rooms have: guards, several
// events at once, and, unlike them, mistakes to order.
type lamp struct{ Lit, Broken int }

type lit struct {
	Hand string `json:"hand"`
}

func (lit) Kind() domain.Kind { return "lamp.lit.v1" }
func (e lit) Apply(s *lamp, _ domain.Act) {
	if e.Hand == "a fault in apply" {
		panic(e.Hand)
	}
	s.Lit++
}

type light struct {
	Hand  string `json:"hand"`
	Times int    `json:"times"`
}

func (light) Name() domain.CommandName { return "lamp.light" }
func (light) By() []domain.Role        { return []domain.Role{domain.RoleHR, domain.RoleSystem} }
func (c light) Decide(s lamp, _ domain.Act, _ *domain.Rulebook) ([]domain.Event, error) {
	if c.Hand == "a fault in decide" {
		panic(c.Hand)
	}
	if s.Lit+c.Times > 1000 {
		return nil, domain.Refuse(domain.CodeState, "", "the lamp is worn out")
	}
	out := make([]domain.Event, c.Times)
	for i := range out {
		out[i] = lit{c.Hand}
	}
	return out, nil
}

type douse struct {
	Hand string `json:"hand"`
}

func (douse) Name() domain.CommandName { return "lamp.douse" }
func (douse) By() []domain.Role        { return []domain.Role{domain.RoleHR} }
func (c douse) Decide(s lamp, _ domain.Act, _ *domain.Rulebook) ([]domain.Event, error) {
	if s.Lit == 0 {
		return nil, domain.Refuse(domain.CodeState, "", "the lamp is not lit")
	}
	return []domain.Event{lit(c)}, nil
}

var lamps = domain.NewAggregate("lamp", "灯",
	[]domain.EventOf[lamp]{lit{}}, []domain.CommandOf[lamp]{light{}, douse{}})

// clock stands where it is put.
type clock struct{ at atomic.Int64 }

func (c *clock) Now() time.Time       { return time.UnixMicro(c.at.Load()).UTC() }
func (c *clock) set(t time.Time)      { c.at.Store(t.UnixMicro()) }
func (c *clock) move(d time.Duration) { c.at.Add(d.Microseconds()) }

// lampBench is a ledger of lamps.
type lampBench struct {
	*bench
	memory ledger.Store
	clock  *clock
}

func newLampBench(t testing.TB) *lampBench {
	t.Helper()
	b := &lampBench{bench: newBench(t, ledger.Ed25519), memory: ledgertest.NewMemory(), clock: &clock{}}
	b.clock.set(domaintest.Now)
	b.codec = ledger.NewCodec(domain.NewCatalog(lamps), "probity.test/lamps")
	return b
}

func (b *lampBench) newRecorder(change ...func(*ledger.RecorderConfig)) *ledger.Recorder {
	cfg := ledger.RecorderConfig{Store: b.memory, Signer: b.signer, Codec: b.codec, Book: domain.CN2024(), Now: b.clock.Now}
	for _, c := range change {
		c(&cfg)
	}
	return ledger.NewRecorder(cfg)
}

// events decodes all that is recorded, after verifying it.
func (b *lampBench) events(t testing.TB) []ledger.Decoded {
	t.Helper()
	if _, err := ledger.Verify(t.Context(), b.memory, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys}); err != nil {
		t.Fatalf("verify: %v", err)
	}
	var out []ledger.Decoded
	for s, err := range b.memory.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := b.codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

func onLamp(id string, c domain.Command) domain.Instruction {
	return domain.Instruction{ID: id, Command: c, Act: domain.Act{Subject: "L1", Actor: "hr-li", Role: domain.RoleHR}}
}
