package ledger

import "time"

// The caps of the ledger, all in one place. They are part of the format:
// raising one needs a look at every reader of old data.
const (
	// MaxEnvelope is the largest DSSE envelope in bytes. The C2SP tlog-tiles
	// format stores an entry's length in 16 bits, so nothing larger could
	// ever be published in the transparency log. Evidence is therefore filed
	// by digest, media type and size, never by content.
	MaxEnvelope = 1<<16 - 1

	// MaxAppend is the largest number of events in one append.
	MaxAppend = 256

	// MinAppendBytes is how many bytes of envelopes every store takes in one
	// append. Nothing that the rooms decide comes near it.
	MinAppendBytes = 1_000_000

	// MaxStreamName is the longest stream name in bytes.
	MaxStreamName = 160

	// MaxInstruction is the longest instruction in its JSON form, in bytes.
	// The same text may take six bytes a character there (\u0000) where the
	// event takes one to three; no event that fits its envelope needs more.
	MaxInstruction = 4 * MaxEnvelope

	// MaxPrepared is how long what was prepared may wait for its signatures:
	// the time in it is that of its recording.
	MaxPrepared = time.Hour

	// maxSignatures bounds the signatures on one event beside the ledger's.
	maxSignatures = 8

	// maxInstructionID is the longest instruction id in bytes.
	maxInstructionID = 128
)
