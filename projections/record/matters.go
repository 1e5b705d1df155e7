package record

import (
	"slices"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
)

// at returns what is folded for the aggregate, making it when it comes on
// file.
func at[T any](f *folder, m map[string]*T, id string, fresh func(order int) *T) *T {
	v, ok := m[id]
	if !ok {
		v = fresh(f.next())
		m[id] = v
	}
	return v
}

type sanctionFold struct {
	order  int
	id     domain.SanctionID
	label  string
	state  sanction.Sanction
	source Source

	rulebook        domain.RulebookID
	rulebookVersion string
}

func (f *folder) addSanction(e Entry) {
	s := at(f, f.sanctions, e.Act.Subject, func(order int) *sanctionFold {
		return &sanctionFold{order: order, id: domain.SanctionID(e.Act.Subject)}
	})
	before := s.state.Status
	applyTo(&s.state, e)
	if i, ok := e.Event.(sanction.Imported); ok {
		s.label = i.Measure
	}
	varied := false
	switch v := e.Event.(type) {
	case sanction.Imposed:
		s.rulebook, s.rulebookVersion = v.Rulebook, v.RulebookVersion
	case sanction.Varied:
		s.rulebook, s.rulebookVersion, varied = v.Rulebook, v.RulebookVersion, true
	case sanction.VariedV1:
		varied = true
	}
	if s.state.Status != before || varied {
		s.source = f.source
	}
}

func (s *sanctionFold) entry(day domain.Date) Sanction {
	st := s.state
	inForce := (st.Status == sanction.StatusImposed || st.Status == sanction.StatusImported) && !st.From.IsZero() &&
		!day.Before(st.From) && (st.ForGood || (!st.Until.IsZero() && !day.After(st.Until)))
	return Sanction{ID: s.id, Case: st.Case, Measure: string(st.Measure), Label: s.label, Status: string(st.Status), Months: st.Months,
		From: st.From, Until: st.Until, ForGood: st.ForGood, InForce: inForce, ServedOn: st.ServedOn, Executed: st.Executed,
		DeedOn: st.DeedOn, Rulebook: s.rulebook, RulebookVersion: s.rulebookVersion, Source: s.source}
}

type rewardFold struct {
	order  int
	id     domain.RewardID
	merit  string
	on     domain.Date
	state  reward.Reward
	source Source
}

func (f *folder) addReward(e Entry) {
	r := at(f, f.rewards, e.Act.Subject, func(order int) *rewardFold {
		return &rewardFold{order: order, id: domain.RewardID(e.Act.Subject)}
	})
	before := r.state.Status
	applyTo(&r.state, e)
	switch e := e.Event.(type) {
	case reward.Nominated:
		r.merit = e.Merit
	case reward.Granted:
		r.on = f.orDay(domain.Date{})
	case reward.Imported:
		r.merit, r.on = e.Merit, e.GrantedOn
	}
	if r.state.Status != before {
		r.source = f.source
	}
}

func (r *rewardFold) entry() Reward {
	return Reward{ID: r.id, Honour: r.state.Honour, Merit: r.merit, Status: string(r.state.Status), On: r.on, Source: r.source}
}

type complaintFold struct {
	order       int
	file        Complaint
	state       complaint.Complaint
	named       bool
	responsible bool
}

func (f *folder) addComplaint(e Entry) {
	c := at(f, f.complaints, e.Act.Subject, func(order int) *complaintFold {
		return &complaintFold{order: order, file: Complaint{ID: domain.ComplaintID(e.Act.Subject)}}
	})
	before := c.state.Status
	applyTo(&c.state, e)
	switch e := e.Event.(type) {
	case complaint.Received:
		c.file.ReceivedOn, c.file.Category, c.file.Summary = f.orDay(domain.Date{}), e.Category, e.Summary
	case complaint.Imported:
		c.file.ReceivedOn, c.file.Category, c.file.Summary = e.ReceivedOn, e.Category, e.Summary
	case complaint.Concluded:
		c.responsible = slices.Contains(e.Officers, f.file.Officer)
		c.file.ConcludedOn = f.orDay(domain.Date{})
	case complaint.Answered:
		c.file.AnsweredOn = f.orDay(domain.Date{})
	case complaint.Reopened:
		c.responsible, c.file.ConcludedOn, c.file.AnsweredOn = false, domain.Date{}, domain.Date{}
	}
	c.named = slices.Contains(c.state.Officers, f.file.Officer)
	if c.state.Status != before {
		c.file.Source = f.source
	}
}

