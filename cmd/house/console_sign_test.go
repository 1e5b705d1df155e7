package house

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
)

func TestWhatPeopleSignInTheConsoleIsRecordedOnce(t *testing.T) {
	d := newSigningDesk(t)
	for _, alg := range []ledger.Algorithm{ledger.Ed25519, ledger.ECDSAP256, ledger.SM2} {
		own := newAuthor(t, alg)
		d.enrol(own, "h1", asHead)
		if _, page := d.get(t, "/key", asPersonnel); !strings.Contains(page, `data-key="`+string(own.ID())+`" data-status="ACTIVE"`) {
			t.Errorf("%s: the holder is not told that the key is enrolled: %s", alg, page)
		}
		text := d.rename("A")
		form := []string{"prepared", text, "signatures", listed(t, text, own), "back", "/console/history/unit/A"}
		status, page := d.post("/sign", asPersonnel, form...)
		if status != http.StatusOK || !strings.Contains(page, "It is recorded, with your signature.") || !strings.Contains(page, `href="/console/history/unit/A"`) {
			t.Fatalf("%s: %d: %s", alg, status, page)
		}
		after := d.head()
		for _, again := range [][]string{form, {"signed", signedWith(t, text, own)}} {
			if status, page = d.post("/sign", asPersonnel, again...); status != http.StatusOK || !strings.Contains(page, "on file already") {
				t.Errorf("%s, sent again: %d: %s", alg, status, page)
			}
		}
		d.late += 2 * time.Hour // as a tab that is loaded again the next day
		if status, page = d.post("/sign", asPersonnel, form...); status != http.StatusOK || !strings.Contains(page, "on file already") {
			t.Errorf("%s, sent again after its hour: %d: %s", alg, status, page)
		}
		if d.head() != after {
			t.Errorf("%s: what was sent again is recorded again", alg)
		}
		if last := d.lastSignatures("unit-A"); len(last) != 2 || last[1] != own.ID() {
			t.Errorf("%s: the event is signed by %v, not by %s", alg, last, own.ID())
		}
	}
}

