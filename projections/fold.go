package projections

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
)

// fold works one event into the registers. What an event means for the
// status of its aggregate is asked of the room itself: the row is turned
// into the room's state, the event applied, and the state turned back, so
// that no rule stands here a second time. What the room does not keep
// (names, summaries, days) is taken from the event.
func (g *registers) fold(d *ledger.Decoded) error {
	switch d.Event.Kind().Room() {
	case unit.Room.Name:
		return g.foldUnit(d)
	case post.Room.Name:
		return g.foldPost(d)
	case officer.Room.Name:
		return g.foldOfficer(d)
	case complaint.Room.Name:
		return g.foldComplaint(d)
	case misconduct.Room.Name:
		return g.foldCase(d)
	case sanction.Room.Name:
		return g.foldSanction(d)
	case reward.Room.Name:
		return g.foldReward(d)
	case plan.Room.Name:
		return g.foldPlan(d)
	case traceback.Room.Name:
		return g.foldTraceback(d)
	case enforcement.Room.Name:
		return errors.Join(g.foldEnforcement(d), g.foldCompared(d))
	case norm.Room.Name:
		return g.foldNorm(d)
	case disclosure.Room.Name:
		return g.foldDisclosure(d)
	case warning.Room.Name:
		return g.foldWarning(d)
	case inspection.Room.Name:
		return g.foldInspection(d)
	case programme.Room.Name:
		return g.foldProgramme(d)
	case access.Room.Name:
		return g.foldAccess(d)
	case activity.Room.Name:
		return g.foldActivity(d)
	case rulebook.Room.Name:
		return g.foldRulebook(d)
	case key.Room.Name:
		return g.foldKey(d)
	}
	return nil
}

// applyTo folds an event of the room whose state is S.
func applyTo[S any](state *S, d *ledger.Decoded) {
	if e, ok := d.Event.(domain.EventOf[S]); ok {
		e.Apply(state, d.Act)
	}
}

// day returns the day on which the event occurred.
func (g *registers) day(d *ledger.Decoded) domain.Date { return g.cal.Day(d.Act.OccurredAt) }

// orDay returns the date, or the day of the event when there is none.
func (g *registers) orDay(on domain.Date, d *ledger.Decoded) domain.Date {
	if on.IsZero() {
		return g.day(d)
	}
	return on
}

func (g *registers) foldUnit(d *ledger.Decoded) error {
	row, err := g.units.change(d)
	if err != nil {
		return err
	}
	s := unit.Unit{Status: unit.Status(row.Status), Name: row.Name, NameEn: row.NameEn, Kind: unit.Kind(row.Kind),
		Parent: row.Parent, Since: row.Since, Until: row.Until}
	applyTo(&s, d)
	row.Status, row.Name, row.NameEn, row.Kind = string(s.Status), s.Name, s.NameEn, string(s.Kind)
	row.Parent, row.Since, row.Until = s.Parent, s.Since, s.Until
	if _, ok := d.Event.(unit.Established); ok {
		row.Since = g.orDay(s.Since, d)
	}
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}

func (g *registers) foldPost(d *ledger.Decoded) error {
	row, err := g.posts.change(d)
	if err != nil {
		return err
	}
	var s post.Post
	if row.State != "" {
		if err := json.Unmarshal([]byte(row.State), &s); err != nil {
			return err
		}
	}
	called := slices.Clone(s.Reratings)
	applyTo(&s, d)
	state, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		return err
	}
	row.State = string(state)
	before := row.Grade
	row.Status, row.Name, row.Unit, row.Leader = string(s.Status), s.Title, s.Unit, s.Leader
	row.Grade = string(highest(s.Risks))
	if e, ok := d.Event.(post.Defined); ok {
		row.NameEn = e.TitleEn
	}
	row.Imported = row.Imported || d.Act.Imported()
	if err := g.foldReratings(d, row, before, called, s.Reratings); err != nil {
		return err
	}
	return g.foldPostRisks(d, row.ID, &s)
}

// highest returns the gravest grade among the risks.
func highest(risks []post.Risk) post.Grade {
	for _, grade := range []post.Grade{post.GradeHigh, post.GradeMedium, post.GradeLow} {
		for _, r := range risks {
			if r.Grade == grade {
				return grade
			}
		}
	}
	return ""
}

const endInterest = "DELETE FROM interests WHERE officer = ? AND nature = ? AND party = ? AND unit = ? AND other = ?"

