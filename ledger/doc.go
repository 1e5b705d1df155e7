// Package ledger records what happened: every event as a signed, immutable
// envelope in an append-only store, and nothing else. It knows no aggregate;
// what may happen is decided by the rooms under domain, which reach it
// through a catalog.
//
// One event's way: Recorder.Record loads the state of one stream, lets the
// command decide, encodes each event as CloudEvents 1.0 JSON, signs those
// bytes as a DSSE envelope and appends it at the expected revision. A lost
// race is answered by loading and deciding again. Verify reads everything
// back and checks each signature, revision, predecessor hash and field.
//
// All types are safe for concurrent use unless they say otherwise. Errors
// come in four families: *domain.Refusal (an expected no), the sentinels of
// the Store contract, *IntegrityError (stop, exit code 3), and everything
// else, which is internal.
package ledger
