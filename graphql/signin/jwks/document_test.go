package jwks

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/probity-ledger/probity/graphql/signin/signintest"
)

var accepted = []string{"RS256", "PS256", "ES256", "ES384", "EdDSA"}

// with are the members of a key, changed; nil takes one away.
func with(k signintest.Key, changes ...any) map[string]any {
	m := maps.Clone(k.Members)
	for i := 0; i+1 < len(changes); i += 2 {
		m[changes[i].(string)] = changes[i+1]
	}
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
	return m
}

func document(t testing.TB, keys ...map[string]any) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhichKeysVerify(t *testing.T) {
	rs, es, ed := signintest.NewKey("rs", "RS256"), signintest.NewKey("es", "ES256"), signintest.NewKey("ed", "EdDSA")
	es384 := signintest.NewKey("es", "ES384")
	small := strings.Repeat("A", 2) + strings.Repeat("_", 168) // some 1008 bits
	tests := []struct {
		name    string
		keys    []map[string]any
		usable  string // "kid alg" of what verifies, one each
		leftOut string // what the log says
	}{
		{"three kinds", []map[string]any{with(rs), with(es), with(ed)}, "rs RS256,es ES256,ed EdDSA", ""},
		{"a key without alg verifies what its kind can", []map[string]any{with(rs, "alg", nil), with(es, "alg", nil)}, "rs RS256,rs PS256,es ES256", ""},
		{"a key without use", []map[string]any{with(rs, "use", nil)}, "rs RS256", ""},
		{"key_ops with verify", []map[string]any{with(ed, "use", nil, "key_ops", []string{"verify"})}, "ed EdDSA", ""},
		{"nothing at all", []map[string]any{}, "", ""},
		{"a symmetric key", []map[string]any{{"kty": "oct", "kid": "s", "k": "c2VjcmV0", "alg": "HS256"}, with(rs)}, "rs RS256", "symmetric"},
		{"a symmetric key that says it is RSA", []map[string]any{with(rs, "k", "c2VjcmV0")}, "", "symmetric"},
		{"a private key", []map[string]any{with(ed, "d", "c2VjcmV0")}, "", "private half"},
		{"a key for encryption", []map[string]any{with(rs, "use", "enc", "alg", "RSA-OAEP"), with(es)}, "es ES256", ""},
		{"key_ops without verify", []map[string]any{with(ed, "use", nil, "key_ops", []string{"sign"})}, "", ""},
		{"empty key_ops", []map[string]any{with(ed, "use", nil, "key_ops", []string{})}, "", ""},
		{"an algorithm that is not accepted", []map[string]any{with(rs, "alg", "RS512")}, "", ""},
		{"an algorithm of another kind", []map[string]any{with(rs, "alg", "ES256")}, "", ""},
		{"a curve of another algorithm", []map[string]any{with(es384, "alg", "ES256")}, "", ""},
		{"a short RSA key", []map[string]any{with(rs, "n", small)}, "", "fewer than 2048"},
		{"a huge RSA key", []map[string]any{with(rs, "n", strings.Repeat("_", 2000))}, "", "more than 8192"},
		{"exponent 1", []map[string]any{with(rs, "e", "AQ")}, "", "exponent"},
		{"an even exponent", []map[string]any{with(rs, "e", "AQAA")}, "", "exponent"},
		{"an exponent beyond 32 bits", []map[string]any{with(rs, "e", "AQAAAAAAAQAB")}, "", "exponent"},
		{"a point off the curve", []map[string]any{with(es, "x", es.Members["y"], "y", es.Members["x"])}, "", "not a valid key"},
		{"a short Ed25519 key", []map[string]any{with(ed, "x", "AAAA")}, "", "not a valid key"},
		{"a key for key agreement", []map[string]any{with(ed, "crv", "X25519", "alg", nil)}, "", ""},
		{"another kind", []map[string]any{with(ed, "kty", "AKP")}, "", ""},
		{"no key id", []map[string]any{with(rs, "kid", nil)}, "", "no key id"},
		{"a key id that is a number", []map[string]any{with(rs, "kid", 7), with(ed)}, "ed EdDSA", "malformed"},
		{"a long key id", []map[string]any{with(rs, "kid", strings.Repeat("k", MaxKeyID+1))}, "", "too long"},
		{"two keys of one id", []map[string]any{with(rs, "kid", "x"), with(es, "kid", "x"), with(ed)}, "ed EdDSA", "several keys"},
		{"three keys of one id", []map[string]any{with(rs, "kid", "x"), with(es, "kid", "x"), with(rs, "kid", "x")}, "", "several keys"},
		{"one key twice", []map[string]any{with(rs), with(rs)}, "rs RS256", ""},
		{"an id shared with a key for encryption", []map[string]any{with(es, "kid", "x", "use", "enc"), with(rs, "kid", "x")}, "x RS256", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := parseSet(document(t, test.keys...), accepted)
			if err != nil {
				t.Fatal(err)
			}
			var usable []string
			for _, kid := range []string{"rs", "es", "ed", "x", "s", "7", ""} {
				for _, alg := range []string{"RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA", "HS256"} {
					source := &Source{config: Config{Algorithms: accepted, Keep: 1 << 40}}
					source.hold(s)
					if _, err := source.lookup(&jwt.Token{Method: jwt.GetSigningMethod(alg), Header: map[string]any{"kid": kid, "alg": alg}}); err == nil {
						usable = append(usable, kid+" "+alg)
					}
				}
			}
			if got := strings.Join(usable, ","); got != test.usable {
				t.Errorf("usable: %q, want %q", got, test.usable)
			}
			if got := strings.Join(s.leftOut, "; "); !strings.Contains(got, test.leftOut) || (got == "") != (test.leftOut == "") {
				t.Errorf("left out: %q, want %q", got, test.leftOut)
			}
		})
	}
}

