package sanction

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
)

// OfFinding returns the id of the sanction that a confirmed finding of the
// case proposes against the officer.
func OfFinding(c domain.CaseID, o domain.OfficerID) domain.SanctionID {
	return domain.SanctionID(string(c) + "." + string(o))
}

// asked returns the heaviest measure that the findings standing in the case
// ask for against the officer; empty where they ask for none.
func asked(c misconduct.Case, o domain.OfficerID, book *domain.Rulebook) (heaviest domain.Measure) {
	at := -1
	for _, f := range c.Confirmed {
		if f.Officer != o || f.Measure == "" || !f.Result.BearsOut() {
			continue
		}
		if _, place, ok := book.Sanction.Rung(f.Measure); ok && place > at {
			heaviest, at = f.Measure, place
		}
	}
	return heaviest
}

// founded refuses what a person proposes against somebody who is not on file,
// or for a case that is not there, in which nothing is confirmed, or whose
// finding asks for less or was sanctioned already: one act is not sanctioned
// twice. Who is not under inquiry in the case, such as a leader, may answer
// for something else in it by an organisational measure (组织处理). A formal
// one (政务处分) follows from an inquiry by as many investigators as the
// rulebook asks for, or from a trace of responsibility, whose reaction proposes
// it; never from one person's proposal alone. An imported case is not judged
// again, only whether its papers bear something out against the person.
func (c Propose) founded(act domain.Act, book *domain.Rulebook) error {
	if domain.See[officer.Officer](act, c.Officer).Status == officer.StatusNone {
		return domain.Refuse(domain.CodeNotFound, "officer", "there is no officer %s on file", c.Officer)
	}
	rung, _, _ := book.Sanction.Rung(c.Measure)
	if c.Case == "" {
		if rung.Formal {
			return domain.Refuse(domain.CodeRule, "case", "%s is a formal measure: name the case whose finding asks for it, or open one", c.Measure).Under(book.Inquiry.InvestigatorsSource)
		}
		return nil
	}
	inquiry := domain.See[misconduct.Case](act, c.Case)
	if inquiry.Status == misconduct.StatusNone {
		return domain.Refuse(domain.CodeNotFound, "case", "there is no case %s", c.Case)
	}
	if rung.Formal && !inquiry.UnderInquiry(c.Officer) && !slices.Contains(inquiry.BorneOutOfOld, c.Officer) {
		return domain.Refuse(domain.CodeRule, "case", "%s is a formal measure and %s is not under inquiry in case %s: widen its scope, or trace the fault to them", c.Measure, c.Officer, c.Case).
			Under(book.Inquiry.InvestigatorsSource)
	}
	if inquiry.Status == misconduct.StatusImported || !inquiry.UnderInquiry(c.Officer) {
		return nil
	}
	if !slices.Contains([]misconduct.Status{misconduct.StatusConfirmed, misconduct.StatusArchived}, inquiry.Status) {
		return domain.Refuse(domain.CodeRule, "case", "nothing is confirmed against %s in case %s, which is %s", c.Officer, c.Case, inquiry.Status).Under(book.Sanction.DueProcess)
	}
	if err := withinFinding(inquiry, c.Case, c.Officer, c.Measure, book); err != nil {
		return err
	}
	first := domain.See[Sanction](act, OfFinding(c.Case, c.Officer))
	if !slices.Contains([]Status{StatusNone, StatusWithdrawn, StatusOverturned}, first.Status) {
		return domain.Refuse(domain.CodeRule, "case", "sanction %s, which is %s, is for the same conduct; one act is not sanctioned twice", OfFinding(c.Case, c.Officer), first.Status).
			Under(book.Traceback.OneMeasure)
	}
	return nil
}

// withinFinding refuses a measure heavier than the findings that stand against
// the officer ask for, appeals worked in.
func withinFinding(inquiry misconduct.Case, id domain.CaseID, o domain.OfficerID, measure domain.Measure, book *domain.Rulebook) error {
	most := asked(inquiry, o, book)
	if most == "" {
		return domain.Refuse(domain.CodeRule, "case", "no finding of case %s that stands asks for a measure against %s", id, o).Under(book.Sanction.DueProcess)
	}
	_, limit, _ := book.Sanction.Rung(most)
	if _, place, _ := book.Sanction.Rung(measure); place > limit {
		return domain.Refuse(domain.CodeRule, "measure", "%s is heavier than %s, which the findings of case %s ask for against %s", measure, most, id, o).Under(book.Sanction.DueProcess)
	}
	return nil
}

// stillFounded refuses to approve or impose more than the findings ask for by
// now: an appeal in the case may have made them milder.
func (s Sanction) stillFounded(measure domain.Measure, act domain.Act, book *domain.Rulebook) error {
	inquiry := domain.See[misconduct.Case](act, s.Case)
	if inquiry.Status != misconduct.StatusConfirmed && inquiry.Status != misconduct.StatusArchived || !inquiry.UnderInquiry(s.Officer) {
		return nil
	}
	return withinFinding(inquiry, s.Case, s.Officer, measure, book)
}