func TestWhatIsNotOnesOwnSignatureIsNotRecorded(t *testing.T) {
	d := newSigningDesk(t)
	own, other, stranger := newAuthor(t, ledger.Ed25519), newAuthor(t, ledger.ECDSAP256), newAuthor(t, ledger.Ed25519)
	d.enrol(own, "h1", asHead)
	d.enrol(other, "P1", asHead)
	elsewhere := newSigningDesk(t)
	bent := func(change func(*ledger.Prepared)) func(string) []string {
		return func(text string) []string {
			p, err := ledger.ParsePrepared([]byte(signedWith(t, text, own)))
			if err != nil {
				t.Fatal(err)
			}
			change(&p)
			raw, err := ledger.MarshalPrepared(p)
			if err != nil {
				t.Fatal(err)
			}
			return []string{"signed", string(raw)}
		}
	}
	by := func(s *ledger.Signer) func(string) []string {
		return func(text string) []string { return []string{"prepared", text, "signatures", listed(t, text, s)} }
	}
	for _, tt := range []struct {
		name string
		as   signin.Grant
		form func(text string) []string
		says string
	}{
		{"prepared by another ledger", asPersonnel, func(string) []string {
			return []string{"signed", signedWith(t, elsewhere.rename("A"), own)}
		}, "not what the ledger prepared for you"},
		{"another payload", asPersonnel, bent(func(p *ledger.Prepared) { p.Payloads[0][len(p.Payloads[0])-3] ^= 1 }), "not what the ledger prepared for you"},
		{"another payload, signed", asPersonnel, func(text string) []string {
			changed := bent(func(p *ledger.Prepared) {
				p.Signatures = nil
				p.Payloads[0] = []byte(strings.Replace(string(p.Payloads[0]), "海关", "税务", 1))
			})(text)[1]
			return []string{"signed", signedWith(t, changed, own)}
		}, "not what the ledger prepared for you"},
		{"another instruction", asPersonnel, bent(func(p *ledger.Prepared) {
			p.Instruction = []byte(strings.Replace(string(p.Instruction), "rename-", "rename_", 1))
		}), "not what the ledger prepared for you"},
		{"another time", asPersonnel, bent(func(p *ledger.Prepared) { p.RecordedAt = p.RecordedAt.Add(time.Second) }), "not what the ledger prepared for you"},
		{"a bit of the signature", asPersonnel, bent(func(p *ledger.Prepared) { p.Signatures[0][0].Sig[5] ^= 1 }), "the signature does not count"},
		{"another's key", asPersonnel, by(other), "held by P1 and not by h1"},
		{"a key that is not enrolled", asPersonnel, by(stranger), "which is not enrolled"},
		{"the name of one's own key over another's signature", asPersonnel, bent(func(p *ledger.Prepared) {
			var q ledger.Prepared
			q.PayloadType, q.Payloads = p.PayloadType, p.Payloads
			if err := q.Sign(stranger); err != nil {
				t.Fatal(err)
			}
			p.Signatures[0][0].Sig = q.Signatures[0][0].Sig
		}), "does not fit what was prepared"},
		{"two signatures by one key", asPersonnel, bent(func(p *ledger.Prepared) { p.Signatures[0] = append(p.Signatures[0], p.Signatures[0][0]) }), "signs twice"},
		{"a payload that is none", asPersonnel, func(text string) []string {
			return []string{"prepared", text, "signatures", `[{"payload":1,"keyid":"` + string(own.ID()) + `","sig":"QUJD"}]`}
		}, "none of the 1 payloads"},
		{"sent by another", asHead, by(own), "you act as l1 and in no other name"},
		{"sent in another role", signin.Grant{Subject: "h1", Role: domain.RoleLeader, Units: asPersonnel.Units}, by(own), "you are signed in as leader"},
		{"from outside the unit", signin.Grant{Subject: "h1", Role: domain.RoleHR, Units: []domain.UnitID{"B"}}, by(own), "It is not recorded"},
	} {
		text, before := d.rename("A"), d.head()
		if status, page := d.post("/sign", tt.as, tt.form(text)...); status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(page), tt.says) {
			t.Errorf("%s: %d: %s", tt.name, status, page)
		}
		if d.head() != before {
			t.Errorf("%s is recorded", tt.name)
		}
	}

	first, second := d.rename("A"), d.rename("A")
	if status, _ := d.post("/sign", asPersonnel, by(own)(second)...); status != http.StatusOK {
		t.Fatalf("%d", status)
	}
	if status, page := d.post("/sign", asPersonnel, by(own)(first)...); status != 422 || !strings.Contains(page, "changed meanwhile") {
		t.Errorf("changed meanwhile: %d: %s", status, page)
	}
	old := d.rename("A")
	d.late += 61 * time.Minute
	if status, page := d.post("/sign", asPersonnel, by(own)(old)...); status != 422 || !strings.Contains(page, "more than an hour ago") {
		t.Errorf("too late: %d: %s", status, page)
	}
	d.ends(own, other)
}

