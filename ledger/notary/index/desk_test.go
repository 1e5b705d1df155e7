package index

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/notary"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Two rooms are enough: people, and the cases in which they are named.
type (
	person struct{}
	matter struct{}

	joined struct {
		Unit domain.UnitID `json:"unit"`
	}
	opened struct {
		Officers []domain.OfficerID `json:"officers"`
	}
	heard struct {
		Note string `json:"note"`
	}
)

func (joined) Kind() domain.Kind         { return "officer.joined.v1" }
func (joined) Apply(*person, domain.Act) {}
func (opened) Kind() domain.Kind         { return "misconduct.opened.v1" }
func (opened) Apply(*matter, domain.Act) {}
func (heard) Kind() domain.Kind          { return "misconduct.heard.v1" }
func (heard) Apply(*matter, domain.Act)  {}

var (
	testCatalog = domain.NewCatalog(
		domain.NewAggregate("officer", "人员", []domain.EventOf[person]{joined{}}, nil),
		domain.NewAggregate("misconduct", "案件", []domain.EventOf[matter]{opened{}, heard{}}, nil))
	testRooms = []string{"misconduct"}
)

const testOrigin = "probity.test/people"

// desk has what an index needs.
type desk struct {
	dir    string
	store  ledger.Store
	signer *ledger.Signer
	trust  notary.Trust
	codec  *ledger.Codec
	notary *notary.Notary
	heads  map[string]ledger.Hash
	count  map[string]int64
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	return deskOf(t, signer)
}

func deskOf(t testing.TB, signer *ledger.Signer) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir(), store: ledgertest.NewMemory(), signer: signer, codec: ledger.NewCodec(testCatalog, testOrigin),
		heads: map[string]ledger.Hash{}, count: map[string]int64{}}
	vkey, err := notary.VerifierKey(testOrigin, signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	pem, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	if d.trust, err = notary.ParseTrust(append([]byte(vkey+"\n"), pem...)); err != nil {
		t.Fatal(err)
	}
	if d.notary, err = notary.Open(filepath.Join(d.dir, "log"), notary.Config{Store: d.store, Origin: testOrigin, Signer: signer}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.notary.Close(); d.store.Close() })
	return d
}

// record appends an event to the stream of its subject.
func (d *desk) record(t testing.TB, room, id string, e domain.Event) {
	t.Helper()
	stream := domain.Ref{Type: room, ID: id}.Stream()
	revision := d.count[stream]
	name := ledger.EventIDOf(stream, fmt.Sprint(revision), 0)
	at := domaintest.Now.Add(time.Duration(revision) * time.Second)
	payload, err := d.codec.Encode(domain.Recorded{
		ID: domain.EventID(name.String()), Stream: stream, Revision: revision, Event: e,
		Act: domain.Act{Subject: id, Actor: "li", Role: domain.RoleHR, RecordedAt: at, OccurredAt: at, Rulebook: "cn-2024"},
	}, d.heads[stream])
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := ledger.Seal(payload, d.signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Append(t.Context(), stream, ledger.Revision(revision)-1, []ledger.Entry{{ID: name, Envelope: envelope}}); err != nil {
		t.Fatal(err)
	}
	d.heads[stream], d.count[stream] = ledger.HashPayload(payload), revision+1
}

// history records people P0…, who each are named in some of the cases.
func (d *desk) history(t testing.TB, people, cases int) {
	t.Helper()
	for i := range people {
		d.record(t, "officer", fmt.Sprintf("P%d", i), joined{Unit: "U1"})
	}
	for i := range cases {
		id := fmt.Sprintf("C%d", len(d.heads))
		d.record(t, "misconduct", id, heard{Note: "before anybody is named"})
		d.record(t, "misconduct", id, opened{Officers: []domain.OfficerID{
			domain.OfficerID(fmt.Sprintf("P%d", i%people)), domain.OfficerID(fmt.Sprintf("P%d", (i*7+1)%people))}})
		d.record(t, "misconduct", id, heard{Note: "after"})
	}
}

func (d *desk) config() Config {
	return Config{Store: d.store, Notary: d.notary, Codec: d.codec, Signer: d.signer, Trust: d.trust}
}

// open opens the index for signing.
func (d *desk) open(t testing.TB) *Index {
	t.Helper()
	x, err := Open(filepath.Join(d.dir, "index"), d.config())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// signed signs checkpoint and index over all there is.
func (d *desk) signed(t testing.TB) *Index {
	t.Helper()
	x := d.open(t)
	t.Cleanup(func() { x.Close() })
	d.sign(t, x)
	return x
}

func (d *desk) sign(t testing.TB, x *Index) {
	t.Helper()
	if err := d.notary.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// all is an Open that shows everything.
func all(_ context.Context, ids []domain.EventID) (map[domain.EventID]bool, error) {
	out := map[domain.EventID]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

func (d *desk) file(t testing.TB, x *Index, ref domain.Ref) *File {
	t.Helper()
	f, err := x.File(t.Context(), Ask{Subject: ref, Rooms: testRooms, Open: all})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (d *desk) verify(t testing.TB, f *File, ref domain.Ref) (Report, error) {
	t.Helper()
	raw, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return VerifyFile(t.Context(), raw, ref, VerifyConfig{Trust: d.trust, Catalog: testCatalog, Rooms: testRooms})
}

func officer(id string) domain.Ref { return domain.OfficerID(id).Ref() }
