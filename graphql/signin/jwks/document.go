package jwks

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// discovery is what we read of a provider's metadata.
type discovery struct {
	Issuer string `json:"issuer"`
	JWKS   string `json:"jwks_uri"`
}

// parseDiscovery reads the metadata of the issuer, which must be its own.
func parseDiscovery(raw []byte, issuer string) (jwksURL string, err error) {
	var d discovery
	if err := json.Unmarshal(raw, &d); err != nil {
		return "", errors.New("the discovery document is not a JSON object with each member once")
	}
	if d.Issuer != issuer {
		return "", fmt.Errorf("the discovery document is that of another issuer, %q", shorten(d.Issuer))
	}
	if d.JWKS == "" {
		return "", errors.New("the discovery document has no jwks_uri")
	}
	return d.JWKS, nil
}

// jwk is what we read of a key. The library would read it too, but fails for
// the whole set where one key is not right, and takes symmetric and private
// keys.
type jwk struct {
	Type       string   `json:"kty"`
	KeyID      string   `json:"kid"`
	Use        string   `json:"use"`
	Operations []string `json:"key_ops"`
	Algorithm  string   `json:"alg"`
	Curve      string   `json:"crv"`
	X          string   `json:"x"`
	Y          string   `json:"y"`
	N          string   `json:"n"`
	E          string   `json:"e"`
	// What no public key has.
	D jsontext.Value `json:"d"`
	P jsontext.Value `json:"p"`
	Q jsontext.Value `json:"q"`
	K jsontext.Value `json:"k"`
}

// set is the usable keys of one document.
type set struct {
	storage *jwkset.MemoryJWKSet
	find    keyfunc.Keyfunc
	ids     []string
	// leftOut says which keys were left out that should not be there.
	leftOut []string
}

// parseSet reads a key set. It fails only when the document as a whole is no
// key set.
func parseSet(raw []byte, algorithms []string) (*set, error) {
	var document struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := json.Unmarshal(raw, &document); err != nil || document.Keys == nil {
		return nil, errors.New("the key set is not a JSON object with each member once and a list of keys")
	}
	if len(document.Keys) > MaxKeys {
		return nil, fmt.Errorf("the key set has more than %d keys", MaxKeys)
	}
	s := &set{storage: jwkset.NewMemoryStorage()}
	good := map[string]jwkset.JWK{}
	twice := map[string]bool{}
	for i, value := range document.Keys {
		var k jwk
		if err := json.Unmarshal(value, &k); err != nil {
			s.leave("key %d: is malformed", i)
			continue
		}
		why, fault := k.unfit(algorithms)
		if why != "" {
			if fault {
				s.leave("key %d (%q): %s", i, shorten(k.KeyID), why)
			}
			continue
		}
		key, err := k.public()
		if err != nil {
			s.leave("key %d (%q): is not a valid key", i, shorten(k.KeyID))
			continue
		}
		if other, ok := good[k.KeyID]; ok && !sameKey(other.Key(), key.Key()) {
			twice[k.KeyID] = true
		}
		good[k.KeyID] = key
	}
	ctx := context.Background() // memory does not wait
	for _, id := range sorted(good) {
		if twice[id] {
			s.leave("%q: several keys have this id, so none of them is used", shorten(id))
			continue
		}
		s.ids = append(s.ids, id)
		if err := s.storage.KeyWrite(ctx, good[id]); err != nil {
			return nil, err
		}
	}
	var err error
	s.find, err = keyfunc.New(keyfunc.Options{Storage: s.storage, UseWhitelist: []jwkset.USE{"", jwkset.UseSig}})
	return s, err
}

func (s *set) leave(format string, args ...any) {
	s.leftOut = append(s.leftOut, fmt.Sprintf(format, args...))
}

// unfit says why a key verifies no token here; fault is set where it should
// not stand in the set at all.
func (k *jwk) unfit(algorithms []string) (why string, fault bool) {
	switch {
	case k.Type == "oct" || k.K != nil:
		return "is symmetric: whoever can read the set could sign", true
	case k.D != nil || k.P != nil || k.Q != nil:
		return "holds its private half: whoever can read the set can sign", true
	case k.Use != "" && k.Use != "sig":
		return "is not for signatures", false
	case k.Operations != nil && !slices.Contains(k.Operations, "verify"):
		return "is not for verifying", false
	case k.Algorithm != "" && !slices.Contains(algorithms, k.Algorithm):
		return "is for an algorithm that is not accepted", false
	case k.KeyID == "":
		return "has no key id", true
	case len(k.KeyID) > MaxKeyID:
		return "has too long a key id", true
	}
	switch k.Type {
	case "EC":
		return "", false
	case "OKP":
		if k.Curve != "Ed25519" {
			return "is not for signatures", false
		}
		return "", false
	case "RSA":
		return k.weak()
	}
	return "is of an unknown kind", false
}

// weak says what is wrong with an RSA key.
func (k *jwk) weak() (why string, fault bool) {
	n, err1 := base64.RawURLEncoding.DecodeString(k.N)
	e, err2 := base64.RawURLEncoding.DecodeString(k.E)
	if err1 != nil || err2 != nil {
		return "is not a valid key", true
	}
	bits := new(big.Int).SetBytes(n).BitLen()
	exponent := new(big.Int).SetBytes(e)
	switch {
	case bits < MinRSA:
		return fmt.Sprintf("has %d bits, fewer than %d", bits, MinRSA), true
	case bits > MaxRSA:
		return fmt.Sprintf("has %d bits, more than %d", bits, MaxRSA), true
	case exponent.BitLen() < 2 || exponent.BitLen() > 31 || exponent.Bit(0) == 0:
		return "has an unfit exponent", true
	}
	return "", false
}

// public makes the key of its public members alone.
func (k *jwk) public() (jwkset.JWK, error) {
	return jwkset.NewJWKFromMarshal(jwkset.JWKMarshal{
		KTY: jwkset.KTY(k.Type), KID: k.KeyID, USE: jwkset.USE(k.Use), ALG: jwkset.ALG(k.Algorithm),
		CRV: jwkset.CRV(k.Curve), X: k.X, Y: k.Y, N: k.N, E: k.E,
	}, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
}

// fits tells whether a key is of the kind that an algorithm needs.
func fits(key crypto.PublicKey, algorithm string) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return slices.Contains([]string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, algorithm)
	case *ecdsa.PublicKey:
		return map[string]int{"ES256": 256, "ES384": 384, "ES512": 521}[algorithm] == key.Params().BitSize
	case ed25519.PublicKey:
		return algorithm == "EdDSA"
	}
	return false
}

func sameKey(a, b any) bool {
	key, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && key.Equal(b)
}

func sorted(m map[string]jwkset.JWK) []string {
	var out []string
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// shorten keeps texts of others short in our messages.
func shorten(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
