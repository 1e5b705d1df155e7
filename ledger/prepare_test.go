package ledger_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

// order is cn-2024 in an agency that wants nominations signed.
func order() *domain.Rulebook {
	book := domain.CN2024()
	book.AuthorSignature = domain.AuthorSignatureRules{Kinds: []string{"reward.nominated"}, Source: "order 7 of the agency"}
	return book
}

// desk is a ledger in which hr-li and hr-wu have keys, and its clock.
type desk struct {
	*bench
	now    time.Time
	li, wu *ledger.Signer
}

func newDesk(t testing.TB, book *domain.Rulebook, reactions ...domain.Reaction) *desk {
	t.Helper()
	d := &desk{bench: newBench(t, ledger.Ed25519), now: time.Date(2024, 3, 4, 9, 30, 0, 123456789, time.UTC)}
	d.recorder = ledger.NewRecorder(ledger.RecorderConfig{
		Store: d.store, Signer: d.signer, Codec: d.codec, Book: book, Reactions: reactions,
		Now: func() time.Time { return d.now },
	})
	d.li, d.wu = newSigner(t, ledger.Ed25519), newSigner(t, ledger.SM2)
	d.signed(t, enrol(t, d.li, domain.KeyOfAuthor, "hr-li"), d.li)
	d.signed(t, enrol(t, d.wu, domain.KeyOfAuthor, "hr-wu"), d.wu)
	return d
}

