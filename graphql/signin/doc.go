// Package signin says who is asking: it verifies JSON Web Tokens (RFC 7519),
// mints them on a laptop, and puts the signed-in Principal into the context
// of a request.
//
// # Use
//
//	issuer, err := signin.OpenIssuer(filepath.Join(dir, "issuer.pem"))
//	verifier, err := issuer.Verifier()
//	mux.Handle("/graphql", signin.Require(verifier)(handler))
//	mux.Handle("/graphiql/", signin.Require(verifier, signin.AllowPublic(), signin.FromCookie())(page))
//	mux.Handle("/signin", signin.Link(verifier, "/graphiql/"))
//
// and inside a handler
//
//	principal, ok := signin.FromContext(ctx)
//
// # What a token must be
//
// Signed with an asymmetric method the verifier was told to accept, under a
// key id it knows; issued by the expected issuer for the expected audience;
// holding sub, role, iat and exp; living at most MaxLifetime and now within
// its life, give or take Leeway. Beyond what golang-jwt checks, it is refused
// when it is longer than MaxToken, holds a character outside base64url (the
// standard decoder skips line breaks), has a member twice in header or claims,
// names crit extensions (none is understood) or a foreign typ, lacks a kid,
// has an empty subject, an empty unit, or an unknown role. The role "system" is held by no
// person and never accepted.
//
// # The laptop issuer
//
// OpenIssuer makes an Ed25519 key on first use. Whoever can read that file can
// sign in as anybody, so it is kept at mode 0600 and is refused when others
// can read it. Serving with it on an address other than loopback is for the
// caller to refuse.
//
// # Cookies
//
// A sign-in link sets the token as an HttpOnly, SameSite=Strict cookie. It is
// honoured for GET and HEAD of pages wrapped with FromCookie and nowhere else,
// so no other site can make a browser act with it.
//
// # Concurrency and failure
//
// All types are safe for concurrent use. Verify fails with a *TokenError,
// whose message may be shown to the client. Neither tokens nor their claims
// are logged.
package signin
