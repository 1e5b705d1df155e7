package reactions

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/sanction"
)

// earlier returns the reactions to the first forms of kinds. Nothing decides
// them any more; what a crash cut short after one of them is still made up
// for, under the name it had.
func earlier() []domain.Reaction {
	return []domain.Reaction{
		on("case-opened", "A case opened in its first form marks the file of each officer under inquiry (公职人员政务处分法 art. 41).",
			func(cause domain.Act, e misconduct.OpenedV1) []domain.Instruction { return markOpened(cause, e.Now()) }),
		on("finding-confirmed", "A finding confirmed in its first form proposes one sanction for each officer (公职人员政务处分法 art. 15).",
			func(cause domain.Act, e misconduct.FindingConfirmedV1) []domain.Instruction {
				return proposeSanctions(cause, e.Now())
			}),
		on("finding-traced", "A finding confirmed in its first form opens a trace of who answers for it (责任倒查).",
			func(cause domain.Act, e misconduct.FindingConfirmedV1) []domain.Instruction {
				return traceFinding(cause, e.Now())
			}),
		on("finding-overturned-on-appeal", "An appeal decided in its first form takes the sanction back where no finding asks for one (公职人员政务处分法 art. 55–57).",
			func(cause domain.Act, e misconduct.AppealDecidedV1) []domain.Instruction {
				return annulOnAppeal(cause, e.Now())
			}),
		on("finding-overturned-on-rereview", "So does a re-review decided in its first form (公职人员政务处分法 art. 55–57).",
			func(cause domain.Act, e misconduct.RereviewedV1) []domain.Instruction {
				return annulOnRereview(cause, e.Now())
			}),
		on("sanction-imposed", "A sanction imposed in its first form restricts the officer for its effect period (公职人员政务处分法 art. 19).",
			func(cause domain.Act, e sanction.ImposedV1) []domain.Instruction { return restrict(cause, e.Now()) }),
		on("sanction-varied", "A sanction varied in its first form restricts the officer for its new period (公职人员政务处分法 art. 55–57).",
			func(cause domain.Act, e sanction.VariedV1) []domain.Instruction { return restrictAnew(cause, e.Now()) }),
	}
}
