package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/notarytest"
)

// replica is one process with a log and an index over the desk's store.
type replica struct {
	d     *desk
	dir   string
	log   *notary.Notary
	index *Index
}

func (d *desk) replica(t *testing.T, place *notarytest.Shared, dir string, signer *ledger.Signer) *replica {
	t.Helper()
	r := &replica{d: d, dir: filepath.Join(dir, "index")}
	var err error
	keys, err := d.trust.Verifiers(testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	if r.log, err = notary.Open(filepath.Join(dir, "log"), notary.Config{Store: d.store, Origin: testOrigin, Signer: signer, Keys: keys, Shared: place}); err != nil {
		t.Fatal(err)
	}
	if r.index, err = Open(r.dir, Config{Store: d.store, Notary: r.log, Codec: d.codec, Signer: signer, Trust: d.trust}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *replica) close(t *testing.T) {
	t.Helper()
	if err := errors.Join(r.index.Close(), r.log.Close()); err != nil {
		t.Error(err)
	}
}

// signs takes the lead, and signs log and index.
func (r *replica) signs(t *testing.T) Root {
	t.Helper()
	if err := errors.Join(r.log.Lead(t.Context()), r.log.CatchUp(t.Context()), r.index.CatchUp(t.Context())); err != nil {
		t.Fatal(err)
	}
	root, _ := r.index.Head()
	return root
}

// follows follows log and index until the root is that, or says why not.
func (r *replica) follows(t *testing.T, want Root) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	ended := make(chan error, 2)
	go func() { ended <- r.log.Follow(ctx) }()
	go func() { ended <- r.index.Follow(ctx) }()
	for {
		select {
		case err := <-ended:
			cancel()
			return errors.Join(err, <-ended)
		case <-time.After(time.Millisecond):
		}
		if root, _ := r.index.Head(); root == want {
			cancel()
			<-ended
			<-ended
			return nil
		}
	}
}

// Every replica proves files from the index that the leader signs, whichever
// leads, and all blind with the same secret.
func TestReplicasProveFromOneIndex(t *testing.T) {
	d, place := newDesk(t), notarytest.NewShared()
	d.history(t, 4, 6)
	one, two := d.replica(t, place, t.TempDir(), d.signer), d.replica(t, place, t.TempDir(), d.signer)
	keyless := d.replica(t, place, t.TempDir(), nil)
	if _, err := two.index.File(t.Context(), Ask{Subject: officer("P1"), Rooms: testRooms, Open: all}); !errors.Is(err, ErrNoIndex) {
		t.Errorf("a proof before anything is signed: %v", err)
	}
	if err := two.index.CatchUp(t.Context()); !errors.Is(err, notary.ErrLostLead) {
		t.Errorf("one that does not lead signs an index: %v", err)
	}
	proves := func(want Root, all ...*replica) {
		t.Helper()
		for _, r := range all {
			if err := r.follows(t, want); err != nil {
				t.Fatal(err)
			}
			report, err := d.verify(t, d.file(t, r.index, officer("P1")), officer("P1"))
			if err != nil || report.Size != want.Size || report.Map != want.Map.String() {
				t.Errorf("the proof of a follower is %+v, %v", report, err)
			}
		}
	}
	first := one.signs(t)
	proves(first, two, keyless)
	d.history(t, 4, 3)
	second := two.signs(t)
	if second.Secret != first.Secret || second.Size <= first.Size {
		t.Errorf("the next leader signs %+v after %+v", second, first)
	}
	proves(second, one, keyless)
	if err := one.index.CatchUp(t.Context()); !errors.Is(err, notary.ErrLostLead) {
		t.Errorf("one that lost the lead signs an index: %v", err)
	}
	for _, name := range []string{SecretFile, refsFile, touchesFile, KeptFile} {
		a, err := os.ReadFile(filepath.Join(one.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(keyless.dir, name))
		if err != nil || string(a) != string(b) {
			t.Errorf("%s is not the same everywhere (%v)", name, err)
		}
	}
	// Opened anew, and over files that are gone.
	keyless.close(t)
	keyless = d.replica(t, place, filepath.Dir(keyless.dir), nil)
	if root, _ := keyless.index.Head(); root != second {
		t.Errorf("opened anew it shows %+v", root)
	}
	fresh := d.replica(t, place, t.TempDir(), d.signer)
	d.record(t, "officer", "P9", joined{Unit: "U1"})
	third := fresh.signs(t)
	proves(third, one, two, keyless)
	for _, r := range []*replica{one, two, keyless, fresh} {
		r.close(t)
	}
}

// An index that the events do not give is not shown, and one that is blinded
// otherwise neither.
func TestAnIndexThatAnotherReplicaSignedIsChecked(t *testing.T) {
	d, place := newDesk(t), notarytest.NewShared()
	d.history(t, 4, 6)
	lead := d.replica(t, place, t.TempDir(), d.signer)
	root := lead.signs(t)
	good, secret, _ := lead.log.SharedIndex()
	s, err := parseSigned(good, d.trust)
	if err != nil {
		t.Fatal(err)
	}
	s.Map[0] ^= 1
	if s.note, err = s.Root.sign(d.signer); err != nil {
		t.Fatal(err)
	}
	if err := lead.log.ShareIndex(t.Context(), s.marshal(), secret); err != nil {
		t.Fatal(err)
	}
	liedTo := d.replica(t, place, t.TempDir(), nil)
	err = liedTo.follows(t, s.Root)
	if _, ok := errors.AsType[*ledger.IntegrityError](err); !ok {
		t.Errorf("a map that lies: %v", err)
	}
	if _, ok := liedTo.index.Head(); ok {
		t.Error("it is shown")
	}
	if err := lead.log.ShareIndex(t.Context(), good, secret); err != nil {
		t.Fatal(err)
	}
	d.signed(t) // with a secret of its own, before anything was shared
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(d.dir)); err != nil {
		t.Fatal(err)
	}
	other := d.replica(t, place, dir, nil)
	if err := other.follows(t, root); !errors.Is(err, errOtherSecret) {
		t.Errorf("another secret: %v", err)
	}
	// A secret with which nothing was signed gives way.
	dir = t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "index"), os.DirFS(filepath.Join(d.dir, "index"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "index", KeptFile)); err != nil {
		t.Fatal(err)
	}
	cutShort := d.replica(t, place, dir, nil)
	if err := cutShort.follows(t, root); err != nil {
		t.Errorf("a secret that was never used: %v", err)
	}
	for _, r := range []*replica{lead, liedTo, other, cutShort} {
		r.close(t)
	}
}
