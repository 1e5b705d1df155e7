// Package reactions is the accountability chain itself: what follows, by
// rule, from what was recorded. A complaint that is borne out opens a case, a
// case marks the files of those under inquiry, a confirmed finding proposes a
// sanction and opens a trace of responsibility, a missed target and an act
// that somebody is at fault for open one too, a traced link that is handed on
// proposes a sanction, an imposed sanction restricts the officer until it is
// released, and what a case teaches is followed up at the post or in the norm
// that let it happen.
//
// Every reaction is pure and knows its event alone; the ledger carries out
// what it says as the system, names the cause, and repeats nothing. A
// reaction decides nothing: the command it gives is judged by the room it is
// addressed to, and a refusal there undoes nothing here.
//
// Nothing follows from imported history: no reaction is to an imported kind,
// and the ledger follows no event that carries a source.
package reactions

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/sanction"
)

// All returns every reaction, in the order of the chain, and those to kinds
// that are recorded and no longer decided.
func All() []domain.Reaction { return append(chain(), earlier()...) }

func chain() []domain.Reaction {
	return []domain.Reaction{
		on("complaint-borne-out", "A complaint that is borne out and names officers opens a misconduct case of the same id (有案必查).", openCase),
		on("warning-acted-on", "A warning that leads to misconduct opens the case it names; inspections and complaints are opened by their own people.", openWarned),
		on("opened-marks", "A case marks the file of each officer under inquiry (公职人员政务处分法 art. 41).", markOpened),
		on("case-widened", "A wider scope marks the files of the further officers it reaches (公职人员政务处分法 art. 41).", markWidened),
		on("case-dismissed", "A dismissed case takes the mark off the files.", unmarkDismissed),
		on("found-proposes", "A confirmed finding with a measure proposes one sanction for each officer (公职人员政务处分法 art. 15).", proposeSanctions),
		on("found-traced", "A confirmed finding opens a trace of who answers for it (责任倒查).", traceFinding),
		on("found-noted", "A confirmed finding is noted on the officer's file, where a discipline matrix counts it.", noteFindings),
		on("miss-traced", "A missed target that is held to account opens a trace of who answers for it (责任倒查).", traceMiss),
		on("fault-traced", "An overturned or varied act that somebody is at fault for opens a trace of who answers for it (执法过错责任).", traceFault),
		on("item-noted", "An item about an act that is due to the public is noted with the act.", notePublication),
		on("items-recalled", "A varied or overturned act has every item about it withdrawn from the public (行政处罚法 art. 48).", withdrawRecalled),
		on("link-handed-on", "A link of a trace that is handed on proposes its measure against the person (公职人员政务处分法 art. 15).", proposeForLink),
		on("appeal-annuls", "An appeal that leaves no finding with a measure against the officer takes the sanction back (公职人员政务处分法 art. 55–57).", annulOnAppeal),
		on("rereview-annuls", "So does a re-review (公职人员政务处分法 art. 55–57).", annulOnRereview),
		on("appeal-noted", "The officer's file notes how many findings stand after an appeal.", noteOnAppeal),
		on("rereview-noted", "So it does after a re-review.", noteOnRereview),
		on("gaps-opened", "An analysed case has each gap followed up: a post that lacks a control is rated anew, and a gap of a norm is filed with it (一案双析).", openGaps),
		on("case-archived", "An archived case takes the mark off the files.", unmarkArchived),
		on("imposed-restricts", "An imposed sanction restricts the officer for its effect period and suspends the certificate where the ladder says so (公职人员政务处分法 art. 19).", restrict),
		on("varied-restricts", "A varied sanction restricts the officer for its new period, and gives back what only the old one took (公职人员政务处分法 art. 55–57).", restrictAnew),
		on("sanction-released", "A released sanction lifts its restriction and restores the certificate it suspended (公职人员政务处分法 art. 26).", lift),
		on("sanction-overturned", "An overturned sanction lifts its restriction and restores certificate and rank, and the service to somebody dismissed (公职人员政务处分法 art. 55–57).", liftOverturned),
	}
}

