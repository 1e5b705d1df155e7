package complaint_test

import (
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

// code is what is kept of the receipt code of X1.
const code = "5f0c7a1be2d34496a1b2c3d4e5f60718"

var (
	question = domain.SealedText(under)
	evidence = []domain.Evidence{{Digest: "sha256:" + strings.Repeat("ab", 32), MediaType: "image/jpeg", Size: 9}}

	receipted = domaintest.Past{Act: reporter, Event: complaint.ReceiptGiven{Hash: code}}
	withFiles = domaintest.Past{Act: reporter, Event: complaint.ReceiptGiven{Hash: code, Key: under.Key}}
	asked     = domaintest.Past{Act: intake, Event: complaint.QuestionAsked(under)}
	wrote     = domaintest.Past{Act: reporter, Event: complaint.ReplyGiven{Key: under.Key, Ciphertext: under.Ciphertext}}
)

func TestGivingAReceipt(t *testing.T) {
	filed := complaint.Received{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held"}
	receive := func(r complaint.Receipt, by domain.Sealed) complaint.Receive {
		return complaint.Receive{Channel: filed.Channel, Category: filed.Category, Summary: filed.Summary, Receipt: r, Reporter: by}
	}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "what is kept of the code is an event of its own", When: receive(complaint.Receipt{Hash: code}, domain.Sealed{}), As: reporter,
			Then: []domain.Event{filed, complaint.ReceiptGiven{Hash: code}},
		},
		{
			Name: "it comes after the identity, and under its key", When: receive(complaint.Receipt{Hash: code, Key: under.Key}, under), As: reporter,
			Then: []domain.Event{filed, complaint.ReporterSealed(under), complaint.ReceiptGiven{Hash: code, Key: under.Key}},
		},
		{
			Name: "nobody files for another and knows the code", When: receive(complaint.Receipt{Hash: code}, domain.Sealed{}), As: intake,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "the code itself is refused", When: receive(complaint.Receipt{Hash: "1234567890123456"}, domain.Sealed{}), As: reporter,
			Refused: domain.CodeInvalid, Field: "receipt",
		},
		{
			Name: "so is a second spelling", When: receive(complaint.Receipt{Hash: strings.ToUpper(code)}, domain.Sealed{}), As: reporter,
			Refused: domain.CodeInvalid, Field: "receipt",
		},
		{
			Name: "and a key without a code", When: receive(complaint.Receipt{Key: "k"}, domain.Sealed{}), As: reporter,
			Refused: domain.CodeInvalid, Field: "receipt",
		},
		{
			Name: "two keys would outlive an erasure", When: receive(complaint.Receipt{Hash: code, Key: "other"}, under), As: reporter,
			Refused: domain.CodeConflict, Field: "receipt.key",
		},
		{
			Name: "a key is named by an id", When: receive(complaint.Receipt{Hash: code, Key: "a key"}, domain.Sealed{}), As: reporter,
			Refused: domain.CodeInvalid, Field: "receipt.key",
		},
	})
}

func TestAskingTheReporter(t *testing.T) {
	ask := complaint.AskReporter{Question: question}
	is := []domain.Event{complaint.QuestionAsked(under)}
	tiedTo := func(tie officer.Interest) map[domain.Reference]any {
		return map[domain.Reference]any{domain.OfficerID("handler-qian"): tied(tie)}
	}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{Name: "intake asks", Given: past(received, receipted), When: ask, As: intake, Then: is},
		{Name: "the handler asks", Given: append(past(handled...), receipted), When: ask, As: handler, Then: is},
		{Name: "also when it is concluded", Given: append(past(concluded...), withFiles, asked, wrote), When: ask, As: handler, Then: is},
		{Name: "nobody asks without a complaint", When: ask, As: intake, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "nor on one of old", Given: past(imported), When: ask, As: intake, Refused: domain.CodeState},
		{Name: "nor on one that was withdrawn", Given: past(received, receipted, withdrawn), When: ask, As: intake, Refused: domain.CodeState},
		{Name: "nor where nobody would read it", Given: past(received), When: ask, As: intake, Refused: domain.CodeState},
		{Name: "nor after the erasure", Given: past(received, receipted, sealed, erased), When: ask, As: intake, Refused: domain.CodeState},
		{Name: "another handler does not", Given: append(past(handled...), receipted), When: ask, As: other, Refused: domain.CodeForbidden, Field: "actor"},
		{Name: "nor does an inspector", Given: append(past(handled...), receipted), When: ask, As: inspector, Refused: domain.CodeForbidden, Field: "role"},
		{
			Name: "nor who is complained about", Given: past(received, receipted), When: ask, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "nor who was recused", Given: append(past(handled...), receipted, recused), When: ask, As: domaintest.By("handler-qian", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "nor who has a tie to the officer", Given: append(past(handled...), receipted), When: ask, As: handler,
			Sees: tiedTo(officer.Interest{Nature: "spouse", Officer: "P7"}), Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "nor one under inquiry", Given: append(past(handled...), receipted), When: ask, As: handler,
			Sees:    map[domain.Reference]any{domain.OfficerID("handler-qian"): officer.Officer{Status: officer.StatusServing, Inquiries: []domain.CaseID{"M2"}}},
			Refused: domain.CodeRule, Field: "actor", Rule: "监察法",
		},
		{
			Name: "a question in plain words is refused", Given: past(received, receipted), As: intake,
			When: complaint.AskReporter{Question: domain.SealedText{Key: under.Key, Ciphertext: "when was it?"}}, Refused: domain.CodeInvalid, Field: "question",
		},
		{
			Name: "another key would outlive an erasure", Given: past(received, withFiles), As: intake,
			When: complaint.AskReporter{Question: domain.SealedText{Key: "other", Ciphertext: under.Ciphertext}}, Refused: domain.CodeConflict, Field: "question.key",
		},
	})
}