func (g *registers) foldOfficer(d *ledger.Decoded) error {
	row, err := g.officers.change(d)
	if err != nil {
		return err
	}
	s := officerState(row)
	applyTo(&s, d)
	row.Name, row.Unit, row.Post, row.PostSince, row.Leader = s.Name, s.Unit, s.Post, s.Since, s.Leader
	row.HighRisk, row.Rank, row.Status, row.EnrolledOn = s.HighRisk, s.Rank, string(s.Status), s.EnrolledOn
	row.CertificateNumber, row.CertificateStatus = s.Certificate.Number, string(s.Certificate.Status)
	row.CertificateUntil = s.Certificate.ValidTo
	row.Inquiries = joinLines(s.Inquiries)
	switch e := d.Event.(type) {
	case officer.Enrolled:
		row.LatinName, row.StaffNumber = e.LatinName, e.StaffNumber
	case officer.Imported:
		row.LatinName, row.StaffNumber, row.SeparatedOn = e.LatinName, e.StaffNumber, e.SeparatedOn
		err = g.protect(e, row.ID)
	case officer.Separated:
		row.SeparatedOn = e.On
	case officer.Reinstated:
		row.SeparatedOn = domain.Date{}
	case officer.InterestDeclared:
		// Declared anew it may have another end.
		err = errors.Join(g.exec(endInterest, d.Act.Subject, e.Nature, e.With, string(e.Unit), string(e.Officer)),
			g.exec("INSERT INTO interests (officer, nature, party, unit, other, until) VALUES (?, ?, ?, ?, ?, ?)",
				d.Act.Subject, e.Nature, e.With, string(e.Unit), string(e.Officer), e.Until.String()))
	case officer.InterestEnded:
		err = g.exec(endInterest, d.Act.Subject, e.Nature, e.With, string(e.Unit), string(e.Officer))
	}
	row.Imported = row.Imported || d.Act.Imported()
	return err
}

// officerState is as much of the room's state as the row holds and the
// room's folds look at.
func officerState(row *officerRow) officer.Officer {
	return officer.Officer{
		Status: officer.Status(row.Status), Name: row.Name, Unit: row.Unit, Rank: row.Rank, EnrolledOn: row.EnrolledOn,
		Post: row.Post, Since: row.PostSince, Leader: row.Leader, HighRisk: row.HighRisk,
		Inquiries:   splitLines[domain.CaseID](row.Inquiries),
		Certificate: officer.Certificate{Number: row.CertificateNumber, ValidTo: row.CertificateUntil, Status: officer.CertificateStatus(row.CertificateStatus)},
	}
}

func joinLines[T ~string](list []T) string {
	var b strings.Builder
	for i, v := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(string(v))
	}
	return b.String()
}

func splitLines[T ~string](s string) []T {
	if s == "" {
		return nil
	}
	var out []T
	for v := range strings.SplitSeq(s, "\n") {
		out = append(out, T(v))
	}
	return out
}

func (g *registers) foldSanction(d *ledger.Decoded) error {
	row, err := g.sanctions.change(d)
	if err != nil {
		return err
	}
	s := sanction.Sanction{Status: sanction.Status(row.Status), Officer: row.Officer, Case: row.Case, Measure: domain.Measure(row.Measure),
		Months: row.Months, From: row.From, Until: row.Until, ForGood: row.ForGood, ServedOn: row.ServedOn, Executed: row.Executed}
	applyTo(&s, d)
	row.Status, row.Officer, row.Case, row.Measure, row.Months = string(s.Status), s.Officer, s.Case, string(s.Measure), s.Months
	row.From, row.Until, row.ForGood, row.ServedOn, row.Executed = s.From, s.Until, s.ForGood, s.ServedOn, s.Executed
	switch e := d.Event.(type) {
	case sanction.Imposed:
		row.DecidedOn, row.DeedOn, row.Rulebook, row.RulebookVersion = g.day(d), e.DeedOn, e.Rulebook, e.RulebookVersion
	case sanction.Varied:
		row.DecidedOn, row.DeedOn, row.Rulebook, row.RulebookVersion = g.day(d), e.DeedOn, e.Rulebook, e.RulebookVersion
	case sanction.ImposedV1, sanction.VariedV1, sanction.Overturned:
		row.DecidedOn = g.day(d)
	case sanction.Imported:
		row.Label, row.DecidedOn = e.Measure, e.From
	}
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}

func (g *registers) foldReward(d *ledger.Decoded) error {
	row, err := g.rewards.change(d)
	if err != nil {
		return err
	}
	s := reward.Reward{Status: reward.Status(row.Status), Officer: row.Officer, Unit: row.Unit, Honour: row.Honour}
	applyTo(&s, d)
	row.Status, row.Officer, row.Unit, row.Honour = string(s.Status), s.Officer, s.Unit, s.Honour
	switch e := d.Event.(type) {
	case reward.Nominated:
		row.Merit = e.Merit
	case reward.Granted:
		row.GrantedOn = g.day(d)
	case reward.Imported:
		row.Merit, row.GrantedOn = e.Merit, e.GrantedOn
	}
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}
