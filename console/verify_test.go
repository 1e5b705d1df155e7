package console

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/ledger/notary"
)

// provedBy is a log of five events signed by these keys, the proof of the
// third, and its keys file. Checkpoints are signed by the last key.
type provedBy struct {
	receipt notary.Receipt
	id      string
	keys    string   // the keys file
	pem     []string // of each signer
	prints  []string
	vkey    string
}

const logName = "test.example/ledger"

func prove(t *testing.T, algorithms ...ledger.Algorithm) provedBy {
	t.Helper()
	var signers []*ledger.Signer
	var p provedBy
	for _, alg := range algorithms {
		var priv crypto.PrivateKey
		var err error
		if alg == ledger.RSA3072 { // the shortest that is accepted is made sooner
			priv, err = rsa.GenerateKey(rand.Reader, 2048)
		} else {
			priv, err = ledger.GenerateKey(alg)
		}
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
		signers, p.pem, p.prints = append(signers, s), append(p.pem, string(pem)), append(p.prints, string(s.ID()))
	}
	last := signers[len(signers)-1]
	if len(signers) > 1 {
		signers = signers[:len(signers)-1]
	}
	store := ledgertest.NewMemory()
	t.Cleanup(func() { store.Close() })
	for i := range 5 {
		id := uuid.New()
		payload := fmt.Sprintf(`{"specversion":"1.0","id":"%s","source":"%s","type":"unit.established.v1"}`, id, logName)
		envelope, err := ledger.Seal([]byte(payload), signers...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Append(t.Context(), "unit-A", ledger.Revision(i)-1, []ledger.Entry{{ID: id, Envelope: envelope}}); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			p.id = id.String()
		}
	}
	n, err := notary.Open(t.TempDir(), notary.Config{Store: store, Origin: logName, Signer: last})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	if err := n.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.receipt, err = n.ReceiptAt(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if p.vkey, err = notary.VerifierKey(logName, last.Public()); err != nil {
		t.Fatal(err)
	}
	p.keys = "# keys\n" + p.vkey + "\n" + strings.Join(p.pem[:len(signers)], "")
	return p
}

// changed is the receipt with a change.
func (p provedBy) changed(change func(*notary.Receipt)) string {
	r := p.receipt
	r.Envelope, r.Hashes, r.Checkpoint = bytes.Clone(r.Envelope), slices.Clone(r.Hashes), bytes.Clone(r.Checkpoint)
	change(&r)
	return string(r.Marshal())
}

func flip(b []byte, at int) {
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
}

type verifyCase struct {
	Name    string `json:"name"`
	Receipt string `json:"receipt"`
	Held    string `json:"held"`
	Told    string `json:"told"`
	ID      string `json:"id"`
	want    string // the state, and the words of that state
}

// cases are what the script must tell apart.
func verifyCases(t *testing.T) []verifyCase {
	p, other := prove(t, ledger.Ed25519), prove(t, ledger.Ed25519)
	good := string(p.receipt.Marshal())
	sig := bytes.Index(p.receipt.Envelope, []byte(`"sig":"`)) + 10
	note := bytes.LastIndexByte(p.receipt.Checkpoint, ' ') + 20
	line := func(k string) string { return k + "\n" }
	all := []verifyCase{
		{"good", good, p.keys, other.keys, p.id, "good signature.good event.good checkpoint.good inclusion.good"},
		{"by its PEM alone", good, p.pem[0], other.keys, p.id, "good signature.good event.good checkpoint.good inclusion.good"},
		{"by a fingerprint", good, line(strings.ToUpper(p.prints[0])), p.keys, p.id, "good signature.good event.good checkpoint.good inclusion.good"},
		{"of any event", good, p.keys, other.keys, "", "good signature.good event.good checkpoint.good inclusion.good"},
		{"a bit of the payload", p.changed(func(r *notary.Receipt) {
			env, err := ledger.OpenEnvelope(r.Envelope)
			if err != nil {
				t.Fatal(err)
			}
			raw := bytes.Clone(env.Payload)
			raw[bytes.Index(raw, []byte("unit"))] ^= 1
			r.Envelope = bytes.Replace(r.Envelope, []byte(base64.StdEncoding.EncodeToString(env.Payload)), []byte(base64.StdEncoding.EncodeToString(raw)), 1)
		}), p.keys, p.keys, p.id, "bad signature.wrong inclusion.wrong"},
		{"a payload that is no JSON", p.changed(func(r *notary.Receipt) { flip(r.Envelope, len(`{"payload":"`)+80) }), p.keys, p.keys, "", "bad signature.wrong event.form inclusion.wrong"},
		{"a bit of the signature", p.changed(func(r *notary.Receipt) { flip(r.Envelope, sig) }), p.keys, p.keys, p.id, "bad signature.wrong inclusion.wrong"},
		{"another payload type", p.changed(func(r *notary.Receipt) {
			r.Envelope = bytes.Replace(r.Envelope, []byte("cloudevents+json"), []byte("vnd.other+json00"), 1)
		}), p.keys, p.keys, p.id, "bad signature.type inclusion.wrong"},
		{"a blank in the envelope", p.changed(func(r *notary.Receipt) { r.Envelope = append(r.Envelope, ' ') }), p.keys, p.keys, p.id, "bad envelope.form inclusion.wrong"},
		{"a bit of the proof", p.changed(func(r *notary.Receipt) { r.Hashes[0][7] ^= 1 }), p.keys, p.keys, p.id, "bad inclusion.wrong"},
		{"a hash too few", p.changed(func(r *notary.Receipt) { r.Hashes = r.Hashes[1:] }), p.keys, p.keys, p.id, "bad inclusion.length"},
		{"a hash too many", p.changed(func(r *notary.Receipt) { r.Hashes = append(r.Hashes, r.Hashes[0]) }), p.keys, p.keys, p.id, "bad inclusion.length"},
		{"another place", p.changed(func(r *notary.Receipt) { r.Index = 1 }), p.keys, p.keys, p.id, "bad inclusion.wrong"},
		{"a place beyond", p.changed(func(r *notary.Receipt) { r.Index = 5 }), p.keys, p.keys, p.id, "bad inclusion.beyond"},
		{"another size", p.changed(func(r *notary.Receipt) {
			r.Checkpoint = bytes.Replace(r.Checkpoint, []byte("\n5\n"), []byte("\n6\n"), 1)
		}), p.keys, p.keys, p.id, "bad checkpoint.wrong"},
		{"a bit of the checkpoint's signature", p.changed(func(r *notary.Receipt) { flip(r.Checkpoint, note) }), p.keys, p.keys, p.id, "bad checkpoint.wrong"},
		{"a line more in the checkpoint", p.changed(func(r *notary.Receipt) {
			r.Checkpoint = bytes.Replace(r.Checkpoint, []byte("\n5\n"), []byte("\n5\nmore\n"), 1)
		}), p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"a signature twice", p.changed(func(r *notary.Receipt) {
			r.Checkpoint = append(r.Checkpoint, r.Checkpoint[bytes.Index(r.Checkpoint, []byte("\n\n"))+2:]...)
		}), p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"the checkpoint of another log", p.changed(func(r *notary.Receipt) { r.Checkpoint = other.receipt.Checkpoint }), p.keys, other.keys, p.id, "bad checkpoint.unknown inclusion.wrong"},
		{"another event", good, p.keys, p.keys, other.id, "bad event.id"},
		{"a wrong pin, though the server tells the right key", good, other.keys, p.keys, p.id, "bad signature.unknown checkpoint.unknown"},
		{"a wrong fingerprint", good, line(other.prints[0]), p.keys, p.id, "bad signature.unknown"},
		{"a key of checkpoints of another name", good, p.pem[0] + otherName(t), p.keys, p.id, "bad checkpoint.origin"},
		{"a broken receipt", strings.Replace(good, "index 2", "index 02", 1), p.keys, p.keys, p.id, "bad receipt.form"},
		{"a private key", good, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", p.keys, p.id, "error keys.private"},
		{"no key", good, "# nothing\n", p.keys, p.id, "error keys.none"},
		{"half a key", good, p.pem[0][:60], p.keys, p.id, "error keys.line"},
		{"a key whose hash is another's", good, strings.Replace(p.vkey, "+"+strings.Split(p.vkey, "+")[1], "+00000000", 1), p.keys, p.id, "error keys.hash"},
		{"keys of two ledgers", good, p.vkey + "\n" + otherName(t), p.keys, p.id, "error keys.two"},
	}
	for _, alg := range []ledger.Algorithm{ledger.ECDSAP256, ledger.RSA3072, ledger.SM2} {
		q := prove(t, alg, ledger.Ed25519)
		at := bytes.Index(q.receipt.Envelope, []byte(`"sig":"`)) + 20
		want, alone, wrong := "good signature.good event.good checkpoint.good inclusion.good", "open checkpoint.nokey", "bad signature.wrong inclusion.wrong"
		if alg == ledger.SM2 {
			want, alone, wrong = "open signature.algorithm", "open signature.algorithm checkpoint.nokey", "bad inclusion.wrong"
		}
		all = append(all,
			verifyCase{string(alg), string(q.receipt.Marshal()), q.keys, p.keys, q.id, want},
			verifyCase{string(alg) + " by fingerprints", string(q.receipt.Marshal()), strings.Join(q.prints, "\n"), q.keys, q.id, want},
			verifyCase{string(alg) + " by the event's key alone", string(q.receipt.Marshal()), q.pem[0], q.keys, q.id, alone},
			verifyCase{string(alg) + ", a bit of the signature", q.changed(func(r *notary.Receipt) { flip(r.Envelope, at) }), q.keys, q.keys, q.id, wrong})
		if alg == ledger.ECDSAP256 {
			all = append(all, verifyCase{"the twin of an ECDSA signature", q.changed(func(r *notary.Receipt) { r.Envelope = twin(t, r.Envelope) }), q.keys, q.keys, q.id, wrong})
		}
	}
	two := prove(t, ledger.Ed25519, ledger.Ed25519, ledger.Ed25519)
	return append(all, verifyCase{"an author's signature beside the ledger's", string(two.receipt.Marshal()), two.vkey + "\n" + two.pem[0], two.keys, two.id, "good signature.good event.good checkpoint.good inclusion.good"})
}

// otherName is a key of checkpoints of another ledger.
func otherName(t *testing.T) string {
	t.Helper()
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	vkey, err := notary.VerifierKey("test.example/other", s.Public())
	if err != nil {
		t.Fatal(err)
	}
	return vkey
}

// twin puts the other ECDSA signature that fits in the place of the first.
func twin(t *testing.T, envelope []byte) []byte {
	t.Helper()
	found := regexp.MustCompile(`"sig":"([^"]+)"`).FindSubmatch(envelope)
	raw, err := base64.StdEncoding.DecodeString(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(raw, &rs); err != nil {
		t.Fatal(err)
	}
	rs.S.Sub(elliptic.P256().Params().N, rs.S)
	if raw, err = asn1.Marshal(rs); err != nil {
		t.Fatal(err)
	}
	return bytes.Replace(envelope, found[1], []byte(base64.StdEncoding.EncodeToString(raw)), 1)
}

// The script of the verify button, under the WebCrypto of node.
func TestTheScriptTellsWhatHolds(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here to run the script with")
	}
	raw, err := static.ReadFile("static/verify.js")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "verify.mjs")
	if err := os.WriteFile(script, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	cases := verifyCases(t)
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/verify.mjs", script)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var found map[string]struct {
		State string
		Words []string
	}
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	if found["good"].State == "open" && slices.Contains(found["good"].Words, "verify.signature.algorithm") {
		t.Skip("this node's WebCrypto knows no Ed25519")
	}
	for _, c := range cases {
		got := found[c.Name].State
		for _, word := range found[c.Name].Words {
			got += " " + strings.TrimPrefix(word, "verify.")
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.Name, got, c.want)
		}
	}
}

