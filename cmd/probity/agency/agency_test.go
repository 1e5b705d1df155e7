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

func TestDefaultPlan(t *testing.T) {
	h := build(t, agency.Plan{End: end})
	t.Logf("%d instructions, %d events, %d refused on purpose", h.story.Instructions, h.story.Events, h.story.RefusedOnPurpose)
	for _, p := range h.story.Planted {
		t.Logf("%+v", p)
	}
	for _, r := range h.refused {
		t.Log(r)
	}
}
