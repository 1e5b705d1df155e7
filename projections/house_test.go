package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// house is a ledger under test and the recorder that writes into it.
type house struct {
	t        testing.TB
	store    ledger.Store
	codec    *ledger.Codec
	recorder *ledger.Recorder
	now      time.Time
	count    int
	drawn    bool // the history is drawn: reactions may be refused
}

func newHouse(t testing.TB) *house { return newHouseOn(t, ledgertest.NewMemory()) }

func newHouseOn(t testing.TB, store ledger.Store) *house {
	key, err := ledger.GenerateKey(ledger.Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: store, codec: ledger.NewCodec(catalog.New(), "test.example/ledger")}
	h.recorder = ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: h.codec, Book: domain.CN2024(), Reactions: reactions.All(),
		Now: func() time.Time { return h.now },
		ReactionRefused: func(cause domain.Recorded, in domain.Instruction, err error) {
			if !h.drawn {
				t.Errorf("reaction to %s: %s refused: %v", cause.Event.Kind(), in.Command.Name(), err)
			}
		},
	})
	return h
}

// on sets the clock to nine in the morning (UTC) of the day.
func (h *house) on(day string) *house {
	h.now = domain.MustDate(day).In(time.UTC).Add(9 * time.Hour)
	return h
}

// do records a command by "role:actor"; each a second after the last.
func (h *house) do(by, subject string, c domain.Command) ledger.Receipt {
	h.t.Helper()
	return h.doAt(by, subject, c, time.Time{})
}

// doAt records a command that happened earlier than now.
func (h *house) doAt(by, subject string, c domain.Command, occurred time.Time) ledger.Receipt {
	h.t.Helper()
	role, actor, _ := strings.Cut(by, ":")
	h.count++
	h.now = h.now.Add(time.Second)
	act := domain.Act{Subject: subject, Actor: domain.ActorID(actor), Role: domain.Role(role), OccurredAt: occurred}
	if act.Role == domain.RoleImporter {
		act.Source = fmt.Sprintf("sha256:%064x", h.count)
	}
	receipt, err := h.recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("i%d", h.count), Command: c, Act: act})
	if err != nil {
		h.t.Fatalf("%s %s by %s: %v", c.Name(), subject, by, err)
	}
	return receipt
}

// today is when the tests ask.
const today = "2024-06-03"

func (h *house) options() projections.Options {
	return projections.Options{
		Calendar: domain.CN2024().Calendar, Book: domain.CN2024(),
		Now: func() time.Time { return domain.MustDate(today).In(time.UTC).Add(9 * time.Hour) },
	}
}

// views opens empty views in a fresh folder.
func (h *house) views() *projections.Views {
	h.t.Helper()
	return h.viewsIn(h.t.TempDir())
}

// viewsIn opens views that learn of what others do to them.
func (h *house) viewsIn(dir string) *projections.Views {
	h.t.Helper()
	v := h.aloneIn(dir)
	if onPostgres {
		begin(h.t, v.Follow)
	}
	return v
}

// viewsForNow opens empty views, to be closed before the test ends: many at
// once would take more connections than a server has.
func (h *house) viewsForNow() (v *projections.Views, end func()) {
	h.t.Helper()
	v = h.aloneIn(h.t.TempDir())
	follows := func() error { return nil }
	if onPostgres {
		follows = begin(h.t, v.Follow)
	}
	return v, func() {
		_ = follows() // it ends as it was told to
		if err := v.Close(); err != nil {
			h.t.Error(err)
		}
	}
}

// aloneIn opens views that learn of nothing by themselves.
func (h *house) aloneIn(dir string) *projections.Views {
	h.t.Helper()
	v, err := open(h.t, dir, h.codec, h.options())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := v.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return v
}

// built returns views that show the whole ledger.
func (h *house) built() *projections.Views {
	h.t.Helper()
	v := h.views()
	h.catchUp(v)
	return v
}

func (h *house) catchUp(v *projections.Views) {
	h.t.Helper()
	if err := v.CatchUp(context.Background(), h.store, nil); err != nil {
		h.t.Fatal(err)
	}
}

// the sanction that follows from case C1 against P1.
var sanctionC1 = string(reactions.SanctionOf("C1", "P1"))

// agency records a small agency with one matter of every kind:
//
//	A ─ D1 ─ W1     D2
//	     I1, P3  P1      P2
//
// C1 is borne out against P1 and ends in a sanction; C2 is about the
// inspector I1; C3 about P2, unfounded; C4 about P3, with whom I1 has an
// interest; M5 is an open case against P1. X1 is old history of P2.
func agency(t testing.TB) *house {
	h := newHouse(t)
	h.people()
	h.complaints()
	h.caseC1()
	h.on("2024-03-01")
	h.do("inspector:I2", "M5", misconduct.Open{Origin: misconduct.OriginInspection, Unit: "W1", Officers: []domain.OfficerID{"P1"}, Conduct: "took gifts"})
	h.history()
	h.rewards()
	return h
}

