// Package hooks tells other systems what is recorded, by the Standard Webhooks
// specification: CloudEvents in structured mode, signed, sent again when they
// did not arrive (docs/webhooks.md).
//
// A [Hook] has a principal and sends what the Reader of that principal shows,
// no more: it knows no store. [New] takes the hooks and whatever keeps how far
// each has come ([Keeper]); [Service.Run] sends until its context ends.
//
// Each hook sends one message at a time, in the order of the ledger, and goes
// on once it was taken; what stands still stands still for one hook alone. A
// message may come twice, always under the same id. One that is not taken at
// any attempt is put on the list of the dead, and the next has its turn.
//
// A receiver is nobody to be trusted: addresses inside are not dialled, no
// redirect is followed, and of what it answers a status and one header are
// looked at.
package hooks