func FuzzParseSet(f *testing.F) {
	rs, es, ed := signintest.NewKey("rs", "RS256"), signintest.NewKey("es", "ES256"), signintest.NewKey("ed", "EdDSA")
	f.Add(document(f, with(rs), with(es), with(ed)))
	f.Add([]byte(`{"keys":[{"kty":"oct","kid":"s","k":"c2VjcmV0"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := parseSet(raw, accepted)
		if err != nil {
			return
		}
		all, err := s.storage.KeyReadAll(t.Context())
		if err != nil || len(all) != len(s.ids) || len(all) > MaxKeys {
			t.Fatalf("%d keys, %d ids, %v", len(all), len(s.ids), err)
		}
		seen := map[string]bool{}
		for _, k := range all {
			id := k.Marshal().KID
			if id == "" || seen[id] {
				t.Errorf("id %q is empty or twice", id)
			}
			seen[id] = true
			switch key := k.Key().(type) {
			case *rsa.PublicKey:
				if key.N.BitLen() < MinRSA || key.E < 3 {
					t.Errorf("a weak key of %d bits, exponent %d", key.N.BitLen(), key.E)
				}
			case *ecdsa.PublicKey:
				if _, err := key.Bytes(); err != nil {
					t.Errorf("a point off its curve: %v", err)
				}
			case ed25519.PublicKey:
			default:
				t.Errorf("a %T verifies", key)
			}
		}
	})
}

func FuzzParseDiscovery(f *testing.F) {
	const issuer = "https://sso.example"
	f.Add([]byte(`{"issuer":"https://sso.example","jwks_uri":"https://sso.example/keys"}`))
	f.Add([]byte(`{"issuer":"https://sso.example","issuer":"https://elsewhere","jwks_uri":"http://x"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		address, err := parseDiscovery(raw, issuer)
		if err != nil {
			return
		}
		var lax struct{ Issuer string }
		if json.Unmarshal(raw, &lax) != nil || lax.Issuer != issuer || address == "" {
			t.Errorf("taken: %q", raw)
		}
		_ = CheckURL(address, false)
	})
}
