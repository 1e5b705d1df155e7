package notary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/probity-ledger/probity/ledger"
)

// Proof shows that an event is in the log: its index, and the hashes from its
// leaf to the root of a checkpoint (RFC 6962, section 2.1.1).
type Proof struct {
	Index  int64
	Hashes []tlog.Hash
	Head   Head
}

// Receipt is a proof that stands for itself: a C2SP tlog-proof whose extra
// data is the event's envelope.
type Receipt struct {
	Index      int64
	Envelope   []byte
	Hashes     []tlog.Hash
	Checkpoint []byte // the signed note
}

const (
	receiptHead = "c2sp.org/tlog-proof@v1\n"

	// maxProof is how many hashes the proof in the largest tree has.
	maxProof = 63

	// MaxReceipt is the longest receipt in bytes.
	MaxReceipt = len(receiptHead) + len("extra \nindex \n\n") + 19 +
		(ledger.MaxEnvelope+2)/3*4 + maxProof*45 + MaxCheckpoint
)

// Index returns the index in the log of the event at a position of the store.
// It fails with [ErrNotCovered] while no checkpoint covers it.
func (n *Notary) Index(position ledger.Position) (int64, Head, error) {
	h, ok := n.Head()
	if !ok || h.Size == 0 || position > h.Position {
		return 0, h, ErrNotCovered
	}
	// Positions without gaps, as most stores have them, need no search.
	if guess := int64(position) - 1; guess >= 0 && guess < h.Size {
		if at, err := n.positionOf(guess); err != nil || at == position {
			return guess, h, err
		}
	}
	low, high := int64(0), h.Size
	for low < high {
		mid := (low + high) / 2
		at, err := n.positionOf(mid)
		switch {
		case err != nil:
			return 0, h, err
		case at == position:
			return mid, h, nil
		case at < position:
			low = mid + 1
		default:
			high = mid
		}
	}
	return 0, h, fmt.Errorf("the transparency log has no event at position %s", position)
}

func (n *Notary) positionOf(index int64) (ledger.Position, error) {
	leaves, err := n.disk.leavesAt(index, 1)
	if err != nil {
		return 0, err
	}
	return leaves[0].position, nil
}

// Prove returns the inclusion proof of a stored event under the last
// checkpoint. An event that is not the one in the log is an *IntegrityError.
func (n *Notary) Prove(s ledger.Stored) (Proof, error) {
	index, h, err := n.Index(s.Position)
	if err != nil {
		return Proof{}, err
	}
	hashes, err := tlog.ProveRecord(h.Size, index, n.hashes(h.Size))
	if err != nil {
		return Proof{}, fmt.Errorf("prove event at %s: %w", s.Position, err)
	}
	if err := tlog.CheckRecord(hashes, h.Size, h.Root, index, tlog.RecordHash(s.Envelope)); err != nil {
		return Proof{}, &ledger.IntegrityError{Position: s.Position, Stream: s.Stream, Revision: s.Revision,
			What: "the event is not the one that the signed checkpoint covers"}
	}
	return Proof{index, hashes, h}, nil
}

// Receipt returns the receipt of a stored event.
func (n *Notary) Receipt(s ledger.Stored) (Receipt, error) {
	p, err := n.Prove(s)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{p.Index, s.Envelope, p.Hashes, p.Head.Note}, nil
}

// ReceiptAt reads the event at a position and returns its receipt.
func (n *Notary) ReceiptAt(ctx context.Context, position ledger.Position) (Receipt, error) {
	if position == ledger.Start {
		return Receipt{}, errors.New("there is no event at the start")
	}
	index, _, err := n.Index(position)
	if err != nil {
		return Receipt{}, err
	}
	s, err := n.EventAt(ctx, index)
	if err != nil {
		return Receipt{}, err
	}
	return n.Receipt(s)
}