// on makes the reaction to events of one type.
func on[E domain.Event](name, meaning string, then func(cause domain.Act, e E) []domain.Instruction) domain.Reaction {
	var zero E
	return domain.Reaction{
		Name: name, Meaning: meaning, On: zero.Kind(),
		Then: func(r domain.Recorded) []domain.Instruction {
			if e, ok := r.Event.(E); ok {
				return then(r.Act, e)
			}
			return nil
		},
	}
}

// tell addresses the command to the aggregate.
func tell[ID ~string](id ID, c domain.Command) domain.Instruction {
	return domain.Instruction{Act: domain.Act{Subject: string(id)}, Command: c}
}

// tellEach gives the same command to each officer.
func tellEach(officers []domain.OfficerID, c domain.Command) []domain.Instruction {
	var out []domain.Instruction
	for _, o := range officers {
		out = append(out, tell(o, c))
	}
	return out
}

func openCase(cause domain.Act, e complaint.Concluded) []domain.Instruction {
	if !e.Result.BearsOut() || len(e.Officers) == 0 {
		return nil
	}
	return []domain.Instruction{tell(cause.Subject, misconduct.Open{
		Origin: misconduct.OriginComplaint, Complaint: domain.ComplaintID(cause.Subject),
		Unit: e.Unit, Officers: e.Officers, Conduct: e.Conduct,
	})}
}

func markOpened(cause domain.Act, e misconduct.Opened) []domain.Instruction {
	return tellEach(e.Officers, officer.OpenInquiry{Case: domain.CaseID(cause.Subject)})
}

func markWidened(cause domain.Act, e misconduct.ScopeWidened) []domain.Instruction {
	return tellEach(e.Officers, officer.OpenInquiry{Case: domain.CaseID(cause.Subject)})
}

func unmarkDismissed(cause domain.Act, e misconduct.Dismissed) []domain.Instruction {
	return tellEach(e.Officers, officer.CloseInquiry{Case: domain.CaseID(cause.Subject)})
}

func unmarkArchived(cause domain.Act, e misconduct.Archived) []domain.Instruction {
	return tellEach(e.Officers, officer.CloseInquiry{Case: domain.CaseID(cause.Subject)})
}

// proposeSanctions proposes one sanction for each officer, in the order of
// the findings. Several findings against one officer are judged together:
// which measure they draw is for the rulebook, which the sanction's room has.
func proposeSanctions(cause domain.Act, e misconduct.FindingConfirmed) []domain.Instruction {
	var officers []domain.OfficerID
	acts := map[domain.OfficerID][]sanction.Deed{}
	for _, f := range e.Findings {
		if f.Measure == "" || !f.Result.BearsOut() {
			continue
		}
		if !slices.Contains(officers, f.Officer) {
			officers = append(officers, f.Officer)
		}
		acts[f.Officer] = append(acts[f.Officer], sanction.Deed{Measure: f.Measure, Conduct: f.Allegation, DeedOn: f.DeedOn})
	}
	var out []domain.Instruction
	for _, o := range officers {
		propose := sanction.Propose{Officer: o, Case: domain.CaseID(cause.Subject), Measure: acts[o][0].Measure, Conduct: acts[o][0].Conduct, DeedOn: acts[o][0].DeedOn}
		if n := len(acts[o]); n > 1 {
			propose.Measure, propose.DeedOn, propose.Acts = "", domain.Date{}, acts[o]
			propose.Conduct = fmt.Sprintf("%d findings of case %s judged together", n, cause.Subject)
		}
		out = append(out, tell(SanctionOf(domain.CaseID(cause.Subject), o), propose))
	}
	return out
}

func annulOnAppeal(cause domain.Act, e misconduct.AppealDecided) []domain.Instruction {
	return annul(cause, e.Officer, e.Outcome, e.Findings, e.Opinion)
}

func annulOnRereview(cause domain.Act, e misconduct.Rereviewed) []domain.Instruction {
	return annul(cause, e.Officer, e.Outcome, e.Findings, e.Opinion)
}

// annul takes the sanction back where no finding that stands asks for one. A
// milder finding leaves it to the appeal against the sanction itself.
func annul(cause domain.Act, o domain.OfficerID, outcome misconduct.Outcome, stand []misconduct.Finding, opinion string) []domain.Instruction {
	if outcome == misconduct.OutcomeUpheld || slices.ContainsFunc(stand, func(f misconduct.Finding) bool { return f.Measure != "" && f.Result.BearsOut() }) {
		return nil
	}
	return []domain.Instruction{tell(SanctionOf(domain.CaseID(cause.Subject), o), sanction.Annul{Ground: opinion})}
}

