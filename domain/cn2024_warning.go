package domain

// cn2024Warning: no statute says when an agency warns itself. The amounts of
// penalties are those from which, by common practice, a fine counts as large
// and a hearing is offered (行政处罚法 art. 63); that of trades is the least from
// which services must be put to tender. Amounts are in fen.
func cn2024Warning() WarningRules {
	const practice = "common practice"
	year := Term{12, Months, practice}
	return WarningRules{
		Acknowledge: Term{5, Workdays, practice},
		Handle:      Term{30, Days, practice},
		Separation:  practice,
		Patterns: []WarningPattern{
			{"amount.near_limit", 3, Term{180, Days, practice}},
			{"amount.split", 2, Term{30, Days, practice}},
			{"pair.approval", 5, year},
			{"pair.levy", 3, year},
			{"pair.penalty", 3, year},
			{"pair.inspection", 5, year},
			{"pair.trade", 3, year},
			{"discretion.repeated", 3, year},
			{"complaint.repeated", 4, year},
		},
		Amounts: []AmountLimit{
			{"penalty", "person", 10_000_00, practice},
			{"penalty", "organisation", 100_000_00, practice},
			{"levy", "", 100_000_00, practice},
			{"approval", "", 1_000_000_00, practice},
			{"trade", "", 1_000_000_00, "必须招标的工程项目规定 art. 5"},
		},
		Near:         90,
		NearSource:   practice,
		TestControl:  Term{90, Days, practice},
		AtOnce:       20,
		AtOnceSource: practice,
		// As evaluated: docs/early-warning.md.
		Screening: ScreeningRules{Window: 12, Learn: 12, Peers: 5, Discovery: 125, Times: 2, Alarms: 50, Source: practice},
	}
}
