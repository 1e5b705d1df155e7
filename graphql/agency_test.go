package graphql_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
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
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
	"github.com/probity-ledger/probity/projections"
)

// agency is a small agency in a ledger of its own:
//
//	A ─ D1 ─ W1 (P1, with the matter C1, and P100…P159)
//	 └─ D2      (P2, with imported history)
//
// C1 is borne out against P1 and ends in a sanction; M5 is an open case
// against P1 from 2024-03-01 on.
type agency struct {
	t        testing.TB
	store    ledger.Store
	codec    *ledger.Codec
	keys     *ledger.Keyring
	recorder *ledger.Recorder
	views    *projections.Views
	service  *graphql.Service
	log      *bytes.Buffer
	now      time.Time
	count    int
}

// today is when the tests ask.
var today = at("2024-06-03")

// at is nine in the morning (UTC) of the day.
func at(day string) time.Time { return domain.MustDate(day).In(time.UTC).Add(9 * time.Hour) }

// newAgency records the agency and opens its views.
func newAgency(t testing.TB) *agency {
	t.Helper()
	a := emptyAgency(t, t.TempDir())
	t.Cleanup(func() { a.close() })
	a.organisation()
	a.matter()
	a.history()
	a.catchUp()
	return a
}

// shared is one agency for all tests that only ask.
var shared = sync.OnceValue(func() *agency {
	var quiet testing.T
	a := emptyAgency(&quiet, sharedDir)
	a.organisation()
	a.matter()
	a.history()
	a.catchUp()
	return a
})

func emptyAgency(t testing.TB, dir string) *agency {
	key := ok(ledger.GenerateKey(ledger.Ed25519))
	signer := ok(ledger.NewSigner(key))
	a := &agency{t: t, store: ledgertest.NewMemory(), codec: ledger.NewCodec(catalog.New(), "test.example/ledger"),
		keys: ok(ledger.NewKeyring(signer.Public())), log: &bytes.Buffer{}}
	a.recorder = ledger.NewRecorder(ledger.RecorderConfig{
		Store: a.store, Signer: signer, Codec: a.codec, Book: domain.CN2024(), Reactions: reactions.All(),
		Now: func() time.Time { return a.now },
		ReactionRefused: func(cause domain.Recorded, in domain.Instruction, err error) {
			panic(fmt.Sprintf("reaction to %s: %s refused: %v", cause.Event.Kind(), in.Command.Name(), err))
		},
	})
	a.views = ok(projections.Open(dir, a.codec, projections.Options{
		Calendar: domain.CN2024().Calendar, Book: domain.CN2024(), Now: func() time.Time { return today },
	}))
	a.service = ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec,
		Log: slog.New(slog.NewTextHandler(&locked{Buffer: a.log}, nil))}))
	return a
}

