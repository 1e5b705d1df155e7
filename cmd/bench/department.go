package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/ledger"
)

// department is a part of a made-up agency: a unit with its posts and
// officers, their trainings, and the complaints about them, some of which
// become cases and sanctions. It lives in its own time and alone; departments
// share nothing but the store.
type department struct {
	name  string
	rng   *rand.Rand
	rec   *ledger.Recorder
	store *departmentStore
	now   time.Time
	given int // instructions given so far, for their ids
	// refused is a reaction that a rule refused: none must be.
	refused error

	complaints int
	years      map[domain.OfficerID]int // last year appraised
	waiting    []later                  // what must not be done yet
}

// later is an instruction to be given once a term is over.
type later struct {
	after time.Time
	told  told
}

// officersEach is the size of a department, busyShare says that in one of
// so many cases it is about the first of them, whose timeline grows long.
const (
	officersEach = 8
	busyShare    = 3
)

// headOffice is the unit above all departments.
const headOffice domain.UnitID = "U-HQ"

// beginning is where every history starts.
var beginning = time.Date(2016, time.January, 4, 1, 0, 0, 0, time.UTC)

// departmentStore counts the events of one department.
type departmentStore struct {
	ledger.Store
	events int
}

func (c *departmentStore) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	c.events += len(entries)
	return c.Store.Append(ctx, stream, expected, entries)
}

// newDepartment makes the i-th department of a ledger.
func newDepartment(s *suite, i int, store ledger.Store) *department {
	d := &department{
		name: fmt.Sprintf("D%03d", i), rng: rand.New(rand.NewPCG(1, uint64(i))), now: beginning,
		store: &departmentStore{Store: store}, years: map[domain.OfficerID]int{},
	}
	d.rec = ledger.NewRecorder(ledger.RecorderConfig{
		Store: d.store, Signer: s.signer, Codec: s.codec, Book: domain.CN2024(), Reactions: reactions.All(),
		Now: func() time.Time { return d.now }, CachedEvents: 4000,
		ReactionRefused: func(cause domain.Recorded, _ domain.Instruction, err error) {
			d.refused = fmt.Errorf("what follows from %s on %s: %w", cause.Event.Kind(), cause.Stream, err)
		},
	})
	return d
}

// found establishes the unit above all departments, once for a ledger.
func (d *department) found(ctx context.Context) error {
	return d.do(ctx, "superior", domain.RoleHR, string(headOffice), unit.Establish{UnitName: "海关", UnitNameEn: "Customs", UnitKind: unit.KindAgency})
}

// live sets the department up and lets time pass until it has brought about
// so many events; then what is under way comes to its end.
func (d *department) live(ctx context.Context, events int) error {
	if err := d.setUp(ctx); err != nil {
		return err
	}
	for d.store.events < events {
		if err := d.day(ctx); err != nil {
			return err
		}
	}
	d.now = d.now.AddDate(2, 0, 0)
	return d.due(ctx)
}

// do gives an instruction that the rules must accept; some hours pass.
func (d *department) do(ctx context.Context, actor domain.ActorID, role domain.Role, subject string, c domain.Command) error {
	d.given++
	d.now = d.now.Add(time.Duration(1+d.rng.IntN(12)) * time.Hour)
	_, err := d.rec.Record(ctx, domain.Instruction{
		ID: fmt.Sprintf("%s/%d", d.name, d.given), Command: c,
		Act: domain.Act{Subject: subject, Actor: actor, Role: role},
	})
	if err != nil {
		return fmt.Errorf("%s on %s: %w", c.Name(), subject, err)
	}
	return d.refused
}

// told is one instruction: who, in which role, to whom, what.
type told struct {
	actor   domain.ActorID
	role    domain.Role
	subject string
	command domain.Command
}

func (d *department) all(ctx context.Context, list ...told) error {
	for _, t := range list {
		if err := d.do(ctx, t.actor, t.role, t.subject, t.command); err != nil {
			return err
		}
	}
	return nil
}

func (d *department) unit() domain.UnitID { return domain.UnitID("U-" + d.name) }

func (d *department) post(i int) domain.PostID {
	return domain.PostID(fmt.Sprintf("W-%s-%d", d.name, i))
}

func (d *department) officer(i int) domain.OfficerID {
	return domain.OfficerID(fmt.Sprintf("P-%s-%02d", d.name, i))
}

// anyone draws an officer.
func (d *department) anyone() domain.OfficerID {
	if d.rng.IntN(busyShare) == 0 {
		return d.officer(0)
	}
	return d.officer(d.rng.IntN(officersEach))
}

func (d *department) today() domain.Date { return domain.CN2024().Calendar.Day(d.now) }

func (d *department) setUp(ctx context.Context) error {
	list := []told{{"superior", domain.RoleHR, string(d.unit()), unit.Establish{
		UnitName: "第" + d.name + "科", UnitNameEn: "Section " + d.name, UnitKind: unit.KindSection, Parent: headOffice}}}
	for i := range officersEach {
		id := string(d.officer(i))
		list = append(list,
			told{"superior", domain.RoleHR, string(d.post(i)), post.Define{Title: "查验关员", TitleEn: "Inspection officer", Unit: d.unit()}},
			told{"hr-li", domain.RoleHR, id, officer.Enroll{FullName: surnames[i%len(surnames)] + "明", LatinName: "Officer " + id, StaffNumber: id, Unit: d.unit(), Rank: "二级主办"}},
			told{"hr-li", domain.RoleHR, id, officer.Appoint{Post: d.post(i), Unit: d.unit()}})
	}
	return d.all(ctx, list...)
}

