// Package graphiql serves GraphiQL, the query editor, from files embedded in
// the binary: no CDN, and no request to any other host.
//
// # Use
//
//	page, err := graphiql.Handler(graphiql.Options{Query: query, SignedIn: signedIn})
//	mux.Handle("/graphiql", page)
//	mux.Handle("/graphiql/", page)
//
// The page sends queries to Options.Endpoint of the same origin, and follows
// subscriptions there as server-sent events, as POST with
// the token as an Authorization header. The token is the one typed into the
// box above the editor, kept in the tab's session storage, or else the one
// that Options.SignedIn finds in the request for the page: the cookie of a
// sign-in link. The page is never cached for that reason; its assets are, for
// a year, under an address that holds their digest.
//
// The content security policy lets the page load from its own origin only.
// Styles written by the editor at run time are allowed; scripts are not.
//
// The folder build holds the sources of the bundle and how to make it again;
// building the Go program needs none of it. The notices of the bundled
// packages are served beside the assets as licenses.txt.
//
// The handler is safe for concurrent use.
package graphiql