func (h *house) people() {
	h.on("2023-01-09")
	h.do("hr:R1", "A", unit.Establish{UnitName: "海关", UnitNameEn: "Customs", UnitKind: unit.KindAgency})
	h.do("hr:R1", "D1", unit.Establish{UnitName: "监管处", UnitKind: unit.KindDepartment, Parent: "A"})
	h.do("hr:R1", "D2", unit.Establish{UnitName: "稽查处", UnitKind: unit.KindDepartment, Parent: "A"})
	h.do("hr:R1", "W1", unit.Establish{UnitName: "报关窗口", UnitKind: unit.KindWindow, Parent: "D1"})
	h.do("hr:R1", "K1", post.Define{Title: "窗口岗", Unit: "W1"})
	h.do("hr:R1", "K2", post.Define{Title: "稽查岗", Unit: "D2"})
	for _, p := range []struct{ id, name, latin, unit string }{
		{"P1", "张伟", "Zhang Wei", "W1"}, {"P2", "李娜", "Li Na", "D2"}, {"P3", "王芳", "Wang Fang", "D1"}, {"I1", "赵敏", "Zhao Min", "D1"},
	} {
		h.do("hr:R1", p.id, officer.Enroll{FullName: p.name, LatinName: p.latin, Unit: domain.UnitID(p.unit)})
	}
	h.do("hr:R1", "P1", officer.Appoint{Post: "K1", Unit: "W1"})
	h.do("hr:R1", "P1", officer.IssueCertificate{Number: "N1"})
	h.do("hr:R1", "P1", officer.CompleteTraining{Course: "customs law", Hours: 24})
	h.do("officer:I1", "I1", officer.DeclareInterest{Nature: "spouse", Officer: "P3"})
}

// complain records a complaint up to its handler.
func (h *house) complain(id, handler string, unit domain.UnitID, category, summary string, officers ...domain.OfficerID) {
	h.do("intake:T1", id, complaint.Receive{Channel: complaint.ChannelLetter, Category: category, Summary: summary, Place: "north gate", Unit: unit, Officers: officers})
	h.do("intake:T1", id, complaint.Screen{Admissible: true, Ground: "ours"})
	h.do("intake:T1", id, complaint.Accept{})
	h.do("leader:L1", id, complaint.AssignHandler{Handler: domain.ActorID(handler)})
}

func (h *house) complaints() {
	h.on("2023-03-06")
	h.complain("C1", "H1", "W1", "delay", "declaration held back for a week", "P1")
	h.on("2023-03-07")
	h.complain("C2", "H1", "D1", "rudeness", "shouted at a visitor", "I1")
	h.on("2023-03-08")
	h.complain("C3", "H2", "D2", "delay", "file was lost", "P2")
	h.do("handler:H2", "C3", complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "the file was there"})
	h.on("2023-03-09")
	h.complain("C4", "H2", "D1", "favour", "let a friend pass 100% unchecked", "P3")
}

func (h *house) caseC1() {
	h.on("2023-04-03")
	h.do("handler:H1", "C1", complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "held a file back", Officers: []domain.OfficerID{"P1"}, Opinion: "proved by the log"})
	h.do("handler:H1", "C1", complaint.Answer{Answer: "you were right"})
	h.do("leader:L1", "C1", misconduct.NameInvestigators{Investigators: []domain.ActorID{"I2", "I3"}})
	h.do("inspector:I2", "C1", misconduct.GiveNotice{Officer: "P1"})
	h.do("inspector:I2", "C1", misconduct.HearStatement{Officer: "P1", Statement: "I was overworked"})
	h.on("2023-05-08")
	h.do("inspector:I2", "C1", misconduct.ProposeFinding{Findings: []misconduct.Finding{{
		Officer: "P1", Allegation: "delay", DeedOn: domain.MustDate("2023-03-01"), Result: misconduct.ResultSustained, Intent: misconduct.IntentNegligence,
		Measure: domain.MeasureDemerit, Opinion: "sustained by the log",
	}}})
	h.do("leader:L2", "C1", misconduct.ConfirmFinding{})
	h.do("inspector:I2", sanctionC1, sanction.Notify{})
	h.do("hr:R1", sanctionC1, sanction.HearDefence{Waived: true})
	h.do("leader:L1", sanctionC1, sanction.Approve{})
	h.on("2023-06-05")
	h.do("leader:L1", sanctionC1, sanction.Impose{})
	h.do("hr:R1", sanctionC1, sanction.Serve{})
	h.do("inspector:I2", "S9", sanction.Propose{Officer: "P2", Measure: domain.MeasureAdmonition, Conduct: "absence"})
}

func (h *house) history() {
	h.on("2024-04-01")
	h.do("importer:M", "X1", complaint.Import{ReceivedOn: domain.MustDate("2016-05-04"), Category: "courtesy", Summary: "old matter", Unit: "D2", Officers: []domain.OfficerID{"P2"}})
	h.do("importer:M", "X1", misconduct.ImportFinding{Complaint: "X1", Officer: "P2", Unit: "D2", Category: "courtesy",
		Result: misconduct.ResultSustained, Discipline: misconduct.DisciplineTraining, FoundOn: domain.MustDate("2016-08-01")})
	h.do("importer:M", "X1", misconduct.ImportFinding{Complaint: "X1", Officer: "P2", Unit: "D2", Category: "report", Result: misconduct.ResultPending})
	h.do("importer:M", "X1", misconduct.ImportFinding{Complaint: "X1", Unit: "D2", Category: "courtesy", Result: misconduct.ResultNotSustained})
}

func (h *house) rewards() {
	h.on("2024-05-06")
	h.do("importer:M", "G1", reward.Import{Officer: "P2", Honour: "model officer", GrantedOn: domain.MustDate("2015-01-05")})
	h.do("hr:R1", "G2", reward.Nominate{Unit: "D1", Honour: "commendation", Merit: "no complaint for a year"})
}

func as(role domain.Role, subject string, units ...domain.UnitID) projections.Principal {
	return projections.Principal{Role: role, Subject: subject, Units: units}
}

var auditor = as(domain.RoleAuditor, "X")