var surnames = []string{"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"}

// day is a few days of work: a course or two, an appraisal, a complaint.
func (d *department) day(ctx context.Context) error {
	o := d.anyone()
	list := []told{{"hr-li", domain.RoleHR, string(o), officer.CompleteTraining{Course: "廉政警示教育 integrity education", Hours: 2 + d.rng.IntN(6)}}}
	if year := d.today().Year; d.years[o] < year {
		d.years[o] = year
		list = append(list, told{"leader-chen", domain.RoleLeader, string(o), officer.Appraise{Year: year, Grade: "competent"}})
	}
	if err := d.all(ctx, list...); err != nil {
		return err
	}
	if err := d.complaint(ctx); err != nil {
		return err
	}
	return d.due(ctx)
}

// complaint is one complaint from its coming in to its answer. One in eight
// is borne out.
func (d *department) complaint(ctx context.Context) error {
	d.complaints++
	id := fmt.Sprintf("K-%s-%05d", d.name, d.complaints)
	o := d.anyone()
	borneOut := d.complaints%8 == 0
	result := complaint.Conclude{Result: complaint.ResultUnfounded, Opinion: "监控显示窗口当时正常受理。The recording shows that the window was served throughout."}
	if borneOut {
		result = complaint.Conclude{Result: complaint.ResultSubstantiated, Conduct: "收受申报人礼品 accepted gifts of a declarant", Officers: []domain.OfficerID{o}, Opinion: "录像与证言一致。The recording and the witness agree."}
	}
	handler := domain.ActorID(fmt.Sprintf("handler-%d", d.complaints%7))
	if err := d.all(ctx,
		told{"intake-zhou", domain.RoleIntake, id, complaint.Receive{
			Channel: complaint.ChannelHotline, Category: "窗口服务 window service",
			Summary: "申报人反映窗口等候两小时无人受理。The declarant waited two hours at the window.",
			Unit:    d.unit(), Officers: []domain.OfficerID{o}, RealName: d.complaints%2 == 0}},
		told{"intake-zhou", domain.RoleIntake, id, complaint.Acknowledge{}},
		told{"intake-zhou", domain.RoleIntake, id, complaint.Screen{Admissible: true, Ground: "属于本机关管辖 within our remit"}},
		told{"intake-zhou", domain.RoleIntake, id, complaint.Accept{}},
		told{"leader-chen", domain.RoleLeader, id, complaint.AssignHandler{Handler: handler}},
		told{handler, domain.RoleHandler, id, result},
		told{handler, domain.RoleHandler, id, complaint.Answer{Answer: "已调查并答复。The matter was looked into."}},
	); err != nil || !borneOut {
		return err
	}
	return d.inquiry(ctx, id, o)
}

// inquiry takes the case that the complaint opened to a sanction.
func (d *department) inquiry(ctx context.Context, id string, o domain.OfficerID) error {
	const inspector, leader domain.ActorID = "inspector-wang", "leader-chen"
	sanctionID := string(reactions.SanctionOf(domain.CaseID(id), o))
	if err := d.all(ctx,
		told{inspector, domain.RoleInspector, id, misconduct.NameInvestigators{Investigators: []domain.ActorID{inspector, "inspector-he"}}},
		told{inspector, domain.RoleInspector, id, misconduct.GiveNotice{Officer: o}},
		told{inspector, domain.RoleInspector, id, misconduct.HearStatement{Officer: o, Statement: "礼品已退还 the gifts were returned"}},
		told{inspector, domain.RoleInspector, id, misconduct.ProposeFinding{Findings: []misconduct.Finding{{
			Officer: o, Allegation: "收受礼品 accepted gifts", DeedOn: d.today(), Result: misconduct.ResultSustained, Intent: misconduct.IntentIntent,
			Measure: domain.MeasureWarning, Opinion: "证据充分 proved"}}}},
		told{leader, domain.RoleLeader, id, misconduct.ConfirmFinding{}},
		told{inspector, domain.RoleInspector, sanctionID, sanction.Notify{}},
		told{domain.ActorID(o), domain.RoleOfficer, sanctionID, sanction.HearDefence{Waived: true}},
		told{leader, domain.RoleLeader, sanctionID, sanction.Approve{}},
		told{leader, domain.RoleLeader, sanctionID, sanction.Impose{}},
		told{inspector, domain.RoleInspector, id, misconduct.Analyse{Aspect: misconduct.AspectPerson, Text: "纪律意识淡薄 weak discipline"}},
		told{inspector, domain.RoleInspector, id, misconduct.Analyse{Aspect: misconduct.AspectInstitution, Text: "缺少复核 no second pair of eyes"}},
	); err != nil {
		return err
	}
	// The case stays open until nobody may appeal any more; a warning has
	// effect for six months (公职人员政务处分法 art. 8). Two days more are past
	// the end of a term in any zone.
	d.waiting = append(d.waiting,
		later{d.now.AddDate(0, 2, 2), told{leader, domain.RoleLeader, id, misconduct.Archive{}}},
		later{d.now.AddDate(0, 6, 2), told{domain.ActorSystem, domain.RoleSystem, sanctionID, sanction.Release{}}})
	return nil
}

// due does what had to wait until now.
func (d *department) due(ctx context.Context) error {
	var still []later
	for _, l := range d.waiting {
		if l.after.After(d.now) {
			still = append(still, l)
		} else if err := d.all(ctx, l.told); err != nil {
			return err
		}
	}
	d.waiting = still
	return nil
}
