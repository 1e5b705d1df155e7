package graphql_test

import (
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

// enrol puts a fresh key of the holder on file.
func (a *agency) enrol(holder domain.ActorID, succeeds ledger.KeyID) *ledger.Signer {
	private := ok(ledger.GenerateKey(ledger.Ed25519))
	signer := ok(ledger.NewSigner(private))
	a.count++
	_, err := a.recorder.RecordSigned(a.t.Context(), domain.Instruction{ID: fmt.Sprintf("i%d", a.count),
		Command: key.Enroll{Algorithm: domain.AlgorithmEd25519, PublicKey: ok(ledger.EncodePublicKey(signer.Public())), Purpose: domain.KeyOfAuthor, Holder: holder, Succeeds: domain.KeyID(succeeds)},
		Act:     domain.Act{Subject: string(signer.ID()), Actor: "hr-li", Role: domain.RoleHR}}, signer)
	if err != nil {
		panic(err)
	}
	return signer
}

func TestKeysAreAsked(t *testing.T) {
	a := emptyAgency(t, t.TempDir())
	t.Cleanup(a.close)
	a.on("2024-01-08")
	first := a.enrol("I2", "")                                                             // position 1
	second := a.enrol("I2", first.ID())                                                    // 2
	lost := a.enrol("L1", "")                                                              // 3
	a.do("hr:R1", string(first.ID()), key.Retire{Reason: "rotated"})                       // 4
	a.do("inspector:I2", string(second.ID()), key.ProposeRevocation{Reason: "?", From: 3}) // 5
	a.do("hr:R1", string(lost.ID()), key.Revoke{Reason: "the card is gone", From: 4})      // 6
	a.do("leader:L2", string(lost.ID()), key.Vouch{Through: 5, Digest: paper[0].Digest, Reason: "gone through"})
	a.do("importer:M", "old", key.Import{Holder: "P1", Number: "SN-7"})
	a.catchUp()
	got := a.ask(t, auditor, `{ keys { totalCount nodes { holder status purpose algorithm enrolledAt endedAt endedOn endedBy reason revokedFrom vouchedThrough vouchedBy proposedFrom proposedBy number imported } } }`)
	want := `{"keys":{"totalCount":4,"nodes":[` +
		`{"holder":"P1","status":null,"purpose":null,"algorithm":null,"enrolledAt":null,"endedAt":null,"endedOn":null,"endedBy":null,"reason":null,"revokedFrom":null,"vouchedThrough":null,"vouchedBy":null,"proposedFrom":null,"proposedBy":null,"number":"SN-7","imported":true},` +
		`{"holder":"I2","status":"RETIRED","purpose":"AUTHOR","algorithm":"ed25519","enrolledAt":"1","endedAt":"4","endedOn":"2024-01-08","endedBy":"R1","reason":"rotated","revokedFrom":null,"vouchedThrough":null,"vouchedBy":null,"proposedFrom":null,"proposedBy":null,"number":null,"imported":false},` +
		`{"holder":"I2","status":"ACTIVE","purpose":"AUTHOR","algorithm":"ed25519","enrolledAt":"2","endedAt":null,"endedOn":null,"endedBy":null,"reason":null,"revokedFrom":null,"vouchedThrough":null,"vouchedBy":null,"proposedFrom":"3","proposedBy":"I2","number":null,"imported":false},` +
		`{"holder":"L1","status":"REVOKED","purpose":"AUTHOR","algorithm":"ed25519","enrolledAt":"3","endedAt":"6","endedOn":"2024-01-08","endedBy":"R1","reason":"the card is gone","revokedFrom":"4","vouchedThrough":"5","vouchedBy":"L2","proposedFrom":null,"proposedBy":null,"number":null,"imported":false}]}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	counted := func(at int) string {
		return a.ask(t, auditor, fmt.Sprintf(`{ keys(filter: {countedAt: "%d"}) { nodes { enrolledAt } } }`, at))
	}
	for at, want := range map[int]string{
		1: ``, 2: `{"enrolledAt":"1"}`, 3: `{"enrolledAt":"1"},{"enrolledAt":"2"}`, 4: `{"enrolledAt":"1"},{"enrolledAt":"2"}`, 5: `{"enrolledAt":"2"}`,
	} {
		if got := counted(at); got != `{"keys":{"nodes":[`+want+`]}}` {
			t.Errorf("at %d: %s", at, got)
		}
	}
	id := string(first.ID())
	got = a.ask(t, as(domain.RoleInspector, "I2", "A"), `{ key(id: "`+id+`") { succeededBy { holder } } keys(filter: {pending: true}) { totalCount } all: keys { totalCount }
		timeline(ref: {type: KEY, id: "`+id+`"}) { nodes { event { kind subject { object { __typename } } } } } }`)
	if want := `{"key":{"succeededBy":[{"holder":"I2"}]},"keys":{"totalCount":1},"all":{"totalCount":2},"timeline":{"nodes":[` +
		`{"event":{"kind":"key.retired.v1","subject":{"object":{"__typename":"Key"}}}},{"event":{"kind":"key.enrolled.v1","subject":{"object":{"__typename":"Key"}}}},{"event":{"kind":"key.enrolled.v1","subject":{"object":{"__typename":"Key"}}}}]}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, who := range []struct {
		role domain.Role
		keys string
	}{{domain.RolePublic, "0"}, {domain.RoleOfficer, "0"}, {domain.RoleLeader, "4"}, {domain.RoleHR, "4"}, {domain.RoleImporter, "0"}} {
		if got := a.ask(t, as(who.role, "X", "A"), `{ keys { totalCount } }`); got != `{"keys":{"totalCount":`+who.keys+`}}` {
			t.Errorf("%s: %s", who.role, got)
		}
	}
	query := `{ keys(first: %d, filter: {imported: false}) { nodes { officer { id } succeeds { id } succeededBy { id } } } }`
	if two, three := a.statements(t, fmt.Sprintf(query, 2)), a.statements(t, fmt.Sprintf(query, 3)); two != three {
		t.Errorf("two keys take %d statements, three %d", two, three)
	}
}
