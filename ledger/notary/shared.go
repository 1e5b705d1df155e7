package notary

import (
	"context"
	"errors"
)

// Shared is the place where the replicas of a ledger keep what its log signed
// last: one value that is replaced by compare-and-set. The leader puts each
// checkpoint into it before it shows it to anybody; the others take it from
// there, and show what their own tree agrees with. Nothing but the signatures
// in it is trusted.
//
// Durability. What was put survives a crash of the place. Where it goes back
// all the same, as after a restore, replicas keep showing what they showed,
// and the next who leads puts the newest checkpoint it knows.
//
// All methods are safe for concurrent use.
type Shared interface {
	// Load returns what was put last, the zero Turn where nothing ever was.
	Load(ctx context.Context) (Turn, error)

	// Put replaces what was put last by t, whose number must be one more. It
	// fails with ErrLostLead, and changes nothing, where another turn was put
	// last. After any other error it is not known whether t was put; Load
	// tells.
	Put(ctx context.Context, t Turn) error

	// Wait waits until a turn of a higher number than after was put, and returns
	// the last one. Turns in between may be left out.
	Wait(ctx context.Context, after uint64) (Turn, error)
}

// Turn is what is put into Shared.
type Turn struct {
	// Number begins at 1 and rises by one with each turn put.
	Number uint64
	// State is what replicas tell each other: at most [MaxState] bytes, which
	// mean nothing to the place. It is as confidential as the events: it holds
	// the secret of the index.
	State []byte
}

// MaxState is the longest State in bytes.
const MaxState = 256 << 10

// ErrLostLead: another process signs the checkpoints of this log.
var ErrLostLead = errors.New("another process has the lead of the transparency log")
