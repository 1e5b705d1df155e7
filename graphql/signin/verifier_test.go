package signin

import (
	"crypto"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// testIssuer is an issuer whose clock stands at noon.
func testIssuer(t testing.TB) *Issuer {
	t.Helper()
	issuer, err := OpenIssuer(t.TempDir() + "/issuer.pem")
	if err != nil {
		t.Fatal(err)
	}
	issuer.now = func() time.Time { return noon }
	return issuer
}

func testVerifier(t testing.TB, issuer *Issuer) *Verifier {
	t.Helper()
	verifier, err := issuer.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

var b64 = base64.RawURLEncoding

// sign puts a token together byte by byte, as no honest library would.
func sign(key ed25519.PrivateKey, header, payload string) string {
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(payload))
	return text + "." + b64.EncodeToString(ed25519.Sign(key, []byte(text)))
}

// benches are an issuer of our own and an outside one, which publishes its
// keys, each with a verifier.
func benches(t *testing.T) map[string]bench {
	own := testIssuer(t)
	outside := newOutside(t, map[string]string{"k": "EdDSA", "rsa": "RS256"}, nil)
	return map[string]bench{
		"laptop": {LaptopIssuer, own.keyID, own.key, testVerifier(t, own), nil},
		// The outside issuer may use RS256 too, and this key is not for it.
		"outside": {outside.URL, "k", outside.private("k").(ed25519.PrivateKey), outside.verifier(t, outside.trusted()),
			map[string]Reason{"RS256 named over an Ed25519 signature": ReasonKey}},
	}
}

type bench struct {
	issuer   string
	keyID    string
	key      ed25519.PrivateKey
	verifier *Verifier
	// other are the reasons that differ.
	other map[string]Reason
}

func TestHostileTokensAreRefused(t *testing.T) {
	for name, bench := range benches(t) {
		t.Run(name, func(t *testing.T) { refusesHostileTokens(t, bench) })
	}
}

func refusesHostileTokens(t *testing.T, issuer bench) {
	verifier := issuer.verifier
	_, stranger, _ := ed25519.GenerateKey(rand.Reader)

	head := fmt.Sprintf(`{"alg":"EdDSA","typ":"JWT","kid":"%s"}`, issuer.keyID)
	header := func(extra string) string { return strings.TrimSuffix(head, "}") + extra + "}" }
	body := func(changes ...string) string {
		s := fmt.Sprintf(`{"iss":"%s","aud":"probity","sub":"o-7","role":"auditor","iat":%d,"exp":%d}`, issuer.issuer, noon.Unix(), noon.Add(time.Hour).Unix())
		for i := 0; i+1 < len(changes); i += 2 {
			if !strings.Contains(s, changes[i]) {
				t.Fatalf("payload has no %s", changes[i])
			}
			s = strings.Replace(s, changes[i], changes[i+1], 1)
		}
		return s
	}
	iat, exp := fmt.Sprintf(`"iat":%d`, noon.Unix()), fmt.Sprintf(`"exp":%d`, noon.Add(time.Hour).Unix())
	date := func(claim string, after time.Duration) string {
		return fmt.Sprintf(`"%s":%d`, claim, noon.Add(after).Unix())
	}
	good := sign(issuer.key, head, body())
	if _, err := verifier.Verify(good); err != nil {
		t.Fatal("the honest token is refused:", err)
	}
	parts := strings.Split(good, ".")

	tests := []struct {
		name, token string
		want        Reason
	}{
		{"nothing", "", ReasonMalformed},
		{"one segment", parts[0], ReasonMalformed},
		{"two segments", parts[0] + "." + parts[1], ReasonMalformed},
		{"four segments", good + ".x", ReasonMalformed},
		{"no signature", parts[0] + "." + parts[1] + ".", ReasonSignature},
		{"padding", good + "==", ReasonMalformed},
		{"a line break in the signature", good[:len(good)-4] + "\n" + good[len(good)-4:], ReasonMalformed},
		{"stray bits in the last character", parts[0] + "." + parts[1] + "." + flipLastBits(parts[2]), ReasonMalformed},
		{"a token over 8 KB", sign(issuer.key, head, body(`"sub":"o-7"`, `"sub":"o-7","x":"`+strings.Repeat("x", MaxToken)+`"`)), ReasonTooLong},
		{"alg none", b64.EncodeToString([]byte(header(""))[:0]) + unsigned(strings.Replace(head, "EdDSA", "none", 1), body()), ReasonSignature},
		{"alg None in other case", unsigned(strings.Replace(head, "EdDSA", "nOnE", 1), body()), ReasonMethod},
		{"HS256 with the public key as secret", hs256(t, issuer.key, strings.Replace(head, "EdDSA", "HS256", 1), body()), ReasonSignature},
		{"RS256 named over an Ed25519 signature", sign(issuer.key, strings.Replace(head, "EdDSA", "RS256", 1), body()), ReasonSignature},
		{"no alg", sign(issuer.key, strings.Replace(head, `"alg":"EdDSA",`, "", 1), body()), ReasonMethod},
		{"alg twice", sign(issuer.key, header(`,"alg":"none"`), body()), ReasonMalformed},
		{"kid twice", sign(issuer.key, header(`,"kid":"x"`), body()), ReasonMalformed},
		{"an unknown crit", sign(issuer.key, header(`,"crit":["exp"]`), body()), ReasonMalformed},
		{"an empty crit", sign(issuer.key, header(`,"crit":[]`), body()), ReasonMalformed},
		{"an unencoded payload", sign(issuer.key, header(`,"b64":false`), body()), ReasonMalformed},
		{"a foreign typ", sign(issuer.key, strings.Replace(head, `"JWT"`, `"logout+jwt"`, 1), body()), ReasonMalformed},
		{"a typ that is a number", sign(issuer.key, strings.Replace(head, `"JWT"`, `7`, 1), body()), ReasonMalformed},
		{"no kid", sign(issuer.key, `{"alg":"EdDSA","typ":"JWT"}`, body()), ReasonKey},
		{"an unknown kid", sign(stranger, strings.Replace(head, issuer.keyID, "other", 1), body()), ReasonKey},
		{"our kid over a stranger's signature", sign(stranger, head, body()), ReasonSignature},
		{"a key brought along", sign(stranger, header(`,"jwk":{"kty":"OKP"}`), body()), ReasonSignature},
		{"a changed claim", parts[0] + "." + b64.EncodeToString([]byte(body("auditor", "leader"))) + "." + parts[2], ReasonSignature},
		{"a payload that is no object", sign(issuer.key, head, `[]`), ReasonMalformed},
		{"a payload that is null", sign(issuer.key, head, `null`), ReasonClaims},
		{"something behind the payload", sign(issuer.key, head, body()+"{}"), ReasonMalformed},
		{"a role twice", sign(issuer.key, head, body(`"role":"auditor"`, `"role":"auditor","role":"leader"`)), ReasonMalformed},
		{"an unknown claim twice", sign(issuer.key, head, body(`"role":"auditor"`, `"role":"auditor","x":1,"x":2`)), ReasonMalformed},
		{"a member twice deep inside", sign(issuer.key, head, body(`"role":"auditor"`, `"role":"auditor","x":{"y":1,"y":2}`)), ReasonMalformed},
		{"a role in other letters", sign(issuer.key, head, body(`"role"`, `"Role"`)), ReasonRole},
		{"invalid UTF-8", sign(issuer.key, head, body("o-7", "o-\xff")), ReasonMalformed},
		{"another issuer", sign(issuer.key, head, body(issuer.issuer, "https://elsewhere")), ReasonIssuer},
		{"no issuer", sign(issuer.key, head, body(`"iss":"`+issuer.issuer+`",`, "")), ReasonClaims},
		{"another audience", sign(issuer.key, head, body(`"aud":"probity"`, `"aud":["other"]`)), ReasonAudience},
		{"no audience", sign(issuer.key, head, body(`"aud":"probity",`, "")), ReasonClaims},
		{"an audience of numbers", sign(issuer.key, head, body(`"aud":"probity"`, `"aud":[1]`)), ReasonMalformed},
		{"no exp", sign(issuer.key, head, body(","+exp, "")), ReasonClaims},
		{"exp null", sign(issuer.key, head, body(exp, `"exp":null`)), ReasonClaims},
		{"exp as text", sign(issuer.key, head, body(exp, `"exp":"tomorrow"`)), ReasonMalformed},
		{"exp beyond all years", sign(issuer.key, head, body(exp, `"exp":1e300`)), ReasonMalformed},
		{"expired a minute ago", sign(issuer.key, head, body(iat, date("iat", -time.Hour), exp, date("exp", -time.Minute))), ReasonExpired},
		{"not valid for a minute", sign(issuer.key, head, body(iat, iat+","+date("nbf", time.Minute))), ReasonNotYet},
		{"issued in the future", sign(issuer.key, head, body(iat, date("iat", time.Minute))), ReasonNotYet},
		{"no iat", sign(issuer.key, head, body(iat+",", "")), ReasonClaims},
		{"a life of 25 hours", sign(issuer.key, head, body(exp, date("exp", 25*time.Hour))), ReasonLifetime},
		{"a life that ends at its beginning", sign(issuer.key, head, body(exp, date("exp", 0))), ReasonLifetime},
		{"an empty subject", sign(issuer.key, head, body("o-7", "")), ReasonClaims},
		{"a blank subject", sign(issuer.key, head, body("o-7", " ")), ReasonClaims},
		{"a subject with a line break", sign(issuer.key, head, body("o-7", `o\n7`)), ReasonClaims},
		{"a subject of 300 bytes", sign(issuer.key, head, body("o-7", strings.Repeat("o", 300))), ReasonClaims},
		{"a subject that is a number", sign(issuer.key, head, body(`"o-7"`, "7")), ReasonMalformed},
		{"an unknown role", sign(issuer.key, head, body("auditor", "emperor")), ReasonRole},
		{"the role of the system", sign(issuer.key, head, body("auditor", "system")), ReasonRole},
		{"no role", sign(issuer.key, head, body(`"role":"auditor",`, "")), ReasonRole},
		{"100 units", sign(issuer.key, head, body(`"role"`, `"units":["u`+strings.Repeat(`","u`, 99)+`"],"role"`)), ReasonClaims},
		{"an empty unit", sign(issuer.key, head, body(`"role"`, `"units":[""],"role"`)), ReasonClaims},
		{"an empty unit beside another", sign(issuer.key, head, body(`"role"`, `"units":["port",""],"role"`)), ReasonClaims},
		{"an empty unit claim, which is not none", sign(issuer.key, head, body(`"role"`, `"unit":"","role"`)), ReasonClaims},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			principal, err := verifier.Verify(test.token)
			var refused *TokenError
			if !errors.As(err, &refused) {
				t.Fatalf("got %+v, %v; want a refusal", principal, err)
			}
			if other, ok := issuer.other[test.name]; ok {
				test.want = other
			}
			if refused.Reason != test.want {
				t.Errorf("refused as %s (%v: %v), want %s", refused.Reason, err, refused.Unwrap(), test.want)
			}
			if strings.ContainsAny(refused.Message, "\"\\\n") {
				t.Errorf("message cannot stand in a header: %s", refused.Message)
			}
		})
	}
}

