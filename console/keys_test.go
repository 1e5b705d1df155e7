package console

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

func TestAPublicKeyIsFoundInARequest(t *testing.T) {
	names := map[ledger.Algorithm]string{ledger.Ed25519: "ED25519", ledger.ECDSAP256: "ECDSA_P256", ledger.RSA3072: "RSA", ledger.SM2: "SM2"}
	for alg, want := range names {
		priv, err := ledger.GenerateKey(alg)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ledger.NewSigner(priv)
		if err != nil {
			t.Fatal(err)
		}
		pem, err := ledger.MarshalPublicKey(s.Public())
		if err != nil {
			t.Fatal(err)
		}
		der, err := ledger.EncodePublicKey(s.Public())
		if err != nil {
			t.Fatal(err)
		}
		text := "# test.example\n# somebody\n" + string(pem)
		for _, given := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), strings.TrimSpace(text)} {
			if id, algorithm, public, ok := readPublicKey(given); !ok || id != string(s.ID()) || algorithm != want || public != der {
				t.Errorf("%s: %s %s %s %v", alg, id, algorithm, public, ok)
			}
		}
		private, err := ledger.MarshalKey(priv, nil)
		if err != nil {
			t.Fatal(err)
		}
		for what, given := range map[string]string{"two keys": text + text, "a private key": string(private), "a private key beside it": text + string(private), "half of one": text[:len(text)/2]} {
			if _, _, _, ok := readPublicKey(given); ok {
				t.Errorf("%s: %s is taken", alg, what)
			}
		}
	}
	for _, given := range []string{"", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "-----BEGIN PUBLIC KEY-----\n" + base64.StdEncoding.EncodeToString([]byte{0x30, 0x80}) + "\n-----END PUBLIC KEY-----\n"} {
		if _, _, _, ok := readPublicKey(given); ok {
			t.Errorf("%q is taken", given)
		}
	}
}

func TestAnEnrolmentIsRefusedAtItsField(t *testing.T) {
	priv, _ := ledger.GenerateKey(ledger.Ed25519)
	s, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	pem, _ := ledger.MarshalPublicKey(s.Public())
	list := Answer{Data: json.RawMessage(`{"keys":{"totalCount":0,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false},"nodes":[]}}`)}
	for _, tt := range []struct{ key, field, at string }{
		{"nothing", "", `aria-describedby="key-hint refused"`},
		{string(pem), "input.holder", `aria-describedby="holder-hint refused"`},
		{string(pem), "input.succeeds", `aria-invalid="true" aria-describedby="refused"`},
		{string(pem), "role", `id="refused"`},
	} {
		d := &desk{fake: fake{answer: list}, outcome: Answer{Errors: []Problem{{Code: "CONFLICT", Field: tt.field, Message: hostile}}}}
		form := url.Values{"key": {tt.key}, "holder": {` "><b>`}, "succeeds": {"k0"}}
		resp, page := request{method: "POST", path: "/console/keys", token: "hr", body: form.Encode()}.to(t, newDesk(t, d))
		if resp.StatusCode != 422 || !strings.Contains(page, tt.at) || strings.Count(page, `id="refused"`) != 1 || !strings.Contains(page, `value="&#34;&gt;&lt;b&gt;"`) || strings.Contains(page, "<script>alert") {
			t.Errorf("%s: %d: %s", tt.field, resp.StatusCode, page)
		}
		if (tt.key == "nothing") != (len(d.done) == 0) {
			t.Errorf("%s: asked %v", tt.field, d.done)
		}
	}
	for role, want := range map[string]bool{"hr": true, "leader": true, "officer": false, "auditor": false} {
		if _, page := (request{path: "/console/keys", token: role}).to(t, newDesk(t, &desk{fake: fake{answer: list}})); strings.Contains(page, `id="enrol"`) != want {
			t.Errorf("%s is offered to enrol keys: %v", role, !want)
		}
	}
}