func TestReplying(t *testing.T) {
	reply := complaint.Reply{Reply: question, Evidence: evidence}
	is := []domain.Event{complaint.ReplyGiven{Key: under.Key, Ciphertext: under.Ciphertext, Evidence: evidence}}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{Name: "the reporter answers", Given: past(received, receipted, asked), When: reply, As: reporter, Then: is},
		{Name: "or writes of their own accord, also in the end", Given: append(past(told...), withFiles), When: reply, As: reporter, Then: is},
		{Name: "intake does not answer itself", Given: past(received, receipted), When: reply, As: intake, Refused: domain.CodeForbidden, Field: "role"},
		{Name: "there must be a complaint", When: reply, As: reporter, Refused: domain.CodeNotFound, Field: "subject"},
		{Name: "not of old", Given: past(imported), When: reply, As: reporter, Refused: domain.CodeState},
		{Name: "not withdrawn", Given: past(received, receipted, withdrawn), When: reply, As: reporter, Refused: domain.CodeState},
		{Name: "with a receipt", Given: past(received), When: reply, As: reporter, Refused: domain.CodeState},
		{Name: "and nothing erased", Given: past(received, withFiles, erased), When: reply, As: reporter, Refused: domain.CodeState},
		{
			Name: "who is complained about does not write in the reporter's name", Given: past(received, receipted), When: reply, As: domaintest.By("P7", domain.RolePublic),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "plain words are refused", Given: past(received, receipted), As: reporter,
			When: complaint.Reply{Reply: domain.SealedText{Key: "k", Ciphertext: "it was I"}}, Refused: domain.CodeInvalid, Field: "reply",
		},
		{
			Name: "another key would outlive an erasure", Given: past(received, receipted, asked), As: reporter,
			When: complaint.Reply{Reply: domain.SealedText{Key: "other", Ciphertext: under.Ciphertext}}, Refused: domain.CodeConflict, Field: "reply.key",
		},
		{
			Name: "a file has a digest", Given: past(received, receipted), As: reporter,
			When: complaint.Reply{Reply: question, Evidence: []domain.Evidence{{MediaType: "image/jpeg"}}}, Refused: domain.CodeInvalid, Field: "evidence",
		},
	})
}

// One erasure takes identity, messages and files, whichever came first.
func TestOneKeyIsForAllThatTheReporterLeft(t *testing.T) {
	erase := complaint.EraseReporter{Ground: "个人信息保护法 art. 47"}
	gone := []domain.Event{complaint.ReporterErased{Key: under.Key, Ground: erase.Ground}}
	unseal := complaint.UnsealReporter{Reason: "to ask when it was"}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{Name: "files alone are erased", Given: past(received, withFiles), When: erase, As: intake, Then: gone},
		{Name: "and messages", Given: past(received, receipted, asked, wrote), When: erase, As: leader, Then: gone},
		{Name: "there is no identity to open then", Given: past(received, receipted, asked), When: unseal, As: intake, Refused: domain.CodeNotFound},
		{Name: "nothing to erase", Given: past(received, receipted), When: erase, As: intake, Refused: domain.CodeNotFound},
		{
			Name: "an identity that comes later is under the same key", Given: past(received, withFiles), When: complaint.SealReporter{Reporter: under}, As: reporter,
			Then: []domain.Event{complaint.ReporterSealed(under)},
		},
		{
			Name: "and no other", Given: past(received, receipted, asked), When: complaint.SealReporter{Reporter: domain.Sealed{Key: "other", Ciphertext: under.Ciphertext}}, As: reporter,
			Refused: domain.CodeConflict, Field: "reporter.key",
		},
	})
	state := complaint.Room.NewState().(*complaint.Complaint)
	for _, p := range past(received, withFiles, asked, sealed, wrote) {
		complaint.Room.Apply(state, p.Event, p.Act)
	}
	if want := (complaint.Reporter{Key: under.Key, Seal: under.Key}); state.Reporter != want || state.Receipt != code {
		t.Errorf("got %+v and %s, want %+v and %s", state.Reporter, state.Receipt, want, code)
	}
}

// A rulebook may grant commands to more roles, but not this one.
func TestNoRulebookLetsOthersWriteToTheReporter(t *testing.T) {
	state := complaint.Complaint{Status: complaint.StatusReceived, Receipt: code}
	for _, role := range domain.Roles() {
		err := state.Corresponds(domaintest.By("somebody", role), domain.CN2024())
		if role != domain.RoleIntake && domain.RefusalCode(err) != domain.CodeForbidden {
			t.Errorf("%s writes: %v", role, err)
		}
	}
}

// A reply is read as the reporter's own word.
func TestNoRulebookLetsOthersReplyForTheReporter(t *testing.T) {
	state := complaint.Complaint{Status: complaint.StatusReceived, Receipt: code}
	for _, role := range domain.Roles() {
		_, err := complaint.Reply{Reply: question}.Decide(state, domaintest.By("somebody", role), domain.CN2024())
		if got := domain.RefusalCode(err); role != domain.RolePublic && got != domain.CodeForbidden || role == domain.RolePublic && err != nil {
			t.Errorf("%s replies: %v", role, err)
		}
	}
}
