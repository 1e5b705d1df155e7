// Package live serves what stays open: GraphQL subscriptions, as server-sent
// events (graphql-sse, distinct connections mode) and over WebSocket
// (subprotocol graphql-transport-ws). What a request means is left to a Start
// function; this package knows no schema.
//
// # Use
//
//	server, err := live.New(live.Config{Start: start, Verify: verifier.Verify, Logger: logger})
//	handler, err := overhttp.New(overhttp.Config{Execute: execute, Streams: server})
//	mux.Handle("/graphql", signin.Require(verifier, signin.AllowPublic())(handler))
//	…
//	server.Close() // ends all streams; before the views close
//
// Package overhttp negotiates, checks the origin and reads the request, by the
// same rules for a stream as for an answer.
//
// # Streams
//
// A Stream is pulled: the goroutine of a subscription asks for the next item
// and writes it before it asks for another. So nothing is queued for a client
// that reads slowly; it falls behind in the ledger, where what it has not had
// is kept anyway. One write may take Limits.SlowWrite; a client that takes
// longer is told from which position to resume, and its stream ends. One that
// takes Limits.DeadWrite is cut off.
//
// An idle subscription is one goroutine over server-sent events (and one that
// net/http has for each connection); over WebSocket it is one goroutine, and
// two for each socket.
//
// # Who asks
//
// Streams are for principals with a name: the public is refused. A socket's
// principal is the one of the token in the payload of connection_init
// ("Authorization": "Bearer …") or, without it, the one that package signin has
// put into the context of the handshake. When the token expires its streams
// end with an error, and its socket with 4401.
//
// # Safety
//
// Sockets and streams are counted for each subject and in all; messages,
// operations on one socket, and the time to wait for connection_init are
// bounded (Limits). A message that is not by the protocol closes the socket
// with 4400. Mutations are refused on both ways: they are sent by POST.
// Nothing is compressed.
//
// # Concurrency
//
// A Server is safe for concurrent use.
package live
