package signin

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/probity-ledger/probity/domain"
)

// The names under which the laptop issuer signs.
const (
	LaptopIssuer   = "urn:probity:laptop"
	LaptopAudience = "probity"
)

// Issuer mints short tokens with a key of its own, for use on one machine.
type Issuer struct {
	key   ed25519.PrivateKey
	keyID string
	now   func() time.Time
}

// OpenIssuer reads the issuer key at path, a PKCS #8 PEM file, or makes it,
// with mode 0600, when there is none. The public half is written beside it as
// PKIX PEM, with ".pub" before the extension (issuer.pub.pem). A key file that
// others may read is refused.
func OpenIssuer(path string) (*Issuer, error) {
	key, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(path); err != nil {
			return nil, fmt.Errorf("make issuer key: %w", err)
		}
		key, err = readKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read issuer key: %w", err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("encode issuer key: %w", err)
	}
	if err := writePublic(path, spki); err != nil {
		return nil, fmt.Errorf("write public issuer key: %w", err)
	}
	sum := sha256.Sum256(spki)
	return &Issuer{key: key, keyID: hex.EncodeToString(sum[:]), now: time.Now}, nil
}

func readKey(path string) (ed25519.PrivateKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others (mode %04o); run chmod 600 on it, or remove it for a new key", path, mode)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("%s holds no PKCS #8 private key", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", path, err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds a %T, not an Ed25519 key", path, parsed)
	}
	return key, nil
}

// makeKey writes a new key in one step: of two processes that try at once,
// one wins and both read the winner's key.
func makeKey(path string) error {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	temp, err := writeTemp(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// writeTemp writes a file of mode 0600 beside path.
func writeTemp(path string, content []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".issuer-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// writePublic writes the public half unless it is there already: a data
// folder may be read-only by then.
func writePublic(path string, spki []byte) error {
	extension := filepath.Ext(path)
	public := strings.TrimSuffix(path, extension) + ".pub" + extension
	content := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
	if have, err := os.ReadFile(public); err == nil && string(have) == string(content) {
		return nil
	}
	temp, err := writeTemp(path, content)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if err := os.Chmod(temp, 0o644); err != nil {
		return err
	}
	return os.Rename(temp, public)
}

// KeyID is the SHA-256 of the public key's SPKI DER, in hex.
func (i *Issuer) KeyID() string { return i.keyID }

// Verifier returns the verifier of this issuer's tokens.
func (i *Issuer) Verifier() (*Verifier, error) {
	public := i.key.Public()
	return NewVerifier(Config{
		Issuer:   LaptopIssuer,
		Audience: LaptopAudience,
		Now:      i.now,
		Key: func(kid string) (crypto.PublicKey, bool) {
			return public, kid == i.keyID
		},
	})
}

// Grant is what a token is to say.
type Grant struct {
	Subject string
	Role    domain.Role
	// Units is the scope; the first becomes the unit claim. It may be empty.
	Units []domain.UnitID
	// Lifetime is DefaultLifetime when zero, and at most MaxLifetime.
	Lifetime time.Duration
}

// Mint signs a token and says when it expires. A grant that no verifier would
// accept is refused with a *TokenError.
func (i *Issuer) Mint(grant Grant) (token string, expires time.Time, err error) {
	life := grant.Lifetime
	if life == 0 {
		life = DefaultLifetime
	}
	now := i.now().Truncate(time.Second)
	c := minted{
		registered: registered{
			Issuer: LaptopIssuer, Audience: audience{LaptopAudience}, Subject: grant.Subject,
			IssuedAt: at(now), NotBefore: at(now), Expires: at(now.Add(life)),
			ID: uuid.NewString(),
		},
		Role: string(grant.Role),
	}
	for n, unit := range grant.Units {
		if name := string(unit); n == 0 {
			c.Unit = &name
		} else {
			c.Units = append(c.Units, name)
		}
	}
	if refused := c.check(); refused != nil {
		return "", time.Time{}, refused
	}
	unsigned := jwt.NewWithClaims(jwt.SigningMethodEdDSA, &c)
	unsigned.Header["kid"] = i.keyID
	token, err = unsigned.SignedString(i.key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign token: %w", err)
	}
	return token, now.Add(life), nil
}

// minted are the claims of a token of the laptop issuer.
type minted struct {
	registered
	Role  string   `json:"role"`
	Unit  *string  `json:"unit,omitempty"`
	Units []string `json:"units,omitempty"`
}

// check reads the claims as a verifier would.
func (m *minted) check() *TokenError {
	raw, err := json.Marshal(m)
	var c claims
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return refuse(ReasonMalformed, "the token would be malformed")
	}
	if _, refused := laptopMapping.principal(&c); refused != nil {
		return refused
	}
	return c.checkLife(MaxLifetime)
}

func at(t time.Time) *seconds {
	s := seconds(t.Unix())
	return &s
}
