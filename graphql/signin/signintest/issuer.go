// Package signintest is an OpenID Connect issuer for tests: it publishes keys,
// signs tokens, counts who asks, and can be down, slow or lying.
//
//	issuer := signintest.New(t)
//	issuer.Add("k1", "RS256")
//	token := issuer.Token("k1", map[string]any{"sub": "o-7", "aud": "probity"})
//
// An Issuer is safe for concurrent use.
package signintest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The paths of the documents.
const (
	DiscoveryPath = "/.well-known/openid-configuration"
	KeysPath      = "/keys"
)

// Issuer is an issuer of tokens.
type Issuer struct {
	// URL is its name, and the address of its server if it has one.
	URL string

	server *httptest.Server

	mu       sync.Mutex // guards what follows
	keys     map[string]Key
	order    []string
	requests map[string]int
	answers  map[string]http.HandlerFunc
}

// Key is a key pair of an issuer.
type Key struct {
	Private crypto.Signer
	// Algorithm is the one that tokens are signed with.
	Algorithm string
	// Members are those of the published key.
	Members map[string]any
}

// New starts an issuer over http on this machine.
func New(t testing.TB) *Issuer {
	i := Start(false)
	t.Cleanup(i.Close)
	return i
}

// NewTLS starts an issuer over https, for which Roots vouch.
func NewTLS(t testing.TB) *Issuer {
	i := Start(true)
	t.Cleanup(i.Close)
	return i
}

// Start starts an issuer, to be ended with Close.
func Start(encrypted bool) *Issuer {
	i := NewOffline("")
	i.server = httptest.NewUnstartedServer(i)
	if encrypted {
		i.server.StartTLS()
	} else {
		i.server.Start()
	}
	i.URL = i.server.URL
	return i
}

// NewOffline makes an issuer of that name without a server; see RoundTrip.
func NewOffline(name string) *Issuer {
	return &Issuer{URL: name, keys: map[string]Key{}, requests: map[string]int{}, answers: map[string]http.HandlerFunc{}}
}

// Roots vouch for the server of NewTLS.
func (i *Issuer) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(i.server.Certificate())
	return pool
}

// Close stops the server; the issuer is down. It may be called again.
func (i *Issuer) Close() { i.server.Close() }

// RootsPEM are Roots as a file holds them.
func (i *Issuer) RootsPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.server.Certificate().Raw})
}

// ServerPEM are the certificate and key of the server of NewTLS, which any
// server of 127.0.0.1 or example.com may use.
func (i *Issuer) ServerPEM() (cert, key []byte) {
	pair := i.server.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		panic(err)
	}
	return i.RootsPEM(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// rsaKeys are made once; it takes long.
var rsaKeys = [2]func() *rsa.PrivateKey{sync.OnceValue(newRSA), sync.OnceValue(newRSA)}

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// NewKey makes a key pair for an algorithm. RSA keys are two in turn.
func NewKey(kid, algorithm string) Key {
	k := Key{Algorithm: algorithm, Members: map[string]any{"kid": kid, "alg": algorithm, "use": "sig"}}
	switch algorithm {
	case "EdDSA":
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			panic(err)
		}
		k.Private = private
		maps.Copy(k.Members, map[string]any{"kty": "OKP", "crv": "Ed25519", "x": b64(public)})
	case "ES256", "ES384", "ES512":
		curve := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}[algorithm]
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		point, err := private.PublicKey.Bytes()
		if err != nil {
			panic(err)
		}
		half := (len(point) - 1) / 2
		k.Private = private
		maps.Copy(k.Members, map[string]any{"kty": "EC", "crv": curve.Params().Name, "x": b64(point[1 : 1+half]), "y": b64(point[1+half:])})
	default:
		private := rsaKeys[len(kid)%2]()
		k.Private = private
		maps.Copy(k.Members, map[string]any{"kty": "RSA", "n": b64(private.N.Bytes()), "e": b64(big.NewInt(int64(private.E)).Bytes())})
	}
	return k
}

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// Add makes a key and publishes it.
func (i *Issuer) Add(kid, algorithm string) Key {
	k := NewKey(kid, algorithm)
	i.Publish(kid, k)
	return k
}

// Publish adds a key to the set, under a name for Remove and Token that the
// set does not show.
func (i *Issuer) Publish(name string, k Key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, ok := i.keys[name]; !ok {
		i.order = append(i.order, name)
	}
	i.keys[name] = k
}

// Remove takes a key out of the set.
func (i *Issuer) Remove(name string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.keys, name)
}

// Answer makes the issuer answer a path in this way; nil makes it honest.
func (i *Issuer) Answer(path string, how http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answers[path] = how
}

// Requests is how often a path was asked for.
func (i *Issuer) Requests(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.requests[path]
}

// ServeHTTP implements [http.Handler].
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.requests[r.URL.Path]++
	how := i.answers[r.URL.Path]
	i.mu.Unlock()
	switch {
	case how != nil:
		how(w, r)
	case r.URL.Path == DiscoveryPath:
		reply(w, map[string]any{"issuer": i.URL, "jwks_uri": i.URL + KeysPath, "id_token_signing_alg_values_supported": []string{"RS256"}})
	case r.URL.Path == KeysPath:
		reply(w, map[string]any{"keys": i.set()})
	default:
		http.NotFound(w, r)
	}
}

func (i *Issuer) set() []map[string]any {
	i.mu.Lock()
	defer i.mu.Unlock()
	out := []map[string]any{}
	for _, name := range i.order {
		if k, ok := i.keys[name]; ok {
			out = append(out, k.Members)
		}
	}
	return out
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// RoundTrip implements [http.RoundTripper] without a network, so that tests
// can run in a bubble of synctest.
func (i *Issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	i.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

// Claims are those of an honest token of an hour, changed by what is given; a
// nil value takes a claim away.
func (i *Issuer) Claims(changes map[string]any) jwt.MapClaims {
	now := time.Now()
	c := jwt.MapClaims{"iss": i.URL, "aud": "probity", "sub": "o-7", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// Token signs a token with a key that is or was published, or given to Sign.
func (i *Issuer) Token(name string, changes map[string]any) string {
	i.mu.Lock()
	k, ok := i.keys[name]
	i.mu.Unlock()
	if !ok {
		panic(fmt.Sprintf("no key %q", name))
	}
	return k.Sign(i.Claims(changes))
}

// Sign signs claims; the header names the kid of the key's members.
func (k Key) Sign(claims jwt.MapClaims) string {
	t := jwt.NewWithClaims(jwt.GetSigningMethod(k.Algorithm), claims)
	t.Header["kid"] = k.Members["kid"]
	signed, err := t.SignedString(k.Private)
	if err != nil {
		panic(err)
	}
	return signed
}