// entry: a complaint is final once it has a result, was turned down,
// withdrawn or handed to another body, and when it was imported.
func (c *complaintFold) entry() Complaint {
	out := c.file
	out.Unit, out.Status, out.Result, out.Responsible = c.state.Unit, string(c.state.Status), string(c.state.Result), c.responsible
	switch c.state.Status {
	case complaint.StatusDeclined, complaint.StatusWithdrawn, complaint.StatusImported:
		out.Final = true
	default:
		out.Final = c.state.Result != ""
	}
	return out
}

type caseFold struct {
	complaint domain.ComplaintID
	unit      domain.UnitID
}

func (f *folder) addCase(e Entry) {
	c := at(f, f.cases, e.Act.Subject, func(int) *caseFold { return &caseFold{} })
	id := domain.CaseID(e.Act.Subject)
	switch e := e.Event.(type) {
	case misconduct.Opened:
		c.complaint, c.unit = e.Complaint, e.Unit
	case misconduct.OpenedV1:
		c.complaint, c.unit = e.Complaint, e.Unit
	case misconduct.Imported:
		c.complaint, c.unit = e.Complaint, e.Unit
	case misconduct.FindingImported:
		if e.Officer == f.file.Officer {
			f.file.Findings = append(f.file.Findings, Finding{ID: string(f.source.Event), Case: id, Complaint: e.Complaint, Unit: e.Unit,
				Category: e.Category, Result: string(e.Result), Discipline: string(e.Discipline), On: f.orDay(e.FoundOn), Source: f.source})
		}
	case misconduct.FindingConfirmed:
		f.addFindings(id, c, e.Findings)
	case misconduct.FindingConfirmedV1:
		f.addFindings(id, c, e.Now().Findings)
	case misconduct.AppealDecidedV1:
		f.replaceFindings(id, c, e.Officer, e.Outcome, e.Now().Findings)
	case misconduct.RereviewedV1:
		f.replaceFindings(id, c, e.Officer, e.Outcome, e.Now().Findings)
	case misconduct.AppealDecided:
		f.replaceFindings(id, c, e.Officer, e.Outcome, e.Findings)
	case misconduct.Rereviewed:
		f.replaceFindings(id, c, e.Officer, e.Outcome, e.Findings)
	}
}

// addFindings puts the findings on this officer on file. The ids number the
// findings within their event, of whomever they speak.
func (f *folder) addFindings(id domain.CaseID, c *caseFold, findings []misconduct.Finding) {
	for i, x := range findings {
		if x.Officer != f.file.Officer {
			continue
		}
		f.file.Findings = append(f.file.Findings, Finding{ID: string(f.source.Event) + "." + strconv.Itoa(i+1), Case: id,
			Complaint: c.complaint, Unit: c.unit, Category: x.Allegation, Result: string(x.Result), Measure: string(x.Measure),
			DeedOn: x.DeedOn, Norm: x.Norm, NormVersion: x.NormVersion, Clause: x.Clause,
			Opinion: x.Opinion, On: f.orDay(domain.Date{}), Source: f.source})
	}
}

func (f *folder) replaceFindings(id domain.CaseID, c *caseFold, officer domain.OfficerID, outcome misconduct.Outcome, findings []misconduct.Finding) {
	if officer != f.file.Officer || outcome == misconduct.OutcomeUpheld {
		return
	}
	for i := range f.file.Findings {
		if f.file.Findings[i].Case == id {
			f.file.Findings[i].Overturned = true
		}
	}
	f.addFindings(id, c, findings)
}
