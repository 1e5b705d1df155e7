package projections

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// What each row is found by. A text stands here only if whoever sees the
// object is shown it; what is shown to some of them only, such as the names of
// those who came to an activity, does not.

// The types of references to what is found and is no aggregate.
const (
	findingRef = "finding"
	riskRef    = "post_risk"
)

func about(of domain.Ref, title ...string) document {
	return document{of: of, title: title, names: []string{of.ID}}
}

func (d document) telling(texts ...string) document {
	d.say(texts...)
	return d
}

// documenting tells each register what its rows are found by.
func (g *registers) documenting() {
	g.units.text = func(r *unitRow) document {
		return about(r.ID.Ref(), r.Name, r.NameEn)
	}
	g.posts.text = func(r *postRow) document {
		return about(r.ID.Ref(), r.Name, r.NameEn)
	}
	g.officers.text = func(r *officerRow) document {
		// Names in pinyin are looked for in one word, too.
		d := about(r.ID.Ref(), r.Name, r.LatinName, r.StaffNumber).telling(r.Rank)
		d.names = append(d.names, strings.ReplaceAll(r.LatinName, " ", ""))
		return d
	}
	g.complaints.text = func(r *complaintRow) document {
		return about(r.ID.Ref(), r.Category).telling(r.Summary, r.Place)
	}
	g.cases.text = func(r *caseRow) document { return about(r.ID.Ref()).telling(r.Summary) }
	g.sanctions.text = func(r *sanctionRow) document {
		return about(r.ID.Ref(), r.Label).telling(r.Measure)
	}
	g.rewards.text = func(r *rewardRow) document {
		return about(r.ID.Ref(), r.Honour).telling(r.Merit)
	}
	g.plans.text = (*planRow).document
	g.tracebacks.text = (*tracebackRow).document
	g.enforcements.text = (*enforcementRow).document
	g.norms.text = (*normRow).document
	g.disclosures.text = func(r *disclosureRow) document {
		return about(r.ID.Ref(), r.Title, r.Category).telling(r.Place, r.URL, r.Correction, r.WithdrawReason)
	}
	g.warnings.text = func(r *warningRow) document {
		return about(r.ID.Ref(), r.Rule).telling(r.Explanation, r.Baseline, r.Peers, r.ExplanationChinese, r.BaselineChinese, r.PeersChinese, r.Opinion, r.Reason)
	}
	g.inspections.text = (*inspectionRow).document
	g.programmes.text = (*programmeRow).document
	g.activities.text = func(r *activityRow) document {
		d := about(r.ID.Ref(), r.Topic).telling(r.Reason, r.Feedback)
		for _, x := range r.held().Refreshes {
			d.say(x.Content)
		}
		return d
	}
	g.rulebooks.text = func(r *rulebookRow) document {
		d := about(r.ID.Ref())
		for _, v := range r.held().Versions {
			d.say(v.Reason)
		}
		return d
	}
	g.postRisks.text = (*postRiskRow).document
}

func (r *planRow) document() document {
	d := about(r.ID.Ref(), r.Title)
	for _, s := range r.held().Stages {
		d.say(s.Title)
		for _, x := range s.Reports {
			d.say(x.Remarks)
		}
	}
	for _, t := range r.held().Targets {
		d.say(t.Title, t.Measure, t.Explanation, t.Decision)
	}
	return d
}

func (r *tracebackRow) document() document {
	d := about(r.ID.Ref()).telling(r.Fault, r.Opinion)
	b := r.held()
	for _, l := range b.State.Links {
		d.say(l.Step, l.Duty, b.Reasons[l.Code])
	}
	return d
}

func (r *enforcementRow) document() document {
	d := about(r.ID.Ref(), r.Matter).telling(r.Factor)
	b := r.held()
	d.say(b.State.Deviation.Reason)
	for _, s := range b.Steps {
		d.say(s.Note)
	}
	for _, o := range b.Overrides {
		d.say(o.Reason)
	}
	for _, x := range b.Reviews {
		d.say(x.Ground)
	}
	for _, x := range b.FaultReviews {
		d.say(x.Opinion)
	}
	return d
}

func (r *normRow) document() document {
	d := about(r.ID.Ref(), r.Title)
	b := r.held()
	for _, v := range b.State.Versions {
		for _, c := range v.Clauses {
			d.say(c.Text)
		}
		for _, t := range v.Tiers {
			d.say(t.Factors)
		}
		for _, s := range v.Steps {
			d.say(s.StepName)
		}
	}
	for _, x := range b.Gaps {
		d.say(x.Text)
	}
	for _, x := range b.Reviews {
		d.say(x.Opinion)
	}
	return d
}

func (r *inspectionRow) document() document {
	d := about(r.ID.Ref(), r.Basis).telling(r.Conclusion)
	b := r.held()
	for _, x := range b.Observations {
		d.say(x.Text)
	}
	for _, x := range b.Rectifications {
		d.say(x.Text, x.Report, x.Note)
	}
	for _, x := range b.Halts {
		d.say(x.Reason)
	}
	return d
}

func (r *programmeRow) document() document {
	d := about(r.ID.Ref(), r.Scheme).telling(r.Note)
	for _, x := range r.held().Guidance {
		d.say(x.Text)
	}
	for _, x := range r.held().Practices {
		d.say(x.Title)
	}
	return d
}

func (r *postRiskRow) document() document {
	d := document{of: domain.Ref{Type: riskRef, ID: r.ID}, title: []string{r.Description}, body: []string{r.Power}}
	for _, c := range r.held().Controls {
		d.say(c.Description, c.Note)
	}
	return d
}

func (r *findingRow) document() document {
	return document{of: domain.Ref{Type: findingRef, ID: r.ID}, title: []string{r.Category}, body: []string{r.Conduct, r.Clause}}
}