// locked makes a buffer safe for a logger of several goroutines.
type locked struct {
	mu sync.Mutex
	*bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

// ok returns the value of a call that cannot fail in a sound test.
func ok[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func (a *agency) close() {
	if err := a.views.Close(); err != nil {
		a.t.Error(err)
	}
}

func (a *agency) catchUp() {
	if err := a.views.CatchUp(context.Background(), a.store, nil); err != nil {
		panic(err)
	}
}

// on sets the clock.
func (a *agency) on(day string) { a.now = at(day) }

// do records a command by "role:actor", a second after the last.
func (a *agency) do(by, subject string, c domain.Command) ledger.Receipt {
	return a.doAt(by, subject, c, time.Time{})
}

// doAt records a command that happened earlier.
func (a *agency) doAt(by, subject string, c domain.Command, occurred time.Time) ledger.Receipt {
	role, actor, _ := strings.Cut(by, ":")
	a.count++
	a.now = a.now.Add(time.Second)
	act := domain.Act{Subject: subject, Actor: domain.ActorID(actor), Role: domain.Role(role), OccurredAt: occurred}
	if act.Role == domain.RoleImporter {
		act.Source = fmt.Sprintf("sha256:%064x", a.count)
	}
	receipt, err := a.recorder.Record(context.Background(), domain.Instruction{ID: fmt.Sprintf("i%d", a.count), Command: c, Act: act})
	if err != nil {
		panic(fmt.Sprintf("%s %s by %s: %v", c.Name(), subject, by, err))
	}
	return receipt
}

func (a *agency) organisation() {
	a.on("2023-01-09")
	a.do("hr:R1", "A", unit.Establish{UnitName: "海关", UnitNameEn: "Customs", UnitKind: unit.KindAgency})
	a.do("hr:R1", "D1", unit.Establish{UnitName: "监管处", UnitKind: unit.KindDepartment, Parent: "A"})
	a.do("hr:R1", "D2", unit.Establish{UnitName: "稽查处", UnitKind: unit.KindDepartment, Parent: "A"})
	a.do("hr:R1", "W1", unit.Establish{UnitName: "报关窗口", UnitKind: unit.KindWindow, Parent: "D1"})
	a.do("hr:R1", "K1", post.Define{Title: "窗口岗", Unit: "W1"})
	a.do("hr:R1", "K2", post.Define{Title: "稽查岗", Unit: "D2"})
	a.do("hr:R1", "P1", officer.Enroll{FullName: "张伟", LatinName: "Zhang Wei", StaffNumber: "0001", Unit: "W1", Rank: "二级主办"})
	a.do("hr:R1", "P1", officer.Appoint{Post: "K1", Unit: "W1"})
	a.do("hr:R1", "P1", officer.IssueCertificate{Number: "N1"})
	a.do("hr:R1", "P2", officer.Enroll{FullName: "李娜", LatinName: "Li Na", Unit: "D2"})
	a.do("hr:R1", "P2", officer.Appoint{Post: "K2", Unit: "D2"})
	for i := range 60 {
		a.do("hr:R1", fmt.Sprintf("P%d", 100+i), officer.Enroll{FullName: fmt.Sprintf("王%d", i), Unit: "W1"})
		a.do("hr:R1", fmt.Sprintf("P%d", 100+i), officer.Appoint{Post: "K1", Unit: "W1"})
	}
	for i := range 40 {
		a.do("hr:R1", "P1", officer.CompleteTraining{Course: fmt.Sprintf("course %d", i), Hours: 1})
	}
}

// theSanction follows from C1 against P1.
var theSanction = string(reactions.SanctionOf("C1", "P1"))

func (a *agency) matter() {
	a.on("2023-03-06")
	a.do("intake:T1", "C1", complaint.Receive{Channel: complaint.ChannelLetter, Category: "delay", Summary: "declaration held back for a week", Place: "north gate", Unit: "W1", Officers: []domain.OfficerID{"P1"}})
	a.do("intake:T1", "C1", complaint.Screen{Admissible: true, Ground: "ours"})
	a.do("intake:T1", "C1", complaint.Accept{})
	a.do("leader:L1", "C1", complaint.AssignHandler{Handler: "H1"})
	a.on("2023-04-03")
	a.do("handler:H1", "C1", complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "held a file back", Officers: []domain.OfficerID{"P1"}, Opinion: "proved by the log"})
	a.do("handler:H1", "C1", complaint.Answer{Answer: "you were right"})
	a.do("leader:L1", "C1", misconduct.NameInvestigators{Investigators: []domain.ActorID{"I2", "I3"}})
	a.do("inspector:I2", "C1", misconduct.GiveNotice{Officer: "P1"})
	a.do("inspector:I2", "C1", misconduct.HearStatement{Officer: "P1", Statement: "I was overworked"})
	a.on("2023-05-08")
	a.do("inspector:I2", "C1", misconduct.ProposeFinding{Findings: []misconduct.Finding{{
		Officer: "P1", Allegation: "delay", DeedOn: domain.MustDate("2023-03-01"), Result: misconduct.ResultSustained, Intent: misconduct.IntentNegligence,
		Measure: domain.MeasureDemerit, Opinion: "sustained by the log",
	}}})
	a.do("leader:L2", "C1", misconduct.ConfirmFinding{})
	a.do("inspector:I2", theSanction, sanction.Notify{})
	a.do("hr:R1", theSanction, sanction.HearDefence{Waived: true})
	a.do("leader:L1", theSanction, sanction.Approve{})
	a.on("2023-06-05")
	a.do("leader:L1", theSanction, sanction.Impose{})
	a.do("hr:R1", theSanction, sanction.Serve{})
	a.on("2024-03-01")
	a.do("inspector:I2", "M5", misconduct.Open{Origin: misconduct.OriginInspection, Unit: "W1", Officers: []domain.OfficerID{"P1"}, Conduct: "took gifts"})
}

func (a *agency) history() {
	a.on("2024-04-01")
	a.do("importer:M", "X1", complaint.Import{ReceivedOn: domain.MustDate("2016-05-04"), Category: "courtesy", Summary: "old matter", Unit: "D2", Officers: []domain.OfficerID{"P2"}})
	a.do("importer:M", "X1", misconduct.ImportFinding{Complaint: "X1", Officer: "P2", Unit: "D2", Category: "courtesy",
		Result: misconduct.ResultSustained, Discipline: misconduct.DisciplineTraining, FoundOn: domain.MustDate("2016-08-01")})
	a.do("importer:M", "X1", misconduct.ImportFinding{Complaint: "X1", Unit: "D2", Category: "courtesy", Result: misconduct.ResultNotSustained})
	for i := range 60 {
		a.do("importer:M", fmt.Sprintf("Y%d", i), misconduct.ImportFinding{Officer: domain.OfficerID(fmt.Sprintf("P%d", 100+i)), Unit: "W1", Category: "report",
			Result: misconduct.ResultUnfounded, FoundOn: domain.MustDate("2019-08-01")})
	}
	a.do("importer:M", "G1", reward.Import{Officer: "P2", Honour: "model officer", GrantedOn: domain.MustDate("2015-01-05")})
}

func as(role domain.Role, subject string, units ...domain.UnitID) projections.Principal {
	return projections.Principal{Role: role, Subject: subject, Units: units}
}

var (
	auditor   = as(domain.RoleAuditor, "X")
	inspector = as(domain.RoleInspector, "I2", "A")
	clerk     = as(domain.RoleHR, "R1", "A")
	public    = as(domain.RolePublic, "")
)

// ask runs a query that must succeed and returns its data as compact JSON.
func (a *agency) ask(t testing.TB, who projections.Principal, query string, variables ...any) string {
	t.Helper()
	r := a.try(who, query, variables...)
	if len(r.Errors) > 0 {
		t.Fatalf("errors: %+v", r.Errors)
	}
	return string(r.Data.(json.RawMessage))
}

// try runs a query. variables are names and values in turn.
func (a *agency) try(who projections.Principal, query string, variables ...any) *overhttp.Response {
	req := overhttp.Request{Query: query, Variables: map[string]any{}}
	for i := 0; i < len(variables); i += 2 {
		req.Variables[variables[i].(string)] = variables[i+1]
	}
	return a.service.Do(context.Background(), who, req)
}

// answer is ask decoded into T.
func answer[T any](t testing.TB, a *agency, who projections.Principal, query string, variables ...any) T {
	t.Helper()
	var out T
	if err := json.Unmarshal([]byte(a.ask(t, who, query, variables...)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// code returns the only error's code; it fails the test for anything else.
func code(t testing.TB, r *overhttp.Response) string {
	t.Helper()
	if len(r.Errors) != 1 {
		t.Fatalf("errors: %+v, want one", r.Errors)
	}
	c, _ := r.Errors[0].Extensions["code"].(string)
	return c
}

// newServiceOver is a service over the views of an agency and another store.
func newServiceOver(a *agency, store ledger.Store) (*graphql.Service, error) {
	return graphql.New(graphql.Config{Views: a.views, Store: store, Codec: a.codec, Log: slog.New(slog.NewTextHandler(&locked{Buffer: a.log}, nil))})
}
