package domain

// NormRules govern rule texts.
type NormRules struct {
	Review      Term // an adopted text is reviewed again 定期评估
	Acknowledge Term // officers acknowledge a text from the day it is in force 知晓确认
	CloseGap    Term // a gap is closed by a new version 漏洞整改
	// NoRetroaction is the source of "no text is in force before the day it
	// was adopted".
	NoRetroaction string
	// Separation is the source of "drafter and adopter differ".
	Separation string
	// Soundness is the source of what a text must hold: unique codes, steps
	// without a circle and without an orphan 制度规范、流程精细化.
	Soundness string
}

// EnforcementRules govern one administrative act.
type EnforcementRules struct {
	// Officers is the least number of certified officers on a case, and of
	// those who investigate together, with its source.
	Officers       int
	OfficersSource string
	// Recusal is the source of "nobody with an interest takes part".
	Recusal string
	// Lighter is the source of 从旧兼从轻: the text in force on the day of the
	// deed holds, unless the one in force on the day of the decision is
	// lighter.
	Lighter string
	// PenaltySteps are the kinds of step that the procedure of an ordinary
	// penalty must have and may not leave to choice.
	PenaltySteps       []string
	PenaltyStepsSource string
	// Defence is the source of notice and statement, and of the rule that a
	// statement never makes the penalty heavier.
	Defence string

	AskHearing    Term   // the party asks for a hearing after notice 申请听证
	HearingNotice Term   // the party is told before the hearing 听证通知
	HearingChair  string // source: no investigator chairs the hearing
	LegalReview   string // source of the legal review before the decision

	Decide        Term // a penalty, from opening the case
	DecideLicence Term // an approval, likewise
	Serve         Term // a penalty, from the decision
	Publish       Term // a penalty, from the decision
	Retract       Term // an overturned or varied one, from the review
	FaultReview   Term // who is at fault, from the overturning

	// SpotPerson and SpotOrganisation are the largest fines imposed on the
	// spot, in fen, with their source.
	SpotPerson       int64
	SpotOrganisation int64
	SpotSource       string
	// Leader is the source of "a leader decides an ordinary penalty".
	Leader string
	// Discretion is the source of "an amount outside the tier needs a reason
	// and the approval of another person".
	Discretion string
	// Override is the source of "a step is left out only with a reason and
	// by a second person".
	Override string
	// Fault is the source of the liability for faults.
	Fault string
}

// InspectionRules govern internal supervision.
type InspectionRules struct {
	// Supervisors is the least number of those who supervise, with its
	// source.
	Supervisors       int
	SupervisorsSource string
	// Outside is the source of "supervisors stand outside the unit and the
	// chain of the case".
	Outside string
	// Powers is the source of "a supervisor uses granted powers only".
	Powers string
	// Rectify is the longest term that may be set for a rectification.
	Rectify Term
	// Separation is the source of "who reports a rectification done does not
	// verify it".
	Separation string
}
