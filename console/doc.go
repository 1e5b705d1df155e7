// Package console is the ledger for people: pages that show what GraphQL
// answers. They are made on the server, need no JavaScript to be read, and ask
// no other host for anything.
//
// # Use
//
//	pages, err := console.New(console.Config{Enter: enter, Origin: origin})
//	mux.Handle("/console/", pages)
//
// Enter verifies a token at every request and returns a Visitor, whose Ask
// answers GraphQL documents in that person's name. There is no other way to
// data: what a visitor may not see is missing from the answer, and a page about
// it is the same 404 as one about what does not exist. That a record file was
// read is noted by the execution of the document, as for anybody who asks.
//
// # Pages
//
// A page is a route, a document and a template of the same name (pages.go; a
// file for each kind). The answer goes into the template as it is: objects are
// maps, and a member that the document does not ask for is an error, not
// nothing. What has to be drawn (timelines, plan boards, graphs of a trace) is
// computed before, in Go.
//
// # Doing
//
// A command has a form where a file form_….go declares one, field by field;
// tests hold all of them against the schema. Visitor.May says which of them a
// page offers, Visitor.Do gives the command, and only where a form was sent.
// A form is checked (dryRun) before it is recorded, carries the id of its
// instruction, and comes back with all that was typed whatever becomes of it
// (doing.go).
//
// # Sessions
//
// The cookie of a session holds the token itself, is sent to /console alone,
// never to scripts and never along from another site. There is no store of
// sessions: signing out forgets the cookie, and a token ends when it says so.
//
// # Verifying
//
// The page of an event verifies it in the browser, under keys that its reader
// holds: static/verify.js judges, static/verifyshow.js words it. The saved check
// (saved.go) is the same in one file that needs no server.
//
// # Signing
//
// What is recorded with its author's signature is signed in the browser, by a
// key that lies there: static/keystore.js keeps it, static/signing.js reads,
// shows and signs. showSign leads there with whatever GraphQL prepared; sign.go
// takes what was signed, keys.go enrols keys and ends them.
//
// # Languages
//
// Chinese and English: words/zh.json and words/en.json have the same keys.
//
// The handler is safe for concurrent use.
package console
