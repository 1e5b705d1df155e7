// Package cluster is what several processes of one ledger share beside its
// store: who leads, which streams are held still, the last checkpoint, the
// keys of sealed identities, the files of rulebooks. All of it lies in one
// PostgreSQL, in the schema probity_cluster, which [Open] makes and brings up
// to date, and in advisory locks.
//
// The ledger itself is not here. Losing the schema loses the keys of sealed
// identities and nothing else: a checkpoint is signed again, rulebook files lie
// with each replica, the rest is about the moment.
//
// A lock is held by a session, and lasts as long. The server drops the session
// of a process that was killed at once, and that of one it cannot reach any
// more within some six seconds; a leader that cannot reach the server ends its
// term within four. Sessions must be the server's own: behind a pooler that
// hands them on (PgBouncer) locks would belong to nobody, and Open refuses.
//
// A Cluster is safe for concurrent use. Where the server cannot be reached,
// methods fail with the error of pgx; nothing is retried but the election.
package cluster
