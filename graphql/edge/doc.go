// Package edge is what stands around every endpoint of a server: who may be
// asked for by which name, over what, from which pages, how long and how many
// at a time.
//
// # Use
//
//	e, err := edge.New(edge.Config{Hosts: []string{"probity.example"}, Origins: []string{"https://portal.example"}})
//	denials := denial.New(denial.Config{Remote: e.Remote})
//	mux.Handle("/graphql", api)
//	mux.Handle("/graphql/stream", edge.Stream(events))
//	server.Handler = denials.Watch(e.Wrap(mux))
//
// # What it does
//
//   - Requests for another host name are answered with 421 (DNS rebinding), of
//     any but this machine's names when Config.Hosts is empty.
//   - What comes over plain http from another machine, and from no trusted
//     proxy, is answered with 403: a token that was sent so is no secret now.
//   - Pages of the configured origins may read answers (CORS), by exact match
//     and without cookies; preflights are answered here. A WebSocket is opened
//     for them and for our own pages alone.
//   - Every answer carries headers that let a browser do as little with it as
//     can be; a handler that serves a page sets its own policy in their place.
//   - A request has ReadTimeout for its body and WriteTimeout for its answer,
//     MaxBody bytes, and one of Config.MaxRequests places, of which one client
//     of another machine has a quarter at most. Stream lifts the times and
//     takes one of Config.MaxStreams places instead; Upload lets a handler read
//     longer bodies.
//
// What is refused is noted for package denial. The paths of Config.Health are
// answered whatever the host and however many there are: probes name no host.
//
// All types are safe for concurrent use.
package edge
