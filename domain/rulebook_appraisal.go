package domain

import "strings"

// AppraisalRules govern the indicators by which an officer's work is
// appraised 考核指标.
type AppraisalRules struct {
	// Bases are those that an appraisal rests on at least; none of them
	// weighs more than the first.
	Bases []string
	// BasesSource is that of Bases: performance first, superiors and the
	// public both satisfied 双满意.
	BasesSource string
	// Fines are the words, in lower case, of an indicator that rewards
	// revenue from fines.
	Fines []string
	// FinesSource forbids to tie an appraisal to such revenue.
	FinesSource string
}

// RewardsFines returns the word in the text that speaks of revenue from
// fines, if there is one.
func (r AppraisalRules) RewardsFines(text string) (string, bool) {
	text = strings.ToLower(text)
	for _, word := range r.Fines {
		if strings.Contains(text, word) {
			return word, true
		}
	}
	return "", false
}

// cn2024Appraisal: fines, and what is confiscated, may not be tied to the
// appraisal of the authority or its people, openly or covertly.
func cn2024Appraisal() AppraisalRules {
	return AppraisalRules{
		Bases:       []string{"performance", "superiors", "public"},
		BasesSource: "创双政 art. D4",
		Fines: []string{
			"罚没收入", "罚没数额", "罚没金额", "罚没款", "罚没任务", "罚没指标",
			"罚款收入", "罚款数额", "罚款金额", "罚款总额", "罚款任务", "罚款指标",
			"fine revenue", "fine_revenue", "revenue from fines", "penalty revenue", "amount of fines", "fines collected",
		},
		FinesSource: "行政处罚法 art. 74",
	}
}
