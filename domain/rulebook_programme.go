package domain

// Article is one of the Guide's articles: "I1" to "I10" on integrity 廉,
// "D1" to "D10" on diligence 勤.
type Article string

// PlanRules govern a work plan 工作计划.
type PlanRules struct {
	// Duty is the source of "a target has a unit and a person, and an unmet
	// one is explained, excused or held to account".
	Duty string
	// Separation is the source of "who answers for a target neither excuses
	// nor hands it on, and who filed a report does not pass it".
	Separation string
}

// ActivityRules govern education, study and culture.
type ActivityRules struct {
	// Coverage is the least share of those expected who attend, in per cent.
	Coverage int
	// SameFormat is how many activities of a kind in a row may not have one
	// and the same format.
	SameFormat int
	// Source is that of Coverage and SameFormat.
	Source     string
	Refresh    Term   // a culture carrier is refreshed
	Minutes    string // source: a branch study session has minutes
	Separation string // source: who held an activity does not assess it
}

// DisclosureRules govern what is due to the public 政务公开.
type DisclosureRules struct {
	Publish  Term // an enforcement decision is made public
	Withdraw Term // an overturned act is withdrawn, and the reason made public
}

// ProgrammeRules govern a cycle of the programme 创双政 and its survey.
type ProgrammeRules struct {
	// Articles are those that a baseline and a result score, each once.
	Articles []Article
	// Recommended are those of them that are recommended 推荐; all others are
	// required 应当. LevelSource is where that is written.
	Recommended []Article
	LevelSource string
	// Cycle is the source of "baseline, scheme, result, on the same articles".
	Cycle string
	// Separation is the source of "who assessed the baseline does not
	// evaluate the result".
	Separation string
	// Measures is how many measures a survey asks about.
	Measures int
	// SmallCell is the least count that is shown; smaller ones are suppressed.
	SmallCell int
	// Anonymity is the source of anonymous answers and of SmallCell.
	Anonymity string
}
