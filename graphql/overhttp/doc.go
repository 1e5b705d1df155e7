// Package overhttp serves GraphQL over HTTP by the GraphQL-over-HTTP draft of
// the GraphQL foundation: GET and POST, both response media types, and the
// status codes that go with each. What a request means is left to an Execute
// function; this package knows no schema.
//
// # Use
//
//	handler, err := overhttp.New(overhttp.Config{Execute: execute, Logger: logger})
//	mux.Handle("/graphql", signin.Require(verifier)(handler))
//
// # Requests
//
// POST takes application/json in UTF-8, at most Config.MaxBody bytes; GET takes
// query, documentId, operationName, variables and extensions as URL parameters,
// each at most once. A document is asked for by its text (query), by its id
// (documentId, as the appendix on persisted documents has it) or by
// extensions.persistedQuery of Apollo's clients; which ids there are is for
// Execute to know. Numbers in variables arrive as json.Number. A JSON object with a
// member twice, a batch, and a parameter of the wrong type are refused with
// 400. HEAD is GET without a body; OPTIONS names the methods and grants no
// other origin anything.
//
// # Responses
//
// A request that is not well-formed is answered with 400 (or 405, 406, 413,
// 414, 415) in either media type. A well-formed request whose response has no
// data entry is answered with 400 as application/graphql-response+json and
// with 200 as application/json, unless Response.Status says otherwise; a
// response with data, null too, with 200. Without an Accept header, and for
// */*, the answer is application/json, as the audit suite of graphql-http asks;
// the draft leaves the choice to the server.
//
// # Streams
//
// With Config.Streams, a request that prefers text/event-stream to JSON, and a
// WebSocket handshake, are handed on once their origin is checked and the
// request is read.
//
// # Safety
//
// GET must not change anything: Execute is told by Request.ReadOnly and answers
// MutationByGet. Requests that a page of another origin can make without a
// preflight are refused with 403, GET included, unless its origin is trusted
// or the request carries a header that such a page cannot set. Panics in
// Execute, and responses that cannot be written as JSON, become an internal
// error with an id; the id and the cause go to the logger.
//
// # Concurrency
//
// The handler is safe for concurrent use when Execute is.
package overhttp
