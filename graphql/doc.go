// Package graphql is how the ledger is asked: one schema over the views of
// package projections, served in process and over HTTP.
//
// # Use
//
//	service, err := graphql.New(graphql.Config{Views: views, Store: store, Codec: codec, Log: log})
//	handler, err := service.Handler()
//	mux.Handle("/graphql", signin.Require(verifier, signin.AllowPublic())(handler))
//
// or, without HTTP, for a principal that is known otherwise:
//
//	response := service.Do(ctx, principal, overhttp.Request{Query: "{ me { role } }"})
//
// # One request's way
//
// Over HTTP a request may be held to trusted documents and is charged to who
// asks (see Access); docs/graphql.md tells clients how.
//
// Package guard refuses hostile documents and coerces the variables; package
// plan executes and writes the data, in the order of the query; errors are
// mapped by one table (see Service.Do). The projections.Reader made for the
// principal of the request is the only way to data: resolvers hold nothing
// else, but for the envelope of an event, which is read from the ledger only
// after the Reader has shown the event.
//
// What a principal may not see looks like what does not exist: null, or left
// out of a list. An unknown id is null as well and no error.
//
// Relations of listed objects are loaded for the whole list at once. Fields
// that take page arguments (a timeline, the officers of a unit) and record
// files are read for each object they are asked of.
//
// # Subscriptions
//
//	streams, err := service.Streams(verifier.Verify, live.Limits{})
//	handler, err := service.Handler(streams)
//	defer streams.Close() // before the views
//
// A stream waits for projections.Views.Watch, which tells that the views have
// come further and that it may matter, then asks a Reader of its principal for
// what lies between two positions, and executes the operation on each item as
// it would a query. Service.Subscribe is the same without HTTP.
//
// # Failure
//
// Fields that have to be loaded are nullable, so that one that fails leaves
// its neighbours standing. Every error carries extensions.code; what is not
// the client's doing is logged under an id and reaches the client as that id
// alone. A request whose context ends stops at the next field to be loaded.
//
// # The schema in a file
//
// Service.SDL prints the schema; schema.graphql is that text, and a test
// holds the two against each other:
//
//	go test ./graphql -run TestSchema -update
//
// # Concurrency
//
// A Service is safe for concurrent use.
package graphql
