package domain

import (
	"slices"
	"strings"
)

// KeyRules govern the life of signing keys.
type KeyRules struct {
	// Separation is the source of "a ledger key is revoked by two persons,
	// and nobody vouches for what they themselves revoked".
	Separation string
}

// AuthorSignatureRules say whose signature an event needs beside the
// ledger's own (作者签名).
type AuthorSignatureRules struct {
	// Kinds are the events that count only when the one who acted signed
	// them with a key of their own: room and event without the version, as in
	// "sanction.imposed", so that a new form of the event does not escape.
	// What the system does by reaction or clock, and imported history, has no
	// author here and is exempt.
	Kinds []string
	// Source is the statute and article, or the agency's own order.
	Source string
}

// Require tells whether the event, done by that act, needs its author's
// signature.
func (r AuthorSignatureRules) Require(k Kind, act Act) bool {
	return act.Role != RoleSystem && !act.Imported() && slices.Contains(r.Kinds, k.Unversioned())
}

// Unversioned returns the kind without its version: "sanction.imposed".
func (k Kind) Unversioned() string {
	if i := strings.LastIndex(string(k), ".v"); i > 0 {
		return string(k)[:i]
	}
	return string(k)
}