// Whatever the scripts say has words, and no word is left over.
func TestTheScriptsHaveWords(t *testing.T) {
	w, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, pattern := range []string{"static/verify*.js", "saved/*", "templates/*.html"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range regexp.MustCompile("['\"](verify\\.[A-Za-z.]+)['\"]").FindAllSubmatch(raw, -1) {
				if used[string(found[1])] = true; w.by["en"][string(found[1])] == "" && string(found[1]) != "verify.js" {
					t.Errorf("%s: there is no word %s", name, found[1])
				}
			}
		}
	}
	for key := range w.by["en"] {
		built := strings.HasPrefix(key, "verify.state.") || strings.HasPrefix(key, "verify.kept.")
		if strings.HasPrefix(key, "verify.") && !used[key] && !built {
			t.Errorf("nothing says %s", key)
		}
	}
}

// The saved check is one file that runs its own script alone, and is the same
// for every event but for one line.
func TestTheSavedCheck(t *testing.T) {
	f := &fake{answer: Answer{Data: json.RawMessage(`{"event":{"id":"00000000-0000-0000-0000-000000000001","envelope":{"signatures":[{"key":{"publicKey":"QUJD"}},{"key":null}]},
		"proof":{"receipt":"</script><script>alert(1)</script>"}}}`)}}
	h := newHandler(t, f)
	const path = "/console/events/00000000-0000-0000-0000-000000000001/check"
	for lang, tag := range tags {
		resp, file := request{path: path, token: "auditor", header: map[string]string{"Accept-Language": lang}}.to(t, h)
		if resp.StatusCode != 200 || resp.Header.Get("Content-Disposition") != `attachment; filename="probity-check-00000000-0000-0000-0000-000000000001.html"` {
			t.Fatalf("%d %v", resp.StatusCode, resp.Header)
		}
		scripts := regexp.MustCompile(`(?s)<script([^>]*)>(.*?)</script>`).FindAllStringSubmatch(file, -1)
		if len(scripts) != 3 || strings.Count(file, "<script") != 3 || strings.Count(file, "</script") != 3 || strings.Contains(file, " src=") {
			t.Fatalf("%s: %d scripts", lang, len(scripts))
		}
		style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(file)[1]
		lines := strings.SplitN(file, "\n", 6)
		want := fmt.Sprintf(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'">`, cspDigest(scripts[2][2]), cspDigest(style))
		if lines[1] != `<html lang="`+tag+`">` || lines[3] != want {
			t.Errorf("%s: the policy is %s, want %s", lang, lines[3], want)
		}
		if !strings.HasPrefix(lines[4], `<script type="application/json" id="data">{"id":"00000000-`) || !strings.Contains(lines[4], `PUBLIC KEY-----\nQUJD\n`) {
			t.Errorf("%s: the fifth line is %s", lang, lines[4])
		}
		if documented := documentedDigest(t, file); documented != h.saved[lang].digest {
			t.Errorf("%s: the documented command makes %s of the file, the page says %s", lang, documented, h.saved[lang].digest)
		}
		page, err := os.ReadFile("../docs/verify-by-hand.md")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page), h.saved[lang].digest) {
			t.Errorf("docs/verify-by-hand.md does not name the saved check of this program: %s %s", lang, h.saved[lang].digest)
		}
	}
	if resp, _ := (request{path: path}).to(t, h); resp.StatusCode != 303 {
		t.Errorf("the public gets %d", resp.StatusCode)
	}
	for _, none := range []string{`{"event":null}`, `{"event":{"id":"x","envelope":null,"proof":null}}`} {
		f.answer.Data = json.RawMessage(none)
		if resp, _ := (request{path: path, token: "auditor"}).to(t, h); resp.StatusCode != 404 {
			t.Errorf("%s: %d", none, resp.StatusCode)
		}
	}
}

// documentedDigest does what the page says.
func documentedDigest(t *testing.T, file string) string {
	t.Helper()
	page, err := os.ReadFile("../docs/verify-by-hand.md")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile("(?s)```shell\n(.*?)\n```").FindSubmatch(page)
	if command == nil {
		t.Fatal("docs/verify-by-hand.md has no command for the saved check")
	}
	cmd := exec.Command("sh", "-c", string(command[1]))
	cmd.Dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(cmd.Dir, "probity-check.html"), []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	digest, _, _ := strings.Cut(string(out), " ")
	return digest
}
