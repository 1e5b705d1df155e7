package console

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
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
	signers []*ledger.Signer // of events
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
	p.signers = signers
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

// resealed is the receipt with another payload, which the same keys sign. The
// proof is of the one before.
func (p provedBy) resealed(t *testing.T, payload string) string {
	t.Helper()
	envelope, err := ledger.Seal([]byte(payload), p.signers...)
	if err != nil {
		t.Fatal(err)
	}
	return p.changed(func(r *notary.Receipt) { r.Envelope = envelope })
}

// signedAs puts a signature by the key of checkpoints of another log, under the
// name of that log, in the place of those of the checkpoint.
func (p provedBy) signedAs(t *testing.T, vkey string, signer *ledger.Signer) string {
	t.Helper()
	return p.changed(func(r *notary.Receipt) {
		text, _, _ := bytes.Cut(r.Checkpoint, []byte("\n\n"))
		text = append(text, '\n')
		sig, err := signer.Sign(text)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(vkey, "+")
		hash, err := hex.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		r.Checkpoint = fmt.Appendf(text, "\n— %s %s\n", parts[0], base64.StdEncoding.EncodeToString(append(hash, sig...)))
	})
}

// witnessed is the receipt with so many signatures of strangers more, in lines
// of about so many bytes.
func (p provedBy) witnessed(lines, bytes int) string {
	return p.changed(func(r *notary.Receipt) {
		for i := range lines {
			sig := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("s", bytes*3/4)))
			r.Checkpoint = fmt.Appendf(r.Checkpoint, "— w%d %s\n", i, sig)
		}
	})
}

// edPEM is the PEM of an Ed25519 key, whatever it is worth.
func edPEM(raw []byte) string {
	der := append([]byte("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"), raw...)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
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
	stranger, strangers := otherName(t)
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
		{"a key of checkpoints of another name", good, p.pem[0] + stranger, p.keys, p.id, "bad checkpoint.origin"},
		{"a broken receipt", strings.Replace(good, "index 2", "index 02", 1), p.keys, p.keys, p.id, "bad receipt.form"},
		{"a private key", good, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", p.keys, p.id, "error keys.private"},
		{"no key", good, "# nothing\n", p.keys, p.id, "error keys.none"},
		{"half a key", good, p.pem[0][:60], p.keys, p.id, "error keys.line"},
		{"a key whose hash is another's", good, strings.Replace(p.vkey, "+"+strings.Split(p.vkey, "+")[1], "+00000000", 1), p.keys, p.id, "error keys.hash"},
		{"keys of two ledgers", good, p.vkey + "\n" + stranger, p.keys, p.id, "error keys.two"},
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
			verifyCase{string(alg) + " by fingerprints", string(q.receipt.Marshal()), q.prints[0] + "\nlog " + q.prints[1], q.keys, q.id, want},
			verifyCase{string(alg) + " by the event's key alone", string(q.receipt.Marshal()), q.pem[0], q.keys, q.id, alone},
			verifyCase{string(alg) + ", a bit of the signature", q.changed(func(r *notary.Receipt) { flip(r.Envelope, at) }), q.keys, q.keys, q.id, wrong})
		if alg == ledger.ECDSAP256 {
			all = append(all, verifyCase{"the twin of an ECDSA signature", q.changed(func(r *notary.Receipt) { r.Envelope = twin(t, r.Envelope) }), q.keys, q.keys, q.id, wrong})
		}
	}
	all = append(all, refusedCases(t, p, other, stranger, strangers)...)
	all = append(all, weakCases(t, p)...)
	two := prove(t, ledger.Ed25519, ledger.Ed25519, ledger.Ed25519)
	return append(all, verifyCase{"an author's signature beside the ledger's", string(two.receipt.Marshal()), two.vkey + "\n" + two.pem[0], two.keys, two.id, "good signature.good event.good checkpoint.good inclusion.good"})
}

