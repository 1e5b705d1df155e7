package complaint_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/officer"
)

// under is the identity of the reporter of X1, once and changed.
var (
	under    = domain.Sealed{Key: "0f5ad1e3", Ciphertext: "AWZha2Ugc2VhbGVkIHRleHQ="}
	underNew = domain.Sealed{Key: "0f5ad1e3", Ciphertext: "AWFub3RoZXIgc2VhbGVkIHRleHQ="}

	sealed   = domaintest.Past{Act: intake, Event: complaint.ReporterSealed(under)}
	unsealed = domaintest.Past{Act: intake, Event: complaint.ReporterUnsealed{Key: under.Key, Reason: "call back"}}
	erased   = domaintest.Past{Act: leader, Event: complaint.ReporterErased{Key: under.Key, Ground: "个人信息保护法 art. 47"}}
)

func TestReceivingWithAReporter(t *testing.T) {
	receive := complaint.Receive{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held", RealName: true, Reporter: under}
	with := func(s domain.Sealed) complaint.Receive {
		c := receive
		c.Reporter = s
		return c
	}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "the identity is an event of its own", When: receive, As: reporter,
			Then: []domain.Event{complaint.Received{Channel: complaint.ChannelWeb, Category: "delay", Summary: "goods held", RealName: true}, complaint.ReporterSealed(under)},
		},
		{
			Name: "an identity names its key", When: with(domain.Sealed{Ciphertext: under.Ciphertext}), As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
		{
			Name: "an identity in plain words is refused", When: with(domain.Sealed{Key: "k", Ciphertext: "张三 13800001111"}), As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
		{
			Name: "an empty one too", When: with(domain.Sealed{Key: "k"}), As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
		{
			Name: "base64 in a second spelling too", When: with(domain.Sealed{Key: "k", Ciphertext: "AWZha2Ugc2VhbGVkIHRleHR="}), As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
		{
			Name: "and a file", When: with(domain.Sealed{Key: "k", Ciphertext: base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 20<<10)))}), As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
	})
}