// noteFindings brings what stands against each officer to their file.
func noteFindings(cause domain.Act, e misconduct.FindingConfirmed) []domain.Instruction {
	var out []domain.Instruction
	var officers []domain.OfficerID
	for _, f := range e.Findings {
		if n := sustained(misconduct.Of(e.Findings, f.Officer)); n > 0 && !slices.Contains(officers, f.Officer) {
			officers = append(officers, f.Officer)
			out = append(out, tell(f.Officer, officer.NoteFindings{Case: domain.CaseID(cause.Subject), Sustained: n}))
		}
	}
	return out
}

func noteOnAppeal(cause domain.Act, e misconduct.AppealDecided) []domain.Instruction {
	return noteAnew(cause, e.Officer, e.Outcome, e.Findings)
}

func noteOnRereview(cause domain.Act, e misconduct.Rereviewed) []domain.Instruction {
	return noteAnew(cause, e.Officer, e.Outcome, e.Findings)
}

func noteAnew(cause domain.Act, o domain.OfficerID, outcome misconduct.Outcome, stand []misconduct.Finding) []domain.Instruction {
	if outcome == misconduct.OutcomeUpheld {
		return nil
	}
	return []domain.Instruction{tell(o, officer.NoteFindings{Case: domain.CaseID(cause.Subject), Sustained: sustained(stand)})}
}

// sustained counts the findings that bear something out.
func sustained(findings []misconduct.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Result.BearsOut() {
			n++
		}
	}
	return n
}

// SanctionOf returns the id of the sanction that a finding of the case
// proposes against the officer.
func SanctionOf(c domain.CaseID, o domain.OfficerID) domain.SanctionID {
	return sanction.OfFinding(c, o)
}

func restrict(cause domain.Act, e sanction.Imposed) []domain.Instruction {
	id := domain.SanctionID(cause.Subject)
	switch {
	case e.Restricts():
		return []domain.Instruction{tell(e.Officer, officer.Restrict{
			Sanction: id, Measure: e.Measure, From: e.From, Until: e.Until, ForGood: e.ForGood,
			BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours,
			SuspendsCertificate: e.SuspendsCertificate,
		})}
	case e.SuspendsCertificate:
		return []domain.Instruction{tell(e.Officer, officer.SuspendCertificate{Sanction: id})}
	}
	return nil
}

// restrictAnew never suspends a certificate: what is varied is milder, and
// the old measure had suspended it. A rank comes back with a restriction that
// ends here; somebody whom the old measure dismissed, with either command.
func restrictAnew(cause domain.Act, e sanction.Varied) []domain.Instruction {
	id := domain.SanctionID(cause.Subject)
	if e.Restricts() {
		return []domain.Instruction{tell(e.Officer, officer.Restrict{
			Sanction: id, Measure: e.Measure, From: e.From, Until: e.Until, ForGood: e.ForGood,
			BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours,
			RestoresCertificate: e.RestoresCertificate,
		})}
	}
	return giveBack(id, e.Officer, e.LiftsRestriction, e.RestoresCertificate, true)
}

func lift(cause domain.Act, e sanction.Released) []domain.Instruction {
	return giveBack(domain.SanctionID(cause.Subject), e.Officer, e.LiftsRestriction, e.RestoresCertificate, e.RestoresRank)
}

func liftOverturned(cause domain.Act, e sanction.Overturned) []domain.Instruction {
	return giveBack(domain.SanctionID(cause.Subject), e.Officer, e.LiftsRestriction, e.RestoresCertificate, true)
}

// giveBack ends what the sanction held. Whether there is a certificate to
// restore, and whether another sanction still withholds it, the file says.
func giveBack(id domain.SanctionID, o domain.OfficerID, lifts, restores, rank bool) []domain.Instruction {
	switch {
	case lifts:
		return []domain.Instruction{tell(o, officer.LiftRestriction{Sanction: id, RestoresRank: rank, RestoresCertificate: restores})}
	case restores:
		return []domain.Instruction{tell(o, officer.RestoreCertificate{})}
	}
	return nil
}
