package signin

import (
	"cmp"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/probity-ledger/probity/graphql/signin/jwks"
)

// Config says which tokens of a single issuer, in the form that we mint, a
// Verifier accepts. Issuer, Audience and Key are required.
type Config struct {
	Issuer   string
	Audience string
	// Key returns the public key of a key id, false when it is unknown. It is
	// called for each token, from many goroutines.
	Key func(kid string) (crypto.PublicKey, bool)
	// Methods are the accepted signing methods by their JWA name; EdDSA alone
	// when empty. Symmetric ones and "none" are refused.
	Methods []string
	// Now is the clock, time.Now when nil.
	Now func() time.Time
}

// Verifier turns tokens into principals.
type Verifier struct {
	now     func() time.Time
	parser  *jwt.Parser
	issuers map[string]*trust
	memory  memory
}

// trust is one issuer of a verifier.
type trust struct {
	Trusted
	validator *jwt.Validator
	// own: the tokens are minted by us. No machine has one.
	own bool
}

// asymmetric are the methods whose verification key cannot sign.
var asymmetric = map[string]bool{
	"EdDSA": true, "ES256": true, "ES384": true, "ES512": true,
	"RS256": true, "RS384": true, "RS512": true, "PS256": true, "PS384": true, "PS512": true,
}

