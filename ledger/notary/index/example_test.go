package index

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/notary"
)

// Two people join; the file of one is proved whole, and checked by somebody
// who knows nothing but the keys.
func Example() {
	if err := example(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 of 2 events, in all 1 entries
	// nobody: 0 events
}

func example(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "index-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	const origin = "example.org/ledger"
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		return err
	}
	signer, err := ledger.NewSigner(priv)
	if err != nil {
		return err
	}
	vkey, err := notary.VerifierKey(origin, signer.Public())
	if err != nil {
		return err
	}
	pem, err := ledger.MarshalPublicKey(signer.Public())
	if err != nil {
		return err
	}
	trust, err := notary.ParseTrust(append([]byte(vkey+"\n"), pem...))
	if err != nil {
		return err
	}
	store, codec := ledgertest.NewMemory(), ledger.NewCodec(testCatalog, origin)
	defer store.Close()
	for _, id := range []string{"P1", "P2"} {
		stream, name := officer(id).Stream(), uuid.New()
		payload, err := codec.Encode(domain.Recorded{ID: domain.EventID(name.String()), Stream: stream, Event: joined{Unit: "U1"},
			Act: domain.Act{Subject: id, Actor: "li", Role: domain.RoleHR, RecordedAt: domaintest.Now, OccurredAt: domaintest.Now, Rulebook: "cn-2024"}}, ledger.Hash{})
		if err != nil {
			return err
		}
		envelope, err := ledger.Seal(payload, signer)
		if err != nil {
			return err
		}
		if _, err := store.Append(ctx, stream, ledger.NoStream, []ledger.Entry{{ID: name, Envelope: envelope}}); err != nil {
			return err
		}
	}

	n, err := notary.Open(filepath.Join(dir, "log"), notary.Config{Store: store, Origin: origin, Signer: signer})
	if err != nil {
		return err
	}
	defer n.Close()
	if err := n.CatchUp(ctx); err != nil {
		return err
	}
	x, err := Open(filepath.Join(dir, "index"), Config{Store: store, Notary: n, Codec: codec, Signer: signer, Trust: trust})
	if err != nil {
		return err
	}
	defer x.Close()
	if err := x.CatchUp(ctx); err != nil {
		return err
	}
	prove := func(id string) (Report, error) {
		f, err := x.File(ctx, Ask{Subject: officer(id), Open: all})
		if err != nil {
			return Report{}, err
		}
		raw, err := f.Marshal()
		if err != nil {
			return Report{}, err
		}
		return VerifyFile(ctx, raw, officer(id), VerifyConfig{Trust: trust, Catalog: testCatalog})
	}
	r, err := prove("P1")
	if err != nil {
		return err
	}
	fmt.Printf("%d of %d events, in all %d entries\n", r.Events, r.Size, r.Entries)
	if r, err = prove("P9"); err != nil {
		return err
	}
	fmt.Printf("nobody: %d events\n", r.Events)
	return nil
}