func TestSealingAReporter(t *testing.T) {
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{
			Name: "plain words are no identity", Given: past(received),
			When: complaint.SealReporter{Reporter: domain.Sealed{Key: "k", Ciphertext: "张三"}}, As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
		{
			Name: "a reporter gives their name later", Given: concluded,
			When: complaint.SealReporter{Reporter: under}, As: reporter,
			Then: []domain.Event{complaint.ReporterSealed(under)},
		},
		{
			Name: "intake corrects it under the same key", Given: past(received, sealed),
			When: complaint.SealReporter{Reporter: underNew}, As: intake,
			Then: []domain.Event{complaint.ReporterSealed(underNew)},
		},
		{
			Name: "another key would outlive an erasure", Given: past(received, sealed),
			When: complaint.SealReporter{Reporter: domain.Sealed{Key: "other", Ciphertext: under.Ciphertext}}, As: intake,
			Refused: domain.CodeConflict, Field: "reporter.key",
		},
		{
			Name: "nobody of the public puts another in its place", Given: past(received, sealed),
			When: complaint.SealReporter{Reporter: underNew}, As: reporter,
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "what was erased stays so", Given: past(received, sealed, erased),
			When: complaint.SealReporter{Reporter: underNew}, As: intake,
			Refused: domain.CodeState, Field: "reporter",
		},
		{
			Name: "there must be a complaint",
			When: complaint.SealReporter{Reporter: under}, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "a complaint of old takes no more", Given: past(imported),
			When: complaint.SealReporter{Reporter: under}, As: intake,
			Refused: domain.CodeState,
		},
		{
			Name: "an identity in plain words is refused", Given: past(received),
			When: complaint.SealReporter{Reporter: domain.Sealed{Key: "k", Ciphertext: "张三"}}, As: intake,
			Refused: domain.CodeInvalid, Field: "reporter",
		},
		{
			Name: "who is complained about takes no step", Given: past(received),
			When: complaint.SealReporter{Reporter: under}, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "a handler does not seal", Given: handled,
			When: complaint.SealReporter{Reporter: under}, As: handler,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestUnsealingAReporter(t *testing.T) {
	unseal := complaint.UnsealReporter{Reason: "to ask when it was"}
	opened := []domain.Event{complaint.ReporterUnsealed{Key: under.Key, Reason: "to ask when it was"}}
	scenarios := []domaintest.Scenario{
		{
			Name: "intake opens it with a reason", Given: past(received, sealed), When: unseal, As: intake,
			Then: opened,
		},
		{
			Name: "each opening is an event", Given: append(past(concluded...), sealed, unsealed), When: unseal, As: intake,
			Then: opened,
		},
		{
			Name: "a reason is required", Given: past(received, sealed), When: complaint.UnsealReporter{}, As: intake,
			Refused: domain.CodeInvalid, Field: "reason",
		},
		{
			Name: "who is complained about never opens it", Given: past(received, sealed), When: unseal, As: domaintest.By("P7", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "nor who was recused", Given: append(past(open...), sealed, assigned, recused), When: unseal, As: domaintest.By("handler-qian", domain.RoleIntake),
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "not by one under inquiry", Given: past(received, sealed),
			When: complaint.UnsealReporter{Reason: "to call back"}, As: intake,
			Sees:    map[domain.Reference]any{domain.OfficerID("intake-zhao"): officer.Officer{Status: officer.StatusServing, Inquiries: []domain.CaseID{"M2"}}},
			Refused: domain.CodeRule, Field: "actor", Rule: "监察法 art. 58",
		},
		{
			Name: "nor who has a tie to the officer", Given: past(received, sealed), When: unseal, As: intake,
			Sees:    map[domain.Reference]any{domain.OfficerID("intake-zhao"): tied(officer.Interest{Nature: "spouse", Officer: "P7"})},
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "nor whom the officer declared", Given: past(received, sealed), When: unseal, As: intake,
			Sees:    map[domain.Reference]any{domain.OfficerID("P7"): tied(officer.Interest{Nature: "cousin", Officer: "intake-zhao"})},
			Refused: domain.CodeConflict, Field: "actor", Rule: "监察法",
		},
		{
			Name: "there must be a complaint", When: unseal, As: intake,
			Refused: domain.CodeNotFound, Field: "subject",
		},
		{
			Name: "with an identity", Given: past(received), When: unseal, As: intake,
			Refused: domain.CodeNotFound,
		},
		{
			Name: "that was not erased", Given: past(received, sealed, erased), When: unseal, As: intake,
			Refused: domain.CodeState,
		},
	}
	for _, role := range domain.Roles() {
		if role != domain.RoleIntake {
			scenarios = append(scenarios, domaintest.Scenario{
				Name: "never as " + string(role), Given: past(received, sealed), When: unseal, As: domaintest.By("somebody", role),
				Refused: domain.CodeForbidden, Field: "role",
			})
		}
	}
	domaintest.Run(t, complaint.Room, scenarios)
}

// A rulebook may grant commands to more roles, but not this one.
func TestNoRulebookLetsOthersUnseal(t *testing.T) {
	book := *domain.CN2024()
	book.Authority = map[domain.CommandName][]domain.Role{complaint.UnsealReporter{}.Name(): {domain.RoleInspector, domain.RoleIntake}}
	state := complaint.Complaint{Status: complaint.StatusReceived, Reporter: complaint.Reporter{Key: "k"}}
	_, err := complaint.UnsealReporter{Reason: "to know"}.Decide(state, inspector, &book)
	if domain.RefusalCode(err) != domain.CodeForbidden {
		t.Errorf("an inspector opened it: %v", err)
	}
}

func TestErasingAReporter(t *testing.T) {
	erase := complaint.EraseReporter{Ground: "个人信息保护法 art. 47"}
	gone := []domain.Event{complaint.ReporterErased{Key: under.Key, Ground: "个人信息保护法 art. 47"}}
	domaintest.Run(t, complaint.Room, []domaintest.Scenario{
		{Name: "a leader erases", Given: append(past(concluded...), sealed, unsealed), When: erase, As: leader, Then: gone},
		{Name: "so does intake", Given: past(received, sealed), When: erase, As: intake, Then: gone},
		{
			Name: "a ground is required", Given: past(received, sealed), When: complaint.EraseReporter{}, As: leader,
			Refused: domain.CodeInvalid, Field: "ground",
		},
		{Name: "it is done once", Given: past(received, sealed, erased), When: erase, As: leader, Refused: domain.CodeState},
		{Name: "there must be an identity", Given: past(received), When: erase, As: leader, Refused: domain.CodeNotFound},
		{Name: "and a complaint", When: erase, As: leader, Refused: domain.CodeNotFound, Field: "subject"},
		{
			Name: "who is complained about erases nothing", Given: past(received, sealed), When: erase, As: domaintest.By("P7", domain.RoleLeader),
			Refused: domain.CodeConflict, Field: "actor",
		},
		{
			Name: "nor does the public", Given: past(received, sealed), When: erase, As: reporter,
			Refused: domain.CodeForbidden, Field: "role",
		},
	})
}

func TestTheStateCountsOpeningsAndHoldsNoIdentity(t *testing.T) {
	state := complaint.Room.NewState().(*complaint.Complaint)
	for _, p := range past(received, sealed, unsealed, unsealed, erased) {
		complaint.Room.Apply(state, p.Event, p.Act)
	}
	if want := (complaint.Reporter{Key: under.Key, Erased: true, Openings: 2}); state.Reporter != want {
		t.Errorf("got %+v, want %+v", state.Reporter, want)
	}
}
