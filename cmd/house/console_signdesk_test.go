package house

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/console"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
)

// signingDesk is a house whose people sign in the console, at a time of their
// own.
type signingDesk struct {
	*consolePages
	t     *testing.T
	late  time.Duration
	count int
}

func newSigningDesk(t *testing.T) *signingDesk {
	t.Helper()
	d := &signingDesk{t: t}
	h, err := Open(Config{Dir: t.TempDir(), Write: true, PlainKey: true, Now: func() time.Time { return time.Now().Add(d.late) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	for i, in := range []struct {
		subject string
		command domain.Command
	}{
		{"A", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency}},
		{"B", unit.Establish{UnitName: "税务局", UnitKind: unit.KindAgency}},
		{"h1", officer.Enroll{FullName: "苏云", Unit: "A"}},
		{"l1", officer.Enroll{FullName: "薛红正", Unit: "A"}},
		{"P1", officer.Enroll{FullName: "张伟", Unit: "A"}},
	} {
		if _, err := h.Recorder.Record(t.Context(), domain.Instruction{ID: fmt.Sprint(i), Command: in.command, Act: domain.Act{Subject: in.subject, Actor: "somebody", Role: domain.RoleHR}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.OpenViews(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Views.Run(ctx, h.Store) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	web, err := h.Web(slog.New(slog.DiscardHandler), "{me{role}}")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	d.consolePages = &consolePages{web, h}
	return d
}

// post sends a form of the console's as whoever a grant names.
func (d *signingDesk) post(path string, as signin.Grant, pairs ...string) (int, string) {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+console.Path+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	token, _, err := d.Issuer.Mint(as)
	if err != nil {
		d.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "probity-console", Value: token})
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (d *signingDesk) head() ledger.Position {
	d.t.Helper()
	head, err := d.house.Store.Head(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return head
}

func newAuthor(t *testing.T, alg ledger.Algorithm) *ledger.Signer {
	t.Helper()
	priv, err := ledger.GenerateKey(alg)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var (
	preparedField = regexp.MustCompile(`id="prepared" value="([^"]*)"`)
	preparedText  = regexp.MustCompile(`(?s)<textarea id="text"[^>]*>(.*?)</textarea>`)
)

// taken is a text of a page.
func (d *signingDesk) taken(at *regexp.Regexp, status int, page string) string {
	d.t.Helper()
	found := at.FindStringSubmatch(page)
	if status != http.StatusOK || found == nil {
		d.t.Fatalf("%d: %s", status, page)
	}
	return html.UnescapeString(found[1])
}

// signed is what was prepared, with the signatures of the keys.
func signedWith(t *testing.T, text string, signers ...*ledger.Signer) string {
	t.Helper()
	p, err := ledger.ParsePrepared([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range signers {
		if err := p.Sign(s); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := ledger.MarshalPrepared(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// listed are the signatures as the script of the page sends them.
func listed(t *testing.T, text string, s *ledger.Signer) string {
	t.Helper()
	p, err := ledger.ParsePrepared([]byte(signedWith(t, text, s)))
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for i, sigs := range p.Signatures {
		out = append(out, map[string]any{"payload": i, "keyid": string(sigs[0].KeyID), "sig": base64.StdEncoding.EncodeToString(sigs[0].Sig)})
	}
	raw, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// enrol has a key enrolled in the console, by somebody else.
func (d *signingDesk) enrol(s *ledger.Signer, holder string, by signin.Grant) {
	d.t.Helper()
	pem, err := ledger.MarshalPublicKey(s.Public())
	if err != nil {
		d.t.Fatal(err)
	}
	status, page := d.post("/keys", by, "key", "# a request\n"+string(pem), "holder", holder)
	text := d.taken(preparedText, status, page)
	if status, page = d.post("/sign", by, "signed", signedWith(d.t, text, s)); status != http.StatusOK || !strings.Contains(page, "It is recorded") {
		d.t.Fatalf("%d: %s", status, page)
	}
}

// rename prepares an instruction of h1's, and returns what is to be signed.
func (d *signingDesk) rename(subject string) string {
	d.t.Helper()
	d.count++
	status, page := d.post("/sign/prepare", asPersonnel, "instruction",
		fmt.Sprintf(`{"id":"rename-%d","command":"unit.rename","subject":%q,"actor":"h1","role":"hr","data":{"name":"海关<%d>"}}`, d.count, subject, d.count))
	return d.taken(preparedField, status, page)
}

var (
	asPersonnel = signin.Grant{Subject: "h1", Role: domain.RoleHR, Units: []domain.UnitID{"A"}}
	asHead      = signin.Grant{Subject: "l1", Role: domain.RoleLeader, Units: []domain.UnitID{"A"}}
)

// lastSignatures are the keys that signed the last event of a stream.
func (d *signingDesk) lastSignatures(stream string) (ids []ledger.KeyID) {
	d.t.Helper()
	for s, err := range d.house.Store.ReadStream(d.t.Context(), stream, 0) {
		if err != nil {
			d.t.Fatal(err)
		}
		env, err := ledger.OpenEnvelope(s.Envelope)
		if err != nil {
			d.t.Fatal(err)
		}
		ids = nil
		for _, sig := range env.Signatures {
			ids = append(ids, sig.KeyID)
		}
	}
	return ids
}
