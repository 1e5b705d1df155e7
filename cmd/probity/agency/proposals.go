package agency

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// soonerRepeats is what a case proposes of early warning where nothing warned
// of it in time.
var soonerRepeats = misconduct.RuleProposal{Threshold: domain.ThresholdPattern, Rule: "complaint.repeated",
	Change: "十二个月内三次即预警 warn of 3 within 12 months", Reason: "第三次投诉时本可发现 the third complaint would have shown it"}

// answerProposals declines what the case proposes: replayed, the new number
// would have warned of too much. It draws nothing, so that whatever else is
// played stays as it is.
func (p *play) answerProposals(id domain.CaseID) {
	for _, x := range p.world.inquiry(id).Proposals {
		if x.Answer == "" {
			p.did(p.now, p.staff.leaders[0].as(domain.RoleLeader), string(id), misconduct.AnswerProposal{Proposal: x.Number, Answer: misconduct.AnswerDeclined,
				Reason: "经回放，三次的阈值误报过多 replayed, three would have warned of too much"})
		}
	}
}

// instructionID is the next running number. Answers to proposals are named
// after what they answer, so that they take no number from anything else.
func (b *bureau) instructionID(subject string, c domain.Command) string {
	if answer, ok := c.(misconduct.AnswerProposal); ok {
		return fmt.Sprintf("demo-%d-%s-proposal-%d", b.plan.Seed, subject, answer.Proposal)
	}
	b.submitted++
	return fmt.Sprintf("demo-%d-%06d", b.plan.Seed, b.submitted)
}
