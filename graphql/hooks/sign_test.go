package hooks

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

// testSecret signs in tests.
const testSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDk8Ly9nZgZqU="

// The message and signature are those that the libraries of the specification
// are tested with.
func TestTheSignatureIsThatOfTheSpecification(t *testing.T) {
	keys, err := ParseKeys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := keys.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("it is %s, want %s", got, want)
	}
}

func TestKeys(t *testing.T) {
	seed := make([]byte, 32)
	private := ed25519.NewKeyFromSeed(seed)
	b64 := base64.StdEncoding.EncodeToString
	for _, tt := range []struct {
		text string
		keys int
		want string
	}{
		{testSecret + "\n", 1, ""},
		{testSecret + "\nwhsk_" + b64(seed) + "\nwhsk_" + b64(private), 3, ""},
		{"", 0, "no key"},
		{"secret", 0, "is no key"},
		{"whpk_" + b64(seed), 0, "is no key"},
		{"whsec_!!", 0, "is no key"},
		{"whsec_" + b64(make([]byte, 23)), 0, "23 bytes"},
		{"whsec_" + b64(make([]byte, 65)), 0, "65 bytes"},
		{"whsk_" + b64(make([]byte, 33)), 0, "33 bytes"},
		{"whsk_" + b64(make([]byte, 64)), 0, "do not belong together"},
		{strings.Repeat(testSecret+"\n", 5), 0, "more than 4"},
	} {
		keys, err := ParseKeys(tt.text)
		if len(keys) != tt.keys || (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %d keys, %v", tt.text, len(keys), err)
		}
		if err != nil && len(tt.text) > 8 && strings.Contains(err.Error(), strings.TrimSpace(tt.text)) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
	keys, err := ParseKeys(testSecret + " whsk_" + b64(seed))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(7, 0)
	first, second, ok := strings.Cut(keys.sign("id", at, []byte("{}")), " ")
	sig, isEd := strings.CutPrefix(second, "v1a,")
	raw, err := base64.StdEncoding.DecodeString(sig)
	if !ok || !isEd || err != nil || !strings.HasPrefix(first, "v1,") || !ed25519.Verify(private.Public().(ed25519.PublicKey), []byte("id.7.{}"), raw) {
		t.Errorf("signed as %s %s", first, second)
	}
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v %s", keys, keys, keys, keys), fmt.Sprintf("%v %+v %#v", Hook{Keys: keys}, Hook{Keys: keys}, Hook{Keys: keys})} {
		if strings.Contains(shown, "secret") || strings.Contains(shown, "[11 97") || strings.Contains(shown, "0xb") {
			t.Errorf("keys are shown: %s", shown)
		}
	}
}