func (d *desk) prepare(t testing.TB, in domain.Instruction) ledger.Prepared {
	t.Helper()
	p, err := d.recorder.Prepare(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sign(t testing.TB, p *ledger.Prepared, by ...*ledger.Signer) {
	t.Helper()
	for _, s := range by {
		if err := p.Sign(s); err != nil {
			t.Fatal(err)
		}
	}
}

// What is prepared travels as JSON, is signed elsewhere and is recorded byte
// for byte.
func TestAnAuthorSignsWhatIsRecorded(t *testing.T) {
	d := newDesk(t, order())
	before := d.head()
	p := d.prepare(t, nominate("R1", 0))
	if d.head() != before {
		t.Fatal("preparing recorded something")
	}
	raw, err := ledger.MarshalPrepared(p)
	if err != nil {
		t.Fatal(err)
	}
	away, err := ledger.ParsePrepared(raw)
	if err != nil {
		t.Fatal(err)
	}
	sign(t, &away, d.li)
	if raw, err = ledger.MarshalPrepared(away); err != nil {
		t.Fatal(err)
	}
	back, err := ledger.ParsePrepared(raw)
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(ledger.MaxPrepared - time.Millisecond)
	receipt, err := d.recorder.Submit(t.Context(), back)
	if err != nil {
		t.Fatal(err)
	}
	stored := d.store.snapshot()[receipt.Position-1]
	env, err := ledger.OpenEnvelope(stored.Envelope)
	if err != nil {
		t.Fatal(err)
	}
	if string(env.Payload) != string(p.Payloads[0]) {
		t.Error("other bytes were recorded than were signed")
	}
	if len(env.Signatures) != 2 || env.Signatures[0].KeyID != d.signer.ID() || env.Signatures[1].KeyID != d.li.ID() {
		t.Errorf("signatures by %v, want the ledger and hr-li", env.Signatures)
	}
	if report := d.mustHold(t); report.Authored != 1 {
		t.Errorf("%d events signed by their author, want 1", report.Authored)
	}
	again, err := d.recorder.Submit(t.Context(), back)
	if err != nil || !again.Repeated || !slices.Equal(again.Events, receipt.Events) {
		t.Errorf("submitted twice: %+v, %v", again, err)
	}
	if p := d.prepare(t, nominate("R1", 0)); p.Recorded == nil || !p.Recorded.Repeated {
		t.Errorf("prepared once more: %+v", p)
	}
	d.record(t, verifyMerit("R1", 0)) // which no rule wants signed
	d.mustHold(t)
}

func TestSignaturesThatAreRefused(t *testing.T) {
	stranger := newSigner(t, ledger.Ed25519)
	byLeader := func(s *ledger.Signer, c domain.Command) domain.Instruction { return onKey(s, "end", "leader-chen", c) }
	cases := []struct {
		name  string
		spoil func(t *testing.T, d *desk, p *ledger.Prepared)
		code  domain.Code
		field string
		says  string
	}{
		{"none at all", func(t *testing.T, d *desk, p *ledger.Prepared) {}, domain.CodeIncomplete, "signature", "order 7 of the agency"},
		{"another person's", func(t *testing.T, d *desk, p *ledger.Prepared) { sign(t, p, d.wu) }, domain.CodeForbidden, "signature", "held by hr-wu"},
		{"another person's beside the author's", func(t *testing.T, d *desk, p *ledger.Prepared) { sign(t, p, d.li, d.wu) }, domain.CodeForbidden, "signature", "held by hr-wu"},
		{"of a key that is not enrolled", func(t *testing.T, d *desk, p *ledger.Prepared) { sign(t, p, stranger) }, domain.CodeNotFound, "signature", "not enrolled"},
		{"of a retired key", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			d.record(t, byLeader(d.li, key.Retire{Reason: "a new one"}))
		}, domain.CodeState, "signature", "retired or revoked"},
		{"of a revoked key", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			d.record(t, byLeader(d.li, key.Revoke{Reason: "lost", From: 1 << 40}))
		}, domain.CodeState, "signature", "retired or revoked"},
		{"of other bytes", func(t *testing.T, d *desk, p *ledger.Prepared) {
			other := d.prepare(t, nominate("R2", 0))
			sign(t, &other, d.li)
			p.Signatures = other.Signatures
		}, domain.CodeInvalid, "signature", "does not fit"},
		{"with a bit flipped", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			p.Signatures[0][0].Sig[7] ^= 1
		}, domain.CodeInvalid, "signature", "does not fit"},
		{"twice", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			p.Signatures[0] = append(p.Signatures[0], p.Signatures[0][0])
		}, domain.CodeInvalid, "signature", "signs twice"},
		{"of the ledger, in a person's place", func(t *testing.T, d *desk, p *ledger.Prepared) { sign(t, p, d.signer) }, domain.CodeInvalid, "signature", "signs twice"},
		{"more than anybody needs", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			p.Signatures[0] = slices.Repeat(p.Signatures[0], 9)
		}, domain.CodeInvalid, "signatures", "at most"},
		{"for another number of events", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			p.Signatures = append(p.Signatures, nil)
		}, domain.CodeInvalid, "signatures", "each of the 1 payloads"},
		{"a payload that was changed", func(t *testing.T, d *desk, p *ledger.Prepared) {
			p.Payloads[0] = []byte(strings.Replace(string(p.Payloads[0]), "diligence", "integrity", 1))
			sign(t, p, d.li)
		}, domain.CodeInvalid, "ticket", "changed since"},
		{"another time of recording", func(t *testing.T, d *desk, p *ledger.Prepared) {
			p.RecordedAt = p.RecordedAt.Add(-time.Minute)
			sign(t, p, d.li)
		}, domain.CodeInvalid, "ticket", "changed since"},
		{"another revision", func(t *testing.T, d *desk, p *ledger.Prepared) {
			p.Expected++
			sign(t, p, d.li)
		}, domain.CodeInvalid, "ticket", "changed since"},
		{"another instruction", func(t *testing.T, d *desk, p *ledger.Prepared) {
			p.Instruction = []byte(strings.Replace(string(p.Instruction), "hr-li", "hr-wu", 1))
			sign(t, p, d.wu)
		}, domain.CodeInvalid, "ticket", "changed since"},
		{"another ledger's", func(t *testing.T, d *desk, p *ledger.Prepared) {
			*p = newDesk(t, order()).prepare(t, nominate("R1", 0))
			sign(t, p, d.li)
		}, domain.CodeInvalid, "ticket", "comes from elsewhere"},
		{"no events", func(t *testing.T, d *desk, p *ledger.Prepared) { p.Payloads = nil }, domain.CodeInvalid, "payloads", ""},
		{"too late", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			d.now = d.now.Add(ledger.MaxPrepared + time.Second)
		}, domain.CodeTooLate, "recordedAt", "prepare it again"},
		{"after somebody else acted", func(t *testing.T, d *desk, p *ledger.Prepared) {
			sign(t, p, d.li)
			d.signed(t, nominate("R1", 1), d.li)
		}, domain.CodeState, "", "prepare it again"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, order())
			p := d.prepare(t, nominate("R1", 0))
			c.spoil(t, d, &p)
			before := d.head()
			_, err := d.recorder.Submit(t.Context(), p)
			r, ok := errors.AsType[*domain.Refusal](err)
			if !ok || r.Code != c.code || r.Field != c.field || !strings.Contains(r.Error(), c.says) {
				t.Fatalf("got %v, want a refusal %s on %q that says %q", err, c.code, c.field, c.says)
			}
			if d.head() != before {
				t.Error("something was recorded all the same")
			}
			d.mustHold(t)
		})
	}
}

