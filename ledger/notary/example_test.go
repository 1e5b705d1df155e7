package notary_test

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/notary"
)

// A log over a store: sign, prove one event, and check the proof as somebody
// who knows nothing but the key.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "log-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	priv, _ := ledger.GenerateKey(ledger.Ed25519)
	signer, _ := ledger.NewSigner(priv)
	store := ledgertest.NewMemory()
	defer store.Close()
	for i := range 3 {
		envelope, _ := ledger.Seal(fmt.Appendf(nil, `{"event":%d}`, i), signer)
		if _, err := store.Append(ctx, "door-D1", ledger.Revision(i)-1, []ledger.Entry{{ID: uuid.New(), Envelope: envelope}}); err != nil {
			fmt.Println(err)
			return
		}
	}

	n, err := notary.Open(dir, notary.Config{Store: store, Origin: "example.org/ledger", Signer: signer})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer n.Close()
	if err := n.CatchUp(ctx); err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := n.ReceiptAt(ctx, 2)
	if err != nil {
		fmt.Println(err)
		return
	}

	vkey, _ := notary.VerifierKey("example.org/ledger", signer.Public())
	handed, err := notary.ParseReceipt(receipt.Marshal())
	if err != nil {
		fmt.Println(err)
		return
	}
	checkpoint, err := handed.Verify(notary.Trust{Origin: "example.org/ledger", Log: []string{vkey}})
	fmt.Println(handed.Index, "of", checkpoint.Size, err)
	// Output: 1 of 3 <nil>
}
