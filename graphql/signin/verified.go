package signin

import (
	"crypto"
	"crypto/sha256"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"
)

// verifiedTokens is how many tokens a verifier remembers: 4 MB when each
// holds as many and as long names as it may.
const verifiedTokens = 256

// digest is the SHA-256 of a token, so that no token is kept.
type digest [sha256.Size]byte

// verified is a token whose signature and claims were found good. What time
// and the keys may change is asked again at each use.
type verified struct {
	from      *trust
	keyID     string
	key       crypto.PublicKey
	claims    *claims
	principal Principal
}

// memory holds the tokens verified last.
type memory struct {
	tokens *lru.Cache[digest, *verified]
}

func newMemory() (memory, error) {
	tokens, err := lru.New[digest, *verified](verifiedTokens)
	return memory{tokens}, err
}

// recall returns the principal of a token that was verified before, if it
// would be again: it is within its life and its key is still the same. What
// it does not return is to be verified anew, which says what is wrong.
func (m memory) recall(token digest) (Principal, bool) {
	known, ok := m.tokens.Get(token)
	if !ok {
		return Principal{}, false
	}
	now, ok := known.from.Keys.Current(known.keyID)
	if !ok || !sameKey(known.key, now) || known.from.validator.Validate(known.claims) != nil {
		m.tokens.Remove(token)
		return Principal{}, false
	}
	return known.principal.clone(), true
}

func (m memory) remember(token digest, v *verified) {
	v.principal = v.principal.clone()
	m.tokens.Add(token, v)
}

func sameKey(a, b crypto.PublicKey) bool {
	key, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && key.Equal(b)
}

// clone makes a principal that shares nothing with this one.
func (p Principal) clone() Principal {
	p.Units = slices.Clone(p.Units)
	return p
}
