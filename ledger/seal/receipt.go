package seal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// The work of one look-up of a receipt code: the second recommendation of RFC
// 9106, section 4, three passes over 64 MiB in four lanes.
const (
	receiptPasses = 3
	receiptKiB    = 64 << 10
	receiptLanes  = 4
	receiptBytes  = 16
)

// ErrBusy: more is asked for than is worked on, and the wait for it would be
// long.
var ErrBusy = errors.New("too much is asked for at once; try again in a moment")

// Receipts turn the receipt codes of one ledger into what is kept of them: the
// same every time, without a secret, so that it survives rebuilding, copies
// and restores. A code has 16 digits, some 53 bits; what stands before whoever
// tries them all is the work for each, which no table made for another ledger
// spares. It is safe for concurrent use.
type Receipts struct {
	salt    []byte
	working chan struct{} // places for those at work
	waiting chan struct{} // places for all
}

// NewReceipts is of the ledger of that origin; so many codes are worked on at
// once, 64 MiB each, and so many more wait for it.
func NewReceipts(origin string, atOnce, waiting int) *Receipts {
	salt := sha256.Sum256(fmt.Appendf(nil, "probity/receipt/v1\n%d:%s", len(origin), origin))
	return &Receipts{salt[:16], make(chan struct{}, atOnce), make(chan struct{}, atOnce+waiting)}
}

// Hash returns what is kept of a code, 32 hex digits. The error is ErrBusy
// where too many wait already, else that of the context.
func (r *Receipts) Hash(ctx context.Context, code string) (string, error) {
	select {
	case r.waiting <- struct{}{}:
		defer func() { <-r.waiting }()
	default:
		return "", ErrBusy
	}
	select {
	case r.working <- struct{}{}:
		defer func() { <-r.working }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return hex.EncodeToString(argon2.IDKey([]byte(code), r.salt, receiptPasses, receiptKiB, receiptLanes, receiptBytes)), nil
}