func TestWhatNeedsItsAuthorsSignature(t *testing.T) {
	d := newDesk(t, order())
	_, err := d.recorder.Record(t.Context(), nominate("R1", 0))
	r, ok := errors.AsType[*domain.Refusal](err)
	if !ok || r.Code != domain.CodeIncomplete || r.Field != "signature" || r.Rule != "order 7 of the agency" {
		t.Fatalf("unsigned: %v", err)
	}
	d.signed(t, nominate("R1", 0), d.li)
	plain := newDesk(t, domain.CN2024())
	plain.record(t, nominate("R1", 0)) // cn-2024 asks for none
	plain.signed(t, nominate("R2", 0), plain.li)
	plain.mustHold(t)
}

// What follows by reaction has no author, and needs no signature.
func TestReactionsNeedNoSignature(t *testing.T) {
	follows := domain.Reaction{
		Name: "nominate-another", Meaning: "for the test", On: "key.retired.v1",
		Then: func(e domain.Recorded) []domain.Instruction {
			in := nominate("R7", 0)
			return []domain.Instruction{{Command: in.Command, Act: domain.Act{Subject: "R7"}}}
		},
	}
	book := order()
	book.Authority = map[domain.CommandName][]domain.Role{"reward.nominate": {domain.RoleSystem, domain.RoleHR}}
	d := newDesk(t, book, follows)
	d.record(t, onKey(d.wu, "retire", "leader-chen", key.Retire{Reason: "leaves"}))
	if last := d.store.snapshot()[d.head()-1]; last.Stream != "reward-R7" {
		t.Errorf("the last event is on %s, want what follows by reaction", last.Stream)
	}
	d.mustHold(t)
}

func TestKeysAreProvenAndTheLedgersOwnIsKept(t *testing.T) {
	d := newDesk(t, domain.CN2024())
	next := newSigner(t, ledger.Ed25519)
	refused := func(in domain.Instruction, code domain.Code, field string, by ...*ledger.Signer) {
		t.Helper()
		_, err := d.recorder.RecordSigned(t.Context(), in, by...)
		if r, ok := errors.AsType[*domain.Refusal](err); !ok || r.Code != code || r.Field != field {
			t.Errorf("got %v, want a refusal %s on %q", err, code, field)
		}
	}
	refused(enrol(t, next, domain.KeyOfLedger, ""), domain.CodeIncomplete, "signature")
	wrong := enrol(t, next, domain.KeyOfLedger, "")
	c := wrong.Command.(key.Enroll)
	c.Algorithm = domain.AlgorithmRSA
	wrong.Command = c
	refused(wrong, domain.CodeInvalid, "publicKey", next)
	d.signed(t, enrol(t, d.signer, domain.KeyOfLedger, "")) // it signs anyway
	refused(onKey(d.signer, "retire", "leader-chen", key.Retire{Reason: "tired"}), domain.CodeState, "subject")
	d.mustHold(t)
}

// Two who prepare the same step: one is recorded, the other prepares again.
func TestSigningLosesNoRace(t *testing.T) {
	d := newDesk(t, order())
	one, two := d.prepare(t, nominate("R1", 0)), d.prepare(t, nominate("R1", 1))
	sign(t, &one, d.li)
	sign(t, &two, d.li)
	if _, err := d.recorder.Submit(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if _, err := d.recorder.Submit(t.Context(), two); domain.RefusalCode(err) != domain.CodeState {
		t.Fatalf("the second: %v", err)
	}
	d.mustHold(t)
}

func FuzzPrepared(f *testing.F) {
	d := newDesk(f, order())
	p := d.prepare(f, nominate("R1", 0))
	sign(f, &p, d.li)
	raw, err := ledger.MarshalPrepared(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"instruction":{},"payloads":[""],"payloadType":"application/cloudevents+json","signatures":[[{"keyid":"","sig":""}]]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := ledger.ParsePrepared(raw)
		if err != nil {
			if domain.RefusalCode(err) == "" {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		before := d.head()
		_, err = d.recorder.Submit(t.Context(), p)
		if err != nil && domain.RefusalCode(err) == "" {
			t.Fatalf("not a refusal: %v", err)
		}
		if err == nil && d.head() > before+1 {
			t.Fatal("more than one event")
		}
	})
}
