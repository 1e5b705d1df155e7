// Package denial keeps a record of what was refused at the door: tokens that
// do not verify, requests for another host, pages of another origin, roles
// that may not.
//
// # Use
//
//	log := denial.New(denial.Config{Logger: logger})
//	server.Handler = log.Watch(mux)
//
// and wherever a request is refused, below Watch,
//
//	denial.Note(r.Context(), denial.Denial{Reason: "host"})
//
// # What is recorded
//
// Time, reason, issuer and key id of the token, where it comes from, method,
// path without the query, and status. Never the token, nor what it claims of
// a person. Issuer and key id are the sender's words until a signature holds:
// they are cut short, and an issuer that does not look like one is left out.
//
// An answer 401 or 403 is recorded even where nobody noted why.
//
// # Floods
//
// All denials are counted; only so many in a second are written. The next
// record that is written says how many were left out before it. A File is
// turned over at its limit and keeps one predecessor, so both together never
// hold more than twice as much.
//
// All types are safe for concurrent use.
package denial
