package ledger_test

import (
	"bytes"
	"context"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

// lived is a ledger in which everything has happened to keys.
func lived(t testing.TB) *bench {
	b := newBench(t, ledger.Ed25519)
	old, next, author := b.signer, newSigner(t, ledger.SM2), newSigner(t, ledger.ECDSAP256)
	b.register(t)
	b.signed(t, enrol(t, next, domain.KeyOfLedger, ""), next)
	b.signed(t, enrol(t, author, domain.KeyOfAuthor, "hr-li"), author)
	b.signed(t, nominate("R1", 0), author)
	from := int64(b.head())
	b.use(next)
	b.record(t, nominate("R2", 0),
		onKey(old, "propose", "leader-chen", key.ProposeRevocation{Reason: "stolen", From: from}),
		onKey(old, "confirm", "leader-gu", key.Revoke{Reason: "stolen", From: from}))
	d := followed(t, b).Doubts()[0]
	b.record(t, onKey(old, "vouch", "leader-chen", key.Vouch{Through: int64(d.Through), Digest: d.Digest, Reason: "compared"}),
		onKey(author, "retire", "leader-chen", key.Retire{Reason: "leaves"}), nominate("R3", 0))
	return b
}

// Wherever a verification is put down and taken up again, it ends the same.
func TestTrustIsTakenUpAgain(t *testing.T) {
	b := lived(t)
	b.mustHold(t)
	whole := followed(t, b)
	want, err := whole.Save()
	if err != nil {
		t.Fatal(err)
	}
	events := b.store.snapshot()
	for cut := range len(events) + 1 {
		trust := ledger.NewTrust(b.keys)
		for i, s := range events {
			if i == cut {
				raw, err := trust.Save()
				if err != nil {
					t.Fatal(err)
				}
				if trust, err = ledger.LoadTrust(b.keys, raw); err != nil {
					t.Fatalf("taken up after %d events: %v\n%s", cut, err, raw)
				}
			}
			d, err := b.codec.Decode(s)
			if err != nil {
				t.Fatal(err)
			}
			if err := trust.Follow(d); err != nil {
				t.Fatalf("taken up after %d events: %v", cut, err)
			}
		}
		if err := trust.Settle(); err != nil {
			t.Errorf("taken up after %d events: %v", cut, err)
		}
		got, err := trust.Save()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("taken up after %d events (-whole +taken up):\n%s", cut, diff)
		}
	}
}

func TestTrustThatIsNotTakenUp(t *testing.T) {
	b := lived(t)
	raw, err := followed(t, b).Save()
	if err != nil {
		t.Fatal(err)
	}
	other, err := ledger.NewKeyring(newSigner(t, ledger.Ed25519).Public())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.LoadTrust(other, raw); err == nil || !strings.Contains(err.Error(), "root") {
		t.Errorf("with other roots: %v", err)
	}
	id := []byte(followed(t, b).Keys()[0].ID)
	for name, bad := range map[string][]byte{
		"nothing":          nil,
		"an unknown field": bytes.Replace(raw, []byte(`"history"`), []byte(`"hystory"`), 1),
		"a short hash":     bytes.Replace(raw, []byte(`"history":"`), []byte(`"history":"00`), 1),
		"another key's id": bytes.Replace(raw, id, bytes.Repeat([]byte("0"), 64), 1),
		"a span backwards": bytes.Replace(raw, []byte(`"spans":[{"first":1,"last":1`), []byte(`"spans":[{"first":1,"last":0`), 1),
	} {
		if bytes.Equal(bad, raw) {
			t.Fatalf("%s: nothing was changed in\n%s", name, raw)
		}
		if _, err := ledger.LoadTrust(b.keys, bad); err == nil {
			t.Errorf("%s: taken up", name)
		}
	}
}

func FuzzLoadTrust(f *testing.F) {
	b := lived(f)
	raw, err := followed(f, b).Save()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"history":"","keys":[],"spans":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		trust, err := ledger.LoadTrust(b.keys, raw)
		if err != nil {
			return
		}
		trust.Doubts()
		trust.Keys()
		if _, err := trust.Save(); err != nil {
			t.Fatal(err)
		}
	})
}

// sparse is a store whose positions leave gaps.
type sparse struct{ ledger.Store }

func (s sparse) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		for e, err := range s.Store.ReadAll(ctx, after/10) {
			if e.Position *= 10; !yield(e, err) {
				return
			}
		}
	}
}

// What events say of positions are places in the log, whatever positions a
// store gives.
func TestPositionsOfKeysArePlacesInTheLog(t *testing.T) {
	b := lived(t)
	want := b.mustHold(t)
	got, err := ledger.Verify(t.Context(), sparse{b.store}, ledger.VerifyConfig{Codec: b.codec, Keys: b.keys})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Keys, got.Keys); diff != "" || got.LastPosition != 10*want.LastPosition {
		t.Errorf("the keys in a store with gaps, which ends at %s (-without +with):\n%s", got.LastPosition, diff)
	}
}
