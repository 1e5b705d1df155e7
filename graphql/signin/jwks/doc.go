// Package jwks fetches and keeps the public keys of one OpenID Connect issuer
// (JSON Web Key Set, RFC 7517; OpenID Connect Discovery 1.0).
//
// # Use
//
//	source, err := jwks.New(jwks.Config{Issuer: "https://sso.example/realms/customs", Algorithms: []string{"RS256"}})
//	go source.Run(ctx)
//	key, err := source.Key(token) // a *jwt.Token that is parsed, not yet verified
//
// # Which keys
//
// A key verifies when it is an asymmetric public key for signatures: RSA of
// 2048 to 8192 bits, EC on P-256, P-384 or P-521, or Ed25519; with a key id of
// its own; with no use but "sig", key_ops that hold "verify" or none, and no
// alg but an accepted one. Symmetric keys, private keys, weak ones and those
// that share a key id are left out, and the log says so. A key without alg
// verifies the accepted algorithms of its kind alone.
//
// A document that is well-formed takes the place of the one before, be it
// empty: that is how an issuer revokes its keys.
//
// # When it is fetched
//
// At the start of Run, then every Config.Refresh. After a failure with rising
// waits, up to MaxBackoff. When a token names a key that is not known, at once,
// but never within Config.Refetch of the last attempt: whoever sends unknown
// key ids costs the issuer one request in that time, and this server none.
//
// Keys of an issuer that cannot be reached go on being used for Config.Keep
// since they were fetched. Then, as before the first success, Key fails with
// ErrUnavailable.
//
// # From where
//
// From https alone, or http of this machine for an issuer on this machine.
// Redirections to another host are refused, and so is what is longer than
// MaxDocument or takes longer than FetchTimeout.
//
// Run is called once. All other methods are safe for concurrent use, and
// none but Key waits: up to WaitForKeys, and only so many at a time.
package jwks
