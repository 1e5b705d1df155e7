package clocks

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
)

// complaintRules are the deadlines of a complaint (article I3).
var complaintRules = []*Rule{
	{
		Name: "complaint.route", Chinese: "受理期限", Owed: "accept, decline or transfer the complaint",
		OwedChinese: "决定受理、不予受理或者转办",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.Route },
		Role:        domain.RoleIntake, Breach: Visible,
		starts: []trigger[[]Opening]{
			starts[complaint.Received](), starts[complaint.TransferContested](),
			on(func(e complaint.Transferred, _ scene) []Opening {
				if e.ToUnit == "" {
					return nil // another body answers for it now
				}
				return []Opening{{}}
			}),
		},
		stops: []trigger[stop]{stops[complaint.Accepted](), stops[complaint.Declined](), stops[complaint.Transferred](),
			stops[complaint.TransferContested](), stops[complaint.Withdrawn]()},
	},
	{
		Name: "complaint.acknowledge", Chinese: "收件告知", Owed: "tell the reporter that the report came in",
		OwedChinese: "告知举报人已收到举报",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Reporting.Acknowledge },
		Role:        domain.RoleIntake, Breach: Visible,
		starts: []trigger[[]Opening]{starts[complaint.Received]()},
		stops:  []trigger[stop]{stops[complaint.Acknowledged](), stops[complaint.Withdrawn](), stops[complaint.Answered]()},
	},
	{
		Name: "complaint.feedback", Chinese: "处理反馈", Owed: "tell the reporter what was or will be done",
		OwedChinese: "告知举报人已采取或者拟采取的措施",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Reporting.Feedback },
		Role:        domain.RoleHandler, Who: handler, Breach: Visible,
		// Without an acknowledgement it runs from the last day for it
		// (Directive (EU) 2019/1937 art. 9(1)(f)).
		starts: []trigger[[]Opening]{
			on(func(_ complaint.Received, x scene) []Opening {
				return []Opening{{On: x.book.Reporting.Acknowledge.After(x.day, x.book.Calendar)}}
			}),
		},
		stops: []trigger[stop]{stops[complaint.Answered](), stops[complaint.Withdrawn](), stops[complaint.Declined]()},
		changes: []trigger[change]{
			on(func(_ complaint.Acknowledged, x scene) change { return change{from: x.day} }),
			on(func(e complaint.Extended, _ scene) change { return change{until: e.Until} }),
		},
	},
	{
		Name: "complaint.contest_transfer", Chinese: "转送异议", Owed: "contest the transfer, or keep the complaint",
		OwedChinese: "对转办提出异议，或者接收办理",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.ContestTransfer },
		Role:        domain.RoleIntake, Breach: Lapses,
		starts: []trigger[[]Opening]{starts[complaint.Transferred]()},
		stops: []trigger[stop]{stops[complaint.TransferContested](), stops[complaint.Accepted](), stops[complaint.Withdrawn](),
			stops[complaint.Transferred]()},
	},
	{
		Name: "complaint.handle", Chinese: "办理期限", Owed: "conclude the complaint",
		OwedChinese: "办结投诉",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.Handle },
		Role:        domain.RoleHandler, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{
			startsBy(func(e complaint.Accepted) Opening { return Opening{Due: e.By} }),
			startsBy(func(e complaint.Reopened) Opening { return Opening{Due: e.By} }),
		},
		stops:   []trigger[stop]{stops[complaint.Concluded](), stops[complaint.Withdrawn]()},
		changes: []trigger[change]{on(func(e complaint.Extended, _ scene) change { return change{until: e.Until} })},
	},
	{
		Name: "complaint.notify_real_name", Chinese: "实名举报受理告知", Owed: "tell the real-name reporter that the complaint was accepted",
		OwedChinese: "告知实名举报人已受理",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.NotifyRealName },
		Role:        domain.RoleIntake, Breach: Visible,
		starts: []trigger[[]Opening]{onRealName[complaint.Accepted]()},
		stops:  []trigger[stop]{stops[complaint.Acknowledged](), stops[complaint.Answered](), stops[complaint.Withdrawn]()},
	},
	{
		Name: "complaint.answer_real_name", Chinese: "实名举报结果反馈", Owed: "tell the real-name reporter the result",
		OwedChinese: "向实名举报人反馈处理结果",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.AnswerRealName },
		Role:        domain.RoleHandler, Who: handler, Breach: Visible,
		starts: []trigger[[]Opening]{onRealName[complaint.Concluded]()},
		stops:  []trigger[stop]{stops[complaint.Answered]()},
	},
	{
		Name: "complaint.ask_review", Chinese: "申请复查", Owed: "ask for a review: the reporter's right",
		OwedChinese: "申请复查（举报人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.AskReview },
		Role:        domain.RolePublic, Breach: Lapses,
		starts: []trigger[[]Opening]{starts[complaint.Answered]()},
		stops:  []trigger[stop]{stops[complaint.ReviewAsked]()},
	},
	{
		Name: "complaint.decide_review", Chinese: "复查期限", Owed: "decide the review",
		OwedChinese: "作出复查决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.DecideReview },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{starts[complaint.ReviewAsked]()},
		stops:  []trigger[stop]{stops[complaint.ReviewDecided]()},
	},
	{
		Name: "complaint.ask_rereview", Chinese: "申请复核", Owed: "ask for the re-review: the reporter's right",
		OwedChinese: "申请复核（举报人的权利）",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.AskReReview },
		Role:        domain.RolePublic, Breach: Lapses,
		starts: []trigger[[]Opening]{starts[complaint.ReviewDecided]()},
		stops:  []trigger[stop]{stops[complaint.RereviewAsked](), stops[complaint.Reopened]()},
	},
	{
		Name: "complaint.decide_rereview", Chinese: "复核期限", Owed: "decide the re-review",
		OwedChinese: "作出复核决定",
		Term:        func(b *domain.Rulebook) domain.Term { return b.Complaint.DecideReReview },
		Role:        domain.RoleLeader, Breach: Visible,
		starts: []trigger[[]Opening]{starts[complaint.RereviewAsked]()},
		stops:  []trigger[stop]{stops[complaint.RereviewDecided]()},
	},
}

// onRealName starts a clock where the reporter gave a real name.
func onRealName[E domain.Event]() trigger[[]Opening] {
	return on(func(_ E, x scene) []Opening {
		if !x.matter.RealName {
			return nil
		}
		return []Opening{{}}
	})
}
