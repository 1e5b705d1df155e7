package agency

import (
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/alerts"
	"github.com/probity-ledger/probity/projections/screening"
)

// Followed is a warning, and how it ended within the history.
type Followed struct {
	// Agency is the root of the agency it is about.
	Agency domain.UnitID
	// Article is the one it stands for; empty where it stands for none.
	Article domain.Article
	Rule    string
	Warning domain.WarningID
	// Outcome is empty while nobody knows it. Open: left to whoever visits.
	Outcome warning.Outcome
	Open    bool
}

// ArticleOf returns the article that a rule of warnings stands for: "" for a
// rule that this package does not know.
func ArticleOf(rule string) domain.Article {
	if r := alerts.Find(rule); r != nil {
		return r.Article
	}
	if m := screening.Find(rule); m != nil {
		return m.Article
	}
	if name, ok := strings.CutPrefix(rule, "clock:"); ok {
		return clockArticles[name]
	}
	if article, _, ok := strings.Cut(rule, "."); ok && slices.Contains(domain.CN2024().Programme.Articles, domain.Article(article)) {
		return domain.Article(article) // of an indicator, raised by hand
	}
	return ""
}

// OneForEach returns one warning of each article whose outcome is known, in the
// order of the articles: of a rule before a clock's, and one that was right
// before one that was not. Articles without any are left out.
func (s *Story) OneForEach() (out []*Followed) {
	rank := func(f *Followed) int {
		n := slices.Index([]warning.Outcome{warning.OutcomeTrue, warning.OutcomeFalse, warning.OutcomeUnclear}, f.Outcome)
		if strings.HasPrefix(f.Rule, "clock:") {
			n += 10
		}
		return n
	}
	for _, article := range domain.CN2024().Programme.Articles {
		var best *Followed
		for _, f := range s.Followed {
			if f.Article == article && f.Outcome != "" && (best == nil || rank(f) < rank(best)) {
				best = f
			}
		}
		if best != nil {
			out = append(out, best)
		}
	}
	return out
}

// clockArticles are the articles whose warning a clock is.
var clockArticles = map[string]domain.Article{
	"plan.target": "I1", "complaint.route": "I3", "complaint.handle": "I3", "complaint.notify_real_name": "I3", "complaint.answer_real_name": "I3",
	"complaint.decide_review": "I3", "complaint.decide_rereview": "I3", "inspection.rectify": "I4", "disclosure.publish": "I5", "disclosure.withdraw": "I5",
	"activity.refresh_carrier": "I8", "post.rerate": "I9", "post.rerating_called": "I9", "officer.rotation": "I9", "officer.certificate": "D1",
	"enforcement.decide": "D2", "enforcement.serve": "D2", "enforcement.publish": "D2", "enforcement.fault_review": "D6", "traceback.conclude": "D6",
	"norm.review": "D9", "norm.close_gap": "D9", "sanction.execute": "D7", "sanction.execute_most": "D7", "sanction.decide_appeal": "D7",
	"sanction.decide_rereview": "D7", "misconduct.decide_appeal": "I4", "misconduct.decide_rereview": "I4",
}
