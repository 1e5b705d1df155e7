package hooks

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The lengths that the specification allows a symmetric secret, in bytes.
const (
	minSecret = 24
	maxSecret = 64
	// maxKeys is how many keys sign at a time, while one takes another's place.
	maxKeys = 4
)

// Keys sign what is sent, each for itself. They print as nothing.
type Keys []key

type key struct {
	secret  []byte             // HMAC-SHA256, v1
	private ed25519.PrivateKey // v1a
}

// String hides them.
func (k Keys) String() string { return fmt.Sprintf("%d keys", len(k)) }

// GoString hides them.
func (k Keys) GoString() string { return k.String() }

// String hides the key.
func (key) String() string { return "a key" }

// GoString hides the key.
func (key) GoString() string { return "a key" }

// ParseKeys reads keys, one to a line: whsec_… for HMAC-SHA256, whsk_… for
// Ed25519. Errors do not show them.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	for _, word := range strings.Fields(text) {
		k, err := parseKey(word)
		if err != nil {
			return nil, err
		}
		if keys = append(keys, k); len(keys) > maxKeys {
			return nil, fmt.Errorf("holds more than %d keys", maxKeys)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("holds no key")
	}
	return keys, nil
}

func parseKey(word string) (key, error) {
	form, text, ok := strings.Cut(word, "_")
	raw, err := base64.StdEncoding.DecodeString(text)
	switch {
	case !ok || err != nil || form != "whsec" && form != "whsk":
		return key{}, errors.New("holds something that is no key: write whsec_ or whsk_ and the key in base64")
	case form == "whsec" && (len(raw) < minSecret || len(raw) > maxSecret):
		return key{}, fmt.Errorf("holds a secret of %d bytes, and must hold %d to %d; make one with: echo whsec_$(openssl rand -base64 32)", len(raw), minSecret, maxSecret)
	case form == "whsec":
		return key{secret: raw}, nil
	case len(raw) == ed25519.SeedSize:
		return key{private: ed25519.NewKeyFromSeed(raw)}, nil
	case len(raw) == ed25519.PrivateKeySize:
		private := ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize])
		if !private.Equal(ed25519.PrivateKey(raw)) {
			return key{}, errors.New("holds a whsk_ key whose halves do not belong together")
		}
		return key{private: private}, nil
	}
	return key{}, fmt.Errorf("holds a whsk_ key of %d bytes, and an Ed25519 key has %d or %d", len(raw), ed25519.SeedSize, ed25519.PrivateKeySize)
}

// sign returns the header webhook-signature.
func (k Keys) sign(id string, at time.Time, body []byte) string {
	content := make([]byte, 0, len(id)+len(body)+32)
	content = append(append(content, id...), '.')
	content = append(strconv.AppendInt(content, at.Unix(), 10), '.')
	content = append(content, body...)
	out := make([]string, len(k))
	for i, one := range k {
		out[i] = one.sign(content)
	}
	return strings.Join(out, " ")
}

func (k key) sign(content []byte) string {
	if k.private != nil {
		return "v1a," + base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, content))
	}
	mac := hmac.New(sha256.New, k.secret)
	mac.Write(content)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
