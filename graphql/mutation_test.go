package graphql_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

const (
	prepareMutation = `mutation($i: String!) { prepare(instruction: $i) { prepared payloads toSign recorded { stream repeated } } }`
	submitMutation  = `mutation($p: String!, $s: [SignatureInput!]!) { submit(prepared: $p, signatures: $s) { stream revision events repeated } }`
)

// writer is an agency that records what people sign, and the key of hr-li.
func writer(t *testing.T) (*agency, *ledger.Signer) {
	t.Helper()
	a := newAgency(t)
	a.service = ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Recorder: &desk{agency: a}}))
	signer := ok(ledger.NewSigner(ok(ledger.GenerateKey(ledger.SM2))))
	in := domain.Instruction{ID: "enrol", Act: domain.Act{Subject: string(signer.ID()), Actor: "leader-chen", Role: domain.RoleLeader},
		Command: key.Enroll{Algorithm: domain.AlgorithmSM2, PublicKey: ok(ledger.EncodePublicKey(signer.Public())), Purpose: domain.KeyOfAuthor, Holder: "hr-li"}}
	a.now = a.now.Add(time.Hour)
	ok(a.recorder.RecordSigned(t.Context(), in, signer))
	return a, signer
}

func nomination(actor, role string) string {
	return fmt.Sprintf(`{"id":"n1","command":"reward.nominate","subject":"R-signed","actor":%q,"role":%q,"data":{"unit":"hq","honour":"commendation","merit":"diligence"}}`, actor, role)
}

// mutate asks with variables and returns the data and the code of the error.
func (a *agency) mutate(who projections.Principal, query string, variables map[string]any) (data map[string]map[string]any, code string) {
	r := a.service.Do(context.Background(), who, overhttp.Request{Query: query, Variables: variables})
	if len(r.Errors) > 0 {
		return nil, fmt.Sprint(r.Errors[0].Extensions["code"], " ", r.Errors[0].Message)
	}
	if err := json.Unmarshal([]byte(r.Data.(json.RawMessage)), &data); err != nil {
		a.t.Fatal(err)
	}
	return data, ""
}

// signatures signs what prepare said is to be signed, as another program
// would.
func signatures(t *testing.T, text string, signer *ledger.Signer) []any {
	t.Helper()
	p := ok(ledger.ParsePrepared([]byte(text)))
	if err := p.Sign(signer); err != nil {
		t.Fatal(err)
	}
	var out []any
	for i, sigs := range p.Signatures {
		out = append(out, map[string]any{"payload": i, "keyid": string(sigs[0].KeyID), "sig": base64.StdEncoding.EncodeToString(sigs[0].Sig)})
	}
	return out
}

func TestPeopleRecordWhatTheySigned(t *testing.T) {
	a, signer := writer(t)
	li := as(domain.RoleHR, "hr-li")
	data, failed := a.mutate(li, prepareMutation, map[string]any{"i": nomination("hr-li", "hr")})
	if failed != "" {
		t.Fatal(failed)
	}
	text := data["prepare"]["prepared"].(string)
	payload := ok(base64.StdEncoding.DecodeString(data["prepare"]["payloads"].([]any)[0].(string)))
	if got := ok(base64.StdEncoding.DecodeString(data["prepare"]["toSign"].([]any)[0].(string))); string(got) != string(ledger.PAE(payload)) {
		t.Errorf("to be signed: %q", got)
	}
	signed := map[string]any{"p": text, "s": signatures(t, text, signer)}
	data, failed = a.mutate(li, submitMutation, signed)
	if failed != "" || data["submit"]["stream"] != "reward-R-signed" || data["submit"]["repeated"] != false {
		t.Fatalf("submit: %v, %s", data, failed)
	}
	if data, failed = a.mutate(li, submitMutation, signed); failed != "" || data["submit"]["repeated"] != true {
		t.Errorf("submit again: %v, %s", data, failed)
	}
	if data, failed = a.mutate(li, prepareMutation, map[string]any{"i": nomination("hr-li", "hr")}); failed != "" || data["prepare"]["prepared"] != nil || data["prepare"]["recorded"] == nil {
		t.Errorf("prepare again: %v, %s", data, failed)
	}
	report, err := ledger.Verify(t.Context(), a.store, ledger.VerifyConfig{Codec: a.codec, Keys: a.keys})
	if err != nil || report.Authored != 1 {
		t.Errorf("verified: %d signed by their author, %v", report.Authored, err)
	}
}