// NewVerifier makes a verifier of one issuer whose tokens are like ours.
func NewVerifier(config Config) (*Verifier, error) {
	if config.Issuer == "" || config.Audience == "" || config.Key == nil {
		return nil, errors.New("verifier needs an issuer, an audience and keys")
	}
	if len(config.Methods) == 0 {
		config.Methods = []string{"EdDSA"}
	}
	if err := checkMethods(config.Methods); err != nil {
		return nil, err
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	v, err := newVerifier(config.Now)
	if err != nil {
		return nil, err
	}
	v.trust(Trusted{
		Issuer: config.Issuer, Audience: config.Audience, Keys: fixedKeys(config.Key), Methods: config.Methods, Mapping: laptopMapping,
	}, true)
	return v, nil
}

// newVerifier makes one that trusts nobody yet.
func newVerifier(now func() time.Time) (*Verifier, error) {
	memory, err := newMemory()
	if err != nil {
		return nil, fmt.Errorf("make a verifier: %w", err)
	}
	var methods []string
	for method := range asymmetric {
		methods = append(methods, method)
	}
	// The claims are validated by the issuer's own validator.
	parser := jwt.NewParser(jwt.WithValidMethods(methods), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	return &Verifier{now, parser, map[string]*trust{}, memory}, nil
}

func (v *Verifier) trust(t Trusted, own bool) {
	t.MaxLifetime = cmp.Or(t.MaxLifetime, MaxLifetime)
	v.issuers[t.Issuer] = &trust{t, jwt.NewValidator(
		jwt.WithIssuer(t.Issuer),
		jwt.WithAudience(t.Audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(Leeway),
		jwt.WithTimeFunc(v.now),
	), own}
}

// fixedKeys are keys that are at hand.
type fixedKeys func(kid string) (crypto.PublicKey, bool)

func (f fixedKeys) Key(token *jwt.Token) (crypto.PublicKey, error) {
	kid, _ := token.Header["kid"].(string)
	key, ok := f(kid)
	if !ok {
		return nil, jwks.ErrUnknownKey
	}
	return key, nil
}

func (f fixedKeys) Current(kid string) (crypto.PublicKey, bool) { return f(kid) }

// Verify returns the principal of a token, or a *TokenError. The signature of
// a token met lately is not checked anew, its life and its key are. It may
// wait for the keys of the issuer; see package jwks for how long.
func (v *Verifier) Verify(token string) (Principal, error) {
	if len(token) > MaxToken {
		return Principal{}, refuse(ReasonTooLong, "the token has more than %d bytes", MaxToken)
	}
	sum := digest(sha256.Sum256([]byte(token)))
	if principal, ok := v.memory.recall(sum); ok {
		return principal, nil
	}
	if !isCompact(token) {
		return Principal{}, refuse(ReasonMalformed, "the token is malformed")
	}
	h, refused := decodeHeader(token)
	if refused != nil {
		return Principal{}, refused
	}
	var c claims
	from, key, refused := v.parse(token, &c)
	var principal Principal
	if refused == nil {
		principal, refused = from.principal(&c)
	}
	if refused != nil {
		refused.Issuer, refused.KeyID = c.Issuer, h.KeyID
		return Principal{}, refused
	}
	c.raw = nil // it is not needed again
	v.memory.remember(sum, &verified{from, h.KeyID, key, &c, principal})
	return principal, nil
}

// parse checks signature and registered claims, and tells by whom and by
// which key.
func (v *Verifier) parse(token string, c *claims) (from *trust, key crypto.PublicKey, refused *TokenError) {
	_, err := v.parser.ParseWithClaims(token, c, func(t *jwt.Token) (any, error) {
		if from = v.issuers[c.Issuer]; from == nil {
			refused = refuse(ReasonIssuer, "the token comes from another issuer")
			if c.Issuer == "" {
				refused = refuse(ReasonClaims, "the token does not name its issuer")
			}
			return nil, refused
		}
		if !slices.Contains(from.Methods, t.Method.Alg()) {
			refused = refuse(ReasonSignature, "the token's signature is wrong or made by a method that is not accepted")
			return nil, refused
		}
		var err error
		if key, err = from.Keys.Key(t); err != nil {
			refused = translate(err)
		}
		return key, err
	})
	if err == nil {
		err = from.validator.Validate(c)
	}
	if err != nil && refused == nil {
		refused = translate(err)
	}
	if refused != nil {
		refused.err = err
	}
	return from, key, refused
}

// principal names who asks by the claims of a verified token.
func (t *trust) principal(c *claims) (p Principal, refused *TokenError) {
	longest := t.MaxLifetime
	switch {
	case !t.own && foreignUse(c):
		return p, refuse(ReasonClaims, "the token is not one for access, or is bound to a key")
	case !t.own && isMachine(c, t.Machines):
		if p, refused = t.Machines.principal(c); refused == nil {
			longest = cmp.Or(t.Machines.MaxLifetime, DefaultMachineLifetime)
		}
	default:
		p, refused = t.Mapping.principal(c)
	}
	if refused == nil {
		refused = c.checkLife(longest)
	}
	if refused != nil {
		return Principal{}, refused
	}
	p.Issuer, p.TokenID, p.Expires = c.Issuer, c.ID, c.Expires.date().Time
	return p, nil
}

// foreignUse holds for tokens that issuers make for other uses under the same
// keys: about a sign-in (OpenID Connect Core section 2), to be refreshed, or
// bound to a key of the sender (RFC 7800), which nobody here could check.
func foreignUse(c *claims) bool {
	typ := c.text("typ")
	return typ == "ID" || typ == "Refresh" || typ == "Offline" || typ == "Logout" || c.text("token_use") == "id" ||
		c.value("at_hash") != nil || c.value("c_hash") != nil || c.value("cnf") != nil
}

// isCompact holds for the alphabet of the compact serialization. The standard
// base64 decoder skips line breaks even when strict.
func isCompact(token string) bool {
	for i := range len(token) {
		c := token[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' {
			continue
		}
		return false
	}
	return token != ""
}

// translate says the libraries' errors in our words, the most telling first.
func translate(err error) *TokenError {
	switch {
	case errors.Is(err, jwks.ErrUnknownKey):
		return refuse(ReasonKey, "the token is signed by an unknown key")
	case errors.Is(err, jwks.ErrUnfitKey):
		return refuse(ReasonKey, "the token is signed by a key that is not for its method")
	case errors.Is(err, jwks.ErrUnavailable):
		return refuse(ReasonUnavailable, "the keys of the token's issuer cannot be fetched at present; try again later")
	case errors.Is(err, jwt.ErrTokenMalformed):
		return refuse(ReasonMalformed, "the token is malformed or has a member twice")
	case errors.Is(err, jwt.ErrTokenUnverifiable):
		return refuse(ReasonMethod, "the token is signed by a method that is not accepted")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return refuse(ReasonSignature, "the token's signature is wrong or made by a method that is not accepted")
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return refuse(ReasonIssuer, "the token comes from another issuer")
	case errors.Is(err, jwt.ErrTokenInvalidAudience):
		return refuse(ReasonAudience, "the token is meant for another audience")
	case errors.Is(err, jwt.ErrTokenExpired):
		return refuse(ReasonExpired, "the token has expired")
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return refuse(ReasonNotYet, "the token is not valid yet")
	}
	return refuse(ReasonClaims, "the token lacks a claim or has a wrong one")
}
