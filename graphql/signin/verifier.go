package signin

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Config says which tokens a Verifier accepts. Issuer, Audience and Key are
// required.
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
	config Config
	parser *jwt.Parser
	memory memory
}

// asymmetric are the methods whose verification key cannot sign.
var asymmetric = map[string]bool{
	"EdDSA": true, "ES256": true, "ES384": true, "ES512": true,
	"RS256": true, "RS384": true, "RS512": true, "PS256": true, "PS384": true, "PS512": true,
}

// NewVerifier makes a verifier.
func NewVerifier(config Config) (*Verifier, error) {
	if config.Issuer == "" || config.Audience == "" || config.Key == nil {
		return nil, errors.New("verifier needs an issuer, an audience and keys")
	}
	if len(config.Methods) == 0 {
		config.Methods = []string{"EdDSA"}
	}
	for _, method := range config.Methods {
		if !asymmetric[method] {
			return nil, fmt.Errorf("signing method %q is not asymmetric", method)
		}
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods(config.Methods),
		jwt.WithIssuer(config.Issuer),
		jwt.WithAudience(config.Audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(Leeway),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(config.Now),
	}
	memory, err := newMemory(options)
	if err != nil {
		return nil, fmt.Errorf("make a verifier: %w", err)
	}
	return &Verifier{config, jwt.NewParser(options...), memory}, nil
}

// Verify returns the principal of a token, or a *TokenError. The signature of
// a token met lately is not checked anew, its life and its key are.
func (v *Verifier) Verify(token string) (Principal, error) {
	if len(token) > MaxToken {
		return Principal{}, refuse(ReasonTooLong, "the token has more than %d bytes", MaxToken)
	}
	sum := digest(sha256.Sum256([]byte(token)))
	if principal, ok := v.memory.recall(sum, v.config.Key); ok {
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
	var used crypto.PublicKey
	unknownKey := false
	_, err := v.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) {
		key, ok := v.config.Key(h.KeyID)
		if !ok {
			unknownKey = true
			return nil, errors.New("unknown key id")
		}
		used = key
		return key, nil
	})
	if unknownKey {
		return Principal{}, refuse(ReasonKey, "the token is signed by an unknown key")
	}
	if err != nil {
		refused := translate(err)
		refused.err = err
		return Principal{}, refused
	}
	principal, refused := c.principal()
	if refused != nil {
		return Principal{}, refused
	}
	v.memory.remember(sum, &verified{h.KeyID, used, &c, principal})
	return principal, nil
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

// translate says the library's errors in our words, the most telling first.
func translate(err error) *TokenError {
	switch {
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