func TestWhatIsNotRecordedThroughGraphQL(t *testing.T) {
	a, signer := writer(t)
	li := as(domain.RoleHR, "hr-li")
	data, _ := a.mutate(li, prepareMutation, map[string]any{"i": nomination("hr-li", "hr")})
	text := data["prepare"]["prepared"].(string)
	sigs := signatures(t, text, signer)
	stranger := signatures(t, text, ok(ledger.NewSigner(ok(ledger.GenerateKey(ledger.Ed25519)))))
	with := func(change func(map[string]any)) []any {
		one := map[string]any{}
		for k, v := range sigs[0].(map[string]any) {
			one[k] = v
		}
		change(one)
		return []any{one}
	}
	head := ok(ledger.Verify(t.Context(), a.store, ledger.VerifyConfig{Codec: a.codec, Keys: a.keys})).Events
	for _, c := range []struct {
		name      string
		who       projections.Principal
		query     string
		variables map[string]any
		code      string
	}{
		{"another's name", as(domain.RoleHR, "hr-wu"), prepareMutation, map[string]any{"i": nomination("hr-li", "hr")}, "FORBIDDEN actor"},
		{"another role", as(domain.RoleLeader, "hr-li"), prepareMutation, map[string]any{"i": nomination("hr-li", "hr")}, "FORBIDDEN role"},
		{"no name", public, prepareMutation, map[string]any{"i": nomination("hr-li", "hr")}, "FORBIDDEN role: sign in"},
		{"what no rule allows", as(domain.RoleHandler, "hr-li"), prepareMutation, map[string]any{"i": nomination("hr-li", "handler")}, "FORBIDDEN role"},
		{"what is no instruction", li, prepareMutation, map[string]any{"i": "{"}, "BAD_USER_INPUT"},
		{"what another prepared", as(domain.RoleHR, "hr-wu"), submitMutation, map[string]any{"p": text, "s": sigs}, "FORBIDDEN actor"},
		{"unsigned", li, submitMutation, map[string]any{"p": text, "s": []any{}}, "INCOMPLETE signatures"},
		{"signed by a stranger", li, submitMutation, map[string]any{"p": text, "s": stranger}, "NOT_FOUND signature"},
		{"a payload that is not there", li, submitMutation, map[string]any{"p": text, "s": with(func(s map[string]any) { s["payload"] = 7 })}, "BAD_USER_INPUT payload"},
		{"a signature that is no base64", li, submitMutation, map[string]any{"p": text, "s": with(func(s map[string]any) { s["sig"] = "!" })}, "BAD_USER_INPUT sig"},
		{"a key that is no id", li, submitMutation, map[string]any{"p": text, "s": with(func(s map[string]any) { s["keyid"] = "mine" })}, "NOT_FOUND signature"},
		{"what was changed", li, submitMutation, map[string]any{"p": strings.Replace(text, `"expected":-1`, `"expected":0`, 1), "s": sigs}, "BAD_USER_INPUT ticket"},
		{"what is not prepared", li, submitMutation, map[string]any{"p": "[]", "s": sigs}, "BAD_USER_INPUT"},
	} {
		if _, got := a.mutate(c.who, c.query, c.variables); !strings.HasPrefix(got, c.code) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.code)
		}
	}
	if now := ok(ledger.Verify(t.Context(), a.store, ledger.VerifyConfig{Codec: a.codec, Keys: a.keys})).Events; now != head {
		t.Errorf("%d events were recorded", now-head)
	}
	if _, got := shared().mutate(li, prepareMutation, map[string]any{"i": nomination("hr-li", "hr")}); !strings.Contains(got, "reading only") {
		t.Errorf("a service that only reads: %q", got)
	}
}
