package house

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/seal"
	"github.com/probity-ledger/probity/ledger/seal/sealtest"
	"github.com/probity-ledger/probity/projections"
)

const passphrase = "correct horse"

// office is a house with a unit U1 below U0, an officer P1
// in it, and a unit U2 beside.
type office struct {
	*House
	t     *testing.T
	dir   string
	plain bool // its keys are not encrypted, which takes time
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, dir: offices.in(t), plain: true}
	o.open()
	t.Cleanup(o.close)
	return o
}

// newLockedOffice is one whose keys are under a passphrase.
func newLockedOffice(t *testing.T) *office {
	o := &office{t: t, dir: t.TempDir()}
	o.open()
	t.Cleanup(o.close)
	o.begin()
	return o
}

// offices are plain ones.
var offices = beginning{make: func(t *testing.T, dir string) {
	o := &office{t: t, dir: dir, plain: true}
	o.open()
	o.begin()
	o.close()
}}

// begin records who is there.
func (o *office) begin() {
	t := o.t
	t.Helper()
	for _, in := range []struct {
		subject string
		command domain.Command
	}{
		{"U0", unit.Establish{UnitName: "海关", UnitKind: unit.KindAgency}},
		{"U1", unit.Establish{UnitName: "查验处", UnitKind: unit.KindDepartment, Parent: "U0"}},
		{"U2", unit.Establish{UnitName: "稽查处", UnitKind: unit.KindDepartment, Parent: "U0"}},
		{"P1", officer.Enroll{FullName: "P1", Unit: "U1", On: domain.MustDate("2020-01-06")}},
	} {
		_, err := o.Record(t.Context(), domain.Instruction{ID: "begin", Command: in.command, Act: domain.Act{Subject: in.subject, Actor: "R1", Role: domain.RoleHR}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (o *office) open() {
	o.t.Helper()
	asked := 0
	h, err := Open(Config{Dir: o.dir, Write: true, PlainKey: o.plain, Passphrase: func(bool) ([]byte, error) {
		if asked++; asked > 1 {
			o.t.Error("the passphrase was asked for twice")
		}
		return []byte(passphrase), nil
	}})
	if err == nil {
		err = h.OpenViews(context.Background(), nil)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	o.House = h
}

func (o *office) close() {
	o.t.Helper()
	if o.House == nil {
		return
	}
	if err := o.House.Close(); err != nil {
		o.t.Error(err)
	}
	o.House = nil
}

// submit gives a line, which must be recorded.
func (o *office) submit(line string) ledger.Receipt {
	o.t.Helper()
	_, receipt, err := o.Submit(o.t.Context(), []byte(line))
	if err != nil {
		o.t.Fatalf("%s: %v", line, err)
	}
	return receipt
}

func (o *office) unseal(as string, id domain.ComplaintID, reason string) (*Unsealed, error) {
	o.t.Helper()
	if err := o.Views.CatchUp(o.t.Context(), o.Store, nil); err != nil {
		o.t.Fatal(err)
	}
	role, rest, _ := strings.Cut(as, ":")
	who, units, _ := strings.Cut(rest, "@")
	p := projections.Principal{Subject: who, Role: domain.Role(role)}
	if units != "" {
		p.Units = []domain.UnitID{domain.UnitID(units)}
	}
	return o.Unseal(o.t.Context(), p, id, reason)
}

// count is how many events of the kind the complaint has.
func (o *office) count(id string, kind domain.Kind) int {
	o.t.Helper()
	n := 0
	for s, err := range o.Store.ReadStream(o.t.Context(), "complaint-"+id, 0) {
		if err != nil {
			o.t.Fatal(err)
		}
		d, err := o.Codec.Decode(s)
		if err != nil {
			o.t.Fatal(err)
		}
		if d.Event.Kind() == kind {
			n++
		}
	}
	return n
}

// verify checks every event of the ledger.
func (o *office) verify() {
	o.t.Helper()
	report, err := ledger.Verify(o.t.Context(), o.Store, ledger.VerifyConfig{Keys: o.Keys, Codec: o.Codec})
	if err != nil {
		o.t.Fatalf("%+v, %v", report, err)
	}
}

const receive = `{"id":"%s","command":"complaint.receive","subject":"%s","actor":"T1","role":"intake",` +
	`"data":{"channel":"letter","category":"bribery","summary":"asked for a gift","unit":"U1","officers":["P1"],"realName":true},` +
	`"reporter":{"name":"林静雯","phone":"13917254601","email":"jingwen.lin@mail.example","document":"310109198203047724"}}`

var lin = Reporter{Name: "林静雯", Phone: "13917254601", Email: "jingwen.lin@mail.example", Document: "310109198203047724"}

func traces(t *testing.T, dir string, words ...string) []string {
	t.Helper()
	found, err := sealtest.Traces(dir, words...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// linWords are what must lie nowhere.
var linWords = []string{lin.Name, lin.Phone, lin.Email, lin.Document, "jingwen"}

func TestAReporterIsSealedAndOpenedByIntakeAlone(t *testing.T) {
	o := newOffice(t)
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	opened, err := o.unseal("intake:T2@U1", "C1", "to ask for the date")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lin, opened.Reporter); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	unsealed := complaint.ReporterUnsealed{}.Kind()
	if n := o.count("C1", unsealed); n != 1 {
		t.Errorf("%d openings are recorded, want 1", n)
	}
	for _, tt := range []struct {
		name, as, reason string
		code             domain.Code
	}{
		{"without a reason", "intake:T2@U1", "", domain.CodeInvalid},
		{"from another unit", "intake:T2@U2", "curious", domain.CodeNotFound},
		{"without any unit", "intake:T2@", "curious", domain.CodeNotFound},
		{"who is complained about", "intake:P1@U1", "curious", domain.CodeNotFound},
		{"inspector", "inspector:I1@U0", "curious", domain.CodeForbidden},
		{"leader", "leader:L1@U0", "curious", domain.CodeForbidden},
		{"hr", "hr:R1@U0", "curious", domain.CodeForbidden},
		{"auditor", "auditor:A1@", "curious", domain.CodeForbidden},
		{"handler", "handler:H1@", "curious", domain.CodeForbidden},
		{"officer", "officer:P1@", "curious", domain.CodeForbidden},
		{"public", "public:X@", "curious", domain.CodeForbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := o.unseal(tt.as, "C1", tt.reason); domain.RefusalCode(err) != tt.code || got != nil {
				t.Errorf("got %v, %v; want %s", got, err, tt.code)
			}
		})
	}
	if n := o.count("C1", unsealed); n != 1 {
		t.Errorf("%d openings are recorded after the refused ones, want 1", n)
	}
	if _, err := o.unseal("intake:T2@U1", "C1", "once more"); err != nil {
		t.Error(err)
	}
	if n := o.count("C1", unsealed); n != 2 {
		t.Errorf("%d openings are recorded, want 2", n)
	}
	if _, err := o.unseal("intake:T2@U1", "C9", "curious"); domain.RefusalCode(err) != domain.CodeNotFound {
		t.Errorf("a complaint that is not there: %v", err)
	}
	o.verify()
}

// The opening must be on record before anything is shown: on a ledger that
// cannot record, nothing is.
func TestNothingIsShownThatIsNotRecorded(t *testing.T) {
	o := newOffice(t)
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	if err := o.Views.CatchUp(t.Context(), o.Store, nil); err != nil {
		t.Fatal(err)
	}
	if err := o.Store.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := o.Unseal(t.Context(), projections.Principal{Subject: "T1", Role: domain.RoleIntake, Units: []domain.UnitID{"U1"}}, "C1", "to ask")
	if err == nil || got != nil {
		t.Errorf("shown: %v, %v", got, err)
	}
	o.House.Views.Close()
	o.House = nil
}

func TestARetryIsNotASecondWish(t *testing.T) {
	o := newOffice(t)
	first := o.submit(fmt.Sprintf(receive, "1", "C1"))
	if len(first.Events) != 2 {
		t.Fatalf("recorded %v, want the receipt and the seal", first)
	}
	retry := func(why string) {
		t.Helper()
		again := o.submit(fmt.Sprintf(receive, "1", "C1"))
		if diff := cmp.Diff(first.Events, again.Events); diff != "" || !again.Repeated {
			t.Errorf("%s: recorded again: %+v\n%s", why, again, diff)
		}
		if keys, err := o.vault.Keys(); err != nil || len(keys) > 1 {
			t.Errorf("%s: the vault holds %v, %v", why, keys, err)
		}
	}
	retry("at once")
	o.close()
	o.open()
	retry("after a restart")
	// Another reporter under the same id is another wish.
	for _, line := range []string{
		strings.Replace(fmt.Sprintf(receive, "1", "C1"), "13917254601", "13917254602", 1),
		strings.Replace(fmt.Sprintf(receive, "1", "C1"), "asked for a gift", "took a gift", 1),
	} {
		if _, _, err := o.Submit(t.Context(), []byte(line)); domain.RefusalCode(err) != domain.CodeInvalid || !strings.HasPrefix(err.Error(), "id: ") {
			t.Errorf("another wish under the same id: %v", err)
		}
	}
	o.submit(`{"id":"e","command":"complaint.erase_reporter","subject":"C1","actor":"T1","role":"intake","data":{"ground":"on request"}}`)
	retry("after the erasure")
	if keys, err := o.vault.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("a retry brought a key back: %v, %v", keys, err)
	}
}

func TestOneInstructionManyTimesAtOnceIsRecordedOnce(t *testing.T) {
	o := newOffice(t)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, _, err := o.Submit(t.Context(), []byte(fmt.Sprintf(receive, "1", "C1"))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := o.count("C1", complaint.ReporterSealed{}.Kind()); n != 1 {
		t.Errorf("sealed %d times, want once", n)
	}
	if keys, err := o.vault.Keys(); err != nil || len(keys) != 1 {
		t.Errorf("the vault holds %v, %v", keys, err)
	}
	if got, err := o.unseal("intake:T2@U1", "C1", "to ask"); err != nil || got.Reporter != lin {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAReporterMayBeCorrectedUnderTheSameKey(t *testing.T) {
	o := newOffice(t)
	o.submit(fmt.Sprintf(receive, "1", "C1"))
	o.submit(`{"id":"2","command":"complaint.seal_reporter","subject":"C1","actor":"T1","role":"intake","reporter":{"name":"林静雯","phone":"13800002222"}}`)
	if got, err := o.unseal("intake:T2@U1", "C1", "to ask"); err != nil || got.Reporter.Phone != "13800002222" {
		t.Errorf("%+v, %v", got, err)
	}
	if keys, err := o.vault.Keys(); err != nil || len(keys) != 1 {
		t.Errorf("the vault holds %v, %v", keys, err)
	}
	// Another complaint of the same reporter shares nothing with it.
	o.submit(fmt.Sprintf(receive, "1", "C2"))
	one, err := o.reporterOn(t.Context(), "complaint-C1", "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := o.reporterOn(t.Context(), "complaint-C2", "")
	if err != nil || one.sealed.Key == two.sealed.Key || len(one.sealed.Ciphertext) != len(two.sealed.Ciphertext) {
		t.Errorf("the two complaints can be linked, or told apart by length: %v, %v, %v", one, two, err)
	}
	// A ciphertext cannot be moved to a complaint of one's own.
	at := reporterPlace("C2")
	if _, err := o.House.open(one.sealed, at); !errors.Is(err, seal.ErrBroken) {
		t.Errorf("opened on another complaint: %v", err)
	}
}

func TestReportersThatAreRefused(t *testing.T) {
	o := newOffice(t)
	data := `"data":{"channel":"letter","category":"bribery","summary":"asked for a gift"`
	head := `{"id":"1","command":"complaint.receive","subject":"C1","actor":"T1","role":"intake",`
	for _, tt := range []struct{ name, line, field string }{
		{"nothing", head + data + `},"reporter":{}}`, "reporter"},
		{"text", head + data + `},"reporter":"林静雯"}`, "reporter"},
		{"null", head + data + `},"reporter":null}`, "reporter"},
		{"an unknown field", head + data + `},"reporter":{"nom":"林静雯"}}`, "reporter"},
		{"a number", head + data + `},"reporter":{"phone":13917254601}}`, "reporter"},
		{"far too long", head + data + `},"reporter":{"note":"` + strings.Repeat("林静雯", 500) + `"}}`, "reporter.note"},
		{"in plain words within the data", head + data + `,"reporter":{"name":"林静雯"}}}`, "data.reporter.name"},
		{"sealed by somebody else", head + data + `,"reporter":{"key":"k","ciphertext":"5p6X6Z2Z6Zuv"}}}`, "data.reporter"},
		{"with another command", `{"id":"1","command":"complaint.screen","subject":"C1","actor":"T1","role":"intake","data":{"admissible":true,"ground":"ours"},"reporter":{"name":"林静雯"}}`, "reporter"},
		{"on no subject", `{"id":"1","command":"complaint.receive","actor":"T1","role":"intake",` + data + `},"reporter":{"name":"林静雯"}}`, "subject"},
		{"beside what no instruction has", head + data + `},"reporter":{"name":"林静雯"},"colour":"red"}`, "colour"},
		{"twice", head + data + `},"reporter":{"name":"林静雯"},"reporter":{"name":"林静雯"}}`, "reporter"},
		{"refused for another reason", head + `"data":{"channel":"pigeon","category":"bribery","summary":"asked for a gift"},"reporter":{"name":"林静雯"}}`, "channel"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := o.Submit(t.Context(), []byte(tt.line))
			r, ok := errors.AsType[*domain.Refusal](err)
			if !ok || r.Field != tt.field {
				t.Errorf("got %v, want a refusal of %s", err, tt.field)
			}
			if err != nil && strings.Contains(err.Error(), "林") || err != nil && strings.Contains(err.Error(), "139172") {
				t.Errorf("the refusal tells who reported: %v", err)
			}
		})
	}
	if keys, err := o.vault.Keys(); err != nil || len(keys) != 0 {
		t.Errorf("refused reporters left keys: %v, %v", keys, err)
	}
	if found := traces(t, o.dir, "林静雯", "13917254601"); len(found) > 0 {
		t.Errorf("%v", found)
	}
}
