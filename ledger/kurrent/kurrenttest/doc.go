// Package kurrenttest is a server that speaks the wire protocol of
// EventStoreDB and KurrentDB, for tests and measurements of what talks to one.
//
//	s := kurrenttest.Start(t, kurrenttest.Options{})
//	store, err := kurrent.Open(ctx, kurrent.Options{URL: s.URL()})
//
// It stands on the server stubs that the client module publishes, so the
// bytes on the wire are the real ones. How it decides (expected revisions,
// what counts as a repeat, what a truncated stream shows, which error comes
// with which trailers) follows the sources of the real server, named in the
// comments where it matters: `IndexWriter.CheckCommit`, `AllReader`,
// `Enumerator.AllSubscription` and others are its classes.
//
// On the same port it answers HTTP/1.1, as a node does: `/info` and `/gossip`.
//
// What it leaves out: persistent subscriptions, projections, link resolution,
// the rest of the HTTP interface, and clusters of real replicas. Several
// servers over one log stand in for a cluster: see [Server.Follower].
//
// Faults are methods, and each takes effect at the very calls that the method
// names, so that a test meets it every time: [Server.LoseAcks],
// [Server.LoseRequests], [Server.TimeOut], [Server.NotLeader],
// [Server.Unavailable], [Server.Slow], [Server.Freeze], [Server.Duplicate],
// [Server.DropSubscriptions], [Server.CutConnections], [Server.Kill] and
// [Server.Restart]. What an administrator or a stranger can do to a store is
// in [Server.Admin]. A server in a process of its own, to be killed with -9,
// is a [Process]; package link puts it at the other end of a bad line.
//
// All methods are safe for concurrent use. It forgets its events when the
// process ends, unless [Options.File] names where to keep them.
package kurrenttest
