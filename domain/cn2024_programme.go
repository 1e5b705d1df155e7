package domain

// The source 创双政 is the Guide of the 2015 programme, cited by its articles.

func cn2024Plan() PlanRules {
	return PlanRules{Duty: "创双政 art. I1", Separation: "common practice"}
}

func cn2024Activity() ActivityRules {
	const practice = "common practice"
	return ActivityRules{
		Coverage:   90,
		SameFormat: 3,
		Source:     practice,
		Refresh:    Term{180, Days, practice},
		Minutes:    "创双政 art. I7",
		Separation: practice,
	}
}

func cn2024Disclosure() DisclosureRules {
	return DisclosureRules{
		// Guiding opinions on making enforcement public, 2018.
		Publish: Term{7, Workdays, "国办发〔2018〕118号"},
		// Law on administrative penalties, 2021: three days are working days
		// (art. 85).
		Withdraw: Term{3, Workdays, "行政处罚法 art. 48"},
	}
}

func cn2024Programme() ProgrammeRules {
	return ProgrammeRules{
		Articles: []Article{
			"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10",
			"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10",
		},
		// The Guide sets the levels for each agency; these hold until it does.
		Recommended: []Article{"I8", "I10", "D8", "D9", "D10"},
		LevelSource: "common practice",
		Cycle:       "创双政",
		Separation:  "common practice",
		Measures:    10,
		SmallCell:   5,
		Anonymity:   "common practice",
	}
}
