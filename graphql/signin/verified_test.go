package signin

import (
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// aging is a verifier whose clock and keys can be changed under a token that
// it has verified.
type aging struct {
	*Verifier
	now  time.Time
	key  ed25519.PrivateKey
	keys map[string]crypto.PublicKey
}

func newAging(t *testing.T) *aging {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &aging{now: noon, key: private, keys: map[string]crypto.PublicKey{"k": public}}
	a.Verifier, err = NewVerifier(Config{Issuer: "i", Audience: "a", Now: func() time.Time { return a.now },
		Key: func(kid string) (crypto.PublicKey, bool) { key, ok := a.keys[kid]; return key, ok }})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// token is valid from nbf for an hour after noon.
func (a *aging) token(subject string, nbf time.Time) string {
	return sign(a.key, `{"alg":"EdDSA","kid":"k"}`, fmt.Sprintf(`{"iss":"i","aud":"a","sub":"%s","role":"hr","units":["u"],"iat":%d,"nbf":%d,"exp":%d}`,
		subject, noon.Unix(), nbf.Unix(), noon.Add(time.Hour).Unix()))
}

func (a *aging) reason(token string) Reason {
	_, err := a.Verify(token)
	var refused *TokenError
	if errors.As(err, &refused) {
		return refused.Reason
	}
	return ""
}

func TestARememberedTokenIsRefusedLikeANewOne(t *testing.T) {
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*aging)
		want   Reason
	}{
		{"nothing changes", func(*aging) {}, ""},
		{"just within the leeway of its expiry", func(a *aging) { a.now = noon.Add(time.Hour + Leeway - time.Second) }, ""},
		{"past the leeway of its expiry", func(a *aging) { a.now = noon.Add(time.Hour + Leeway) }, ReasonExpired},
		{"the clock goes back, within the leeway of nbf", func(a *aging) { a.now = noon.Add(time.Minute - Leeway) }, ""},
		{"the clock goes back before nbf", func(a *aging) { a.now = noon.Add(time.Minute - Leeway - time.Second) }, ReasonNotYet},
		{"its key is withdrawn", func(a *aging) { delete(a.keys, "k") }, ReasonKey},
		{"its key is replaced", func(a *aging) { a.keys["k"] = other }, ReasonSignature},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAging(t)
			token := a.token("o-7", noon.Add(time.Minute))
			a.now = noon.Add(2 * time.Minute)
			if got := a.reason(token); got != "" {
				t.Fatalf("the honest token is refused as %s", got)
			}
			if a.memory.tokens.Len() != 1 {
				t.Fatal("the token is not remembered")
			}
			c.change(a)
			if got := a.reason(token); got != c.want {
				t.Errorf("refused as %q, want %q", got, c.want)
			}
		})
	}
}

func TestOnlyTheVeryTokenIsRemembered(t *testing.T) {
	a := newAging(t)
	one, two := a.token("o-1", noon), a.token("o-2", noon)
	for range 2 {
		for token, want := range map[string]string{one: "o-1", two: "o-2"} {
			if p, err := a.Verify(token); err != nil || p.Subject != want {
				t.Errorf("got %+v, %v; want %s", p, err, want)
			}
		}
	}
	first, second := strings.Split(one, "."), strings.Split(two, ".")
	for _, forged := range []string{first[0] + "." + second[1] + "." + first[2], first[0] + "." + first[1] + "." + second[2], one[:len(one)-1] + "!", one + "."} {
		for range 2 {
			if p, err := a.Verify(forged); err == nil {
				t.Errorf("forged: %+v", p)
			}
		}
	}
	if n := a.memory.tokens.Len(); n != 2 {
		t.Errorf("%d tokens are remembered, want the two honest ones", n)
	}
}

func TestThePrincipalOfARememberedTokenMayBeChanged(t *testing.T) {
	a := newAging(t)
	token := a.token("o-7", noon)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 3 {
				p, err := a.Verify(token)
				if err != nil || len(p.Units) != 1 || p.Units[0] != "u" {
					t.Errorf("got %+v, %v", p, err)
					return
				}
				p.Units[0] = domain.UnitID("everywhere")
			}
		})
	}
	all.Wait()
}

func TestAVerifierRemembersABoundedNumberOfTokens(t *testing.T) {
	a := newAging(t)
	for i := range verifiedTokens + 10 {
		if got := a.reason(a.token(fmt.Sprintf("o-%d", i), noon)); got != "" {
			t.Fatal(got)
		}
	}
	if n := a.memory.tokens.Len(); n != verifiedTokens {
		t.Errorf("%d tokens are remembered", n)
	}
}