// ends: a key that its holder retires, or that is revoked, signs no more.
func (d *signingDesk) ends(own, other *ledger.Signer) {
	t, path := d.t, "/keys/"+string(own.ID())
	if status, page := d.get(t, path, asPersonnel); status != 200 || !strings.Contains(page, "Retire the key") {
		t.Errorf("the holder cannot retire the key: %d", status)
	}
	if _, page := d.get(t, path, asAuditor); strings.Contains(page, `name="reason"`) {
		t.Error("an auditor is offered to retire a key")
	}
	asColleague := signin.Grant{Subject: "P1", Role: domain.RoleOfficer}
	if status, _ := d.get(t, path, asColleague); status != 404 {
		t.Errorf("another's key is shown to an officer: %d", status)
	}
	if status, _ := d.post(path, asColleague, "reason", "mischief"); status != 404 {
		t.Errorf("another's key is ended: %d", status)
	}
	if status, page := d.post(path, asPersonnel, "reason", ""); status != 422 || !strings.Contains(page, "reason") {
		t.Errorf("without a reason: %d", status)
	}
	for _, from := range []string{"x", "-1", "1.5", "99999999999999999999"} {
		if status, page := d.post(path, asPersonnel, "reason", "stolen", "from", from); status != 422 || !strings.Contains(page, `value="stolen"`) {
			t.Errorf("revoked from %s: %d", from, status)
		}
	}
	if k, err := d.house.KeyState(t.Context(), own.ID()); err != nil || k.Status != key.StatusActive {
		t.Fatalf("%v %v", k.Status, err)
	}
	text := d.rename("A")
	if status, _ := d.post(path, asPersonnel, "reason", "another machine"); status != http.StatusSeeOther {
		t.Errorf("retired by its holder: %d", status)
	}
	if status, page := d.post("/sign", asPersonnel, "prepared", text, "signatures", listed(t, text, own)); status != 422 || !strings.Contains(page, "retired or revoked") {
		t.Errorf("signed with a retired key: %d: %s", status, page)
	}
	if status, _ := d.post("/keys/"+string(other.ID()), asHead, "reason", "the laptop was stolen", "from", "3"); status != http.StatusSeeOther {
		t.Errorf("revoked by a leader: %d", status)
	}
	if k, err := d.house.KeyState(t.Context(), other.ID()); err != nil || k.Status != key.StatusRevoked || k.RevokedFrom != 3 {
		t.Errorf("%+v %v", k, err)
	}
}

func TestAKeyIsEnrolledByAnotherAlone(t *testing.T) {
	d := newSigningDesk(t)
	own, stranger := newAuthor(t, ledger.Ed25519), newAuthor(t, ledger.Ed25519)
	pem, err := ledger.MarshalPublicKey(own.Public())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		as     signin.Grant
		holder string
		says   string
	}{
		{"by oneself", asPersonnel, "h1", "nobody enrols their own key"},
		{"by an officer", signin.Grant{Subject: "P1", Role: domain.RoleOfficer}, "h1", "The ledger says"},
		{"by an auditor", asAuditor, "h1", "The ledger says"},
		{"for somebody of another unit", signin.Grant{Subject: "x1", Role: domain.RoleHR, Units: []domain.UnitID{"B"}}, "h1", "who serve in your units"},
		{"for nobody", asHead, "", "input.holder"},
		{"for the system", asHead, "system", "input.holder"},
	} {
		before := d.head()
		if status, page := d.post("/keys", tt.as, "key", string(pem), "holder", tt.holder); status != 422 || !strings.Contains(html.UnescapeString(page), tt.says) {
			t.Errorf("%s: %d: %s", tt.name, status, page)
		}
		if d.head() != before {
			t.Errorf("%s: recorded", tt.name)
		}
	}
	status, page := d.post("/keys", asHead, "key", string(pem), "holder", "h1")
	text := d.taken(preparedText, status, page)
	for name, signed := range map[string]string{"by another key": signedWith(t, text, stranger), "by nobody": text} {
		if status, page := d.post("/sign", asHead, "signed", signed); status != 422 || !strings.Contains(page, "It is not recorded") {
			t.Errorf("signed %s: %d: %s", name, status, page)
		}
	}
	if status, page := d.post("/sign", asPersonnel, "signed", signedWith(t, text, own)); status != 422 || !strings.Contains(page, "not what the ledger prepared for you") {
		t.Errorf("handed in by its holder: %d: %s", status, page)
	}
	if status, _ := d.post("/sign", asHead, "signed", signedWith(t, text, own)); status != 200 {
		t.Errorf("handed in by who enrols it: %d", status)
	}
}