func unsigned(header, payload string) string {
	return b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(payload)) + "."
}

func hs256(t *testing.T, key ed25519.PrivateKey, header, payload string) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(unsigned(header, payload), ".")
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write([]byte(text))
	return text + "." + b64.EncodeToString(mac.Sum(nil))
}

// flipLastBits changes the bits of the last character that carry no data: a
// lax decoder reads the same signature.
func flipLastBits(segment string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, segment[len(segment)-1])
	return segment[:len(segment)-1] + string(alphabet[last^1])
}

func TestHonestTokensNameTheirPrincipal(t *testing.T) {
	issuer := testIssuer(t)
	verifier := testVerifier(t, issuer)
	tests := []struct {
		name    string
		header  string
		payload string
		want    Principal
	}{
		{"the least", `{"alg":"EdDSA","kid":"%s"}`, `"aud":"probity"`, Principal{}},
		{"a list of audiences", `{"alg":"EdDSA","typ":"at+jwt","kid":"%s"}`, `"aud":["x","probity"]`, Principal{}},
		{"a unit and more units", `{"alg":"EdDSA","typ":"jwt","kid":"%s"}`, `"aud":"probity","unit":"port","units":["port","office"],"jti":"t1"`,
			Principal{Unit: "port", Units: []domain.UnitID{"port", "office"}, TokenID: "t1"}},
		{"not valid for another 20 seconds, within the leeway", `{"alg":"EdDSA","kid":"%s"}`, fmt.Sprintf(`"aud":"probity","nbf":%d`, noon.Unix()+20), Principal{}},
		{"unknown claims and fractions", `{"alg":"EdDSA","kid":"%s","x5u":"https://elsewhere"}`, fmt.Sprintf(`"aud":"probity","nbf":%d.5,"name":"廉"`, noon.Unix()-1), Principal{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			token := sign(issuer.key, fmt.Sprintf(test.header, issuer.keyID),
				fmt.Sprintf(`{"iss":"%s","sub":"o-7","role":"inspector","iat":%d,"exp":%d,%s}`, LaptopIssuer, noon.Unix(), noon.Add(MaxLifetime).Unix(), test.payload))
			got, err := verifier.Verify(token)
			if err != nil {
				t.Fatal(err)
			}
			want := test.want
			want.Subject, want.Role, want.Issuer, want.Expires = "o-7", domain.RoleInspector, LaptopIssuer, noon.Add(MaxLifetime).Local()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("principal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAVerifierTakesAsymmetricMethodsOnly(t *testing.T) {
	key := func(string) (crypto.PublicKey, bool) { return nil, false }
	for _, method := range []string{"none", "HS256", "HS384", "HS512", "", "eddsa"} {
		if _, err := NewVerifier(Config{Issuer: "i", Audience: "a", Key: key, Methods: []string{method}}); err == nil {
			t.Errorf("method %q is accepted", method)
		}
	}
	for _, config := range []Config{{Audience: "a", Key: key}, {Issuer: "i", Key: key}, {Issuer: "i", Audience: "a"}} {
		if _, err := NewVerifier(config); err == nil {
			t.Errorf("accepted without a required part: %+v", config)
		}
	}
}

func TestAKeyOfAnotherKindVerifiesNothing(t *testing.T) {
	issuer := testIssuer(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := NewVerifier(Config{
		Issuer: LaptopIssuer, Audience: LaptopAudience, Methods: []string{"EdDSA", "RS256"}, Now: issuer.now,
		Key: func(string) (crypto.PublicKey, bool) { return &other.PublicKey, true },
	})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := issuer.Mint(Grant{Subject: "o-7", Role: domain.RoleHR})
	if err != nil {
		t.Fatal(err)
	}
	var refused *TokenError
	if _, err := verifier.Verify(token); !errors.As(err, &refused) || refused.Reason != ReasonSignature {
		t.Errorf("got %v, want a refused signature", err)
	}
}

func FuzzVerify(f *testing.F) {
	issuer := testIssuer(f)
	verifier := testVerifier(f, issuer)
	token, _, err := issuer.Mint(Grant{Subject: "o-7", Role: domain.RoleAuditor, Units: []domain.UnitID{"u"}})
	if err != nil {
		f.Fatal(err)
	}
	header, rest, _ := strings.Cut(token, ".")
	payload, _, _ := strings.Cut(rest, ".")
	head, _ := b64.DecodeString(header)
	body, _ := b64.DecodeString(payload)
	f.Add(string(head), string(body))
	f.Add(`{"alg":"none"}`, `{"exp":1e999}`)
	f.Add(`{"alg":"EdDSA","kid":"`+issuer.keyID+`"}`, `{"aud":[],"iat":-0.5,"units":null}`)
	f.Fuzz(func(t *testing.T, head, body string) {
		// Signed, so that the claims behind the signature are reached too.
		principal, err := verifier.Verify(sign(issuer.key, head, body))
		var refused *TokenError
		switch {
		case err != nil && !errors.As(err, &refused):
			t.Errorf("refused with a foreign error %v", err)
		case err == nil && (principal.Subject == "" || principal.Role == domain.RoleSystem || principal.Expires.Before(noon.Add(-Leeway)) || principal.Expires.After(noon.Add(MaxLifetime+Leeway))):
			t.Errorf("accepted %+v", principal)
		}
		// As they come, the two are hardly ever a token; nothing may panic.
		_, _ = verifier.Verify(head + "." + body)
	})
}