// refusedCases are what the ledger's own verifier refuses, and the script with it.
func refusedCases(t *testing.T, p, other provedBy, stranger string, strangers *ledger.Signer) []verifyCase {
	good := string(p.receipt.Marshal())
	split := prove(t, ledger.Ed25519, ledger.Ed25519)
	payload := func(more string) string {
		return fmt.Sprintf(`{"specversion":"1.0","id":"%s","source":"%s"%s}`, p.id, logName, more)
	}
	return []verifyCase{
		{"signed by the held key of another log, under its name", p.signedAs(t, stranger, strangers), p.pem[0] + p.vkey + "\nlog " + string(strangers.ID()), stranger, p.id, "bad checkpoint.unknown"},
		{"a key of checkpoints does not sign events", good, "log " + p.prints[0], p.keys, p.id, "bad signature.unknown"},
		{"nor does one that is told in a line", good, p.prints[0], p.vkey, p.id, "bad signature.unknown"},
		{"a key of events is told as one of checkpoints", string(split.receipt.Marshal()), "event " + split.prints[0] + "\nEVENT " + split.prints[1], split.keys, split.id, "bad checkpoint.unknown"},
		{"a key of events signs no checkpoint where another is named", good, p.prints[0] + "\nlog " + other.prints[0], p.keys, p.id, "open checkpoint.nokey"},
		{"fingerprints for each use", string(split.receipt.Marshal()), "event " + split.prints[0] + "\nlog\t" + split.prints[1], split.keys, split.id, "good signature.good event.good checkpoint.good inclusion.good"},
		{"a byte order mark before the envelope", p.changed(func(r *notary.Receipt) { r.Envelope = append([]byte("\ufeff"), r.Envelope...) }), p.keys, p.keys, p.id, "bad envelope.form inclusion.wrong"},
		{"another payload", p.resealed(t, payload(`,"data":[{"id":"{"},{"id":"\"}\\"}]`)), p.keys, p.keys, p.id, "bad inclusion.wrong"},
		{"a byte order mark before the payload", p.resealed(t, "\ufeff"+payload("")), p.keys, p.keys, p.id, "bad event.form inclusion.wrong"},
		{"a payload that is no UTF-8", p.resealed(t, payload(",\"subject\":\"\xff\"")), p.keys, p.keys, p.id, "bad event.form inclusion.wrong"},
		{"a member twice", p.resealed(t, payload(`,"id":"`+p.id+`"`)), p.keys, p.keys, p.id, "bad event.form inclusion.wrong"},
		{"a member twice, spelled otherwise, further in", p.resealed(t, payload(`,"data":[{},{"a":{},"b" : 1,"\u0061":2}]`)), p.keys, p.keys, p.id, "bad event.form inclusion.wrong"},
		{"a place that no number of the ledger is", strings.Replace(good, "index 2", "index 9223372036854775808", 1), p.keys, p.keys, p.id, "bad receipt.form"},
		{"a size that no number of the ledger is", strings.Replace(good, "\n5\n", "\n9223372036854775808\n", 1), p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"a place as far as numbers go", strings.Replace(good, "index 2", "index 9223372036854775807", 1), p.keys, p.keys, p.id, "bad inclusion.beyond"},
		{"99 signatures more", p.witnessed(99, 100), p.keys, p.keys, p.id, "good signature.good event.good checkpoint.good inclusion.good"},
		{"100 signatures more", p.witnessed(100, 100), p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"a checkpoint too long", p.witnessed(90, 200), p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"a second signature by one key", p.changed(func(r *notary.Receipt) {
			r.Checkpoint = append(r.Checkpoint, r.Checkpoint[bytes.Index(r.Checkpoint, []byte("\n\n"))+2:]...)
			flip(r.Checkpoint, bytes.LastIndexByte(r.Checkpoint, ' ')+20)
		}), p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"a witness whose name has a next-line character", good + "— a\u0085b AAAAAAAA\n", p.keys, p.keys, p.id, "bad checkpoint.form"},
		{"an envelope too long", p.changed(func(r *notary.Receipt) {
			more := fmt.Sprintf(`,{"keyid":"%064x","sig":"%s"}]}`, 0, strings.Repeat("AAAA", ledger.MaxEnvelope/4))
			r.Envelope = append(bytes.TrimSuffix(r.Envelope, []byte("]}")), more...)
		}), p.keys, p.keys, p.id, "bad envelope.form inclusion.wrong"},
		{"a key of checkpoints that is weak", good, "log.example+" + weakLine("log.example"), p.keys, p.id, "error keys.weak"},
	}
}

// weakCases are keys under which no signature shows anything.
func weakCases(t *testing.T, p provedBy) (all []verifyCase) {
	good := string(p.receipt.Marshal())
	for _, y := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 0, again
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 1
		"f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 3, which is not of small order
	} {
		for _, sign := range []byte{0, 0x80} {
			raw, err := hex.DecodeString(y)
			if err != nil {
				t.Fatal(err)
			}
			raw[31] |= sign
			if _, err := ledger.AlgorithmOf(ed25519.PublicKey(raw)); err == nil {
				t.Errorf("the ledger takes %x", raw)
			}
			all = append(all, verifyCase{fmt.Sprintf("the weak key %x", raw), good, edPEM(raw), p.keys, p.id, "error keys.weak"})
		}
	}
	key, err := os.ReadFile("testdata/exponent3.pem")
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := os.ReadFile("testdata/exponent3.dsse")
	if err != nil {
		t.Fatal(err)
	}
	return append(all, verifyCase{"an RSA key with exponent 3", p.changed(func(r *notary.Receipt) { r.Envelope = envelope }), string(key) + p.vkey, p.keys, "", "bad signature.wrong inclusion.wrong"})
}

// weakLine is the hash and the key, in a line of a keys file, of the point 0.
func weakLine(name string) string {
	raw := append([]byte{1}, make([]byte, 32)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), raw...))
	return hex.EncodeToString(sum[:4]) + "+" + base64.StdEncoding.EncodeToString(raw)
}

// otherName is a key of checkpoints of another ledger, and who signs with it.
func otherName(t *testing.T) (string, *ledger.Signer) {
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
	return vkey, s
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