// Consistency proves that the tree of size to continues that of size from
// (RFC 6962, section 2.1.2); 1 ≤ from ≤ to ≤ the size of the last checkpoint.
func (n *Notary) Consistency(from, to int64) ([]tlog.Hash, error) {
	h, ok := n.Head()
	if !ok {
		return nil, ErrNoLog
	}
	if from < 1 || from > to || to > h.Size {
		return nil, fmt.Errorf("sizes %d and %d: there are consistency proofs from 1 up to %d", from, to, h.Size)
	}
	return tlog.ProveTree(to, from, n.hashes(to))
}

// Marshal returns the receipt in its one spelling.
func (r Receipt) Marshal() []byte {
	var b bytes.Buffer
	b.WriteString(receiptHead)
	fmt.Fprintf(&b, "extra %s\n", strictBase64.EncodeToString(r.Envelope))
	fmt.Fprintf(&b, "index %d\n", r.Index)
	for _, h := range r.Hashes {
		fmt.Fprintf(&b, "%s\n", h)
	}
	b.WriteByte('\n')
	b.Write(r.Checkpoint)
	return b.Bytes()
}

// ParseReceipt reads a receipt and judges nothing of it.
func ParseReceipt(b []byte) (Receipt, error) {
	fail := func(format string, args ...any) (Receipt, error) {
		return Receipt{}, fmt.Errorf("receipt: "+format, args...)
	}
	if len(b) > MaxReceipt {
		return fail("%d bytes, at most %d are taken", len(b), MaxReceipt)
	}
	rest, ok := strings.CutPrefix(string(b), receiptHead)
	if !ok {
		return fail("it does not begin with %q", strings.TrimSuffix(receiptHead, "\n"))
	}
	var r Receipt
	line := func(prefix string) (string, bool) {
		text, after, ok := strings.Cut(rest, "\n")
		text, begins := strings.CutPrefix(text, prefix)
		if ok && begins {
			rest = after
		}
		return text, ok && begins
	}
	extra, ok := line("extra ")
	if !ok {
		return fail("it carries no event (extra line)")
	}
	var err error
	if r.Envelope, err = strictBase64.DecodeString(extra); err != nil {
		return fail("the event is not in base64")
	}
	index, ok := line("index ")
	if !ok {
		return fail("it has no index line")
	}
	if r.Index, err = strconv.ParseInt(index, 10, 64); err != nil || r.Index < 0 || strconv.FormatInt(r.Index, 10) != index {
		return fail("index %q is not a number from 0 up", index)
	}
	for {
		text, ok := line("")
		if !ok {
			return fail("it ends within the proof")
		}
		if text == "" {
			break
		}
		raw, err := strictBase64.DecodeString(text)
		if err != nil || len(raw) != tlog.HashSize || len(r.Hashes) == maxProof {
			return fail("line %q of the proof is not a hash in base64, or one too many", text)
		}
		r.Hashes = append(r.Hashes, tlog.Hash(raw))
	}
	r.Checkpoint = []byte(rest)
	if !bytes.Equal(r.Marshal(), b) {
		return fail("it is not in its one spelling")
	}
	return r, nil
}

// Verify checks that a trusted key signed the receipt's checkpoint and that
// the event is in the tree under it. The event's own signatures are for
// package ledger to check.
func (r Receipt) Verify(trust Trust) (Checkpoint, error) {
	c, err := trust.Open(r.Checkpoint)
	if err != nil {
		return Checkpoint{}, err
	}
	if r.Index >= c.Size {
		return Checkpoint{}, fmt.Errorf("receipt: index %d lies beyond the %d events of its checkpoint", r.Index, c.Size)
	}
	if err := tlog.CheckRecord(r.Hashes, c.Size, c.Root, r.Index, tlog.RecordHash(r.Envelope)); err != nil {
		return Checkpoint{}, errors.New("receipt: the proof does not lead from this event to the checkpoint's root")
	}
	return c, nil
}
