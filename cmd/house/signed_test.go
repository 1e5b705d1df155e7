package house

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

const erase = `{"id":"%s","command":"complaint.erase_reporter","subject":"%s","actor":"T1","role":"intake","data":{"ground":"个人信息保护法 art. 47"}}`

// An identity is sealed, and its key destroyed, also when the author signs.
func TestWhatAuthorsSignIsSealedAndErasedAllTheSame(t *testing.T) {
	o := newOffice(t)
	priv, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	author, err := ledger.NewSigner(priv)
	if err != nil {
		t.Fatal(err)
	}
	enrol, err := Enrolment(author, domain.KeyOfAuthor, "T1", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Record(t.Context(), OnKey(author.ID(), enrol, "R1", domain.RoleHR), author); err != nil {
		t.Fatal(err)
	}
	sealed := func(id string) string {
		t.Helper()
		if _, receipt, err := o.House.Submit(t.Context(), fmt.Appendf(nil, receive, id, id), author); err != nil || receipt.Repeated {
			t.Fatal(err)
		}
		on, err := o.reporterOn(t.Context(), "complaint-"+id, "")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(o.dir, vaultDir, on.sealed.Key+".key")
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("no key of what was sealed: %v", err)
		}
		return path
	}
	gone := func(how, path string) {
		t.Helper()
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the key is there still (%v)", how, err)
		}
	}
	path := sealed("C1")
	if _, _, err := o.House.Submit(t.Context(), fmt.Appendf(nil, erase, "e", "C1"), author); err != nil {
		t.Fatal(err)
	}
	gone("signed in one go", path)

	path = sealed("C2")
	_, p, err := o.Signed().PrepareLine(t.Context(), fmt.Appendf(nil, erase, "e", "C2"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("destroyed before it is recorded: %v", err)
	}
	if err := p.Sign(author); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Signed().Submit(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	gone("prepared, signed and submitted", path)
	o.verify()
}

// What is prepared leaves the house: nobody's identity goes with it, sealed
// or not.
func TestNothingUnderSealIsPrepared(t *testing.T) {
	o := newOffice(t)
	in, _, err := o.Signed().PrepareLine(t.Context(), fmt.Appendf(nil, receive, "1", "C1"))
	refused, ok := errors.AsType[*domain.Refusal](err)
	if !ok || refused.Field != "reporter" || in.ID != "1" || strings.Contains(err.Error(), "林静雯") {
		t.Errorf("a reporter in plain words: %v", err)
	}
	line := `{"id":"2","command":"complaint.receive","subject":"C2","actor":"T1","role":"intake",
		"data":{"channel":"letter","category":"bribery","summary":"asked for a gift","unit":"U1","officers":["P1"],"realName":true,"reporter":{"key":"0f5ad1e3","ciphertext":"AWZha2U="}}}`
	_, _, err = o.Signed().PrepareLine(t.Context(), []byte(line))
	if refused, ok = errors.AsType[*domain.Refusal](err); !ok || refused.Field != "data.reporter" {
		t.Errorf("one sealed elsewhere: %v", err)
	}
}
