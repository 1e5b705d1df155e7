// Package witness is an overseer's half of the transparency log: it confirms
// that many ledgers each show everybody one history that only grows.
//
//	w, err := witness.Open(dir, witness.Config{Key: key, Signer: signer, Logs: logs})
//	if err != nil { … }
//	defer w.Close()
//	http.Serve(listener, w.Handler())
//
// A ledger sends each new checkpoint with the proof that it continues the
// last one (C2SP tlog-witness, POST /add-checkpoint). The witness verifies
// both, keeps the checkpoint, and answers with its cosignature and the time
// (C2SP tlog-cosignature). It reads no record: a checkpoint is a name, a size
// and a hash.
//
// # What is kept
//
//	witness.key  the private key, encrypted unless asked otherwise
//	witness.pub  the public key, which ledgers and auditors are given
//	origins      the names of the ledgers cosigned for
//	ledgers/     of each ledger the last checkpoint cosigned, and when
//	evidence/    what was refused although the ledger's own key signed it
//
// A checkpoint is on the disk before its cosignature is given away, so that
// no crash makes the witness forget what it confirmed. Where its memory is
// damaged or missing Open fails with an [*ledger.IntegrityError] rather than
// begin anew: a witness that forgot could be made to confirm another history.
//
// # What is refused
//
// What is not signed by a ledger on the list, or does not continue what was
// cosigned. Two checkpoints under one key that cannot both be true, a fork or
// a ledger that went back, are kept side by side as evidence.
//
// All methods are safe for concurrent use.
package witness
